(function () {
  "use strict";
  var all = function () { return document.querySelectorAll("main details"); };
  var set = function (open) { all().forEach(function (each) { each.open = open; }); };
  var button = document.getElementById("unfold");
  button.hidden = false;
  button.addEventListener("click", function () {
    var open = button.getAttribute("aria-pressed") !== "true";
    set(open);
    button.setAttribute("aria-pressed", String(open));
  });
  var closed = [];
  window.addEventListener("beforeprint", function () {
    closed = Array.prototype.filter.call(all(), function (each) { return !each.open; });
    if (closed.length < 2000) { set(true); }
  });
  window.addEventListener("afterprint", function () {
    closed.forEach(function (each) { each.open = false; });
  });
  var reveal = function () {
    var name = decodeURIComponent(location.hash.slice(1));
    var there = name && document.getElementById(name);
    for (var each = there; each; each = each.parentElement) {
      if (each.tagName === "DETAILS") { each.open = true; }
    }
    if (there) { there.scrollIntoView(); }
  };
  window.addEventListener("hashchange", reveal);
  reveal();
})();

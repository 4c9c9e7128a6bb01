// What the theme leaves out, for the keyboard and for screen readers.
document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("p.caption[role=heading]").forEach((each) => {
    each.setAttribute("aria-level", "2");
  });
  const label = (where, text) => {
    document.querySelectorAll(where).forEach((each) => each.setAttribute("aria-label", text));
  };
  label("aside.sidebar-drawer", "All pages");
  label("aside.toc-drawer", "On this page");
  const main = document.querySelector("[role=main]");
  if (main && !document.querySelector("h1")) {
    const heading = document.createElement("h1");
    heading.textContent = document.title.split(" - ")[0];
    main.prepend(heading);
  }
  // What scrolls can be scrolled by keys, and nothing else is in their way.
  const reachable = () => {
    document.querySelectorAll("pre, .table-wrapper").forEach((each) => {
      if (each.scrollWidth > each.clientWidth) { each.tabIndex = 0; }
      else { each.removeAttribute("tabindex"); }
    });
  };
  reachable();
  window.addEventListener("resize", reachable);
});

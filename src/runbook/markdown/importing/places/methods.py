"""Methods beside a method, and tests behind those of their suite, in files that ast-grep parses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from runbook.core.model.operations import Operation
from runbook.markdown.importing.places.inplace import anchored
from runbook.markdown.importing.places.lines import margin_of, moved_to, plain_lines
from runbook.markdown.importing.places.treesymbols import last_line, root_of, walk
from runbook.markdown.importing.words.symbolwords import Spot

_METHODS = ("method_definition", "method_declaration", "function_item")
_OWNERS = ("class_declaration", "abstract_class_declaration", "class", "impl_item", "trait_item")
_WORDS = {"if", "for", "while", "switch", "return", "catch", "with", "do", "else", "try", "await"}
_CASE = re.compile(r"(?:it|test|describe)(?:\.\w+)*\(")


def beside_method(text: str, path: str, code: str, place: Spot) -> Operation | str:
    """The edit that puts a block next to the only method of a name, or why there is none."""
    owner = place.owner or place.into
    found = _named(root_of(text, path), place.name, owner)
    if len(found) != 1 or place.then or place.comment_next or place.all_before:
        return ""
    lines, (method,) = plain_lines(text), found
    first, last = method.range().start.line, last_line(method)
    own = moved_to(code, margin_of(lines[first]))
    alone = not lines[first][: method.range().start.column].strip()
    if own is None or not alone or _follows(lines, last):
        return ""
    if place.side == "before" and lines[first - 1].strip() and lines[first - 1][-1:] != "{":
        return ""  # what stands there may be of the method
    gap = [""] if lines[last + 1 : last + 2] != [""] and _goes_on(lines, last) else []
    new = ["", *own, *gap] if place.side == "after" else [*own, ""]
    at = last + 1 if place.side == "after" else first
    there = _named(root_of("\n".join([*lines[:at], *new, *lines[at:]]), path), place.name, owner)
    if len(there) != 1:
        return ""
    before, after = _members(method), _members(there[0])
    added = after - before
    if added & _WORDS:
        return ""  # a statement, which would be read as a method
    if len(after) <= len(before) or any(
        each.removesuffix("()") not in added for each in place.what
    ):
        return ""
    return anchored(text, lines, first, last, place.side, new) or ""


def suite_grown(text: str, path: str, code: str, name: str | None) -> Operation | str:
    """The insertion of tests behind the last one of a suite: the only one, or that of a name."""
    there, block = root_of(text, path), root_of(code, path)
    if there is None or block is None:
        return ""
    own = [each for each in block.children() if each.kind() not in ("comment", ";")]
    if not own or not all(_CASE.match(each.text()) for each in own):
        return ""
    suites = [each for each in _suites(there) if name in (None, each[0])]
    if len(suites) != 1:
        return ""
    body = suites[0][1]
    tests = [each for each in body.children() if _CASE.match(each.text())]
    titles = {_title(each) for each in tests}
    if not tests or _follows(lines := plain_lines(text), last_line(tests[-1])):
        return ""
    taken = next((title for each in own if (title := _title(each)) in titles), "")
    if taken:
        return f"already there: a test `{taken}` is in the file"
    first, last = tests[-1].range().start.line, last_line(tests[-1])
    new = moved_to(code, margin_of(lines[first]))
    if new is None:
        return ""
    # Behind the last test may stand what ends the suite.
    gap = [""] if _goes_on(lines, last) else []
    return anchored(text, lines, first, last, "after", ["", *new, *gap]) or ""


def _named(root: Any, name: str, owner: str | None) -> list[Any]:
    """The methods of a name, in what is called `owner` where that is said."""
    found = []
    for node in walk(root):
        named = node.field("name") if node.kind() in _METHODS else None
        if named is not None and named.text() == name and owner in (None, _owner(node)):
            found.append(node)
    return found


def _owner(method: Any) -> str:
    """What a method is of: its class, or the type that it is implemented for."""
    receiver = method.field("receiver")
    if receiver is not None:
        return re.sub(r".*?(\w+)(?:\[[^\]]*\])?\s*\)$", r"\1", receiver.text())
    node = method.parent()
    while node is not None and node.kind() not in _OWNERS:
        node = node.parent()
    named = None if node is None else node.field("name") or node.field("type")
    return "" if named is None else str(named.text())


def _members(method: Any) -> set[str]:
    """What stands beside a method in its class or file, by name, or by its first line."""
    beside = [each for each in method.parent().children() if not each.kind().endswith("comment")]
    return {
        str(named.text()) if (named := each.field("name")) else each.text().partition("\n")[0]
        for each in beside
    }


def _suites(root: Any) -> Iterator[tuple[str, Any]]:
    """The suites at the top of a file: their titles and bodies."""
    for node in root.children():
        call = next(iter(node.children()), None) if node.kind() == "expression_statement" else None
        if call is None or not re.match(r"describe(?:\.\w+)*\(", call.text()):
            continue
        for argument in call.field("arguments").children():
            body = argument.field("body")
            if body is not None and body.kind() == "statement_block":
                yield _title(node), body


def _title(call: Any) -> str:
    said = re.match(r"\w+(?:\.\w+)*\(\s*([\"'`])(.*?)\1", call.text())
    return said[2] if said else ""


def _follows(lines: list[str], last: int) -> bool:
    """Whether something else stands in the line that something ends with."""
    return re.search(r"[})\]];?,?\s*$", lines[last]) is None


def _goes_on(lines: list[str], last: int) -> bool:
    """Whether more of the same stands in the next line, so that a blank one is missing there."""
    below = lines[last + 1].strip() if last + 1 < len(lines) else ""
    return bool(below) and below[0] not in "})]"

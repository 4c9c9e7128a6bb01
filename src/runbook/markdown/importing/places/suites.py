"""Suites of tests in JavaScript and TypeScript, and what is added to them, by ast-grep."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from runbook.core.model.operations import Operation
from runbook.markdown.importing.places.inplace import anchored
from runbook.markdown.importing.places.lines import margin_of, moved_to, plain_lines
from runbook.markdown.importing.places.treesymbols import last_line, root_of, walk
from runbook.markdown.importing.words.wording import Side

TESTS = re.compile(r"(?:describe|it|test)(?:\.\w+)*\(")
"""How a test, or a suite of some, begins."""


def suite_grown(text: str, path: str, code: str, name: str | None) -> Operation | str:
    """The insertion of tests behind the last one of a suite: the only one, or that of a name."""
    there, block = root_of(text, path), root_of(code, path)
    if there is None or block is None:
        return ""
    own = [each for each in block.children() if each.kind() not in ("comment", ";")]
    if not own or not all(TESTS.match(each.text()) for each in own):
        return ""
    suites = [each for each in _suites(there) if name in (None, each[0])]
    if len(suites) != 1:
        return ""
    body = suites[0][1]
    tests = [each for each in body.children() if TESTS.match(each.text())]
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


def beside_test(text: str, path: str, code: str, name: str, side: Side) -> Operation | str:
    """The insertion of tests next to the only test, or suite, of a title."""
    there, block = root_of(text, path), root_of(code.strip("\n"), path)
    if there is None or block is None:
        return ""
    own = [each for each in block.children() if each.kind() not in ("comment", ";")]
    if not own or not all(TESTS.match(each.text()) for each in own):
        return ""
    calls = [each for each in walk(there) if each.kind() == "expression_statement"]
    tests = [each for each in calls if TESTS.match(each.text())]
    titled = [each for each in tests if _title(each) == name]
    taken = {_title(each) for each in own} & {_title(each) for each in tests}
    if taken:
        return f"already there: a test `{min(taken)}` is in the file"
    lines = plain_lines(text)
    if len(titled) != 1 or _follows(lines, last_line(titled[0])):
        return ""
    first, last = titled[0].range().start.line, last_line(titled[0])
    new = moved_to(code, margin_of(lines[first]))
    if new is None or (side == "before" and lines[first - 1].strip() and first):
        return ""
    gap = [""] if _goes_on(lines, last) or side == "before" else []
    made = [*new, *gap] if side == "before" else ["", *new, *gap]
    return anchored(text, lines, first, last, side, made) or ""


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

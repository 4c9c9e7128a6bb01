"""Structural edits: ast-grep says where a pattern matches, and the text is spliced there.

Its own rewriting drops a byte order mark and leading blank lines, so it is not used.
"""

from __future__ import annotations

import json
import re
from typing import Any

from runbook.core.edit.syntax import VARIABLE, language_of
from runbook.core.matching.flat import Flat, Span
from runbook.core.matching.places import already, choose, line_range, spliced
from runbook.core.matching.results import AlreadyApplied, Applied, Conflict, Result
from runbook.core.model.operations import Structural
from runbook.core.value import value

_MISSING = Conflict(
    "structural edits need ast-grep, which is not installed",
    "install runbook with it: `pip install 'runbook[structural]'`, or in a checkout of runbook "
    "`RUNBOOK_SET_UP=structural ./runbook`",
)


@value
class _Match:
    """A place that matches, and the places of its variables by their names with signs."""

    span: Span
    variables: dict[str, Span]


class _Wrong(Exception):
    """A pattern or a rule is none in its language; the message says why."""


def rewrite(text: str | None, operation: Structural, path: str) -> Result:
    """What a structural edit makes of a file's text."""
    try:
        import ast_grep_py
    except ImportError:
        return _MISSING
    if text is None:
        return Conflict("the file does not exist")
    language = operation.language or language_of(path)
    if language is None:
        return Conflict("the file's language can't be told by its name", "say `language:`")
    flat = Flat(text)
    # Bytes that are no UTF-8 are characters like any other, one for one.
    content = re.sub("[\ud800-\udfff]", "\ufffd", flat.text[flat.first :])
    try:
        root = ast_grep_py.SgRoot(content, language).root()
    except BaseException as panic:
        # Its panics are no `Exception`.
        if type(panic).__name__ != "PanicException":
            raise
        return Conflict(f"the installed ast-grep does not know the language `{language}`")
    try:
        found = _matches(root, _matcher(operation), operation.rewrite, flat.first)
    except _Wrong as wrong:
        return Conflict(f"ast-grep does not take this for a pattern or a rule: {wrong}")
    made = _made(root, operation, flat.first)
    spans = [match.span for match in found]
    untouched = [span for span in spans if not any(span.within(other) for other in made)]
    if made and already(flat, operation.count, operation.lines, made, untouched):
        return AlreadyApplied(line_range(flat, made[0]))
    chosen = choose(flat, operation.count, operation.lines, spans, None, _what(operation))
    if isinstance(chosen, Conflict):
        return chosen
    edits = _edits(flat, [match for match in found if match.span in chosen], operation.rewrite)
    if isinstance(edits, Conflict):
        return edits
    new = spliced(flat, edits)
    if new == text:
        return AlreadyApplied(line_range(flat, chosen[0]))
    return Applied(new, line_range(flat, chosen[0]))


def _what(operation: Structural) -> str:
    return "what the rule describes" if operation.pattern is None else "the pattern"


def _matcher(operation: Structural) -> dict[str, Any]:
    if operation.pattern is not None:
        return {"rule": {"pattern": operation.pattern}}
    assert operation.rule is not None
    stated: dict[str, Any] = json.loads(operation.rule)
    return stated if "rule" in stated else {"rule": stated}


def _matches(root: Any, matcher: dict[str, Any], rewriting: str, first: int) -> list[_Match]:
    """All places that match, the first one first, and outer ones before those in them."""
    try:
        nodes = root.find_all(matcher)
    except Exception as error:  # ast-grep raises whatever it was that failed, with its backtrace
        raise _Wrong(_reason(str(error))) from None
    names = {found[0]: found for found in VARIABLE.finditer(rewriting)}
    found = []
    for node in nodes:
        places = {}
        for name, variable in names.items():
            several = variable[1] == "$$$"
            one = None if several else node.get_match(variable[2])
            parts = node.get_multiple_matches(variable[2]) if several else [one] if one else []
            if parts:
                ends = parts[0].range().start.index, parts[-1].range().end.index
                places[name] = Span(ends[0] + first, ends[1] + first)
        begin, end = node.range().start.index, node.range().end.index
        # The statement has its semicolon; a pattern without one leaves it where it is.
        pattern = matcher["rule"].get("pattern") if matcher.keys() == {"rule"} else None
        if isinstance(pattern, str) and not pattern.endswith(";") and node.text()[-1:] == ";":
            end -= 1
        found.append(_Match(Span(begin + first, end + first), places))
    return sorted(found, key=lambda match: (match.span.start, -match.span.end))


def _reason(said: str) -> str:
    """The last cause that ast-grep names."""
    said = said.partition("\n\nStack backtrace")[0]
    lines = [re.sub(r"^\d+: ", "", line.strip()) for line in said.split("\n") if line.strip()]
    return lines[-1] if lines else "it gives no reason"


def _made(root: Any, operation: Structural, first: int) -> list[Span]:
    """Where the rewriting already stands, taken as a pattern."""
    # One that is nothing but variables stands everywhere.
    if not re.search(r"\w", VARIABLE.sub("", operation.rewrite)):
        return []
    try:
        matches = _matches(root, {"rule": {"pattern": operation.rewrite}}, "", first)
    except _Wrong:
        return []
    return [match.span for match in matches]


def _edits(
    flat: Flat, chosen: list[_Match], rewriting: str
) -> list[tuple[int, int, str]] | Conflict:
    """The new text of each place; what matches inside of a variable is rewritten there."""
    outer: list[_Match] = []
    inner: dict[int, list[_Match]] = {}
    for match in chosen:
        if outer and match.span.within(outer[-1].span):
            inner.setdefault(len(outer) - 1, []).append(match)
        else:
            outer.append(match)
    edits = []
    for index, match in enumerate(outer):
        new = _rewritten(flat, match, inner.get(index, []), rewriting)
        if new is None:
            line = flat.line(match.span.start)
            return Conflict(
                f"what matches in line {line} has another match in it, which the rewriting drops",
                "make the pattern narrower, or say `lines:`",
            )
        edits.append((match.span.start, match.span.end, new))
    return edits


def _rewritten(flat: Flat, match: _Match, inner: list[_Match], rewriting: str) -> str | None:
    """The text for one place, or `None` where a match in it would be lost."""
    base = _indentation(flat.text, match.span.start)
    lost = list(inner)
    pieces = []
    done = 0
    for variable in VARIABLE.finditer(rewriting):
        pieces.append(rewriting[done : variable.start()].replace("\n", f"\n{base}"))
        done = variable.end()
        place = match.variables.get(variable[0])
        if place is None:
            continue
        within = [each for each in inner if each.span.within(place)]
        lost = [each for each in lost if each not in within]
        edits = _edits(flat, within, rewriting)
        if isinstance(edits, Conflict):
            return None
        text = _with_edits(flat.text, place, edits)
        begin = rewriting.rfind("\n", 0, variable.start()) + 1
        own = _indentation(rewriting, begin)
        pieces.append(_shifted(text, _indentation(flat.text, place.start), base + own))
    pieces.append(rewriting[done:].replace("\n", f"\n{base}"))
    return None if lost else "".join(pieces)


def _with_edits(text: str, place: Span, edits: list[tuple[int, int, str]]) -> str:
    pieces = []
    done = place.start
    for start, end, new in edits:
        pieces += [text[done:start], new]
        done = end
    return "".join([*pieces, text[done : place.end]])


def _indentation(text: str, offset: int) -> str:
    """The blanks before the first word of the line that holds an offset."""
    begin = text.rfind("\n", 0, offset) + 1
    found = re.compile(r"[ \t]*").match(text, begin)
    assert found is not None
    return found[0]


def _shifted(text: str, old: str, new: str) -> str:
    """A text whose lines after the first move from one indentation to another."""
    if old == new or "\n" not in text:
        return text
    first, *rest = text.split("\n")
    moved = [new + line.removeprefix(old) if line.startswith(old) else line for line in rest]
    return "\n".join([first, *(line if line.strip() else "" for line in moved)])

"""Edits: `(text, operation) → Applied | AlreadyApplied | Conflict`.

A text is a file's content decoded as UTF-8 with `surrogateescape`, so that any bytes survive; a
line ends at `\\n` or `\\r\\n` and nowhere else. `None` stands for a file that is not there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from runbook.core.edit.indenting import indent
from runbook.core.edit.ranges import replace_range
from runbook.core.matching.normalized import NormalizedText, Span, is_utf16, outside
from runbook.core.matching.places import already, as_lines, choose, line_range, spliced, unshiftable
from runbook.core.matching.results import NO_FILE, AlreadyApplied, Applied, Conflict, Result
from runbook.core.matching.texts import LineRange, Text
from runbook.core.model.operations import (
    Create,
    Delete,
    DropImport,
    EnsureImport,
    Indent,
    Insert,
    MoveTo,
    Operation,
    Patch,
    Remove,
    Replace,
    ReplaceRange,
    RewriteFile,
    SetValues,
    Structural,
    UnsetValues,
)
from runbook.core.patterns import regex
from runbook.core.value import replace

Transforms = Mapping[type[Operation], Callable[[str | None, Any, str], Result]]
"""The operations that need a library or git: `(text, operation, path) → Result`."""


_NO_UTF8 = regex("[\udc80-\udcff]")
_UTF8 = regex("[^\x00-\x7f\ud800-\udfff\ufeff]")


_UTF16 = Conflict(
    "the file is UTF-16, and what an edit writes is UTF-8",
    "state its encoding in `.gitattributes`, such as `working-tree-encoding=UTF-16`, or convert it "
    "in a `run` step before",
)


def apply(
    text: str | None, operation: Operation, path: str = "", transforms: Transforms | None = None
) -> Result:
    """What an operation makes of a file's text; moves leave it as it is.

    `path` is the file as the edit names it. `transforms` are needed for the operations of their
    types only.
    """
    result = _applied(text, operation, path, transforms)
    if text is not None and isinstance(result, Applied) and result.text is not None:
        if is_utf16(text) and not isinstance(operation, RewriteFile):
            return _UTF16
        return _mixed(text, result.text) or result
    return result


def _mixed(text: str, new: str) -> Conflict | None:
    """Why a file would not be in any encoding any more, if it has one that is not UTF-8."""
    if new.isascii() or text.isascii():
        return None
    if not (odd := _NO_UTF8.search(text)) or not _NO_UTF8.search(new):
        return None
    added = _UTF8.search(new)
    if added is None or _UTF8.search(text):
        return None
    line = text.count("\n", 0, odd.start()) + 1
    return Conflict(
        f"the file is not UTF-8: it has the byte 0x{ord(odd[0]) - 0xDC00:02X} in line {line}, and "
        f"`{added[0]}` of the new text can only be written as UTF-8",
        "convert the file in a `run` step before, such as `iconv`",
    )


def _applied(
    text: str | None, operation: Operation, path: str, transforms: Transforms | None
) -> Result:
    match operation:
        case Patch() | SetValues() | UnsetValues() | EnsureImport() | DropImport() | Structural():
            assert transforms is not None, "operations that need the world come with it"
            return transforms[type(operation)](text, operation, path)
        case Create():
            return _create(text, operation)
        case Delete():
            return AlreadyApplied() if text is None else Applied(None)
        case _ if text is None:
            return NO_FILE
        case MoveTo():
            return AlreadyApplied()
        case Replace() | Remove() | Insert():
            return _at_places(text, operation)
        case ReplaceRange():
            return replace_range(text, operation)
        case Indent():
            return indent(text, operation)
        case _:
            return operation.apply(text)


def sought(operation: Operation) -> Text | None:
    """The text that an operation looks for, if it is one."""
    match operation:
        case Replace() | Remove() | Insert():
            return _wanted(operation)
        case ReplaceRange() | Indent():
            return operation.start
        case _:
            return None


def may_hold(text: str, operation: Operation) -> bool:
    """Whether a text may hold what an operation looks for, or what it makes; quickly told."""
    wanted = sought(operation)
    if wanted is None or getattr(operation, "match", "exact") != "exact":
        return True
    made = ""
    if isinstance(operation, Indent):
        # What an indentation makes begins with the same line.
        made = operation.start.value.split("\n")[0].strip()
    elif isinstance(operation, Replace | ReplaceRange):
        made = operation.replacement.value
    normal = text.replace("\r\n", "\n")
    return any(each and each.removesuffix("\n") in normal for each in (wanted.value, made))


def _create(text: str | None, operation: Create) -> Result:
    wanted = operation.text.value
    if text is None:
        return Applied(wanted, LineRange(1, max(1, wanted.count("\n"))))
    if NormalizedText(text).text == NormalizedText(wanted).text:
        return AlreadyApplied()
    return Conflict(
        "the file exists already, with other content",
        "use `rewrite-file` to write an existing file anew",
    )


def _at_places(text: str, operation: Replace | Remove | Insert) -> Result:
    """Operations that change each place where a text stands."""
    normal = NormalizedText(text)
    wanted = _wanted(operation)
    if isinstance(operation, Replace) and _is_moved(operation):
        # What is to change can't be ignored.
        operation = replace(operation, match="exact")
    found = normal.occurrences(wanted, operation.match)
    made = _made(normal, operation, found)
    if isinstance(operation, Replace):
        found, made = _told_apart(found, made)
    untouched = outside(found, made)
    if made and already(normal, operation.count, operation.lines, made, untouched):
        return AlreadyApplied(line_range(normal, made[0]))
    chosen = choose(
        normal, operation.count, operation.lines, found, wanted, _verb(operation), operation.match
    )
    if isinstance(chosen, Conflict):
        return chosen
    if isinstance(operation, Insert):
        # Where it stands already it is not inserted once more.
        chosen = outside(chosen, made) or chosen
    edits = []
    for span in chosen:
        edit = _edit(normal, operation, span)
        if edit is None:
            return unshiftable(normal, span)
        edits.append(edit)
    return Applied(spliced(normal, edits), line_range(normal, chosen[0]))


def _told_apart(found: list[Span], made: list[Span]) -> tuple[list[Span], list[Span]]:
    """Places of an old and of a new text that are told apart where they are the same lines."""
    places = {(m.start, m.end) for m in made}
    # The same lines in the units of the new text are the new text.
    old = [f for f in found if not (f.in_other_units and (f.start, f.end) in places)]
    there = {(f.start, f.end) for f in old}
    # What stands in the old text is a part of it, and not what was made of it.
    apart = {(m.start, m.end) for m in outside(made, old)}
    either = apart | there
    new = [m for m in made if (m.start, m.end) in (apart if m.in_other_units else either)]
    return old, new


def _is_moved(operation: Replace) -> bool:
    """Whether the replacement is the text itself, all of it indented otherwise."""
    if operation.match != "indent":
        return False
    from textwrap import dedent

    return dedent(operation.search.value) == dedent(operation.replacement.value)


def _is_alike(operation: Replace) -> bool:
    """Whether the replacement is the text itself with other blanks."""
    old, new = operation.search.value, operation.replacement.value
    return "".join(old.split()) == "".join(new.split())


def _wanted(operation: Replace | Remove | Insert) -> Text:
    return operation.anchor if isinstance(operation, Insert) else operation.search


def _verb(operation: Replace | Remove | Insert) -> str:
    match operation:
        case Replace():
            return "the text to replace"
        case Remove():
            return "the text to remove"
        case Insert():
            return f"the anchor to insert {operation.side}"


def _made(
    normal: NormalizedText, operation: Replace | Remove | Insert, found: list[Span]
) -> list[Span]:
    """Where the operation's result already stands."""
    match operation:
        case Remove():
            # That a text is not there says nothing about who removed it.
            return []
        case Replace():
            text = _replacement(operation)
            if not text.value:
                return []
            # Where both differ in blanks only, these tell one from the other.
            by_blanks = _is_alike(operation) and operation.match == "whitespace"
            return normal.occurrences(text, "exact" if by_blanks else operation.match)
        case Insert():
            return [made for span in found if (made := _inserted(normal, operation, span))]


def _inserted(normal: NormalizedText, operation: Insert, anchor: Span) -> Span | None:
    """The anchor together with the text that is adjacent to it, or `None`."""
    edit = _edit(normal, operation, anchor)
    if edit is None:
        return None
    at, _, text = edit
    if operation.side == "after":
        # The last line of a file may lack its end.
        ended = normal.text.startswith(text, at) or normal.text[at:] == text.removesuffix("\n")
        return Span(anchor.start, min(at + len(text), len(normal.text))) if text and ended else None
    begin = at - len(text)
    there = begin >= 0 and normal.text[begin:at] == text
    if operation.anchor.whole_lines or operation.text.whole_lines:
        # `x = 1` is not the end of `max = 1`.
        there = there and (begin == normal.first or normal.text[begin - 1] == "\n")
    return Span(begin, anchor.end) if text and there else None


def _replacement(operation: Replace) -> Text:
    """The replacement, as whole lines or inside a line like the text it replaces."""
    text = operation.replacement
    if operation.search.whole_lines:
        return Text(as_lines(text) if text.value else "", True)
    return Text(text.value.removesuffix("\n") if text.whole_lines else text.value, False)


def _edit(
    normal: NormalizedText, operation: Replace | Remove | Insert, span: Span
) -> tuple[int, int, str] | None:
    """Start, end and new text (normalized) of an operation at one place."""
    match operation:
        case Remove():
            return span.start, span.end, ""
        case Replace():
            text = _replacement(operation)
            # Blanks that are to change are written as they stand.
            loosely = operation.match == "whitespace" and _is_alike(operation)
            moved = text.value if loosely else span.indented(text.value)
            if moved is None:
                return None
            if text.whole_lines and not normal.text[span.start : span.end].endswith("\n"):
                moved = moved.removesuffix("\n")
            return span.start, span.end, moved
        case Insert():
            return _insertion(normal, operation, span)


def _insertion(
    normal: NormalizedText, operation: Insert, span: Span
) -> tuple[int, int, str] | None:
    if not operation.anchor.whole_lines and not operation.text.whole_lines:
        at = span.end if operation.side == "after" else span.start
        return at, at, operation.text.value
    lines = normal.lines_around(span)
    moved = span.indented(as_lines(operation.text))
    if moved is None:
        return None
    if operation.side == "before":
        return lines.start, lines.start, moved
    if not normal.text[lines.start : lines.end].endswith("\n"):
        # After a last line without its end: the end goes between, and stays off the end.
        return lines.end, lines.end, "\n" + moved.removesuffix("\n")
    return lines.end, lines.end, moved

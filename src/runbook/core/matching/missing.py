"""A text that is not in a file: what comes nearest, how that differs, and what would take it."""

from __future__ import annotations

from runbook.core.matching.nearest import Nearest, nearest, within_a_line
from runbook.core.matching.normalized import NormalizedText, Span, is_utf16
from runbook.core.matching.results import Conflict
from runbook.core.matching.texts import LOOSER, LineRange, Matching, Text
from runbook.core.matching.unseen import differences, folded


def missing(
    normal: NormalizedText,
    text: Text,
    match: Matching,
    message: str,
    *,
    loosely: tuple[Matching, ...],
    after: int = 0,
) -> Conflict:
    """Why a text is not found from the line of offset `after` on.

    `loosely` is what the operation can be told by `match` to ignore.
    """
    sought = _from_line(normal, after)
    near = _loosely(normal, text, match, after) or _folded(sought, text)
    hint = None
    if near is not None and near[1] in loosely:
        hint = f"`match: {near[1]}` would take the text in {near[0].lines.named}"
    found = near[0] if near is not None else nearest(text.value, sought.text)
    if found is None and not text.whole_lines:
        found = within_a_line(text.value, sought.text[sought.first :])
    wide = is_utf16(normal.original)
    notes = ["the file is UTF-16, and texts are looked for as UTF-8"] if wide else []
    if found is not None:
        there = normal.text[normal.first :].split("\n")[found.lines.first - 1 : found.lines.last]
        wanted = text.value.removesuffix("\n").split("\n")
        notes += differences(wanted, there, found.lines.first, whole=text.whole_lines)
    return Conflict(message, hint, near=found, notes=tuple(notes), missed=True, wanted=text)


def _from_line(normal: NormalizedText, after: int) -> NormalizedText:
    """The text with nothing in the lines above that of an offset."""
    begin = normal.text.rfind("\n", 0, after) + 1
    return NormalizedText("\n" * normal.text.count("\n", 0, begin) + normal.text[begin:])


def _loosely(
    normal: NormalizedText, text: Text, match: Matching, after: int
) -> tuple[Nearest, Matching | None] | None:
    """Where the text stands but for blanks, and the matching that takes it."""
    for looser in LOOSER:
        if looser == match or (looser == "indent" and not text.whole_lines):
            continue
        for span in normal.occurrences(text, looser):
            if span.start >= after:
                return _shown(normal, text, span), looser
    return None


def _shown(normal: NormalizedText, text: Text, span: Span) -> Nearest:
    first = normal.line(span.start)
    last = max(first, normal.line(max(span.start, span.end - 1)))
    return _compared(normal, text, LineRange(first, last))


def _compared(normal: NormalizedText, text: Text, lines: LineRange) -> Nearest:
    from difflib import unified_diff

    wanted = text.value.removesuffix("\n").split("\n")
    there = normal.text[normal.first :].split("\n")[lines.first - 1 : lines.last]
    shown = list(unified_diff(wanted, there, lineterm="", n=2))[3:]
    return Nearest(lines, 1.0, "\n".join(shown))


def _folded(normal: NormalizedText, text: Text) -> tuple[Nearest, None] | None:
    """Where the text stands but for what can't be seen."""
    wanted = folded(text.value.removesuffix("\n"))
    if not wanted.strip():
        return None
    there = folded(normal.text[normal.first :])
    at = there.find(wanted)
    if at < 0:
        return None
    first = there.count("\n", 0, at) + 1
    return _compared(normal, text, LineRange(first, first + wanted.count("\n"))), None

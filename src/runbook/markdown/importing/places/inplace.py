"""Some lines of a file in place of others, as the edit that a person would write for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile
from operator import eq

from runbook.core.edit.edits import apply
from runbook.core.matching.normalized import NormalizedText
from runbook.core.matching.results import Applied
from runbook.core.matching.texts import Text
from runbook.core.model.operations import Insert, Operation, Replace, ReplaceRange
from runbook.core.value import replace
from runbook.markdown.importing.places.lines import plain_lines, plain_text
from runbook.markdown.importing.words.wording import Side

_MOST_LINES = 60  # of an anchor: nobody would write, or read, a longer one


def in_place(
    text: str, lines: Sequence[str], first: int, last: int, new: Sequence[str]
) -> Replace | ReplaceRange | None:
    """The edit that puts lines in place of others: from the first through the last, or of all."""
    replacement = Text("\n".join(new) + "\n", True)
    whole = "\n".join([*lines[:first], *new, *lines[last + 1 :]])
    start, end = lines[first], lines[last]
    ends = ReplaceRange(Text(start + "\n", True), Text(end + "\n", True), replacement)
    if last - first > 1 and makes(text, ends, whole):
        return ends
    old = Text("\n".join(lines[first : last + 1]) + "\n", True)
    change = Replace(old, replacement)
    return change if makes(text, change, whole) else None


def anchored(
    text: str, lines: Sequence[str], first: int, last: int, side: Side, new: Sequence[str]
) -> Insert | None:
    """The insertion beside some lines, at the fewest of them that stand nowhere else."""
    normal = NormalizedText(text)
    for count in range(1, last - first + 2):
        begin = last - count + 1 if side == "after" else first
        anchor = lines[begin : begin + count]
        if not re.search(r"\w{2}", anchor[0 if side == "after" else -1]):
            continue  # a bracket or a quote tells nobody where it is
        wanted = Text("\n".join(anchor) + "\n", True)
        if len(normal.occurrences(wanted)) != 1:
            continue
        change = Insert(side, wanted, Text("\n".join(new) + "\n", True))
        at = last + 1 if side == "after" else first
        return change if makes(text, change, "\n".join([*lines[:at], *new, *lines[at:]])) else None
    return None


def among(
    text: str, lines: Sequence[str], first: int, last: int, new: Sequence[str]
) -> Insert | Replace | None:
    """The edit that has some lines become those with more among them, by what differs alone.

    Unlike one from the first through the last, it takes nothing away that came to stand there.
    """
    old = lines[first : last + 1]
    head = _alike(old, new)
    tail = min(_alike(old[::-1], new[::-1]), len(old) - head)
    added = new[head : len(new) - tail]
    if head + tail == len(old):
        return anchored(text, lines, first, first + head - 1, "after", added) if head else None
    shown = "\n".join(old[head : len(old) - tail])
    change = Replace(Text(shown + "\n", True), Text("\n".join(added) + "\n", True))
    whole = "\n".join([*lines[:first], *new, *lines[last + 1 :]])
    return change if makes(text, change, whole) else None


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines two begin with that are the same."""
    return sum(takewhile(bool, map(eq, one, other)))


def line_of(text: str, shown: Text) -> int | None:
    """The line (from 0) with which a text begins, in whatever indentation, if that is one only."""
    normal = NormalizedText(text)
    found = normal.occurrences(shown) or normal.occurrences(shown, "indent")
    return normal.text.count("\n", 0, found[0].start) if len(found) == 1 else None


def makes(text: str, change: Operation, whole: str) -> bool:
    """Whether a change of a text comes to this, but for blank lines at the end."""
    made = made_of(text, change)
    return made is not None and plain_text(made).rstrip("\n") == whole.rstrip("\n")


def made_of(text: str, change: Operation) -> str | None:
    """What a change makes of a text; `None` where it does not apply, or deletes the file."""
    made = apply(text, change)
    return made.text if isinstance(made, Applied) else None


def replaced_whole(text: str, change: ReplaceRange) -> Operation:
    """A change of all between two anchors, as one of all of the text that stands there now."""
    made = apply(text, change)
    if not isinstance(made, Applied) or made.lines is None:
        return change
    lines = plain_lines(text)
    old = "\n".join(lines[made.lines.first - 1 : made.lines.last]) + "\n"
    return Replace(Text(old, True), change.replacement)


def with_its_name(text: str, insert: Insert, names: Sequence[str]) -> Insert | str:
    """An insertion whose anchor goes up to the line that names what it stands behind.

    Where others may have changed the file, a line such as `return 0` could be another's by then.
    Nothing, where that line is too far away for it.
    """
    lines = plain_lines(text)
    old = insert.anchor.value.rstrip("\n").split("\n")
    found = [at for at in range(len(lines)) if lines[at : at + len(old)] == old]
    named = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in names))
    if insert.side != "after" or len(found) != 1 or not names:
        return insert
    first, end = found[0], found[0] + len(old)
    while first >= 0 and not named.search(lines[first]):
        first -= 1
    if first < 0:
        return insert
    if end - first > _MOST_LINES:
        return ""
    wider = replace(insert, anchor=Text("\n".join(lines[first:end]) + "\n", True))
    whole = "\n".join([*lines[:end], *insert.text.value.split("\n")[:-1], *lines[end:]])
    return wider if makes(text, wider, whole) else insert

"""Entries of a list in code, each in lines of its own: arguments, items with a key, fields."""

from __future__ import annotations

import re

from runbook.core.model.operations import Operation
from runbook.markdown.importing.places.inplace import anchored, made_of
from runbook.markdown.importing.places.lines import margin_of, moved_to, plain_lines
from runbook.markdown.importing.places.parsers import functions_named, spoilt, times
from runbook.markdown.importing.words.wording import side_of

_ENTRY = re.compile(
    r"\s*(?P<quote>[\"']?)(?P<name>[A-Za-z_][\w.-]*)(?P=quote)\s*(?P<sign>=>|:(?!:))\s*\S"
)
_NO_CODE = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`[^`]*`|\s(?://|#).*")


def entry_beside(
    text: str, path: str, name: str, side: str, code: str, around: str = ""
) -> Operation | str:
    """Entries behind the only one of a name, in the function or call `around` it.

    All that stands between the brackets around it must be told from what is nested deeper.
    """
    lines, own = plain_lines(text), code.strip("\n").split("\n")
    new, name = _heads(own, 0, len(own) - 1), name.strip("\"':")
    if side_of(side) != "after" or not new or _ENTRY.match(own[0]) is None:
        return ""
    found = [
        at
        for at, line in enumerate(lines)
        if (entry := _ENTRY.match(line)) and (entry["name"], entry["sign"]) == (name, new[0][1])
        if _is_within(text, path, lines, at, around)
    ]
    if len(found) != 1:
        return f"`{name}` is an entry {times(len(found))} in the file"
    (at,) = found
    ends, moved = _end(lines, at), moved_to(code, margin_of(lines[at]))
    listed = _brackets(lines, at)
    if ends is None or moved is None or listed is None or _end(own, len(own) - 1) is None:
        return ""
    there = {key for key, _ in _heads(lines, *listed)}
    if there & {key for key, _ in new}:
        return "already there: the list has an entry of this name"
    change = anchored(text, lines, at, ends, "after", moved)
    made = made_of(text, change) if change is not None else None
    return change if change is not None and made and not spoilt(text, made, path) else ""


def _heads(lines: list[str], first: int, last: int) -> list[tuple[str, str]]:
    """The names of the entries that stand as deep as the first one, and the signs behind them."""
    margin = margin_of("\n".join(lines[first : last + 1]))
    level = (line for line in lines[first : last + 1] if margin_of(line) == margin)
    return [(it["name"], it["sign"]) for it in map(_ENTRY.match, level) if it]


def _end(lines: list[str], at: int) -> int | None:
    """The line that an entry ends in, with a comma; `None` if that can't be told."""
    depth = 0
    for end in range(at, len(lines)):
        bare = _NO_CODE.sub("", lines[end]).rstrip()
        depth += len(re.findall(r"[(\[{]", bare)) - len(re.findall(r"[)\]}]", bare))
        if depth <= 0:
            return end if bare.endswith(",") and (depth == 0 or len(lines) == at + 1) else None
    return None


def _brackets(lines: list[str], at: int) -> tuple[int, int] | None:
    """The first and last line between the brackets around an entry."""
    margin = len(margin_of(lines[at]))
    out = [n for n, line in enumerate(lines) if line.strip() and len(margin_of(line)) < margin]
    above = max((n for n in out if n < at), default=None)
    below = min((n for n in out if n > at), default=None)
    if above is None or below is None or not lines[above].rstrip().endswith(("(", "[", "{")):
        return None
    return (above + 1, below - 1) if lines[below].strip()[0] in ")]}" else None


def _is_within(text: str, path: str, lines: list[str], at: int, around: str) -> bool:
    """Whether a line is in the only function of a name, or in the brackets of a line with it."""
    if not around:
        return True
    spans = functions_named(text, path, around)
    if spans:
        return len(spans) == 1 and spans[0][0] < at <= spans[0][1]
    margin = len(margin_of(lines[at]))
    for line in reversed(lines[:at]):
        if line.strip() and len(margin_of(line)) < margin:
            margin = len(margin_of(line))
            if re.search(rf"(?<![\w$]){re.escape(around)}\s*[(\[{{=]", line):
                return True
    return False

"""The block of a file that is nearest to one looked for, with the difference.

Lines vote for the place where the block would begin; the few places with most votes are compared
in full. In 20,000 lines that takes some milliseconds, and comparing everywhere takes minutes.
"""

from __future__ import annotations

import re
from collections import Counter

from runbook.core.operations import LineRange
from runbook.core.value import value

_CANDIDATES = 12
_COMMON = 40  # a line or word that stands in more places than this tells nothing
_ALIKE = 0.45
_LONG = 200  # characters of a line from which on counting letters must do


@value
class Nearest:
    """The lines of a file that are nearest to a block, and how they differ from it."""

    lines: LineRange
    likeness: float  # from 0 to 1
    difference: str  # unified, without header: `-` is what was looked for, `+` what is there


def nearest(wanted: str, text: str) -> Nearest | None:
    """The block of `text` nearest to `wanted`, or `None` when nothing is much like it."""
    # Imported here: only an edit that does not apply pays for it.
    from difflib import unified_diff

    block = wanted.rstrip("\n").split("\n")
    lines = text.split("\n")
    best: tuple[float, int, int] | None = None
    for start in _starts(block, lines):
        for length in {len(block), len(block) - 1, len(block) + 1} - {0}:
            there = lines[start : start + length]
            if not there:
                continue
            ratio = _likeness(block, there)
            if best is None or ratio > best[0]:
                best = (ratio, start, len(there))
    if best is None or best[0] < _ALIKE:
        return None
    ratio, start, length = best
    difference = list(unified_diff(block, lines[start : start + length], lineterm="", n=2))[3:]
    return Nearest(LineRange(start + 1, start + length), ratio, "\n".join(difference))


def _likeness(block: list[str], there: list[str]) -> float:
    """How alike two blocks are, from 0 to 1.

    Lines are paired first and only unlike ones compared by character: comparing whole blocks by
    character takes time with the square of their length, over a minute for 200 lines.
    """
    from difflib import SequenceMatcher

    old_bare, new_bare = ([line.strip() for line in lines] for lines in (block, there))
    pairs = SequenceMatcher(None, old_bare, new_bare, False).get_opcodes()
    alike = 0.0
    for tag, first, last, start, end in pairs:
        if tag not in ("equal", "replace"):
            continue
        for old, new in zip(block[first:last], there[start:end], strict=False):
            weight = len(old) + len(new) + 2
            if old == new:
                alike += weight
            elif max(len(old), len(new)) > _LONG:
                alike += weight * SequenceMatcher(None, old, new, False).quick_ratio()
            else:
                alike += weight * SequenceMatcher(None, old, new, False).ratio()
    return alike / sum(len(line) + 1 for line in (*block, *there))


def _starts(block: list[str], lines: list[str]) -> list[int]:
    """Indices of lines where the block may begin, those with most votes first."""
    votes: Counter[int] = Counter()
    places: dict[str, list[int]] = {}
    for index, line in enumerate(lines):
        places.setdefault(line.strip(), []).append(index)
    words: dict[str, list[int]] | None = None
    for number, line in enumerate(block):
        key = line.strip()
        if not key:
            continue
        there = places.get(key, [])
        if there and len(there) <= _COMMON:
            votes.update({index - number: 4 for index in there})
        elif not there:
            if words is None:
                words = _words_of(lines)
            for word in set(_split(key)):
                found = words.get(word, [])
                if len(found) <= _COMMON:
                    votes.update({index - number: 1 for index in found})
    return [max(0, start) for start, _ in votes.most_common(_CANDIDATES)]


def _words_of(lines: list[str]) -> dict[str, list[int]]:
    words: dict[str, list[int]] = {}
    for index, line in enumerate(lines):
        for word in set(_split(line)):
            words.setdefault(word, []).append(index)
    return words


def _split(line: str) -> list[str]:
    return re.findall(r"\w{2,}", line)

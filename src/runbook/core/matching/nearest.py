"""The block of a file that is nearest to one looked for, with the difference.

Lines vote for the place where the block would begin; the few places with most votes are compared
in full. In 20,000 lines that takes some milliseconds, and comparing everywhere takes minutes.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import accumulate

from runbook.core.matching.texts import LineRange
from runbook.core.value import value

_CANDIDATES = 24  # places that get votes and are compared by their words
_FINALISTS = 4  # those that are compared in full
_FAR = 0.7  # a place with so much less in common than the best one is not compared in full
_COMMON = 40  # a line or piece that stands in more places than this tells nothing
_PIECES = 120  # pieces of unlike lines that are looked for, over all lines of the block
_ALIKE = 0.45
_ALIKE_WITHIN = 0.6  # from which on a stretch of a line is shown
_SHORTER = 0.98
_COMPARED = 10_000  # characters of all stretches of a line, from which on one stretch must do
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
    words = Counter(_tokens("\n".join(block)))
    shared = {
        start: _shared(words, lines[start : start + len(block)])
        for start in _starts(block, lines, text)
    }
    most = max(shared.values(), default=0.0)
    ranked = sorted(
        (start for start in shared if shared[start] >= _FAR * most),
        key=lambda start: -shared[start],
    )
    best: tuple[float, int, int] | None = None
    for start in ranked[:_FINALISTS]:
        for length in {len(block), len(block) - 1, len(block) + 1} - {0}:
            there = lines[start : start + length]
            if not there or (block[-1].strip() and not there[-1].strip() and len(there) > 1):
                continue
            # That a line changed is likelier than that it is gone.
            ratio = _likeness(block, there) * (_SHORTER if length < len(block) else 1.0)
            if best is None or ratio > best[0]:
                best = (ratio, start, len(there))
    if best is None or best[0] < _ALIKE:
        return None
    ratio, start, length = best
    difference = list(unified_diff(block, lines[start : start + length], lineterm="", n=2))[3:]
    return Nearest(LineRange(start + 1, start + length), ratio, "\n".join(difference))


def within_a_line(wanted: str, text: str) -> Nearest | None:
    """The line with the stretch that is nearest to a short text inside of a line."""
    from difflib import SequenceMatcher

    if "\n" in wanted or not wanted.strip() or len(wanted) > _LONG:
        return None
    pairs = {wanted[at : at + 2] for at in range(len(wanted) - 1)} or {wanted}
    ranked = sorted(
        (-sum(pair in line for pair in pairs), number)
        for number, line in enumerate(text.split("\n"))
        if len(line) <= _LONG * 10
    )
    lines = text.split("\n")
    best = (_ALIKE_WITHIN, 0)
    for shared, number in ranked[:_CANDIDATES]:
        if not shared and len(wanted) > 2:
            break
        line = lines[number]
        for piece in _stretches(wanted, line):
            ratio = SequenceMatcher(None, wanted, piece, False).ratio()
            if ratio > best[0] or (ratio == best[0] and number + 1 < best[1]):
                best = (ratio, number + 1)
    ratio, number = best
    if not number:
        return None
    return Nearest(LineRange(number, number), ratio, f"-{wanted}\n+{lines[number - 1]}")


def _stretches(wanted: str, line: str) -> set[str]:
    """The stretches of a line, as long as a text, that may be like it: all where these are few."""
    from difflib import SequenceMatcher

    last = max(0, len(line) - len(wanted))
    begins: Iterable[int] = range(last + 1)
    if last * len(wanted) > _COMPARED:
        # Where the longest piece of the text stands the rest of it may stand around it.
        match = SequenceMatcher(None, wanted, line, False).find_longest_match()
        begins = {min(max(0, match.b - match.a), last)}
    return {line[at : at + len(wanted)] for at in begins}


def _shared(words: Counter[str], there: list[str]) -> float:
    """How many words a place shares with the block, in relation to all of both."""
    found = Counter(_tokens("\n".join(there)))
    return 2 * (words & found).total() / max(1, words.total() + found.total())


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
                # By characters, a renamed word is as far as another line with like letters.
                letters = SequenceMatcher(None, old, new, False).ratio()
                words = SequenceMatcher(None, _tokens(old), _tokens(new), False).ratio()
                alike += weight * (letters + words) / 2
    return alike / sum(len(line) + 1 for line in (*block, *there))


def _starts(block: list[str], lines: list[str], text: str) -> list[int]:
    """Indices of lines where the block may begin, those with most votes first."""
    votes: Counter[int] = Counter()
    places: dict[str, list[int]] = {line.strip(): [] for line in block}
    stripped = [*map(str.strip, lines)]
    for index in [index for index, line in enumerate(stripped) if line in places]:
        places[stripped[index]].append(index)
    unlike: list[tuple[int, str]] = []
    for number, line in enumerate(block):
        key = line.strip()
        if not key:
            continue
        there = places[key]
        if there and len(there) <= _COMMON:
            votes.update({index - number: 4 for index in there})
        elif not there:
            unlike.append((number, key))
    if unlike:
        _vote_by_pieces(votes, unlike, text, lines)
    return list(dict.fromkeys(max(0, start) for start, _ in votes.most_common(_CANDIDATES)))


def _vote_by_pieces(
    votes: Counter[int], unlike: list[tuple[int, str]], text: str, lines: list[str]
) -> None:
    """Let lines vote that stand nowhere as they are, by what they have in common with others.

    Pieces are looked for as they are, which is quick, and finds a name within a longer one.
    """
    ends = [end + number for number, end in enumerate(accumulate(map(len, lines)))]
    left = _PIECES
    for number, line in unlike:
        for piece, weight in _pieces(line):
            if left == 0:
                return
            left -= 1
            found = _lines_with(text, ends, piece)
            votes.update({index - number: weight for index in found})


def _pieces(line: str) -> Iterator[tuple[str, int]]:
    """Pieces of a line that a change of one word leaves as they are, with their votes."""
    half, third = len(line) // 2, len(line) // 3
    for piece, weight in (
        (line[:half], 2),
        (line[half:], 2),
        (line[:third], 1),
        (line[-third:], 1),
    ):
        if len(piece.strip()) > 3:
            yield piece, weight
    for word in sorted(set(re.findall(r"\w{2,}", line)), key=len, reverse=True):
        yield word, 1


def _lines_with(text: str, ends: list[int], piece: str) -> set[int]:
    """The lines (from 0) that have a piece; none where there are too many to tell anything."""
    found: set[int] = set()
    offset = text.find(piece)
    while offset >= 0:
        line = bisect_left(ends, offset)
        found.add(line)
        if len(found) > _COMMON or line >= len(ends) - 1:
            break
        offset = text.find(piece, ends[line])
    return found if len(found) <= _COMMON else set()


def _tokens(text: str) -> list[str]:
    return re.findall(r"\w+|[^\w\s]", text)

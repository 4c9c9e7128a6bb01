"""The places of a text that an operation changes: choosing among them, and writing them anew."""

from __future__ import annotations

from collections.abc import Sequence

from runbook.core.matching.normalized import NormalizedText, Span
from runbook.core.matching.results import Conflict
from runbook.core.matching.texts import LOOSER, LineRange, Matching, Occurrences, Text

_LISTED = 8
"""Of how many lines the numbers are named."""


def times(number: int) -> str:
    """How often: `once`, `3 times`."""
    return "once" if number == 1 else f"{number} times"


def in_lines(lines: Sequence[int]) -> str:
    """Where something stands: `in line 4`, `in lines 4, 7, …`."""
    more = ", …" if len(lines) > _LISTED else ""
    return f"in line{'s' * (len(lines) > 1)} {', '.join(map(str, lines[:_LISTED]))}{more}"


def as_lines(text: Text) -> str:
    """A text as whole lines, the last one with its end."""
    # At the end or the beginning of a file there is no line to be inside of.
    return text.value if text.value.endswith("\n") else text.value + "\n"


def is_nearer(
    normal: NormalizedText, hint: LineRange | None, one: list[Span], other: list[Span]
) -> bool:
    """Whether one of some places is nearer to the hint than any other, if there are others."""
    if hint is None or not one or not other:
        return False
    first, second = (
        min(abs(normal.line(span.start) - hint.first) for span in spans) for spans in (one, other)
    )
    return first < second


def already(
    normal: NormalizedText,
    count: Occurrences,
    hint: LineRange | None,
    made: list[Span],
    untouched: list[Span],
) -> bool:
    """Whether what is made of the places stands as often as it should, and nothing is left."""
    if count == "all":
        return not untouched
    if not untouched:
        return len(made) == count or (hint is not None and count == 1)
    # The hint chose one place among several before; the others still stand.
    return count == 1 and is_nearer(normal, hint, made, untouched)


def choose(
    normal: NormalizedText,
    count: Occurrences,
    hint: LineRange | None,
    found: list[Span],
    wanted: Text | None,
    what: str,
    match: Matching = "exact",
    *,
    counted: bool = True,
) -> list[Span] | Conflict:
    """The spans an operation changes, or why it changes none; `wanted` is the text looked for.

    Of an operation that is not `counted` no phase file says how often it finds it.
    """
    if found and (count == "all" or len(found) == count):
        return found
    lines = tuple(normal.line(span.start) for span in found)
    if not found:
        expected = f", expected near line {hint.first}" if hint else ""
        message = f"{what} is not in the file{expected}"
        if wanted is None:
            return Conflict(message, missed=True)
        from runbook.core.matching.missing import missing  # most texts are found

        return missing(normal, wanted, match, message, loosely=LOOSER)
    if hint is not None and count == 1:
        ranked = sorted(found, key=lambda span: abs(normal.line(span.start) - hint.first))
        closest, second = (abs(normal.line(span.start) - hint.first) for span in ranked[:2])
        if closest < second:
            return [ranked[0]]
    wish = count if count == "all" else times(count)
    return Conflict(
        f"{what} is to be found {wish} and stands {times(len(found))}, {in_lines(lines)}",
        all_meant(len(found)) if count != 1 else _chosen_by(hint, lines, wanted, counted=counted),
        lines,
    )


def _chosen_by(
    hint: LineRange | None, lines: tuple[int, ...], wanted: Text | None, *, counted: bool
) -> str:
    """What tells which of several places is meant, or where it can be said that all are."""
    if hint is not None and len({*lines}) > 1:
        return f"line {hint.first} is as near to one as to another: say the line of one by `lines:`"
    longer = "make the text longer until it is unique"
    ways = [longer if wanted is not None else "make the pattern narrower"]
    ways += ["say `lines:`"] if hint is None else []
    ways += ["say `count:`"] if counted else []
    *others, last = ways
    return f"{', '.join(others)}{',' * (len(others) > 1)} or {last}" if others else last


def all_meant(number: int) -> str:
    """What to do where something is found so often, and all of these places are meant."""
    return f"say `count: {number}`, or `count: all`, if these are all that are meant"


def unshiftable(normal: NormalizedText, span: Span) -> Conflict:
    """Why a text that `match: indent` found can't be replaced: the new one is indented less."""
    line = normal.line(span.start)
    return Conflict(
        f"the text stands in line {line} with less indentation than the new text can lose",
        "indent the new text at least as deep as the text looked for",
    )


def spliced(normal: NormalizedText, edits: list[tuple[int, int, str]]) -> str:
    """The original text with some stretches replaced, in the file's own line ends."""
    pieces = []
    done = 0
    for start, end, new in edits:
        pieces.append(normal.original[done : normal.offset(start)])
        pieces.append(new.replace("\n", normal.line_end(start)) if "\n" in new else new)
        done = normal.offset(end)
    pieces.append(normal.original[done:])
    return "".join(pieces)


def line_range(normal: NormalizedText, span: Span) -> LineRange:
    """The lines (from 1) that a place touches."""
    first = normal.line(span.start)
    return LineRange(first, max(first, normal.line(max(span.start, span.end - 1))))

"""Line hints held against where the text really stands."""

from __future__ import annotations

from collections.abc import Iterable

from runbook.core.edit.edits import sought
from runbook.core.matching.normalized import NormalizedText, Span
from runbook.core.matching.places import line_range
from runbook.core.matching.texts import LineRange
from runbook.core.model.operations import Insert, Operation, Remove, Replace, ReplaceRange


def stale(operation: Operation, texts: Iterable[str]) -> LineRange | None:
    """Where the text of an operation stands, if its `lines` say otherwise.

    `texts` are versions of the file that the author may have had before him. The hint is right if
    it fits one of them, and nothing is known where the text is in none.

    A hint of as many lines as the text has must be its lines. A longer or shorter one, such as
    the function's around the text, must touch them.
    """
    if not isinstance(operation, Replace | Remove | Insert | ReplaceRange):
        return None
    hint = operation.lines
    if hint is None:
        return None
    found: list[LineRange] = []
    for text in texts:
        places = _places(NormalizedText(text), operation)
        if any(_fits(hint, place, isinstance(operation, Insert)) for place in places):
            return None
        found += places
    return min(found, key=lambda place: abs(place.first - hint.first), default=None)


def _places(
    normal: NormalizedText, operation: Replace | Remove | Insert | ReplaceRange
) -> list[LineRange]:
    wanted = sought(operation)
    assert wanted is not None
    found = normal.occurrences(wanted, operation.match)
    if isinstance(operation, ReplaceRange):
        ends = normal.occurrences(operation.end, operation.match)
        found = [
            Span(start.start, next((e.end for e in ends if e.end >= start.end), start.end))
            for start in found
        ]
    return [line_range(normal, span) for span in found]


def _fits(hint: LineRange, place: LineRange, insertion: bool) -> bool:
    # What is inserted goes beside its anchor.
    near = 1 if insertion else 0
    if not insertion and hint.last - hint.first == place.last - place.first:
        return hint == place
    return hint.first - near <= place.last and place.first <= hint.last + near

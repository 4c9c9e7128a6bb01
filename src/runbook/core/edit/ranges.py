"""Replacing all from one anchor to another."""

from __future__ import annotations

from runbook.core.matching.normalized import NormalizedText, Span, outside
from runbook.core.matching.places import (
    as_lines,
    choose,
    is_nearer,
    line_range,
    spliced,
    unshiftable,
)
from runbook.core.matching.results import AlreadyApplied, Applied, Conflict, Result
from runbook.core.matching.texts import LOOSER, Text
from runbook.core.model.operations import ReplaceRange


def replace_range(text: str, operation: ReplaceRange) -> Result:
    """What replacing from the start anchor through the end anchor makes of a text."""
    normal = NormalizedText(text)
    whole = operation.start.whole_lines or operation.end.whole_lines
    whole = whole or operation.replacement.whole_lines
    value = operation.replacement.value
    new = Text(as_lines(operation.replacement) if whole and value else value, whole)
    starts = normal.occurrences(operation.start, operation.match)
    made = normal.occurrences(new, operation.match) if new.value else []
    untouched = outside(starts, made)
    if (not starts and len(made) == 1) or is_nearer(normal, operation.lines, made, untouched):
        return AlreadyApplied(line_range(normal, made[0]))
    chosen = choose(
        normal, 1, operation.lines, starts, operation.start, "the text of `from`", operation.match,
        counted=False,
    )  # fmt: skip
    if isinstance(chosen, Conflict):
        return chosen
    (start,) = chosen
    ends = normal.occurrences(operation.end, operation.match)
    # A text can be both: `from` and `through` the same line is that line.
    behind = (span for span in ends if span.start >= start.start and span.end >= start.end)
    end = next(behind, None)
    here = any(other.start == start.start and start.within(other) for other in made)
    if end is None:
        if here:
            return AlreadyApplied(line_range(normal, start))
        line = normal.line(start.start)
        message = f"the text of `through` does not follow after `from` in line {line}"
        if ends:
            return Conflict(
                f"{message}: it stands before it, in line {normal.line(ends[-1].start)}"
            )
        from runbook.core.matching.missing import missing  # most texts are found

        loosely = LOOSER if operation.start.whole_lines else LOOSER[1:]
        return missing(
            normal, operation.end, operation.match, message, loosely=loosely, after=start.start
        )
    span = Span(start.start, end.end, start.indent)
    if any(span.within(other) for other in made):
        return AlreadyApplied(line_range(normal, span))
    if here:
        line, last = normal.line(start.start), normal.line(end.start)
        return Conflict(
            f"the replacement already stands at `from` in line {line}, and it can't be told "
            f"whether the text of `through` in line {last} belongs to it",
            "begin the range after what stays",
        )
    if whole:
        around = normal.lines_around(span)
        span = Span(around.start, around.end, start.indent)
    moved = span.indented(new.value)
    if moved is None:
        return unshiftable(normal, span)
    if whole and not normal.text[span.start : span.end].endswith("\n"):
        moved = moved.removesuffix("\n")
    if normal.text[span.start : span.end] == moved:
        return AlreadyApplied(line_range(normal, span))
    return Applied(spliced(normal, [(span.start, span.end, moved)]), line_range(normal, span))

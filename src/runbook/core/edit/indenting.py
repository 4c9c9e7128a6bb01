"""Indenting all lines from one block to another."""

from __future__ import annotations

from runbook.core.matching.indents import indentation
from runbook.core.matching.normalized import NormalizedText, Span
from runbook.core.matching.places import choose, is_nearer, line_range, spliced
from runbook.core.matching.results import AlreadyApplied, Applied, Conflict, Result
from runbook.core.matching.texts import Text
from runbook.core.model.operations import Indent


def indent(text: str, operation: Indent) -> Result:
    """What indenting the lines from a block through a block makes of a text."""
    normal = NormalizedText(text)
    starts = normal.occurrences(operation.start)
    made = _made(normal, operation)
    hint = operation.lines
    if made and (not starts or is_nearer(normal, hint, made, starts)):
        return AlreadyApplied(line_range(normal, made[0]))
    what = "the text of `from`"
    chosen = choose(normal, 1, hint, starts, operation.start, what, counted=False)
    if isinstance(chosen, Conflict):
        return chosen
    span = _stretch(normal, chosen[0], operation.end)
    if span is None:
        line = normal.line(chosen[0].start)
        message = f"the text of `through` does not follow after `from` in line {line}"
        after = chosen[0].start
        from runbook.core.matching.missing import missing  # most texts are found

        return missing(normal, operation.end, "exact", message, loosely=(), after=after)
    new = _moved(normal.text[span.start : span.end], operation.columns)
    if isinstance(new, int):
        line = normal.line(span.start) + new
        return Conflict(
            f"line {line} can't be indented by {operation.columns:+} columns",
            "it has less indentation than that, or tabs, of which each is four columns here",
        )
    return Applied(spliced(normal, [(span.start, span.end, new)]), line_range(normal, span))


def _stretch(normal: NormalizedText, start: Span, end: Text) -> Span | None:
    """All from a block through the first other block that ends where it does or later."""
    for found in normal.occurrences(end):
        if found.start >= start.start and found.end >= start.end:
            return Span(start.start, found.end)
    return None


def _made(normal: NormalizedText, operation: Indent) -> list[Span]:
    """Where the stretch stands as it is to be, by its first and last lines."""
    there = []
    for tabs in (False, True):
        start, end = (
            _moved(each.value, operation.columns, tabs=tabs)
            for each in (operation.start, operation.end)
        )
        if isinstance(start, str) and isinstance(end, str):
            there += [
                span
                for each in normal.occurrences(Text(start, True))
                if (span := _stretch(normal, each, Text(end, True)))
            ]
    return there


def _moved(lines: str, columns: int, *, tabs: bool | None = None) -> str | int:
    """Lines indented by more columns or fewer, or the index of one that can't be.

    Among lines that begin with tabs a tab is four columns.
    """
    each = lines.split("\n")
    if tabs is None:
        tabs = any(line.startswith("\t") for line in each)
    unit = "\t" if tabs else " "
    number, rest = divmod(abs(columns), 4) if tabs else (abs(columns), 0)
    moved = []
    for index, line in enumerate(each):
        if not line.strip():
            moved.append(line)
        elif rest or (columns < 0 and not indentation(line).startswith(unit * number)):
            return index
        else:
            moved.append(unit * number + line if columns > 0 else line[number:])
    return "\n".join(moved)

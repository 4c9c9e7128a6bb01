"""The step that comes next, in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from runbook.core.record.described import short
from runbook.core.record.ways import NextStep, shown
from runbook.core.text.lines import on_one_line
from runbook.core.text.printable import printable
from runbook.views.choices import choice_lines
from runbook.views.screen import program
from runbook.views.stops import attempted_lines, why_lines
from runbook.views.words import indent


def next_lines(said: NextStep) -> Iterator[str]:
    """What is next, and each way on with its command."""
    at = f" ({said.at})" if said.at else ""
    head = f"{said.kind} at {said.where}{at}: {on_one_line(said.message)}"
    yield printable(head.removesuffix(": "))
    if said.brief:
        yield ""
        yield printable(said.brief.rstrip())
        yield ""
    elif said.instructions:
        yield printable(indent(said.instructions, "    "))
    if said.stopped is not None:
        yield from (printable(line) for line, _ in why_lines(said.stopped))
    yield from map(printable, attempted_lines(said.hint, said.log))
    if said.delegate:
        yield printable(f"A run hands it to: {short(said.delegate)}")
    if not said.ways:
        yield f"To follow it: {program()} status --watch"
        return
    if said.stopped is not None:
        # What is to be mended before, as the run itself says it.
        yield from choice_lines(said.stopped, Path(said.folder))
        return
    first, *others = said.ways
    yield f"To go on: {program()} {shown(first.argv)}"
    if others:
        yield "Or instead:"
        yield from (f"  {program()} {shown(way.argv)}: {way.meaning}" for way in others)

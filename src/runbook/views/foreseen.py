"""A dry run in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from runbook.core.model.ids import is_step, last
from runbook.core.model.model import Phase
from runbook.core.record.foreseen import Foreseen
from runbook.core.text.printable import printable
from runbook.views.stops import lines


def heading(phase: Phase) -> str:
    """The line above what would become of a phase."""
    title = (phase.title or phase.goal).strip().partition("\n")[0]
    return printable(f"{phase.id}: {title} (a dry run: nothing is done)")


def foreseen_lines(
    phase: Phase, each: Foreseen, roots: Mapping[str, Path], *, brief: bool = False
) -> Iterator[str]:
    """What would become of a phase, task or step; a stop as the run would show it.

    A `brief` one, which comes after another, is one line.
    """
    name = last(each.where)
    if each.outcome == "completes":
        return
    if each.where == phase.id and each.stopped is None:
        yield printable(f"  {'it is complete' if each.outcome == 'done' else each.text}")
    elif not is_step(each.where) and each.stopped is None:
        titles = {task.id: task.title for task in phase.tasks}
        heading = f"{name}: {titles[each.where]}" if each.where in titles else name
        said = {
            "done": " is done",
            "goes on": f" goes on {each.text}",
            "left out": f" is left out, {each.text}",
        }.get(each.outcome, "")
        yield printable(f"  {heading}{said}")
        yield from (printable(f"    {line}") for line in each.details)
    elif is_step(each.where):
        yield printable(f"    {each.text}")
        yield from (printable(f"      {line}") for line in each.details)
    if each.stopped is not None:
        stop = [line for line, _ in lines(each.stopped, roots, "would stop")]
        if brief:
            yield printable(f"      {stop[1]}")
        else:
            yield from map(printable, stop)
            yield ""

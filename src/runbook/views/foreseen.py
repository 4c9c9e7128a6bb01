"""A dry run in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from runbook.core.foreseen import Foreseen
from runbook.core.model import Phase
from runbook.core.printable import printable


def foreseen_lines(phase: Phase, foreseen: Iterable[Foreseen]) -> Iterator[tuple[str, bool]]:
    """The lines of a phase, each with whether the run would stop there."""
    title = (phase.title or phase.goal).strip().partition("\n")[0]
    yield printable(f"{phase.id}: {title} (a dry run: nothing is done)"), False
    titles = {task.id: task.title for task in phase.tasks}
    for each in foreseen:
        name = each.where.rpartition("/")[2]
        stops = each.outcome == "stops"
        if each.where == phase.id:
            what = f"the run would stop: {each.text}" if stops else each.text
            yield printable(f"  {what}"), stops
        elif each.where.count("/") == 1:
            heading = f"{name}: {titles[each.where]}" if each.where in titles else name
            said = {
                "done": " is done",
                "to do": "",
                "goes on": f" goes on {each.text}",
                "left out": f" is left out, {each.text}",
                "stops": f": the run would stop: {each.text}",
            }[each.outcome]
            yield printable(f"  {heading}{said}"), stops
        else:
            yield printable(f"    {each.text}"), False
            for line in each.details:
                yield printable(f"      {'would stop: ' if stops else ''}{line}"), stops

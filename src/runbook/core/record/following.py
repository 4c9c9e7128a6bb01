"""Which phases of a series come before another, and which comes next."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from runbook.core.model.model import Phase
from runbook.core.record.progress import Progress
from runbook.core.record.status import Awaited, PhaseStatus


def following(series: Sequence[PhaseStatus], phase: str) -> str | None:
    """The phase to carry out once `phase` is complete: the next one that can be, or an earlier one.

    One that was undone as a whole is none of them, nor one that waits for another.
    """
    place = [each.phase for each in series].index(phase)
    for each in (*series[place + 1 :], *series[:place]):
        undone = bool(each.tasks) and all(task.mark == "undone" for task in each.tasks)
        if not each.complete and not each.waits_for and not undone:
            return each.phase
    return None


def awaited(
    phase: Phase,
    phases: Sequence[Phase],
    progress: Callable[[Phase], Progress],
    done: Collection[str] = (),
) -> Awaited:
    """Those of the `phases` of a series that one requires, or that these require, and so on.

    Each comes after those it requires. Those that will be `done` by then are complete.
    """
    required, found = set(phase.requires), []
    for each in reversed(phases):
        if each.id in required and each.id not in done and not progress(each).complete(each.id):
            required.update(each.requires)
            found.append(each)
    found.reverse()
    undone = tuple(each.id for each in found if progress(each).undone(each))
    return Awaited(tuple(each.id for each in found), undone)

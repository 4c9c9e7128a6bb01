"""Which phase of a series comes next."""

from __future__ import annotations

from collections.abc import Sequence

from runbook.core.record.status import PhaseStatus


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

"""Which steps of a phase declare paths, and so what a commit contains."""

from __future__ import annotations

from runbook.core.model import Commit, Edit, Manual, Phase, Run, Step
from runbook.core.operations import MoveTo, Target


def declaring_steps(phase: Phase, until: Step | None = None) -> list[Step]:
    """The steps that change files since the last commit before a step; without one, all."""
    found: list[Step] = []
    for task in phase.tasks:
        for step in task.steps:
            if step is until:
                return found
            if isinstance(step, Commit) and until is not None:
                found.clear()
            if isinstance(step, Edit | Run | Manual):
                found.append(step)
    return found


def step_targets(step: Step) -> list[Target]:
    """What a step declares that it changes or commits; of a move both ends."""
    match step:
        case Edit():
            moves = [change.path for change in step.changes if isinstance(change, MoveTo)]
            return [*step.targets, *moves]
        case Run() | Manual():
            return list(step.files)
        case Commit():
            return list(step.files or ())
        case _:
            return []

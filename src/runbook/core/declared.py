"""Which paths the steps of a phase declare, and so which a commit contains."""

from __future__ import annotations

from runbook.core.model import Commit, Edit, Manual, Phase, Run, Step


def declared_paths(phase: Phase, until: Commit | None = None) -> list[str]:
    """Paths (in `workdir`) declared since the last commit before a step, or in the whole phase."""
    found: dict[str, None] = {}
    for task in phase.tasks:
        for step in task.steps:
            if step is until:
                return list(found)
            if isinstance(step, Commit) and until is not None:
                found.clear()
            found.update(dict.fromkeys(step_paths(step)))
    return list(found)


def step_paths(step: Step) -> list[str]:
    """The paths a step declares that it may change."""
    match step:
        case Edit():
            return [target for target in step.targets if isinstance(target, str)]
        case Run() | Manual():
            return [target for target in step.files if isinstance(target, str)]
        case _:
            return []

"""The checks that a hook has undone: those made on other bytes than it left to be committed."""

from __future__ import annotations

from runbook.core.model.model import Commit, Edit, Manual, Phase, Run, Verify
from runbook.core.record.progress import Progress


def checks_before(phase: Phase, progress: Progress, where: str) -> tuple[str, ...]:
    """The done checks of the state that a commit step takes: those since the last change."""
    found: list[str] = []
    for task in phase.tasks:
        for name, step in task.named_steps():
            if name == where:
                return tuple(found)
            known = progress.step(name)
            match step:
                case Verify() if known is not None and known.done:
                    found.append(name)
                case Edit() | Run() | Manual() | Commit() if known is not None and known.done:
                    found.clear()
                case _:
                    pass
    return ()


def to_make_again(progress: Progress, where: str) -> tuple[str, ...]:
    """The checks that a hook of a commit step has undone, and that were not made again yet."""
    known = progress.step(where)
    undone = () if known is None else known.undone_checks
    return tuple(name for name in undone if not progress.task_of(name).steps[name].done)

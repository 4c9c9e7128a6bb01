"""What `check` found to be right."""

from __future__ import annotations

from collections.abc import Iterator

from runbook.core.model import Phase
from runbook.views.words import count


def check_lines(phases: tuple[Phase, ...]) -> Iterator[str]:
    """One line for each phase that was read without a mistake."""
    for phase in phases:
        steps = sum(len(task.steps) for task in phase.tasks) + len(phase.verification)
        tasks = count(len(phase.tasks), "task")
        yield f"{phase.at.path}: {tasks}, {count(steps, 'step')}, no mistakes"
    if not phases:
        yield "no phase files to check"

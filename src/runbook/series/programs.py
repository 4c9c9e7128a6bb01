"""Programs that commands call, looked for on this machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from runbook.core.model.ids import task_of
from runbook.core.model.model import Run, Verify
from runbook.core.shell.programs import programs
from runbook.core.text.counting import count

if TYPE_CHECKING:
    from runbook.core.model.ids import StepId
    from runbook.core.model.model import Phase
    from runbook.core.record.progress import Progress


def not_found(phase: Phase, progress: Progress | None) -> Iterator[str]:
    """What is to be said of programs that the steps left of a phase call, and PATH does not have.

    It is no mistake: elsewhere they may be there, and a step or the `setup` may install them.
    """
    calls: dict[str, list[StepId]] = {}
    stated = dict(phase.settings.env or ())
    for where, step in phase.named_steps():
        left = progress is None or not progress.settled(task_of(where))
        if left and isinstance(step, Run | Verify) and "PATH" not in {**stated, **dict(step.env)}:
            for name in dict.fromkeys(programs(step.command)):
                calls.setdefault(name, []).append(where)
    for name, steps in calls.items():
        if not _is_there(name):
            more = f" and {count(len(steps) - 1, 'more step')}" if len(steps) > 1 else ""
            yield f"not found on this machine: {name} ({steps[0]}{more})"


def _is_there(name: str) -> bool:
    places = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return any(os.access(f"{place}/{name}", os.X_OK) for place in places)

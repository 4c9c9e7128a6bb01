"""Repair: a finished task counts as done although the phase file says something else now."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from runbook.core.model.digest import digest
from runbook.core.model.model import Phase, Task
from runbook.core.record.events import Event
from runbook.core.record.verbevents import TaskRepaired
from runbook.engine.ground.context import Context
from runbook.engine.outlook.refusal import Refusal, refusing
from runbook.format.wording import wording
from runbook.world.git.contents import user


def repair(
    context: Context, phase: Phase, *, task: str | None, reason: str | None
) -> Iterator[Event]:
    """Accept the finished tasks that were changed in the phase file, or the one named.

    Without a reason nothing is recorded, and what was changed is shown. The last event is
    `TaskRepaired` or `VerbRefused`.
    """
    work = _repair(context, phase, task, reason)
    yield from refusing(context, "repair", task or phase.id, work)


def _repair(
    context: Context, phase: Phase, name: str | None, reason: str | None
) -> Iterator[Event]:
    progress = context.journal.progress
    changed = [
        task
        for task in phase.tasks
        if name in (None, task.id) and progress.done(task.id) and not progress.as_done(task)
    ]
    if not changed:
        message = "no finished task says something else than what was done"
        raise Refusal(message)
    if reason is None:
        raise Refusal(
            "to accept what was changed, say why",
            tuple(line for task in changed for line in _difference(context, task)),
            f'`repair {name or phase.id} --reason "..."` records it, and the task stays done as '
            "it was done",
        )
    for task in changed:
        difference = "".join(f"{line}\n" for line in _difference(context, task))
        yield TaskRepaired(
            task.id, digest(task), wording(task), user(context.repository), reason, difference
        )


def _difference(context: Context, task: Task) -> list[str]:
    """What was done, against what the phase file says now."""
    done = context.journal.progress.tasks[task.id].text
    now = wording(task).splitlines()
    if not done:
        return [f"{task.id}: what was done is not in the journal; {task.at} says now:", *now]
    lines = difflib.unified_diff(
        done.splitlines(), now, f"{task.id} as done", f"{task.at} now", lineterm=""
    )
    return list(lines)

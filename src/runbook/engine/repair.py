"""Repair: a finished task counts as done although the phase file says something else now."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from runbook.core.model.digest import digest
from runbook.core.model.model import Phase, Task
from runbook.core.record.events import Event
from runbook.core.record.verbevents import TaskRepaired
from runbook.core.text.redaction import redact
from runbook.engine.refusal import Refusal, refusing
from runbook.engine.site import Site
from runbook.format.wording import wording
from runbook.world.git.contents import user


def repair(site: Site, phase: Phase, *, task: str | None, reason: str | None) -> Iterator[Event]:
    """Accept the finished tasks that were changed in the phase file, or the one named.

    Without a reason nothing is recorded, and what was changed is shown. The last event is
    `TaskRepaired` or `VerbRefused`.
    """
    secrets = site.secrets(phase)
    for event in refusing(site, "repair", task or phase.id, _repair(site, phase, task, reason)):
        yield redact(event, secrets)


def _repair(site: Site, phase: Phase, name: str | None, reason: str | None) -> Iterator[Event]:
    progress = site.journal.progress
    changed = [
        task
        for task in phase.tasks
        if name in (None, task.id) and progress.done(task.id) and not progress.as_done(task)
    ]
    if not changed:
        message = "no finished task says something else than what was done"
        raise Refusal("repair", name or phase.id, message)
    if reason is None:
        raise Refusal(
            "repair",
            name or phase.id,
            "to accept what was changed, say why",
            tuple(line for task in changed for line in _difference(site, task)),
            f'`repair {name or phase.id} --reason "..."` records it, and the task stays done as '
            "it was done",
        )
    for task in changed:
        difference = "".join(f"{line}\n" for line in _difference(site, task))
        yield TaskRepaired(
            task.id, digest(task), wording(task), user(site.repository), reason, difference
        )


def _difference(site: Site, task: Task) -> list[str]:
    """What was done, against what the phase file says now."""
    done = site.journal.progress.tasks[task.id].text
    now = wording(task).splitlines()
    if not done:
        return [f"{task.id}: what was done is not in the journal; {task.at} says now:", *now]
    lines = difflib.unified_diff(
        done.splitlines(), now, f"{task.id} as done", f"{task.at} now", lineterm=""
    )
    return list(lines)

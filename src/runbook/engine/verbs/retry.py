"""Retry: the unfinished task is put back and done again."""

from __future__ import annotations

from collections.abc import Iterator

from runbook.core.model.model import Phase
from runbook.core.record.events import Event
from runbook.core.record.verbevents import TaskRestored, VerbRefused
from runbook.engine.ground.context import Context
from runbook.engine.outlook.finished import refuse_changed
from runbook.engine.outlook.outlook import refuse_repository
from runbook.engine.outlook.refusal import Refusal, refuse_other, refusing
from runbook.engine.resume.restore import restore, unfinished_task
from runbook.engine.running.execute import execute
from runbook.engine.running.takeup import refuse_moved, take_up


def retry(context: Context, phase: Phase, *, asked: str | None = None) -> Iterator[Event]:
    """Put back what the unfinished task did since its last commit, and carry the phase out.

    It is refused where another task is `asked` for. A verification that stopped is done again from
    its first check. The last event is one of `execute`, or `VerbRefused`.
    """
    refused = False
    for event in refusing(context, "retry", asked or phase.id, _put_back(context, phase, asked)):
        refused = isinstance(event, VerbRefused)
        yield event
    if not refused:
        yield from execute(context, phase)


def _put_back(context: Context, phase: Phase, asked: str | None) -> Iterator[Event]:
    yield from take_up(context, phase)
    progress = context.journal.progress
    task = unfinished_task(context, phase)
    verifies = phase.verification_id in progress.tasks and not progress.complete(phase.id)
    verification = phase.verification_id if verifies else None
    refuse_other("retry", asked, verification if task is None else task.id)
    if task is not None:
        refuse_moved(context, "retry", task.id)
        # Before its files are put back: what is to be done again could not be.
        refuse_changed(progress, phase)
        refuse_repository(context, phase)
        yield from restore(context, phase, task, "retry")
    elif progress.complete(phase.id):
        raise Refusal(f"{phase.id} is complete: there is nothing to retry")
    elif verification is not None:
        yield TaskRestored(verification, "retry", ())

"""The fold of events of delegates."""

from __future__ import annotations

from runbook.core.record import delegateevents as events
from runbook.core.record.delegateevents import DelegateEvent
from runbook.core.record.handwork import Handwork
from runbook.core.record.progress import Progress
from runbook.core.record.proofs import Delegated


def apply_delegate(progress: Progress, event: DelegateEvent) -> None:
    """Take an event of a delegate into account."""
    match event:
        case events.DelegateBegan(step=step, attempt=attempt, files=files):
            task = progress.task_of(step)
            task.touch(files)
            progress.open_attempt = event
            progress.handed_over = progress.handed_over or event
            known = progress.step(step)
            if known is not None:
                known.attempts = attempt
        case events.AttemptEnded(attempt=attempt, verdict=verdict):
            began = progress.open_attempt
            progress.open_attempt = None
            if verdict in ("accepted", "killed") or not attempt:
                progress.handed_over = None
            if began is not None and verdict == "accepted":
                _accepted(progress, began, event)
        case events.Mended(step=step, files=files):
            task = progress.task_of(step)
            task.touch(files)
            task.hold(files)
            task.handmade.add(Handwork(step, files, by=event.by))
        case events.TestsDoubted(step, warnings):
            progress.task_of(step).steps[step].doubts = warnings
        case _:
            pass  # What is judged is judged again after a kill.


def _accepted(progress: Progress, began: events.DelegateBegan, ended: events.AttemptEnded) -> None:
    task = progress.task_of(ended.step)
    task.hold(ended.files)
    known = progress.step(ended.step)
    if known is not None:
        known.left = ended.files
        known.delegated = Delegated(
            ended.step, began.command, ended.attempt, ended.duration, began.brief,
            began.confined, ended.cost, ended.warnings,
        )  # fmt: skip

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
            known = task.steps.get(step)
            if known is not None:
                known.attempts = attempt
                known.unaccepted = True
        case events.AttemptEnded(step=step, attempt=attempt):
            began = progress.open_attempt
            progress.open_attempt = None
            known = progress.task_of(step).steps.get(step)
            if known is not None and (event.verdict == "accepted" or not attempt):
                known.unaccepted = False
            if known is not None and began is not None and event.verdict == "accepted":
                known.delegated = Delegated(
                    step, began.command, attempt, event.duration, began.brief,
                    began.confined, event.cost, event.warnings,
                )  # fmt: skip
        case events.Mended(step=step, files=files):
            task = progress.task_of(step)
            task.touch(files)
            task.hold(files)
            task.handmade.add(Handwork(step, files, by=event.by))
        case _:
            pass  # What is judged is judged again after a kill.

"""The fold of a step's events: its edits, commands, commits, and work by hand."""

from __future__ import annotations

from runbook.core.model.ids import phase_of, task_of, verification_id
from runbook.core.record import proofs
from runbook.core.record import stepevents as events
from runbook.core.record.progress import Progress
from runbook.core.record.stepevents import ManualEvent, StepEvent
from runbook.core.record.taskstate import StepState


def apply_step(progress: Progress, event: StepEvent) -> None:
    """Take an event of a step into account."""
    match event:
        case events.StepBegan(step=step, digest=digest):
            steps = progress.task_of(step).steps
            known = steps.get(step)
            if known is None or known.digest != digest or known.done:
                steps[step] = StepState(digest)
            _goes_on(progress, step)
        case events.StepDone(step):
            progress.task_of(step).steps[step].done = True
        case events.EditPlanned(step, files):
            task = progress.task_of(step)
            task.steps[step].planned = files
            task.touch(files)
            task.hold(files)
        case _:
            _command(progress, event)


def _goes_on(progress: Progress, step: str) -> None:
    """Forget the stop of a task that goes on, and that of the phase as a whole."""
    phase, task = phase_of(step), task_of(step)
    known = progress.stops.get(phase)
    if known is not None:
        of_task = progress.stopped_in(task) is not None
        if of_task or known.where == phase or task == verification_id(phase):
            del progress.stops[phase]


def _command(progress: Progress, event: StepEvent) -> None:
    match event:
        case (
            events.CommandBegan(step=step)
            | events.CommandEnded(step=step)
            | events.VerifyPassed(step=step)
            | events.FailedBefore(step=step)
        ):
            _check(progress, step, event)
        case events.RunPlanned(step=step, files=files):
            progress.task_of(step).touch(files)
            progress.open_run = event
        case events.RunRestored():
            progress.open_run = None
        case events.RunDone(step=step, files=files):
            task = progress.task_of(step)
            task.touch(files)
            task.hold(files)
            progress.open_run = None
            if step in task.steps:
                task.steps[step].ran = True
            _check(progress, step, event)
        case _:
            _commit(progress, event)


def _check(progress: Progress, step: str, event: proofs.CheckEvent) -> None:
    state = progress.task_of(step).steps.get(step)
    if state is not None:
        state.check = proofs.after(state.check, event)


def _commit(progress: Progress, event: StepEvent) -> None:
    match event:
        case events.CommitIntended():
            progress.intent = event
        case events.CommitMade(step=step, commit=commit):
            task = progress.task_of(step)
            task.commits.append(commit)
            if step in task.steps:
                task.steps[step].commit = commit
            progress.unnoted[step] = commit
            task.settle(step)
            progress.intent = None
            progress.head = commit
        case events.CommitRestored():
            progress.intent = None
        case events.AlreadyCommitted(step=step):
            progress.task_of(step).settle(step)
        case events.NoteAdded(step, commit) if progress.unnoted.get(step) == commit:
            del progress.unnoted[step]
        case events.NoteAdded(step, commit) if progress.reverted.get(step) == commit:
            del progress.reverted[step]
        case _:
            pass  # It changes nothing.


def apply_manual(progress: Progress, event: ManualEvent) -> None:
    """Take an event of work by hand into account."""
    task = progress.task_of(event.step)
    task.touch(event.files)
    match event:
        case events.ManualBegan(step=step, files=files):
            task.steps[step].offered = {image.path: image.before for image in files}
        case events.ManualDone(changed=changed, files=files):
            task.hold(files)
            task.adopt(changed)

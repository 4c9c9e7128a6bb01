"""The fold of a step's events: its edits, commands, commits, and work by hand."""

from __future__ import annotations

from runbook.core.model.ids import phase_of, task_of, verification_id
from runbook.core.record import manualevents, proofs
from runbook.core.record import stepevents as events
from runbook.core.record.handwork import Handwork
from runbook.core.record.manualevents import ManualEvent
from runbook.core.record.progress import Progress
from runbook.core.record.stepevents import Special, StepEvent
from runbook.core.record.taskstate import StepState


def apply_step(progress: Progress, event: StepEvent) -> None:
    """Take an event of a step into account."""
    match event:
        case events.StepBegan(step=step, digest=digest):
            steps = progress.task_of(step).steps
            known = steps.get(step)
            if known is None or known.done:
                steps[step] = StepState(digest)
            elif known.digest != digest:
                # What was handed over stays so, whatever the step says now.
                steps[step] = StepState(
                    digest, offered=known.offered, later=known.later, told=known.told,
                    modes=known.modes, links=known.links, beside=known.beside,
                )  # fmt: skip
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
            progress.task_of(step).touch_special(event.special)
            progress.open_run = event
        case events.RunRestored():
            progress.open_run = None
        case events.RunDone(step=step, files=files):
            task = progress.task_of(step)
            task.touch(files)
            task.hold(files)
            task.touch_special(event.special)
            progress.open_run = None
            if step in task.steps:
                task.steps[step].ran = True
                task.steps[step].made = files
            if event.head is not None:
                if step in task.steps and progress.head is not None:
                    task.steps[step].moved = progress.head, event.head
                progress.head, progress.ref = event.head, event.ref
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
            task.settle(step, commit)
            progress.intent = None
            progress.head = commit
        case events.HooksChanged(step, _, _, checks, files):
            progress.intent = None
            progress.task_of(step).steps[step].undone_checks = checks
            progress.task_of(step).hooked |= {*event.paths, *event.beside}
            progress.task_of(step).beside |= set(event.beside)
            for check in checks:
                known = progress.task_of(check).steps[check]
                known.done, known.check = False, None
            for task in progress.tasks.values():
                task.hold(tuple(image for image in files if image.path in task.images))
        case events.CommitRestored():
            progress.intent = None
        case events.AlreadyCommitted(step=step):
            progress.task_of(step).settle(step, progress.head)
        case events.NoteAdded(step, commit) if progress.unnoted.get(step) == commit:
            del progress.unnoted[step]
            progress.task_of(step).steps[step].noted_as = ""
        case events.NoteAdded(step, commit) if progress.reverted.get(step) == commit:
            del progress.reverted[step]
        case _:
            pass  # It changes nothing.


def apply_manual(progress: Progress, event: ManualEvent) -> None:
    """Take an event of what a person does or says into account."""
    task = progress.task_of(event.step)
    state = task.steps[event.step]
    match event:
        case manualevents.ManualBegan(files=files, later=later):
            task.touch(files)
            # A person may make a link of any of them.
            task.touch_special((*event.special, *(Special(each.path, None) for each in files)))
            state.offered = {image.path: image.before for image in files}
            state.later = {image.path: image.before for image in later}
            state.beside = event.beside
            state.modes = {image.path: image.mode for image in files}
            state.links = {each.path: each.before for each in event.special if each.before}
        case manualevents.ConfirmAsked(files=files):
            state.offered = {image.path: image.before for image in files}
        case manualevents.ManualDone(files=files):
            task.touch(files)
            task.handmade.add(Handwork(event.step, files, instead=True, by=event.by))
            # The step after it begins with what this one has made.
            state.offered = (state.offered or {}) | {image.path: image.after for image in files}
            state.doubts = event.warnings
            _settle(progress, event)
        case manualevents.Confirmed(files=files):
            task.handmade.add(Handwork(event.step, files))
            # What was changed while it asked was seen, too.
            state.offered = (state.offered or {}) | {image.path: image.after for image in files}
            _settle(progress, event)


def _settle(progress: Progress, event: manualevents.ManualDone | manualevents.Confirmed) -> None:
    """Take a step as done by a person, and what it stopped for as settled."""
    task, phase = progress.task_of(event.step), phase_of(event.step)
    task.hold(event.files)
    if not getattr(event, "by", ""):
        task.adopt(event.changed)
    task.steps[event.step].done = True
    task.steps[event.step].said = proofs.word_of(event) if event.who else None
    if progress.verb == "done":
        progress.finished = event
        progress.has_ended(phase)
    stopped = progress.stops.get(phase)
    if stopped is not None and stopped.where == event.step:
        del progress.stops[phase]

"""The fold of the verbs' events: what was put back, left out, taken back or accepted."""

from __future__ import annotations

from runbook.core.model.ids import phase_of, step_id, verification_id, within
from runbook.core.record import verbevents
from runbook.core.record.handwork import Handmade
from runbook.core.record.progress import Progress, UndoState
from runbook.core.record.stepevents import FileImage
from runbook.core.record.taskstate import StepState, TaskState
from runbook.core.record.verbevents import AdoptedStep, AdoptedTask, VerbEvent
from runbook.core.value import replace


def apply_verb(progress: Progress, event: VerbEvent) -> None:
    """Take an event of a verb into account."""
    if isinstance(event, verbevents.TaskSkipped | verbevents.UndoEnded) or (
        isinstance(event, verbevents.TaskRestored) and event.purpose == "abort"
    ):
        progress.finished = event
    match event:
        case verbevents.RestorePlanned():
            progress.restoring = event
        case verbevents.TaskRestored(task, purpose):
            planned = progress.restoring
            _restored(progress, task, aborted=purpose == "abort")
            if planned is not None and planned.skipped is not None:
                apply_verb(progress, planned.skipped)
        case verbevents.TaskSkipped(task, title, reason):
            state = progress.tasks.setdefault(task, TaskState(title))
            state.skipped = reason
            if progress.stopped_in(task) is not None:
                del progress.stops[phase_of(task)]
            _unverified(progress, task)
        case verbevents.TaskReopened(task):
            del progress.tasks[task]
            _unverified(progress, task)
        case verbevents.TaskRepaired(task, digest, text):
            progress.tasks[task].digest, progress.tasks[task].text = digest, text
        case verbevents.AdoptionPlanned():
            progress.adopting = event
        case verbevents.Adopted(tasks=tasks):
            _adopted(progress, tasks)
        case verbevents.UndoBegan(target, tasks, commits):
            progress.undo = UndoState(target, tasks, list(commits))
            # Whatever it reverts on, HEAD is where it ends.
            progress.may_be_astray()
        case verbevents.UndoEnded(tasks=tasks):
            _undone(progress, tasks)
        case _:
            if progress.undo is not None:
                _undo(progress, progress.undo, event)


def _undo(progress: Progress, undo: UndoState, event: VerbEvent) -> None:
    match event:
        case verbevents.RevertPlanned():
            undo.planned = event
        case verbevents.RevertIntended():
            undo.intent, undo.answered = event, False
        case verbevents.UndoGivenUp():
            undo.given_up = event
        case verbevents.RevertMade():
            _reverted(progress, undo, event)
        case _:
            pass  # It changes nothing.


def _reverted(progress: Progress, undo: UndoState, revert: verbevents.RevertMade) -> None:
    task, commit, by = revert.task, revert.commit, revert.by
    undo.left.remove(commit)
    undo.undone.append(task)
    for image in () if undo.planned is None else undo.planned.files:
        _follow(progress, image)
    undo.planned = undo.intent = None
    progress.tasks[task].commits.remove(commit)
    progress.head = by or progress.head
    if by is not None:
        progress.tasks[task].reverts.append(by)
    for name, step in progress.tasks[task].steps.items():
        if step.commit == commit and by is not None:
            progress.reverted[name] = by


def _follow(progress: Progress, image: FileImage) -> None:
    """What waits for a person holds what the undo made of it: that is no work of theirs.

    Its paths are those in a `workdir`, and those of an undo begin at the repository's root.
    """
    for task in progress.tasks.values():
        for path, first in task.touched.items():
            if first.before == image.before and f"/{image.path}".endswith(f"/{path}"):
                task.touched[path] = replace(first, before=image.after)
        for step in task.steps.values():
            for held in () if step.done else (step.offered or {}, step.later):
                for path, digest in held.items():
                    if digest == image.before and f"/{image.path}".endswith(f"/{path}"):
                        held[path] = image.after


def _undone(progress: Progress, tasks: tuple[str, ...]) -> None:
    progress.undo = None
    progress.stops = {
        phase: stop for phase, stop in progress.stops.items() if "undo" not in stop.choices
    }
    for task in tasks:
        state = progress.tasks[task]
        progress.tasks[task] = TaskState(
            state.title, commits=state.commits, undone=True, reverts=state.reverts
        )
        _unverified(progress, task)


def _restored(progress: Progress, task: str, *, aborted: bool) -> None:
    progress.restoring = progress.open_run = progress.open_attempt = None
    progress.stops.pop(phase_of(task), None)
    progress.has_ended(phase_of(task))
    state = progress.tasks.get(task)
    if state is not None:
        state.forget_uncommitted()
        if not state.steps and not state.commits:
            del progress.tasks[task]
    phase = phase_of(task)
    if aborted and not any(within(name, phase) for name in progress.tasks):
        progress.phases.pop(phase, None)


def _unverified(progress: Progress, task: str) -> None:
    phase = phase_of(task)
    progress.tasks.pop(verification_id(phase), None)
    if phase in progress.phases:
        progress.phases[phase].complete = False


def _adopted(progress: Progress, tasks: tuple[str, ...]) -> None:
    """Take the planned adoption as made of these tasks; the notes of their phase are to follow."""
    planned, progress.adopting = progress.adopting, None
    if planned is None or not tasks:
        return
    for each in planned.tasks:
        if each.task in tasks:
            _adopt(progress, each)
    for name, task in progress.tasks.items():
        if not within(name, planned.phase):
            continue
        for step, state in task.steps.items():
            if state.commit is not None:
                state.noted_as = state.noted_as or step
                progress.unnoted[step] = state.commit


def _adopt(progress: Progress, adopted: AdoptedTask) -> None:
    state = progress.tasks[adopted.task]
    names = [step_id(adopted.task, number) for number in range(1, len(adopted.steps) + 1)]
    now = {step.was: name for name, step in zip(names, adopted.steps, strict=True) if step.was}
    for was in now:
        known = state.steps.get(was)
        if known is not None and known.commit is not None:
            known.noted_as = known.noted_as or was
            progress.unnoted.pop(was, None)
    state.digest, state.text = adopted.digest, adopted.text
    state.steps = {
        name: _known_as(state.steps.get(step.was), step, name)
        for name, step in zip(names, adopted.steps, strict=True)
    }
    state.committed = {now[name] for name in state.committed if name in now}
    state.handmade = Handmade()


def _known_as(known: StepState | None, step: AdoptedStep, name: str) -> StepState:
    """What is known of a step, under its name of now."""
    if known is None:
        return StepState(step.digest, done=True)
    known.digest = step.digest
    known.offered = None
    if known.check is not None:
        known.check = replace(known.check, step=name)
    if known.said is not None:
        known.said = replace(known.said, step=name)
    if known.delegated is not None:
        known.delegated = replace(known.delegated, step=name)
    return known

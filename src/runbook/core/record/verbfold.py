"""The fold of the verbs' events: what was put back, left out, taken back or accepted."""

from __future__ import annotations

from runbook.core.model.ids import phase_of, verification_id, within
from runbook.core.record import verbevents
from runbook.core.record.adoptionfold import adopt
from runbook.core.record.progress import Progress, UndoState
from runbook.core.record.taskstate import TaskState
from runbook.core.record.verbevents import VerbEvent


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
            adopt(progress, tasks)
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
    undo.planned = undo.intent = None
    progress.tasks[task].commits.remove(commit)
    progress.head = by or progress.head
    if by is not None:
        progress.tasks[task].reverts.append(by)
    for name, step in progress.tasks[task].steps.items():
        if step.commit == commit and by is not None:
            progress.reverted[name] = by


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

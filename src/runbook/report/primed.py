"""Progress of events whose beginning is not there, as in the lines of a later run alone."""

from __future__ import annotations

from runbook.core.model.ids import task_of
from runbook.core.record import events, ledgerevents, stepevents, verbevents
from runbook.core.record.events import Event
from runbook.core.record.fold import apply
from runbook.core.record.progress import PhaseState, Progress, UndoState
from runbook.core.record.taskstate import StepState, TaskState


def apply_primed(progress: Progress, event: Event) -> None:
    """Take one event into account, and what it goes on with as known.

    Of the history of a worktree from its beginning on it is `apply`: all that an event goes on
    with is there.
    """
    if isinstance(event, events.WorktreeMade | events.WorktreeRemoved):
        return  # What was in a worktree before is told as well, and there may be others.
    _phase(progress, event)
    step = getattr(event, "step", "")
    if step and not isinstance(event, stepevents.StepBegan):
        _step(progress, step)
    apply(progress, event)


def _phase(progress: Progress, event: Event) -> None:
    match event:
        case events.PhaseResumed(phase=phase) | events.PhaseCompleted(phase=phase):
            progress.phases.setdefault(phase, PhaseState("", None, None))
        case events.PhaseAlreadyComplete(phase=phase):
            progress.phases.setdefault(phase, PhaseState("", None, None, complete=True))
        case ledgerevents.CommitsRewritten(phase, _, rewritten):
            progress.phases.setdefault(phase, PhaseState("", None, None))
            for each in rewritten:
                _step(progress, each.step)
        case stepevents.HooksChanged(checks=checks):
            for check in checks:
                _step(progress, check)
        case verbevents.RevertMade(task, commit):
            state = progress.tasks.setdefault(task, TaskState())
            if commit not in state.commits:
                state.commits.append(commit)
            progress.undo = progress.undo or UndoState(task, (task,), [])
            if commit not in progress.undo.left:
                progress.undo.left.append(commit)
        case verbevents.AdoptionPlanned(tasks=adopted):
            for each_task in adopted:
                progress.tasks.setdefault(each_task.task, TaskState())
        case verbevents.UndoEnded(tasks=tasks):
            for task in tasks:
                progress.tasks.setdefault(task, TaskState())
        case (
            events.TaskResumed(task=task)
            | events.TaskDone(task=task)
            | verbevents.TaskReopened(task=task)
            | verbevents.TaskRepaired(task=task)
        ):
            progress.tasks.setdefault(task, TaskState())
        case _:
            pass  # It begins what it tells of.


def _step(progress: Progress, step: str) -> None:
    state = progress.tasks.setdefault(task_of(step), TaskState())
    state.steps.setdefault(step, StepState(""))

"""The fold of what git says otherwise than the journal: phases forgotten, rebuilt, rewritten."""

from __future__ import annotations

from runbook.core.model.ids import step_id, within
from runbook.core.record import ledgerevents
from runbook.core.record.ledgerevents import LedgerEvent
from runbook.core.record.progress import PhaseState, Progress
from runbook.core.record.taskstate import StepState, TaskState


def apply_ledger(progress: Progress, event: LedgerEvent) -> None:
    """Take what git says of a phase into account."""
    match event:
        case ledgerevents.PhaseForgotten(phase=phase):
            _forget(progress, phase)
        case ledgerevents.PhaseRebuilt():
            _rebuild(progress, event)
        case ledgerevents.CommitsRewritten(phase, start, rewritten):
            progress.may_be_astray()
            progress.phases[phase].head = start
            progress.phases[phase].astray = False
            for each in rewritten:
                _rewrite(progress, each)
        case ledgerevents.NoteDoubted():
            pass  # As if it were not there.


def _forget(progress: Progress, phase: str) -> None:
    progress.phases.pop(phase, None)
    progress.stops.pop(phase, None)
    for known in (progress.tasks, progress.unnoted, progress.reverted):
        for name in [name for name in known if within(name, phase)]:
            del known[name]


def _rebuild(progress: Progress, rebuilt: ledgerevents.PhaseRebuilt) -> None:
    _forget(progress, rebuilt.phase)
    progress.found_at(rebuilt.head, rebuilt.ref)
    progress.phases[rebuilt.phase] = PhaseState(
        rebuilt.title, rebuilt.start, rebuilt.ref, rebuilt.complete, rebuilt=True
    )
    for task in rebuilt.tasks:
        state = TaskState(task.title, task.digest, task.head, rebuilt.ref, task.done)
        state.undone = task.undone
        state.commits += [each.commit for each in task.made]
        for number, digest in enumerate(task.steps, 1):
            state.steps[step_id(task.task, number)] = StepState(digest, done=True)
        state.committed = {*state.steps}
        for each in task.made:
            if each.step in state.steps:
                state.steps[each.step].commit = each.commit
        progress.tasks[task.task] = state


def _rewrite(progress: Progress, commit: ledgerevents.RewrittenCommit) -> None:
    state = progress.task_of(commit.step)
    for commits in (state.commits, state.reverts):
        commits[:] = [commit.after if each == commit.before else each for each in commits]
    if commit.after in state.commits and commit.step in state.steps:
        state.steps[commit.step].commit = commit.after
    progress.unnoted.pop(commit.step, None)
    if progress.head == commit.before:
        progress.head = commit.after

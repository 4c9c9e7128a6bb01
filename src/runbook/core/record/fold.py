"""The fold of events to progress: runs, worktrees, phases and tasks; other families apart."""

from __future__ import annotations

from collections.abc import Iterable

from runbook.core.model.ids import phase_of, step_id, verification_id
from runbook.core.record import events
from runbook.core.record.delegateevents import DelegateEvent
from runbook.core.record.delegatefold import apply_delegate
from runbook.core.record.events import Event
from runbook.core.record.handwork import Handwork
from runbook.core.record.ledgerevents import LedgerEvent
from runbook.core.record.ledgerfold import apply_ledger
from runbook.core.record.manualevents import ManualEvent
from runbook.core.record.progress import GOING_ON, PhaseState, Progress
from runbook.core.record.stepevents import StepEvent
from runbook.core.record.stepfold import apply_manual, apply_step
from runbook.core.record.taskstate import TaskState
from runbook.core.record.verbevents import VerbEvent
from runbook.core.record.verbfold import apply_verb

REFUSALS = ("refused", "moved", "changed")
"""The kinds of stops of which most are made before anything is done."""


def fold(history: Iterable[Event]) -> Progress:
    """The progress that a history of events amounts to."""
    progress = Progress()
    for event in history:
        apply(progress, event)
    return progress


def apply(progress: Progress, event: Event) -> None:
    """Take one event into account."""
    # Most events of a journal are of steps.
    if isinstance(event, StepEvent):
        apply_step(progress, event)
    elif isinstance(event, ManualEvent):
        apply_manual(progress, event)
    elif isinstance(event, DelegateEvent):
        apply_delegate(progress, event)
    elif isinstance(event, LedgerEvent):
        apply_ledger(progress, event)
    elif isinstance(event, VerbEvent):
        apply_verb(progress, event)
    else:
        _task(progress, event)


def _task(progress: Progress, event: Event) -> None:
    match event:
        case events.TaskBegan(task, title, digest, head, ref, dirty, text, adopted, _, files):
            progress.tasks[task] = TaskState(
                title, digest, head, ref, dirty=dirty, text=text,
                by_hand=adopted, resumed=bool(adopted), since=head,
            )  # fmt: skip
            progress.tasks[task].handmade.add(Handwork(step_id(task, 1), files))
            progress.found_at(head, ref)
        case events.TaskResumed(task, _, digest, adopted, _, text, files, step):
            state = progress.tasks[task]
            state.digest = digest
            state.resumed = True
            state.text = text or state.text
            state.adopt(adopted)
            state.handmade.add(Handwork(step, files))
        case events.TaskDone(task=task, files=files):
            progress.tasks[task].done = True
            progress.tasks[task].hold(files)
            # What was verified before is to be verified again on what the task made.
            progress.tasks.pop(verification_id(phase_of(task)), None)
        case events.VerificationBegan(phase):
            progress.tasks.setdefault(verification_id(phase), TaskState("verification"))
        case _:
            _phase(progress, event)


def _phase(progress: Progress, event: Event) -> None:
    match event:
        case events.PhaseBegan(phase, title, head, ref):
            progress.found_at(head, ref)
            progress.phases[phase] = PhaseState(title, head, ref, at_work=progress.running)
            progress.removing = None
        case events.PhaseResumed(phase=phase):
            progress.phases[phase].complete = progress.phases[phase].astray = False
            progress.phases[phase].at_work = progress.running
            progress.removing = None
        case events.PhaseAlreadyComplete(phase=phase):
            if phase in progress.phases:
                progress.phases[phase].astray = False
            progress.stops.pop(phase, None)
        case events.PhaseCompleted(phase=phase):
            progress.phases[phase].complete = True
            progress.stops.pop(phase, None)
        case _:
            _run(progress, event)


def _run(progress: Progress, event: Event) -> None:
    match event:
        case events.RunBegan(run=run, verb=verb):
            if progress.verb != verb or progress.running is None:
                progress.finished = None
            progress.running, progress.verb = run, verb
        case events.WorktreePlanned():
            progress.planned_worktree = event
            progress.removing = None
        case events.WorktreeMade(new_branch=new):
            if new:
                _forget_all(progress)
            progress.worktree = event
            progress.set_up = None
            progress.planned_worktree = None
            # What a killed run had begun was done to files that are not there any more.
            progress.open_run = progress.open_attempt = progress.handed_over = None
        case events.WorktreeSetUp(setup=setup):
            progress.set_up = setup
        case events.WorktreeRemovalPlanned():
            progress.removing = event
        case events.WorktreeRemoved(branch_deleted=deleted, lost=lost):
            progress.removing = None
            if lost:
                _forget_all(progress)
            if deleted:
                progress.worktree = progress.planned_worktree = None
        case events.HeadAccepted(head, ref):
            progress.found_at(head, ref)
            progress.intent = None
        case events.Stopped():
            _stop(progress, event)
        case events.RunEnded():
            for phase, state in progress.phases.items():
                if state.at_work == progress.running:
                    progress.has_ended(phase)
            progress.running = progress.finished = None
        case _:
            pass  # It changes nothing.


def _stop(progress: Progress, stopped: events.Stopped) -> None:
    if progress.verb in GOING_ON:
        _remember(progress, stopped)
    step = progress.step(stopped.where)
    if stopped.kind in (*events.WAITING, "refused") and step and step.offered is not None:
        step.told = True
    if stopped.kind == "commit":
        # git's answer is known: what there is to see was told.
        progress.intent = None
        if progress.undo is not None:
            progress.undo.answered = True


def _remember(progress: Progress, stopped: events.Stopped) -> None:
    """Remember why a phase stopped; that a run was refused says nothing of what ended the last."""
    phase = phase_of(stopped.where)
    known, state = progress.stops.get(phase), progress.phases.get(phase)
    was_killed = state is not None and state.at_work not in (None, progress.running)
    if stopped.kind not in REFUSALS or not (was_killed or (known and known.kind not in REFUSALS)):
        progress.stops[phase] = stopped
        progress.has_ended(phase)


def _forget_all(progress: Progress) -> None:
    progress.phases.clear()
    progress.tasks.clear()
    progress.unnoted.clear()
    progress.reverted.clear()
    progress.stops.clear()
    progress.head = progress.ref = progress.intent = None
    progress.restoring = progress.undo = None

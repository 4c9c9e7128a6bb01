"""Carries a phase out: a generator of events that prints nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import assert_never

from runbook.core.model.digest import digest, unchanged
from runbook.core.model.ids import StepId, last
from runbook.core.model.model import Commit, Confirm, Edit, Manual, Phase, Run, Step, Task, Verify
from runbook.core.record import events, stepevents
from runbook.core.record.described import describe
from runbook.core.record.events import Event, Stopped
from runbook.core.record.status import next_step
from runbook.core.record.stepevents import FileImage
from runbook.core.record.verbevents import EndedAsAsked
from runbook.engine.ahead.atonce import look_ahead
from runbook.engine.checks.cleanplace import worktree_ready
from runbook.engine.contract.request import Answer
from runbook.engine.contract.stops import CannotContinue, interrupted, stop
from runbook.engine.ground.context import Context
from runbook.engine.ground.notes import add_notes, with_notes
from runbook.engine.ground.targets import declared_anywhere
from runbook.engine.outlook.choices import with_choices
from runbook.engine.outlook.outlook import (
    Outlook,
    TaskAhead,
    outlook,
    refuse_early,
    reopened,
    task_ahead,
)
from runbook.engine.outlook.preview import preview
from runbook.engine.resume.byhand import images_by_hand
from runbook.engine.resume.restore import read
from runbook.engine.resume.resume import half_written
from runbook.engine.review.belief import doubt
from runbook.engine.running.takeup import take_up
from runbook.engine.steps.commit import commit
from runbook.engine.steps.confirm import confirm
from runbook.engine.steps.manual import manual
from runbook.engine.steps.mending import checked, edited
from runbook.engine.steps.runstep import run_step
from runbook.format.wording import wording
from runbook.world.git.compare import compare


def execute(context: Context, phase: Phase) -> Iterator[Event]:
    """Carry out what is left of a phase.

    Each event is yielded before the engine acts on it; the last one is `PhaseCompleted`,
    `PhaseAlreadyComplete`, `PassedOver`, `EndedAsAsked` or `Stopped`.
    """
    try:
        try:
            yield from _phase(context, phase)
        finally:
            context.end_ahead()
    except CannotContinue as raised:
        yield with_choices(context, phase, raised.stopped)


def _phase(context: Context, phase: Phase) -> Iterator[Event]:
    began = time.monotonic()
    progress = context.journal.progress
    title = phase.title or phase.goal
    refuse_early(context, phase)
    context.repository.last_status.remember(None)
    yield from take_up(context, phase)
    notebook = context.notebook
    head, anywhere = context.repository.head(), context.request.accept_head
    changes = compare(
        notebook.ledger, notebook.folder, phase, progress, head, doubt, anywhere=anywhere
    )
    yield from with_notes(notebook.ledger, changes) if notebook.writing else changes
    yield from reopened(progress, phase, context.request)
    ahead = outlook(context, phase, context.request)
    if ahead.complete:
        # Those that git did not take.
        yield from add_notes(notebook, progress, phase)
        if context.request.only in (*ahead.over.skipped, *ahead.over.undone):
            yield ahead.over
        yield events.PhaseAlreadyComplete(phase.id, title)
        return
    if ahead.undone:
        yield ahead.over
        return
    phase = ahead.phase
    if ahead.accepts_head and progress.head is not None and head.commit is not None:
        context.repository.follow(progress.head, head.commit)
    if phase.settings.worktree is None:
        # Nothing is carried along or set up before the first task, which asks the same.
        context.repository.last_status.remember(context.repository.last_status.now())
    # Before anything is recorded: what is refused has not begun.
    first = task_ahead(context, phase, ahead.tasks[0], context.request) if ahead.tasks else None
    yield from worktree_ready(context, phase)
    if ahead.resumes:
        if ahead.accepts_head:
            yield events.HeadAccepted(head.commit, head.ref)
        yield from add_notes(notebook, progress, phase)
        done = sum(progress.done(task.id) for task in phase.tasks)
        yield events.PhaseResumed(phase.id, title, done, len(phase.tasks))
    else:
        yield events.PhaseBegan(phase.id, title, head.commit, head.ref, len(phase.tasks))
    if ahead.over.skipped or ahead.over.undone:
        yield ahead.over
    context.repository.filters.ask(
        path for path in declared_anywhere(context, phase) if "\n" not in path
    )
    end = [phase.verification_task] if ahead.verifies else []
    yield from look_ahead(context, phase, [*ahead.tasks, *end])
    for task in ahead.tasks:
        yield from _task(
            context, phase, task, first or task_ahead(context, phase, task, context.request)
        )
        first = None
    if not ahead.verifies:
        yield EndedAsAsked(phase.id, ahead.left)
        return
    if phase.verification:
        verification = phase.verification_task
        yield events.VerificationBegan(phase.id)
        yield from _steps(context, phase, verification, next_step(progress, verification))
    yield _completed(context, phase, ahead, began)


def _completed(
    context: Context, phase: Phase, ahead: Outlook, began: float
) -> events.PhaseCompleted:
    progress = context.journal.progress
    head = context.repository.head()
    commits = len(progress.commits(phase.id))
    mended = tuple(
        task.id
        for task in phase.tasks
        if progress.done(task.id) and progress.tasks[task.id].handmade.repairs
    )
    declared = declared_anywhere(context, phase)
    # What git said last is followed: no look at all files once more.
    left = [each.path for each in context.repository.around(tuple(declared))]
    over = ahead.over
    return events.PhaseCompleted(
        phase.id, head.commit, commits, _since(began), over.skipped, over.undone, mended,
        tuple(path for path in left if path in declared),
    )  # fmt: skip


def _task(context: Context, phase: Phase, task: Task, ahead: TaskAhead) -> Iterator[Event]:
    began = time.monotonic()
    known = context.journal.progress.tasks.get(task.id)
    by_hand = ahead.by_hand
    if known is None:
        head = context.repository.head()
        yield events.TaskBegan(
            task.id, task.title, digest(task), head.commit, head.ref, ahead.dirty, wording(task),
            by_hand.paths, by_hand.difference, images_by_hand(context, phase, task, by_hand.paths),
        )  # fmt: skip
    else:
        text = "" if unchanged(task, known.digest) else wording(task)
        yield events.TaskResumed(
            task.id, task.title, digest(task), by_hand.paths, by_hand.difference, text,
            images_by_hand(context, phase, task, by_hand.paths), task.step_id(ahead.begin),
        )  # fmt: skip
    yield from _steps(context, phase, task, ahead.begin)
    yield events.TaskDone(task.id, _since(began), _left_uncommitted(context, task))


def _left_uncommitted(context: Context, task: Task) -> tuple[FileImage, ...]:
    """The files that a task leaves for a later commit, if not as its edits made them."""
    state = context.journal.progress.tasks[task.id]
    images = []
    for path in state.touched:
        now = read(context, task, path)
        digest = None if now is None else context.journal.store(now.data)
        if digest != state.images.get(path):
            images.append(FileImage(path, None, digest, None if now is None else now.mode))
    return tuple(images)


def _steps(context: Context, phase: Phase, task: Task, begin: int) -> Iterator[Event]:
    progress = context.journal.progress
    declined: list[str] = []
    for index, (where, step) in enumerate(task.named_steps(begin), begin):
        if context.interrupts.received is not None:
            raise CannotContinue(interrupted(where, step, context.interrupts.received))
        if isinstance(step, Commit) and declined:
            raise CannotContinue(_declined(step, where, declined))
        match _ask(context, where, step):
            case "no":
                declined.append(where)
                continue
            case "quit":
                raise CannotContinue(stop("declined", where, step, "ended as you said"))
            case "yes":
                pass
        known = progress.tasks[task.id].steps.get(where)
        mark = digest(step)
        if known is not None and (known.done or not unchanged(step, known.digest)):
            known = None
        half = half_written(context, task, index)
        kind, subject = describe(step)
        if context.ask is not None or not isinstance(step, Edit | Verify | Commit):
            context.repository.last_status.remember(None)
        yield stepevents.StepBegan(where, kind, subject, mark, str(step.at))
        state = progress.tasks[task.id]
        match step:
            case Edit():
                yield from edited(context, phase, task, index, half)
                planned = progress.tasks[task.id].steps[where].planned
                inside = context.workspace.in_repository
                context.repository.last_status.edited(
                    tuple(inside(each.path) for each in planned or ())
                )
            case Verify():
                yield from checked(context, phase, task, index, state.head or "")
            case Commit():
                yield from commit(context, phase, task, step, where, state.dirty)
                yield from add_notes(context.notebook, progress, phase)
            case Manual():
                yield from manual(context, phase, task, index)
            case Confirm():
                yield from confirm(context, phase, step, where)
            case Run():
                # Killed between the command's success and the step's end, it is not run twice.
                if not (known and known.ran):
                    yield from run_step(context, phase, step, where)
            case _:
                assert_never(step)
        yield stepevents.StepDone(where)
    if declined:
        raise CannotContinue(_declined(task.steps[-1], task.id, declined))


def _ask(context: Context, where: StepId, step: Step) -> Answer:
    if context.ask is None or isinstance(step, Confirm):
        # A confirm step is a question of its own.
        return "yes"
    kind, subject = describe(step)
    answer = context.ask(where, kind, subject, lambda: preview(context, step))
    if context.interrupts.received is not None:
        raise CannotContinue(interrupted(where, step, context.interrupts.received))
    return answer


def _declined(step: Step, where: str, declined: list[str]) -> Stopped:
    names = ", ".join(last(name) for name in declined)
    verb = "was" if len(declined) == 1 else "were"
    without = "nothing is committed" if isinstance(step, Commit) else "the task is not done"
    message = f"{names} {verb} left out, and {without} without"
    return stop("declined", where, step, message)


def _since(began: float) -> float:
    return round(time.monotonic() - began, 3)

"""Carries a phase out: a generator of events that prints nothing."""

from __future__ import annotations

import dataclasses
import hashlib
import time
from collections.abc import Iterator
from typing import assert_never

from runbook.core import events
from runbook.core.described import describe
from runbook.core.digest import digest
from runbook.core.events import Event, FileImage, Stopped
from runbook.core.model import Commit, Edit, Manual, Phase, Run, Step, Task, Verify
from runbook.core.redaction import redact
from runbook.core.verbevents import EndedAsAsked, PassedOver, TaskReopened
from runbook.core.wording import wording
from runbook.engine.choices import with_choices
from runbook.engine.command import interrupted
from runbook.engine.commit import commit
from runbook.engine.edit import conflict_stop, edit
from runbook.engine.halt import Halt
from runbook.engine.manual import manual
from runbook.engine.notes import add_notes
from runbook.engine.preview import preview
from runbook.engine.restore import read, unfinished_task
from runbook.engine.resume import (
    adopted,
    assumed,
    check_finished,
    check_place,
    first_pending,
    first_to_do,
    half_written,
    left_for_later,
    planned_before,
    to_verify_again,
)
from runbook.engine.runstep import run_step
from runbook.engine.scope import Answer
from runbook.engine.simulate import EditConflict, Simulation
from runbook.engine.site import Site
from runbook.engine.standing import take_up
from runbook.engine.targets import declared, step_paths, tracked
from runbook.engine.verify import verify
from runbook.world.ledger import compare
from runbook.world.repository import GitFailed
from runbook.world.workspace import Unreachable


def execute(site: Site, phase: Phase) -> Iterator[Event]:
    """Carry out what is left of a phase.

    Each event is yielded before the engine acts on it; the last one is `PhaseCompleted`,
    `PhaseAlreadyComplete`, `PassedOver`, `EndedAsAsked` or `Stopped`.
    """
    try:
        for event in _phase(site, phase):
            # Asked for each time, because services give variables that may be secret.
            yield redact(event, site.secrets(phase))
    except Halt as halt:
        yield redact(with_choices(site, phase, halt.stopped), site.secrets(phase))


def _phase(site: Site, phase: Phase) -> Iterator[Event]:
    began = time.monotonic()
    progress = site.journal.progress
    waits_for = tuple(name for name in phase.requires if not site.complete(name))
    if waits_for:
        message = f"{' and '.join(waits_for)} must be complete before {phase.id}"
        raise Halt(Stopped("refused", phase.id, str(phase.at), message, waits_for=waits_for))
    title = phase.title or phase.goal
    yield from take_up(site, phase)
    notebook = site.notebook
    head = site.repository.head()
    yield from compare(notebook.ledger, notebook.folder, phase, progress, head.commit, head.ref)
    yield from _reopen(site, phase)
    asked = site.scope.asked(phase)
    ends_early = site.scope.ends_before_verification(phase)
    phase, over = _without_left_out(site, phase)
    if phase.id in progress.phases:
        check_finished(progress, phase)
        pending = [task for task in phase.tasks if not progress.done(task.id)]
        if progress.complete(phase.id) and not pending:
            yield events.PhaseAlreadyComplete(phase.id, title)
            return
        if over.undone and not phase.tasks and not over.skipped:
            yield over
            return
        _check_repository(site, phase)
        if progress.under_way(phase.id):
            yield from check_place(site, phase)
        _refuse_to_leave(site, phase, asked)
        yield from add_notes(site.notebook, progress, phase)
        done = len(phase.tasks) - len(pending)
        yield events.PhaseResumed(phase.id, title, done, len(phase.tasks))
    else:
        _check_repository(site, phase)
        yield events.PhaseBegan(phase.id, title, head.commit, head.ref)
    if over.skipped or over.undone:
        yield over
    for task in phase.tasks:
        if task.id in asked and not progress.done(task.id):
            yield from _task(site, phase, task)
    left = tuple(task.id for task in phase.tasks if not progress.done(task.id))
    if left or ends_early:
        yield EndedAsAsked(phase.id, left)
        return
    if phase.verification:
        verification = Task(phase.verification_id, "verification", phase.verification)
        yield events.VerificationBegan(phase.id)
        yield from _steps(site, phase, verification, first_pending(progress, verification))
    head = site.repository.head()
    commits = len(progress.commits(phase.id))
    yield events.PhaseCompleted(
        phase.id, head.commit, commits, _since(began), over.skipped, over.undone
    )


def _reopen(site: Site, phase: Phase) -> Iterator[Event]:
    """With `restart`, what was skipped or undone is to be done after all."""
    if site.scope.restart:
        progress = site.journal.progress
        for name in site.scope.asked(phase):
            if progress.settled(name) and not progress.done(name):
                yield TaskReopened(name)


def _without_left_out(site: Site, phase: Phase) -> tuple[Phase, PassedOver]:
    """The phase without the tasks that were skipped or undone, and which those are."""
    known = site.journal.progress.tasks
    out = [task.id for task in phase.tasks if task.id in known]
    skipped = tuple(name for name in out if known[name].skipped is not None)
    undone = tuple(name for name in out if known[name].undone)
    left = tuple(task for task in phase.tasks if task.id not in (*skipped, *undone))
    return dataclasses.replace(phase, tasks=left), PassedOver(phase.id, skipped, undone)


def _refuse_to_leave(site: Site, phase: Phase, asked: tuple[str, ...]) -> None:
    """Refuse to carry out other tasks while one is unfinished, with edits that wait."""
    task = unfinished_task(site, phase)
    if task is not None and task.id not in asked:
        message = f"{task.id} is unfinished, and is to be settled before others are carried out"
        raise Halt(Stopped("refused", task.id, str(task.at), message))


def _check_repository(site: Site, phase: Phase) -> None:
    """Find out before any edit what would keep a commit from being made."""
    obstacle = site.repository.obstacle()
    if obstacle is not None:
        raise Halt(Stopped("refused", phase.id, str(phase.at), obstacle))
    if any(isinstance(step, Commit) for task in phase.tasks for step in task.steps):
        try:
            site.repository.check_identity()
        except GitFailed as error:
            raise Halt(
                Stopped("refused", phase.id, str(phase.at), "git can't commit", output=str(error))
            ) from None


def _task(site: Site, phase: Phase, task: Task) -> Iterator[Event]:
    began = time.monotonic()
    progress = site.journal.progress
    if task.id in progress.tasks:
        begin = first_to_do(site, task)
        by_hand = adopted(site, phase, task, begin)
        yield events.TaskResumed(
            task.id, task.title, digest(task), by_hand.paths, by_hand.difference,
            wording(task) if digest(task) != progress.tasks[task.id].digest else "",
        )  # fmt: skip
        if by_hand.paths:
            begin = to_verify_again(task, begin)
    else:
        begin = 0
        dirty = _refuse_dirty(site, phase, task)
        head = site.repository.head()
        yield events.TaskBegan(
            task.id, task.title, digest(task), head.commit, head.ref, dirty, wording(task)
        )
    outside = site.repository.outside_sparse_cone(tuple(declared(site, task.steps)))
    if outside is not None:
        message = f"{outside} is outside the sparse checkout"
        hint = "git sparse-checkout add its folder, or carry the phase out in a full checkout"
        raise Halt(Stopped("refused", task.id, str(task.at), message, hint=hint))
    try:
        simulation = Simulation(site.workspace, lambda glob: tracked(site, glob))
        half = half_written(site, task, begin)
        if half is not None:
            simulation.assume(assumed(site, half))
        simulation.plan_all(task.steps[begin if half is None else begin + 1 :])
    except EditConflict as conflict:
        raise Halt(conflict_stop(conflict, task.id)) from None
    yield from _steps(site, phase, task, begin)
    yield events.TaskDone(task.id, _since(began), _left_uncommitted(site, task))


def _left_uncommitted(site: Site, task: Task) -> tuple[FileImage, ...]:
    """The files that a task leaves for a later commit, if not as its edits made them."""
    state = site.journal.progress.tasks[task.id]
    images = []
    for path in state.touched:
        now = read(site, task, path)
        digest = None if now is None else site.journal.store(now.data)
        if digest != state.images.get(path):
            images.append(FileImage(path, None, digest, None if now is None else now.mode))
    return tuple(images)


def _refuse_dirty(site: Site, phase: Phase, task: Task) -> tuple[str, ...]:
    """The tracked paths that are changed and not the task's; a changed one of its own stops it.

    What earlier tasks of the phase left for a later commit is not the user's.
    """
    inside = site.workspace.in_repository
    own = {inside(path): path for step in task.steps for path in step_paths(site, step)}
    left = left_for_later(site, phase, task)
    images = planned_before(site.journal.progress, phase, task)
    changes = site.repository.changes(untracked=False)
    if own:
        changes += [c for c in site.repository.changes(tuple(own)) if c.untracked]
    for change in changes:
        if change.path not in own:
            continue
        path = own[change.path]
        if path in images:
            if images[path] == _digest(site, task, path):
                continue
        elif change.path in left:
            continue
        what = "is not tracked yet" if change.untracked else "has changes of yours"
        raise Halt(
            Stopped(
                "refused",
                task.id,
                str(task.at),
                f"{change.path} {what}, and this task changes it",
                hint="commit or undo them first: a commit of the task would take them along",
            )
        )
    return tuple(change.path for change in changes if change.path not in own)


def _digest(site: Site, task: Task, path: str) -> str | None:
    try:
        now = site.workspace.read(path)
    except Unreachable as error:
        raise Halt(Stopped("refused", task.id, str(task.at), str(error))) from None
    return None if now is None else hashlib.sha256(now.data).hexdigest()


def _steps(site: Site, phase: Phase, task: Task, begin: int) -> Iterator[Event]:
    progress = site.journal.progress
    declined: list[str] = []
    for index in range(begin, len(task.steps)):
        step = task.steps[index]
        where = task.step_id(index)
        if site.interrupts.received is not None:
            raise Halt(interrupted(where, step.at, site.interrupts.received))
        if isinstance(step, Commit) and declined:
            raise Halt(_declined(step, where, declined))
        match _ask(site, where, step):
            case "no":
                declined.append(where)
                continue
            case "quit":
                raise Halt(Stopped("declined", where, str(step.at), "ended as you said"))
            case "yes":
                pass
        known = progress.tasks[task.id].steps.get(where)
        mark = digest(step)
        # Work that was handed over stays so, whatever the step says now.
        handed_over = known.handed_over if known is not None and not known.done else None
        if known is not None and (known.digest != mark or known.done):
            known = None
        half = half_written(site, task, index)
        kind, subject = describe(step)
        yield events.StepBegan(where, kind, subject, mark, str(step.at))
        state = progress.tasks[task.id]
        match step:
            case Edit():
                # Edits of which one follows the other leave nobody the time.
                others = any(not isinstance(each, Edit) for each in task.steps[:index])
                watched = state if state.resumed or others else None
                yield from edit(site, step, where, half, watched)
            case Verify():
                yield from verify(site, phase, step, where, state.head or "")
            case Commit():
                yield from commit(site, phase, step, where, state.dirty)
                yield from add_notes(site.notebook, progress, phase)
            case Manual():
                dirty = None if task.id == phase.verification_id else state.dirty
                yield from manual(site, phase, step, where, handed_over, dirty)
            case Run():
                # Killed between the command's success and the step's end, it is not run twice.
                if not (known and known.ran):
                    yield from run_step(site, phase, step, where)
            case _:
                assert_never(step)
        yield events.StepDone(where)
    if declined:
        raise Halt(_declined(task.steps[-1], task.id, declined))


def _ask(site: Site, where: str, step: Step) -> Answer:
    if site.ask is None:
        return "yes"
    kind, subject = describe(step)
    answer = site.ask(where, kind, subject, lambda: preview(site, step))
    if site.interrupts.received is not None:
        raise Halt(interrupted(where, step.at, site.interrupts.received))
    return answer


def _declined(step: Step, where: str, declined: list[str]) -> Stopped:
    names = ", ".join(name.rpartition("/")[2] for name in declined)
    verb = "was" if len(declined) == 1 else "were"
    without = "nothing is committed" if isinstance(step, Commit) else "the task is not done"
    message = f"{names} {verb} left out, and {without} without"
    return Stopped("declined", where, str(step.at), message)


def _since(began: float) -> float:
    return round(time.monotonic() - began, 3)

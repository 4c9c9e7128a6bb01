"""What comes next: from a phase, its progress and its worktree either a refusal or what to do.

This is the one place where that is decided. A run carries it out, a dry run tells it, and `status`
and the choices of a stop are taken from it.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from runbook.core.model.declared import resolved
from runbook.core.model.ids import last
from runbook.core.model.model import Commit, Manual, Phase, Task, Verify
from runbook.core.record.events import Event
from runbook.core.record.progress import Progress
from runbook.core.record.stepevents import FileImage
from runbook.core.record.verbevents import PassedOver, TaskReopened
from runbook.core.text.counting import enumerated
from runbook.core.value import replace, value
from runbook.engine.contract.request import Request
from runbook.engine.contract.stops import CannotContinue, refused
from runbook.engine.ground.ground import Ground, places, simulated
from runbook.engine.ground.putting import digest_of
from runbook.engine.ground.targets import declared, refuse_no_files, step_paths
from runbook.engine.outlook.assignment import delegate_for
from runbook.engine.outlook.finished import refuse_changed
from runbook.engine.outlook.moved import refuse_moved
from runbook.engine.outlook.outdated import outdated, refuse_on_top, retry_first
from runbook.engine.outlook.startless import Beginning, startless
from runbook.engine.resume.abandoned import refuse_abandoned, refuse_edited, refuse_unfinished
from runbook.engine.resume.handedover import files_for
from runbook.engine.resume.restore import read, unfinished_task
from runbook.engine.resume.resume import (
    Adopted,
    Left,
    adopted,
    assumed,
    first_to_do,
    half_written,
    left_for_later,
    mended,
    to_verify_again,
)
from runbook.engine.simulation.conflicts import conflict_stop, uncommitted
from runbook.engine.simulation.planned import EditConflict
from runbook.engine.simulation.simulate import Simulation
from runbook.world.git.checkout import Checkout
from runbook.world.git.gitfailed import GitFailed
from runbook.world.git.overlooked import hidden, shown_by, taken_in
from runbook.world.git.reader import Change


@value
class Outlook:
    """What a run does with a phase.

    `phase` is it without the tasks that are left out, which `over` names; `tasks` are those to be
    carried out, in order, and `left` those that are not asked for. With `resumes` the phase has
    begun, and goes on; with `accepts_head` it does so from where HEAD is now.
    """

    phase: Phase
    over: PassedOver
    tasks: tuple[Task, ...] = ()
    left: tuple[str, ...] = ()
    complete: bool = False
    undone: bool = False  # all of it
    resumes: bool = False
    accepts_head: bool = False
    verifies: bool = False


@value
class TaskAhead:
    """How a task begins or goes on: at the step with the index `begin`.

    `half` is the plan of that step where a killed run may have written some of it; `dirty` are the
    changed tracked paths that are not the task's.
    """

    begin: int
    half: tuple[FileImage, ...] | None = None
    by_hand: Adopted = Adopted()
    dirty: tuple[str, ...] = ()


def refuse_early(ground: Ground, phase: Phase) -> None:
    """Refuse what not even what a killed run left can be settled for.

    Raises:
        CannotContinue: a phase that is required is not complete, or something else is to be
            finished first.
    """
    awaited = ground.waits_for(phase)
    if awaited.phases:
        first = enumerated(awaited.phases).replace(", ", " and ")
        message = f"{first} must be complete before {phase.id}"
        raise refused(phase, message, waits_for=awaited.phases, undone=awaited.undone)
    refuse_unfinished(ground.journal.progress, phase)


def reopened(progress: Progress, phase: Phase, request: Request) -> Iterator[Event]:
    """With `restart`, what was skipped or undone is to be done after all."""
    if request.restart:
        for name in request.asked(phase):
            if progress.settled(name) and not progress.done(name):
                yield TaskReopened(name)


def outlook(ground: Ground, phase: Phase, request: Request) -> Outlook:
    """What a run does with a phase, once what a killed one left is settled.

    Raises:
        CannotContinue: it would do nothing, and why.
    """
    progress = ground.journal.progress
    refuse_changed(progress, phase)
    refuse_abandoned(ground, phase)
    asked = request.asked(phase)
    kept, over = _without_left_out(progress, phase)
    pending = [task for task in kept.tasks if not progress.done(task.id)]
    if progress.complete(phase.id) and not pending:
        return Outlook(kept, over, complete=True)
    if phase.id in progress.phases and progress.undone(phase):
        return Outlook(kept, over, undone=True)
    refuse_repository(ground, phase)
    resumes = has_begun(progress, phase)
    accepts = False
    if resumes and progress.under_way(phase.id):
        accepts = refuse_moved(ground, phase, accept_head=request.accept_head)
    if resumes:
        _refuse_to_leave(ground, phase, asked)
    tasks = tuple(task for task in pending if task.id in asked)
    left = tuple(task.id for task in pending if task.id not in asked)
    verifies = not left and not request.ends_before_verification(phase)
    _refuse_without_start(ground, phase, tasks, resumes=resumes, verifies=verifies)
    return Outlook(
        kept, over, tasks, left, resumes=resumes, accepts_head=accepts, verifies=verifies
    )


def has_begun(progress: Progress, phase: Phase) -> bool:
    """Whether anything of a phase was begun: what was only refused has no beginning."""
    if phase.id not in progress.phases:
        return False
    states = (progress.tasks.get(task.id) for task in phase.tasks)
    return (
        progress.complete(phase.id)
        or phase.verification_id in progress.tasks
        or any(state is not None and bool(state.digest) for state in states)
    )


def task_ahead(
    ground: Ground, phase: Phase, task: Task, request: Request, simulation: Simulation | None = None
) -> TaskAhead:
    """How a task begins, or goes on; its edits are tried on top of what `simulation` planned.

    One that does not match may be for a delegate, as the request says.

    Raises:
        CannotContinue: it does not, and why; nothing of it was done.
    """
    progress = ground.journal.progress
    state = progress.tasks.get(task.id)
    stopped = progress.stopped_in(task.id)
    if state is None and stopped is not None and (stopped.kind, stopped.where) == (
        "conflict", task.id
    ):  # fmt: skip
        # Its files were as git has them then: what they hold now is how the conflict was mended.
        own, dirty = _changes(ground, phase, task)
        ahead = TaskAhead(0, by_hand=mended(ground, own), dirty=dirty)
    elif state is None:
        ahead = TaskAhead(0, dirty=_refuse_dirty(ground, phase, task))
    else:
        begin = first_to_do(ground, task)
        by_hand = adopted(ground, phase, task, begin)
        if by_hand.paths:
            begin = to_verify_again(ground, task, begin, by_hand.paths)
        ahead = TaskAhead(begin, half_written(ground, task, begin), by_hand, state.dirty)
    for where, step in task.named_steps(ahead.begin):
        refuse_no_files(ground, step, where)
    outside = ground.repository.outside_sparse_cone(tuple(declared(ground, task.steps)))
    if outside is not None:
        message = f"{outside} is outside the sparse checkout"
        taken = taken_in([outside]) or "have it take that in"
        hint = f"{taken}, or carry the phase out in a full checkout"
        raise refused(task, message, hint=hint)
    simulation = simulation or simulated(ground)
    half = ahead.half
    if half is not None:
        simulation.assume(assumed(ground, half))
    first = ahead.begin + (half is not None)
    steps = [(where, resolved(phase, step)) for where, step in task.named_steps(first)]
    before = outdated(ground, task, ahead.begin)
    refuse_on_top(ground, task, ahead.begin, steps, before, simulation)
    try:
        simulation.plan_all(
            steps, lambda step: delegate_for(phase, task, step, request.delegate) is not None
        )
    except EditConflict as conflict:
        # In a linked worktree there is only what is committed.
        main = Checkout(ground.repository.root, ground.repository.git_dir,
                        ground.repository.common_dir).main_worktree  # fmt: skip
        told = uncommitted(conflict, ground.workspace, main / ground.workspace.prefix)
        stopped = conflict_stop(told, task.id, *places(ground))
        if conflict.path in before:
            stopped = retry_first(stopped, conflict.path)
        raise CannotContinue(stopped) from None
    return ahead


def _without_left_out(progress: Progress, phase: Phase) -> tuple[Phase, PassedOver]:
    """The phase without the tasks that were skipped or undone, and which those are."""
    known = {task.id: progress.tasks.get(task.id) for task in phase.tasks}
    skipped = tuple(n for n, state in known.items() if state and state.skipped is not None)
    undone = tuple(n for n, state in known.items() if state and state.undone)
    left = tuple(task for task in phase.tasks if task.id not in (*skipped, *undone))
    return replace(phase, tasks=left), PassedOver(phase.id, skipped, undone)


def refuse_repository(ground: Ground, phase: Phase) -> None:
    """Find out before any edit what would keep a commit from being made.

    Raises:
        CannotContinue: naming it.
    """
    obstacle = ground.repository.obstacle()
    if obstacle is not None:
        raise refused(phase, obstacle)
    if any(isinstance(step, Commit) for task in phase.tasks for step in task.steps):
        try:
            ground.repository.check_identity()
        except GitFailed as error:
            raise refused(phase, "git can't commit", output=str(error)) from None


def _refuse_to_leave(ground: Ground, phase: Phase, asked: tuple[str, ...]) -> None:
    """Refuse to carry out other tasks while one is unfinished, with edits that wait."""
    task = unfinished_task(ground, phase)
    if task is not None and task.id not in asked:
        message = f"{task.id} is unfinished, and is to be settled before others are carried out"
        raise refused(task, message)


def _refuse_without_start(
    ground: Ground, phase: Phase, tasks: tuple[Task, ...], *, resumes: bool, verifies: bool
) -> None:
    """Refuse a check that is to fail on a state from before, where there is no such commit."""
    progress = ground.journal.progress
    head = ground.repository.head().commit
    parts = (*tasks, phase.verification_task) if verifies else tasks
    began = progress.phases[phase.id].head if resumes else head
    first = progress.tasks.get(tasks[0].id) if tasks else None
    beginning = Beginning(began, head if first is None else first.head, resumes, first is not None)
    for where, step, message, hint in startless(parts, beginning):
        raise refused(step, message, hint=hint, where=where)
    named = (named for task in parts for named in task.named_steps())
    at_base = ((w, s) for w, s in named if isinstance(s, Verify) and s.fails_in == "base")
    for where, step in at_base:
        if phase.base is None or ground.repository.resolve(phase.base) is None:
            message = f"`fails-at: base` needs a commit, and `base: {phase.base}` names none"
            hint = "state the commit that the phase was written against"
            raise refused(step, message, hint=hint, where=where)


def _refuse_dirty(ground: Ground, phase: Phase, task: Task) -> tuple[str, ...]:
    """The tracked paths that are changed and not the task's; a changed one of its own stops it."""
    own, others = _changes(ground, phase, task)
    refuse_edited(ground, task, own)
    for change in own.values():
        tasks = ground.journal.progress.tasks.values()
        by_hook = any(change.path in each.beside for each in tasks)
        whose = "that a hook made" if by_hook else "of yours"
        if change.mark:
            whose += f" ({change.mark})"
        what = "is there, and is not committed" if change.untracked else f"has changes {whose}"
        message = f"{change.path} {what}, and this task changes it"
        hint = "commit or undo them first: a commit of the task would take them along"
        if change.mark:
            hint = f"{shown_by({change.path: change.mark})} shows them; {hint}"
        elif change.untracked:
            hint = "commit it first, or move it away: a commit of the task would take it along"
        raise refused(task, message, hint=hint + _put_aside(ground, phase, task, own))
    return others


def _put_aside(ground: Ground, phase: Phase, task: Task, own: dict[str, Change]) -> str:
    """How work by hand that was done before its turn is kept until then."""
    for where, step in task.named_steps():
        if not isinstance(step, Manual):
            continue
        handed = set(map(ground.workspace.in_repository, files_for(ground, phase, step)))
        early = [path for path in own if path in handed]
        if early:
            untracked = " -u" if any(own[path].untracked for path in early) else ""
            stash = f"git stash push{untracked} -- {shlex.join(early)}"
            return (
                f"; if it is what {last(where)} asks for: `{stash}`, run, and `git stash pop` once "
                "the run waits there"
            )
    return ""


def _changes(ground: Ground, phase: Phase, task: Task) -> tuple[dict[str, Change], tuple[str, ...]]:
    """What the user has changed of a task's own files, by their paths, and of other tracked ones.

    What earlier tasks of the phase left for a later commit is not the user's.
    """
    found: dict[str, Change] = {}
    inside = ground.workspace.in_repository
    own = {inside(path): path for step in task.steps for path in step_paths(ground, step)}
    changes = ground.repository.around(tuple(own))
    mine = [change for change in changes if change.path in own]
    told = {change.path for change in mine}
    silent = tuple(path for path in own if path not in told)
    mine += [Change(path, ".M", mark) for path, mark in hidden(ground.repository, silent).items()]
    left = left_for_later(ground, phase, task) if mine else Left({}, ())
    for change in mine:
        path = own[change.path]
        if path in left.images:
            if left.images[path] == digest_of(read(ground, task, path)):
                continue
        elif path in left.others:
            continue
        found[path] = change
    return found, tuple(change.path for change in changes if change.path not in own)

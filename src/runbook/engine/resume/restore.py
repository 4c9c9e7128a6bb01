"""The uncommitted part of a task put back: its files as they were when that part began.

Whatever they hold now is kept under `rescued/` first, so that no byte of a person's is lost.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from runbook.core.model.model import Phase, Step, Task
from runbook.core.record.events import Event
from runbook.core.record.stepevents import Special
from runbook.core.record.taskstate import TaskState
from runbook.core.record.verbevents import Purpose, RestorePlanned, TaskRestored, TaskSkipped
from runbook.engine.contract.stops import Placed, reaching, refused
from runbook.engine.ground import putting
from runbook.engine.ground.ground import Ground
from runbook.engine.ground.ofcommands import commits_of
from runbook.engine.ground.putting import Change, Held, held
from runbook.engine.ground.special import cleared, made, specials
from runbook.engine.ground.targets import step_paths
from runbook.engine.resume.resume import left_for_later
from runbook.world.files.workspace import FileState, OtherKind, Unreachable
from runbook.world.git import contents
from runbook.world.git.protected import by_a_person

if TYPE_CHECKING:
    from runbook.engine.ground.context import Context


def unfinished_task(ground: Ground, phase: Phase) -> Task | None:
    """The task of a phase that was begun and is neither done nor left out, or `None`."""
    progress = ground.journal.progress
    return next((task for task in phase.tasks if progress.unfinished(task.id)), None)


def to_put_back(ground: Ground, phase: Phase, task: Task) -> tuple[Change, ...]:
    """The files to put back, from what they hold now to what they are to hold.

    That is what the journal has of them; where it has nothing, or HEAD has moved since, what git
    has: no task begins on files that differ from it, and what others have committed is theirs.
    """
    progress = ground.journal.progress
    state = progress.tasks[task.id]
    moved = ground.repository.head().commit != state.since
    left = left_for_later(ground, phase, task)
    inside = ground.workspace.in_repository
    steps = uncommitted_steps(task, state)
    paths = dict.fromkeys(
        [*state.touched, *(p for step in steps for p in step_paths(ground, step))]
    )
    if not paths:
        return ()
    changes = ground.repository.changes(tuple(map(inside, paths)))
    untracked = {change.path for change in changes if change.untracked}
    changed = {change.path for change in changes} - set(state.dirty)
    found = []
    links = specials(ground, paths)
    for path in paths:
        if path in links and path not in state.touched:
            continue
        now = _replaceable(ground, task, path)
        mode = None if now is None else now.mode
        if path in state.touched and not moved:
            then = Change.recorded(state.touched[path]).before
        elif inside(path) in changed and path in left.images:
            digest = left.images[path]
            then = None if digest is None else Held(digest, mode)
        elif inside(path) in changed and path not in left.others:
            then = None if inside(path) in untracked else _committed(ground, inside(path), mode)
        else:
            continue
        change = Change(path, held(now), then)
        if not change.made(now):
            found.append(change)
    return tuple(found)


def _replaceable(ground: Ground, task: Task, path: str) -> FileState | None:
    """A file's state, where it can be put back.

    Raises:
        CannotContinue: it can't be read, or something else is in its place.
    """
    try:
        return _read(ground, task, path)
    except OtherKind as error:
        message = f"{path} is {error.what} now, and a file is to be put back there"
        hint = "move it away: `retry` and `skip` put the file back then"
        raise refused(task, message, hint=hint) from None
    except Unreachable as error:
        raise refused(task, str(error), hint=error.hint) from None


def _committed(ground: Ground, path: str, mode: int | None) -> Held | None:
    """What a checkout would give a file that has the permission bits `mode` now."""
    content = contents.committed(ground.repository, path)
    if content is None:
        return None
    executable = contents.executable(ground.repository, path)
    return held(FileState(content, putting.as_git_has(mode, executable=executable)))


def uncommitted_steps(task: Task, state: TaskState) -> tuple[Step, ...]:
    """The steps of a task after those that were done when its last commit was made."""
    begin = 0
    for number, (where, _) in enumerate(task.named_steps(), 1):
        if where in state.committed:
            begin = number
    return task.steps[begin:]


def changed_by_others(ground: Ground, task: Task, changes: tuple[Change, ...]) -> tuple[str, ...]:
    """The files that hold something else than what the task's own steps gave them."""
    state = ground.journal.progress.tasks.get(task.id)
    ours = {} if state is None else state.images
    killed = _of_killed_command(ground, task)
    return tuple(
        image.path
        for image in (change.image() for change in changes)
        if (image.path not in ours or ours[image.path] != image.before) and image.path not in killed
    )


def _of_killed_command(ground: Ground, task: Task) -> set[str]:
    """The files of a command of the task that was killed, as it left them.

    Where it is not known when all of it had ended, anybody may have changed them since.
    """
    planned, ended = ground.journal.progress.open_run, ground.journal.ended
    step = next(
        (s for w, s in task.named_steps() if planned is not None and w == planned.step), None
    )
    if planned is None or step is None or ended is None:
        return set()
    paths = {*(image.path for image in planned.files), *step_paths(ground, step)}
    return {path for path in paths if not by_a_person(ground.workspace.folder / path, ended)}


def restore(
    context: Context, phase: Phase, task: Task, purpose: Purpose, skipped: TaskSkipped | None = None
) -> Iterator[Event]:
    """Put the uncommitted part of a task back; `skipped` is how it is left out then, if it is.

    Raises:
        CannotContinue: a file can't be read or written.
    """
    changes = to_put_back(context, phase, task)
    for change in changes:
        if change.after is not None and context.journal.load(change.after.digest) is None:
            # What git has may be something else by the time a killed put-back goes on.
            name = context.workspace.in_repository(change.path)
            context.journal.store(contents.committed(context.repository, name) or b"")
    images = tuple(change.image() for change in changes)
    special = special_to_put_back(context, task)
    planned = RestorePlanned(task.id, purpose, images, int(time.time()), skipped, special)
    yield planned
    yield from _put_back(context, planned, task)


def finish_restore(context: Context, part: Placed) -> Iterator[Event]:
    """Go on with what a killed run had begun to put back.

    Raises:
        CannotContinue: a file can't be read or written.
    """
    planned = context.journal.progress.restoring
    if planned is not None:
        context.repository.clear_locks(planned.since)
        yield from _put_back(context, planned, part)


def _put_back(context: Context, planned: RestorePlanned, part: Placed) -> Iterator[Event]:
    inside = context.workspace.in_repository
    wanted = {each.path: each.after for each in planned.special}
    paths = tuple(dict.fromkeys([*(image.path for image in planned.files), *wanted]))
    changes = [Change.recorded(image) for image in planned.files]
    staged = putting.unstage(context, tuple(inside(path) for path in paths))
    with reaching(planned.task, part):
        cleared(context, wanted)
        done = putting.put_back(context.workspace, context.journal, changes)
        made(context, wanted)
    state = context.journal.progress.tasks.get(planned.task)
    known = {} if state is None else state.steps
    begun = [step for name, step in known.items() if state and name not in state.committed]
    stay = commits_of(context.repository, begun)
    yield TaskRestored(planned.task, planned.purpose, paths, done.rescued or staged, stay)
    if planned.skipped is not None:
        yield planned.skipped


def special_to_put_back(ground: Ground, task: Task) -> tuple[Special, ...]:
    """The links and submodules that a task has changed, from what they are to what they were."""
    state = ground.journal.progress.tasks.get(task.id)
    before = {} if state is None else state.special
    if state is not None and before and ground.repository.head().commit != state.since:
        inside = ground.workspace.in_repository
        changes = ground.repository.changes(tuple(map(inside, before)))
        changed = {change.path for change in changes}
        before = {path: was for path, was in before.items() if inside(path) in changed}
    now = specials(ground, before)
    pairs = ((path, now.get(path), then) for path, then in before.items())
    return tuple(Special(*each) for each in pairs if each[1] != each[2])


def read(ground: Ground, task: Task, path: str) -> FileState | None:
    """A file's state; what a command has made a link or a submodule is none.

    Raises:
        CannotContinue: it can't be read.
    """
    with reaching(task.id, task):
        return _read(ground, task, path)


def _read(ground: Ground, task: Task, path: str) -> FileState | None:
    state = ground.journal.progress.tasks.get(task.id)
    if state is not None and path in state.special and specials(ground, [path]):
        return None
    return ground.workspace.read(path)

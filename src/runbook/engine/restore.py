"""The uncommitted part of a task put back: its files as they were when that part began.

Whatever they hold now is kept under `rescued/` first, so that no byte of a person's is lost.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from runbook.core.events import Event, FileImage, Stopped
from runbook.core.model import Phase, Step, Task
from runbook.core.taskstate import TaskState
from runbook.core.verbevents import Purpose, RestorePlanned, TaskRestored
from runbook.engine.ground import Ground
from runbook.engine.halt import Halt
from runbook.engine.resume import left_for_later, planned_before
from runbook.engine.targets import step_paths
from runbook.world import contents
from runbook.world.workspace import FileState, Unreachable

if TYPE_CHECKING:
    from runbook.engine.site import Site


def unfinished_task(ground: Ground, phase: Phase) -> Task | None:
    """The task of a phase that was begun and is neither done nor left out, or `None`."""
    progress = ground.journal.progress
    return next((task for task in phase.tasks if progress.unfinished(task.id)), None)


def to_put_back(ground: Ground, phase: Phase, task: Task) -> tuple[FileImage, ...]:
    """The files to put back, `before` as they are now and `after` as they are to be.

    What they are to be is what the journal has of them; where it has nothing, or HEAD has moved
    since, what git has: no task begins on files that differ from it.
    """
    progress = ground.journal.progress
    state = progress.tasks[task.id]
    moved = ground.repository.head().commit != progress.head
    earlier = planned_before(progress, phase, task)
    later = left_for_later(ground, phase, task)
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
    images = []
    for path in paths:
        now = read(ground, task, path)
        known = state.touched.get(path)
        mode = None if now is None else now.mode
        if known is not None and not moved:
            digest, mode = known.before, known.before_mode or mode
        elif path in earlier:
            digest = earlier[path]
        elif inside(path) in changed and inside(path) not in later:
            content = None
            if inside(path) not in untracked:
                content = contents.committed(ground.repository, inside(path))
            digest = None if content is None else ground.journal.store(content)
            if content is not None and contents.executable(ground.repository, inside(path)):
                mode = mode or 0o755
        else:
            continue
        present = digest_of(now)
        if present != digest:
            now_mode = None if now is None else now.mode
            images.append(FileImage(path, present, digest, mode, before_mode=now_mode))
    return tuple(images)


def uncommitted_steps(task: Task, state: TaskState) -> tuple[Step, ...]:
    """The steps of a task after those that were done when its last commit was made."""
    begin = 0
    for index in range(len(task.steps)):
        if task.step_id(index) in state.committed:
            begin = index + 1
    return task.steps[begin:]


def changed_by_others(ground: Ground, task: Task, images: tuple[FileImage, ...]) -> tuple[str, ...]:
    """The files that hold something else than what the task's own steps gave them."""
    state = ground.journal.progress.tasks.get(task.id) or TaskState()
    return tuple(
        image.path
        for image in images
        if image.path not in state.images or state.images[image.path] != image.before
    )


def restore(site: Site, phase: Phase, task: Task, purpose: Purpose) -> Iterator[Event]:
    """Put the uncommitted part of a task back.

    Raises:
        Halt: a file can't be read or written.

    """
    planned = RestorePlanned(task.id, purpose, to_put_back(site, phase, task), int(time.time()))
    yield planned
    yield from _put_back(site, planned, str(task.at))


def finish_restore(site: Site, at: str) -> Iterator[Event]:
    """Go on with what a killed run had begun to put back.

    Raises:
        Halt: a file can't be read or written.

    """
    planned = site.journal.progress.restoring
    if planned is not None:
        site.repository.clear_locks(planned.since)
        yield from _put_back(site, planned, at)


def _put_back(site: Site, planned: RestorePlanned, at: str) -> Iterator[Event]:
    inside = site.workspace.in_repository
    rescued = _rescue_staged(site, tuple(inside(image.path) for image in planned.files))
    # What is written comes before what is deleted: of a move one end is always there.
    for image in sorted(planned.files, key=lambda image: image.after is None):
        try:
            now = site.workspace.read(image.path)
            if digest_of(now) == image.after:
                if now is None:
                    site.workspace.remove_empty_above(image.path)
                continue
            if now is not None:
                rescued = str(site.journal.rescue(image.path, now.data).parent)
            if image.after is not None:
                data = site.journal.load(image.after)
                assert data is not None, "images are kept while their phase is under way"
                before = None if now is None else now.data
                site.workspace.write(image.path, data, image.mode, before)
            elif now is not None:
                site.workspace.remove(image.path, now.data)
        except Unreachable as error:
            raise Halt(Stopped("refused", planned.task, at, str(error))) from None
    yield TaskRestored(
        planned.task, planned.purpose, tuple(image.path for image in planned.files), rescued
    )


def _rescue_staged(site: Site, paths: tuple[str, ...]) -> str:
    """Unstage what is staged of some paths, keeping what neither HEAD nor the files have."""
    rescued = ""
    tracked = [c for c in site.repository.changes(paths) if not c.untracked] if paths else []
    for change in tracked:
        if "." not in change.status and "D" not in change.status:
            staged = contents.staged(site.repository, change.path)
            rescued = str(site.journal.rescue(f"{change.path}.staged", staged).parent)
    if tracked:
        site.repository.unstage(tuple(change.path for change in tracked))
    return rescued


def read(ground: Ground, task: Task, path: str) -> FileState | None:
    """A file's state.

    Raises:
        Halt: it can't be read.

    """
    try:
        return ground.workspace.read(path)
    except Unreachable as error:
        raise Halt(Stopped("refused", task.id, str(task.at), str(error))) from None


def digest_of(state: FileState | None) -> str | None:
    """The SHA-256 (hex) of a file's bytes, `None` where there is none."""
    return None if state is None else hashlib.sha256(state.data).hexdigest()

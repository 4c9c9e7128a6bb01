"""What an earlier run left, compared with git and the phase file, before anything is done."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from runbook.core import events
from runbook.core.comparison import comparison
from runbook.core.digest import digest
from runbook.core.events import Event, FileImage, Stopped
from runbook.core.model import Commit, Edit, Phase, Task, Verify
from runbook.core.progress import Progress
from runbook.core.value import value
from runbook.engine.halt import Halt
from runbook.engine.site import Site
from runbook.engine.targets import step_paths
from runbook.world import contents
from runbook.world.workspace import FileState, Unreachable


def check_place(site: Site, phase: Phase) -> Iterator[Event]:
    """Compare HEAD with where the last run left it.

    Between two tasks the branch may have gone on: commits of the user's are no concern of ours.

    Raises:
        Halt: it moved, or another branch is checked out, and the user has not accepted that.

    """
    progress = site.journal.progress
    head = site.repository.head()
    if (head.commit, head.ref) == (progress.head, progress.ref):
        return
    in_flight = any(progress.unfinished(task.id) for task in phase.tasks)
    went_on = (
        (not in_flight or _committed_by_hand(site, phase, head.commit))
        and head.ref == progress.ref
        and progress.head is not None
        and site.repository.contains(progress.head, head.commit)
    )
    if site.accept_head or went_on:
        yield events.HeadAccepted(head.commit, head.ref)
        return
    from runbook.world.heads import Head

    raise Halt(
        Stopped(
            "moved",
            phase.id,
            str(phase.at),
            f"HEAD moved since the last run: it was on {Head(progress.head, progress.ref)} "
            f"and is on {head}",
        )
    )


def _committed_by_hand(site: Site, phase: Phase, head: str | None) -> bool:
    """Whether a person committed the work of a manual step, and nothing else, since it stopped."""
    stopped = site.journal.progress.stopped
    before = site.journal.progress.head
    if stopped is None or stopped.kind != "manual" or before is None or head is None:
        return False
    task = next((task for task in phase.tasks if task.id == stopped.task), None)
    if task is None:
        return False
    own = {site.workspace.in_repository(p) for step in task.steps for p in step_paths(site, step)}
    return set(contents.changed_between(site.repository, before, head)) <= own


def check_finished(progress: Progress, phase: Phase) -> None:
    """Refuse to go on when a finished task says something else now.

    Raises:
        Halt: naming the task.

    """
    for task in phase.tasks:
        state = progress.tasks.get(task.id)
        if state is not None and state.done and state.digest != digest(task):
            raise Halt(
                Stopped(
                    "changed",
                    task.id,
                    str(task.at),
                    "this task was finished, and the phase file says something else now",
                    hint="what was done is not done again; what is still to be done belongs into "
                    "a new task",
                )
            )


def first_pending(progress: Progress, task: Task) -> int:
    """The index of the first step to carry out.

    A step done with the same digest stays done; from the first that differs on, all is done anew.
    """
    state = progress.tasks.get(task.id)
    for index, step in enumerate(task.steps):
        known = state.steps.get(task.step_id(index)) if state else None
        if known is None or not known.done or known.digest != digest(step):
            return index
    return len(task.steps)


def first_to_do(site: Site, task: Task) -> int:
    """The index of the first step to carry out, with edits that were undone by hand since.

    A file that holds again what it held before a done edit has lost it: the edit is made again,
    and with it all that follows. What was committed is git's, and is not looked at.
    """
    progress = site.journal.progress
    pending = first_pending(progress, task)
    state = progress.tasks.get(task.id)
    if state is None:
        return pending
    committed = [i for i in range(pending) if isinstance(task.steps[i], Commit)]
    latest: dict[str, str | None] = {}
    undone = pending
    for index in range(pending - 1, max(committed, default=-1), -1):
        for image in state.steps[task.step_id(index)].planned or ():
            now = latest.setdefault(image.path, _digest(site, image.path))
            if now == image.before:
                undone = index
            if now in (image.before, image.after):
                # An earlier step's image is not the one to compare with.
                latest[image.path] = ""
    return undone


def half_written(site: Site, task: Task, index: int) -> tuple[FileImage, ...] | None:
    """The plan of an edit step that an earlier run may have carried out in part, or `None`.

    When that run recorded why it stopped, a file may have been changed by hand since, which is
    kept: the edit is planned anew. When it was killed, whoever carries the plan out finds out.
    """
    progress = site.journal.progress
    state = progress.tasks.get(task.id)
    if state is None or index == len(task.steps):
        return None
    known = state.steps.get(task.step_id(index))
    if known is None or known.done or known.digest != digest(task.steps[index]):
        return None
    if progress.stopped is not None and any(
        _digest(site, image.path) not in (image.before, image.after)
        for image in known.planned or ()
    ):
        return None
    return known.planned


def assumed(site: Site, images: tuple[FileImage, ...]) -> Iterator[tuple[str, FileState | None]]:
    """What files hold once a half written edit is made whole."""
    for image in images:
        data = None if image.after is None else site.journal.load(image.after)
        yield image.path, None if data is None else FileState(data, image.mode)


def _digest(site: Site, path: str) -> str | None:
    try:
        state = site.workspace.read(path)
    except Unreachable:
        return ""
    return None if state is None else hashlib.sha256(state.data).hexdigest()


@value
class Adopted:
    """Files of a stopped task that were changed by hand since, with the difference made."""

    paths: tuple[str, ...]
    difference: str


def adopted(site: Site, phase: Phase, task: Task, begin: int) -> Adopted:
    """What was changed by hand in the files that a stopped task edits.

    A file that holds what it held before a step from `begin` on is not one: that step is to come.
    """
    state = site.journal.progress.tasks[task.id]
    edited = {
        path for step in task.steps if isinstance(step, Edit) for path in step_paths(site, step)
    }
    to_come = {
        (image.path, image.before)
        for step in (task.step_id(index) for index in range(begin, len(task.steps)))
        if step in state.steps
        for image in state.steps[step].planned or ()
    }
    different: dict[str, tuple[str, bytes]] = {}
    for path, image in state.images.items():
        try:
            now = site.workspace.read(path) if path in edited else None
        except Unreachable:
            continue
        if now is None or image is None:
            continue
        digest = hashlib.sha256(now.data).hexdigest()
        if digest == image or (path, digest) in to_come:
            continue
        different[path] = image, now.data
    paths = _uncommitted(site, list(different))
    lines: list[str] = []
    for path in paths:
        image, data = different[path]
        before = site.journal.load(image)
        if before is not None:
            lines.append(comparison(path, before, data, "as edited", "now"))
    # Of the files it has not edited yet, git knows what they were.
    others = _changed_before_their_edit(site, phase, task, edited - state.images.keys())
    if others:
        lines.append(site.repository.difference(others))
    paths += [path.removeprefix(site.workspace.prefix) for path in others]
    return Adopted(tuple(paths), "".join(lines))


def to_verify_again(task: Task, begin: int) -> int:
    """The first of the checks right before a step: what was changed since was not seen by them.

    Checks before the last edit are left: they were about another state of the files.
    """
    while begin > 0 and isinstance(task.steps[begin - 1], Verify):
        begin -= 1
    return begin


def _uncommitted(site: Site, paths: list[str]) -> list[str]:
    """Those of some paths that differ from HEAD: what a hook changed in a commit does not."""
    inside = [site.workspace.in_repository(path) for path in paths]
    changed = {c.path for c in site.repository.changes(tuple(inside))} if inside else set()
    return [path for path, name in zip(paths, inside, strict=True) if name in changed]


def _changed_before_their_edit(
    site: Site, phase: Phase, task: Task, paths: set[str]
) -> tuple[str, ...]:
    """Tracked files, as git names them, that a person changed since the task began."""
    if not paths:
        return ()
    inside = site.workspace.in_repository
    known = {inside(path) for path in planned_before(site.journal.progress, phase, task)}
    known |= left_for_later(site, phase, task) | set(site.journal.progress.tasks[task.id].dirty)
    changes = site.repository.changes(tuple(inside(path) for path in sorted(paths)))
    return tuple(c.path for c in changes if not c.untracked and c.path not in known)


def left_for_later(site: Site, phase: Phase, task: Task) -> set[str]:
    """The paths, as git names them, that tasks before this one declare without committing."""
    return {
        site.workspace.in_repository(path)
        for each in phase.tasks[: phase.tasks.index(task)]
        for step in each.steps
        if not isinstance(step, Commit)
        for path in step_paths(site, step)
    }


def planned_before(progress: Progress, phase: Phase, task: Task) -> dict[str, str | None]:
    """The digests that edits of the phase's tasks before this one gave to files, by path."""
    images: dict[str, str | None] = {}
    for earlier in phase.tasks[: phase.tasks.index(task)]:
        state = progress.tasks.get(earlier.id)
        if state is not None:
            images |= state.images
    return images

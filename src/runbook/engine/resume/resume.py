"""How a task that was begun goes on: its first step to do, and what a person changed since."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice, takewhile

from runbook.core.edit.comparison import comparison
from runbook.core.model.declared import contained, handed_over
from runbook.core.model.digest import unchanged
from runbook.core.model.model import Commit, Confirm, Edit, Manual, Phase, Run, Step, Task, Verify
from runbook.core.record.status import next_step
from runbook.core.record.stepevents import FileImage
from runbook.core.record.taskstate import StepState, TaskState
from runbook.core.value import value
from runbook.engine.ground.ground import Ground
from runbook.engine.ground.putting import digest_of
from runbook.engine.ground.targets import step_paths
from runbook.world.files.workspace import FileState, Unreachable, data_of
from runbook.world.git.reader import Change


def first_to_do(ground: Ground, task: Task) -> int:
    """The index of the first step to carry out, with edits that were undone by hand since.

    A file that holds again what it held before a done edit has lost it: the edit is made again,
    and with it all that follows, unless it was a later step that left it so: a command, or work by
    hand. What was committed is git's, and is not looked at.
    """
    progress = ground.journal.progress
    pending = next_step(progress, task)
    state = progress.tasks.get(task.id)
    if state is None:
        return pending
    committed = [i for i in range(pending) if isinstance(task.steps[i], Commit)]
    by_hand = any(map(_is_manual, task.steps[pending : pending + 1]))
    waiting = progress.step(task.step_id(pending)) if by_hand else None
    # Whoever has a file in hand may do that as well.
    handed_over = (waiting.offered if waiting is not None else None) or {}
    latest: dict[str, str | None] = dict.fromkeys(handed_over, "")
    undone = pending
    for index in range(pending - 1, max(committed, default=-1), -1):
        known = state.steps[task.step_id(index)]
        for path, left in _left_by(known):
            if latest.setdefault(path, _digest(ground, path)) == left:
                latest[path] = ""
        for image in known.planned or ():
            now = latest.setdefault(image.path, _digest(ground, image.path))
            if now == image.before:
                undone = index
            if now in (image.before, image.after):
                # An earlier step's image is not the one to compare with.
                latest[image.path] = ""
    return undone


def _left_by(known: StepState) -> Iterator[tuple[str, str | None]]:
    """The files that a command or a person had before them at a step, with what they held then."""
    yield from (known.offered or {}).items()
    yield from ((image.path, image.after) for image in (*known.made, *(known.left or ())))


def half_written(ground: Ground, task: Task, index: int) -> tuple[FileImage, ...] | None:
    """The plan of an edit step that an earlier run may have carried out in part, or `None`.

    When that run recorded why it stopped, a file may have been changed by hand since, which is
    kept: the edit is planned anew. When it was killed, whoever carries the plan out finds out.
    """
    progress = ground.journal.progress
    if index == len(task.steps):
        return None
    known = progress.step(task.step_id(index))
    if known is None or known.done or not unchanged(task.steps[index], known.digest):
        return None
    if progress.stopped_in(task.id) is not None and any(
        _digest(ground, image.path) not in (image.before, image.after)
        for image in known.planned or ()
    ):
        return None
    return known.planned


def assumed(
    ground: Ground, images: tuple[FileImage, ...]
) -> Iterator[tuple[str, FileState | None]]:
    """What files hold once a half written edit is made whole."""
    for image in images:
        data = ground.journal.load(image.after)
        yield image.path, None if data is None else FileState(data, image.mode)


def _digest(ground: Ground, path: str) -> str | None:
    try:
        state = ground.workspace.read(path)
    except Unreachable:
        return ""
    return digest_of(state)


@value
class Adopted:
    """Files of a stopped task that were changed by hand since, with the difference made."""

    paths: tuple[str, ...] = ()
    difference: str = ""


def adopted(ground: Ground, phase: Phase, task: Task, begin: int) -> Adopted:
    """What was changed by hand in the files that a stopped task edits, has made or handed over.

    So, too, in those that its commits to come take along of earlier tasks. A file that holds what
    it held before a step from `begin` on is not one: that step is to come.
    """
    state = ground.journal.progress.tasks[task.id]
    edited = {
        path for step in task.steps if isinstance(step, Edit) for path in step_paths(ground, step)
    }
    # What is changed while such work waits is that work.
    waiting = _by_hand(ground, phase, takewhile(_is_manual, task.steps[begin:]))
    ran = {
        path
        for step in task.steps[:begin]
        if isinstance(step, Run)
        for path in step_paths(ground, step)
    }
    along = _taken_along(ground, phase, task, begin)
    made = (edited | ran | along.keys() | _by_hand(ground, phase, task.steps[:begin])) - waiting
    to_come = {
        (image.path, image.before)
        for step, _ in task.named_steps(begin)
        if step in state.steps
        for image in state.steps[step].planned or ()
    }
    different: dict[str, tuple[str | None, bytes | None]] = {}
    images = {path: image for path, image in state.images.items() if image is not None}
    untouched = left_untouched(task, state, begin)
    for path, image in (along | images | untouched).items():
        try:
            now = ground.workspace.read(path) if path in made else None
        except Unreachable:
            continue
        if path not in made:
            continue
        digest = digest_of(now)
        if digest == image or (path, digest) in to_come:
            continue
        different[path] = image, data_of(now)
    paths = _uncommitted(ground, list(different))
    lines: list[str] = []
    for path in paths:
        image, data = different[path]
        before = ground.journal.load(image)
        if before is not None or image is None:
            was = "as handed over" if path in untouched else "as edited"
            lines.append(comparison(path, before, data, was))
    # Of the files it has not edited yet, git knows what they were.
    unedited = edited - waiting - state.images.keys() - along.keys() - _left_by_command(ground)
    others = _changed_before_their_edit(ground, phase, task, unedited)
    if others:
        lines.append(ground.repository.difference(others))
    paths += [path.removeprefix(ground.workspace.prefix) for path in others]
    return Adopted(tuple(paths), "".join(lines))


def _taken_along(ground: Ground, phase: Phase, task: Task, begin: int) -> dict[str, str | None]:
    """The files that earlier tasks left for a commit from a step on, with their digests."""
    commits = (step for step in task.steps[begin:] if isinstance(step, Commit))
    taken = {
        path
        for commit in commits
        for step in contained(phase, commit)
        for path in step_paths(ground, step)
    }
    left = left_for_later(ground, phase, task).images if taken else {}
    return {path: digest for path, digest in left.items() if path in taken}


def left_untouched(task: Task, state: TaskState, begin: int) -> dict[str, str | None]:
    """The files of work by hand that is done, and in no commit, which it left as they were.

    Whoever does it in parts changes them once a check has failed for want of it.
    """
    found: dict[str, str | None] = {}
    for where, step in islice(task.named_steps(), begin):
        known = state.steps.get(where)
        if isinstance(step, Manual) and known and known.done and where not in state.committed:
            found |= known.offered or {}
    return {path: digest for path, digest in found.items() if path not in state.images}


def _by_hand(ground: Ground, phase: Phase, steps: Iterable[Step]) -> set[str]:
    return {
        path
        for step in steps
        if isinstance(step, Manual)
        for path in step_paths(ground, handed_over(phase, step))
    }


def _is_manual(step: Step) -> bool:
    return isinstance(step, Manual)


def _left_by_command(ground: Ground) -> set[str]:
    """The files of a command that was killed with its run, which are put back before it is run."""
    planned = ground.journal.progress.open_run
    return set() if planned is None else {image.path for image in planned.files}


def mended(ground: Ground, own: Mapping[str, Change]) -> Adopted:
    """What was changed by hand in the files of a task that has not begun; `own` by their paths."""
    tracked = tuple(change.path for change in own.values() if not change.untracked)
    lines = [ground.repository.difference(tracked)] if tracked else []
    for path, change in own.items():
        if change.untracked:
            with suppress(Unreachable):
                now = ground.workspace.read(path)
                lines.append(comparison(path, None, data_of(now), "in git"))
    return Adopted(tuple(own), "".join(lines))


def to_verify_again(ground: Ground, task: Task, begin: int, changed: tuple[str, ...]) -> int:
    """The first of the checks right before a step: what was `changed` was not seen by them.

    Checks before the last edit are left: they were about another state of the files. So are those
    that were to fail before work by hand which is made by now. A person who was asked to confirm
    had the files as they were then before their eyes.
    """
    known = ground.journal.progress.tasks[task.id].steps

    def seen(index: int) -> bool:
        state = known.get(task.step_id(index))
        asked = state.offered if state and isinstance(task.steps[index], Confirm) else None
        return asked is not None and all(_digest(ground, p) == asked.get(p) for p in changed)

    if begin < len(task.steps) and seen(begin):
        return begin
    work = _is_manual(task.steps[begin]) if begin < len(task.steps) else False
    work = work and _is_made(ground, known.get(task.step_id(begin)))
    while begin > 0 and isinstance(step := task.steps[begin - 1], Verify | Confirm):
        if seen(begin - 1) or (work and isinstance(step, Verify) and step.expect.fails):
            break
        begin -= 1
    return begin


def _is_made(ground: Ground, state: StepState | None) -> bool:
    """Whether work by hand was handed over, and a file of it, or of the next, was changed since."""
    if state is None or state.offered is None:
        return False
    handed = state.later | state.offered
    return any(_digest(ground, path) != digest for path, digest in handed.items())


def _uncommitted(ground: Ground, paths: list[str]) -> list[str]:
    """Those of some paths that differ from HEAD: what a hook changed in a commit does not."""
    inside = [ground.workspace.in_repository(path) for path in paths]
    changed = {c.path for c in ground.repository.changes(tuple(inside))} if inside else set()
    return [path for path, name in zip(paths, inside, strict=True) if name in changed]


def _changed_before_their_edit(
    ground: Ground, phase: Phase, task: Task, paths: set[str]
) -> tuple[str, ...]:
    """Tracked files, as git names them, that a person changed since the task began."""
    if not paths:
        return ()
    inside = ground.workspace.in_repository
    left = left_for_later(ground, phase, task)
    known = {*map(inside, (*left.images, *left.others))}
    known |= set(ground.journal.progress.tasks[task.id].dirty)
    changes = ground.repository.changes(tuple(inside(path) for path in sorted(paths)))
    return tuple(c.path for c in changes if not c.untracked and c.path not in known)


@value
class Left:
    """What tasks left for a later commit: files by their digests, and paths without a known one."""

    images: Mapping[str, str | None]
    others: Collection[str]


def left_for_later(ground: Ground, phase: Phase, task: Task) -> Left:
    """What the tasks before this one declare or have changed, and no commit has taken along.

    What is in a commit is git's, whoever changed it since; a task that is left out, or was not
    asked for, leaves nothing.
    """
    images: dict[str, str | None] = {}
    declared: set[str] = set()
    since: set[str] = set()  # the last commit
    for earlier in takewhile(lambda each: each.id != task.id, phase.tasks):
        state = ground.journal.progress.tasks.get(earlier.id)
        if state is None or state.undone or state.skipped is not None:
            continue
        for where, step in earlier.named_steps():
            paths = step_paths(ground, step)
            if not isinstance(step, Commit):
                declared.update(paths)
                since.update(paths)
            elif state.done or where in state.committed:
                taken = since if step.files is None else paths
                declared.difference_update(taken)
                for path in taken:
                    images.pop(path, None)
                since = set()
        images |= {path: digest for path, digest in state.images.items() if path in state.touched}
        since.update(state.touched)
    return Left(images, declared - images.keys())

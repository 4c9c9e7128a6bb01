"""What the files of a step hold when it is handed over: how its own work is told from any before.

Steps that are handed over one right after the other leave a person time between them: `done` takes
one as done and begins no other, and a run may be killed. What was changed since the one before
was taken is the work of the next, and what that one had changed is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from runbook.core.model.declared import handed_over
from runbook.core.model.model import Confirm, Manual, Phase, Task
from runbook.core.record.stepevents import FileImage, Special
from runbook.core.record.taskstate import StepState
from runbook.core.value import value
from runbook.engine.contract.stops import reaching
from runbook.engine.ground.ground import Ground
from runbook.engine.ground.putting import digest_of
from runbook.engine.ground.special import changed as specials_changed
from runbook.engine.ground.special import specials
from runbook.engine.ground.targets import step_paths
from runbook.engine.resume.resume import left_for_later
from runbook.world.files.workspace import FileState, mode_of
from runbook.world.git import contents

Held = dict[str, str | None]
"""Files with the digests of what they hold; `None` where there is none."""


@value
class HandedBack:
    """What was made of a step's files.

    `known` is what they held when its turn came, `now` what they hold, `changed` those that differ:
    in their bytes, as `special` says of links and submodules, or in whether they may be executed,
    which is another matter now with the `modes`.
    """

    known: Held
    now: dict[str, FileState | None]
    changed: tuple[str, ...]
    special: tuple[Special, ...] = ()
    modes: tuple[str, ...] = ()


def state_of(ground: Ground, task: Task, index: int) -> StepState | None:
    """What is known of a step."""
    return ground.journal.progress.step(task.step_id(index))


def compared(ground: Ground, phase: Phase, task: Task, index: int) -> HandedBack:
    """The files of a manual step, when its turn came and now.

    Raises:
        CannotContinue: one of them can't be read.
    """
    state = state_of(ground, task, index)
    links: dict[str, str] | None = None
    bits: dict[str, int | None] = {}
    if state is None or state.done or state.offered is None:
        known = at_its_turn(ground, phase, task, index)
    else:
        links, bits = state.links, state.modes
        # What a delegate has made of files that nobody saw before, the task holds already.
        known = {image.path: image.before for image in state.left or ()} | state.offered
        for path in files_of(ground, phase, task, index):
            if path not in known:
                # Named only now.
                known[path] = _unseen(ground, phase, task, path, read(ground, task, index, path))
    now = {path: read(ground, task, index, path) for path in known}
    here = specials(ground, known)
    special = () if links is None else specials_changed(links, here)
    modes = tuple(path for path, mode in bits.items() if _other_mode(mode, now.get(path)))
    differing = {*modes, *(each.path for each in special)}
    changed = tuple(
        path for path in known if path in differing or digest_of(now[path]) != known[path]
    )
    return HandedBack(known, now, changed, special, modes)


def _other_mode(before: int | None, now: FileState | None) -> bool:
    """Whether a file may be executed and might not, or the other way round, as git sees it."""
    mode = mode_of(now)
    return before is not None and mode is not None and bool((before ^ mode) & 0o100)


def at_its_turn(ground: Ground, phase: Phase, task: Task, index: int) -> Held:
    """What the files of a manual step held when its turn came.

    That is what they hold now, unless its turn came earlier: when the step before, handed over as
    well, was taken as done.

    Raises:
        CannotContinue: one of them can't be read.
    """
    return _held(ground, phase, task, index, files_of(ground, phase, task, index))


def ahead(ground: Ground, phase: Phase, task: Task, index: int) -> Held:
    """The same of the files of the steps that are handed over right after it.

    Raises:
        CannotContinue: one of them can't be read.
    """
    paths: dict[str, None] = {}
    for number in range(index + 1, len(task.steps)):
        if not isinstance(task.steps[number], Manual | Confirm):
            break
        paths |= dict.fromkeys(files_of(ground, phase, task, number))
    return _held(ground, phase, task, index, paths)


def images(ground: Ground, task: Task, index: int, held: Held) -> list[FileImage]:
    """Files as they are recorded when a step is handed over, with their permission bits.

    Raises:
        CannotContinue: one of them can't be read.
    """
    state = ground.journal.progress.tasks.get(task.id)
    touched = {} if state is None else state.touched
    return [_image(ground, task, index, touched, path, digest) for path, digest in held.items()]


def files_of(ground: Ground, phase: Phase, task: Task, index: int) -> list[str]:
    """The files a person may change: the step's, or those of the commit that follows."""
    step = task.steps[index]
    return files_for(ground, phase, step) if isinstance(step, Manual) else []


def files_for(ground: Ground, phase: Phase, step: Manual) -> list[str]:
    """The files that a person may change in a manual step."""
    return step_paths(ground, handed_over(phase, step))


def _unseen(
    ground: Ground, phase: Phase, task: Task, path: str, now: FileState | None
) -> str | None:
    """What a file was that nobody looked at: as the phase had left it, or else as git has it."""
    state = ground.journal.progress.tasks.get(task.id)
    of_task = {} if state is None else state.images
    for left in (of_task, left_for_later(ground, phase, task).images):
        if path in left:
            return left[path]
    held = () if now is None else (now.data,)
    name = ground.workspace.in_repository(path)
    data = contents.in_worktree(ground.repository, name, *held)
    return None if data is None else ground.journal.store(data)


def _held(ground: Ground, phase: Phase, task: Task, index: int, paths: Iterable[str]) -> Held:
    """What files held when the turn of a step came."""
    records = list(_records(ground, task, index))
    found: Held = {}
    for path in paths:
        now = read(ground, task, index, path)
        if records:
            known = next((record[path] for record in records if path in record), _UNKNOWN)
        else:
            known = None if now is None else ground.journal.store(now.data)
        if known is _UNKNOWN:
            known = _unseen(ground, phase, task, path, now)
        found[path] = known
    return found


_UNKNOWN = ""


def _records(ground: Ground, task: Task, index: int) -> Iterator[Held]:
    """What files held when the steps right before one were taken as done, the last one first.

    One that waits yet will be taken as its files are. A person who is asked to confirm sees files
    of all the phase, and is to change none.
    """
    asked: list[Held] = []
    for number in range(index - 1, -1, -1):
        step, known = task.steps[number], state_of(ground, task, number)
        if not isinstance(step, Manual | Confirm) or known is None or known.offered is None:
            break
        held = known.offered
        if not known.done:
            held = {path: digest_of(read(ground, task, number, path)) for path in held}
        if isinstance(step, Manual):
            yield {**known.later, **held}
        else:
            asked.append(held)
    yield from asked


def _image(
    ground: Ground, task: Task, index: int, touched: dict[str, FileImage], path: str,
    digest: str | None,
) -> FileImage:  # fmt: skip
    first = touched.get(path)
    if first is not None and first.before == digest:
        return FileImage(path, digest, None, before_mode=first.before_mode)
    now = read(ground, task, index, path)
    return FileImage(path, digest, None, before_mode=None if now is None else now.mode)


def read(ground: Ground, task: Task, index: int, path: str) -> FileState | None:
    """A file of a step; a link or a submodule is none.

    Raises:
        CannotContinue: it can't be read.
    """
    with reaching(task.step_id(index), task.steps[index]):
        return None if specials(ground, [path]) else ground.workspace.read(path)

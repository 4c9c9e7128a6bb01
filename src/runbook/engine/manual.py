"""Manual steps: the work is handed to a person, and taken back when the run is started again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from runbook.core.edit.comparison import comparison
from runbook.core.model.declared import resolved
from runbook.core.model.ids import StepId, task_of, within
from runbook.core.model.model import Manual, Phase
from runbook.core.record import stepevents
from runbook.core.record.events import Event, Stopped
from runbook.core.record.stepevents import FileImage
from runbook.core.value import value
from runbook.engine.ground import Ground
from runbook.engine.halt import Halt, reaching, refused, stop
from runbook.engine.restore import digest_of
from runbook.engine.targets import step_paths
from runbook.engine.undeclared import undeclared
from runbook.world.files.workspace import FileState
from runbook.world.git import contents

HandedOver = dict[str, str | None]
"""The files of a manual step as they were when the work was handed over: path → digest."""

if TYPE_CHECKING:
    from runbook.engine.site import Site


@value
class HandedBack:
    """What a person has made of a step's files.

    `known` is what they were when the work was handed over, `now` what they are, `changed` those
    that differ.
    """

    known: HandedOver
    now: dict[str, FileState | None]
    changed: tuple[str, ...]


def manual(
    site: Site, phase: Phase, step: Manual, where: StepId, handed_over: HandedOver | None
) -> Iterator[Event]:
    """Carry out a manual step; `handed_over` is `None` before the work was.

    Raises:
        Halt: the work is handed over now, or none of its files was changed since, or one was
            changed that nothing declares.

    """
    if handed_over is None:
        states = {path: _read(site, step, where, path) for path in _files(site, phase, step)}
        yield stepevents.ManualBegan(where, step.instructions, tuple(_images(site, states)))
        raise Halt(_waiting(step, where))
    back = handed_back(site, phase, step, where, handed_over)
    recorded = site.journal.progress.tasks[task_of(where)].steps[where].handed_over
    if back.known != recorded:
        # The phase file says something else than it did; what the files were stays so.
        images = tuple(FileImage(path, digest, None) for path, digest in back.known.items())
        yield stepevents.ManualBegan(where, step.instructions, images)
    done = []
    shown = []
    for path in back.changed:
        now = back.now[path]
        after = None if now is None else site.journal.store(now.data)
        done.append(FileImage(path, back.known[path], after))
        shown.append(_difference(site, path, back.known[path], now))
    yield stepevents.ManualDone(where, back.changed, "".join(shown), tuple(done))


def waits(
    ground: Ground, phase: Phase, step: Manual, where: StepId, handed_over: HandedOver | None
) -> Stopped | None:
    """The stop that a manual step makes when its turn comes, or `None` where its work is done."""
    if handed_over is None:
        return _waiting(step, where)
    try:
        handed_back(ground, phase, step, where, handed_over)
    except Halt as halt:
        return halt.stopped
    return None


def handed_back(
    ground: Ground, phase: Phase, step: Manual, where: StepId, handed_over: HandedOver
) -> HandedBack:
    """What a person has made of the work that was handed over.

    A step without files of its own is done when the run is started again.

    Raises:
        Halt: none of the step's files was changed since, or one was changed that nothing declares.

    """
    known = dict(handed_over)
    for path in _files(ground, phase, step):
        if path not in known:
            # Named only now: it was as git has it.
            known[path] = _committed(ground, path, _read(ground, step, where, path))
    now = {path: _read(ground, step, where, path) for path in known}
    changed = tuple(path for path in known if digest_of(now[path]) != known[path])
    if step.files and not changed:
        hint = f"none of its files was changed yet: {', '.join(known) or 'there is none'}"
        raise Halt(_waiting(step, where, hint))
    state = ground.journal.progress.tasks.get(task_of(where))
    if state is not None and not within(where, phase.verification_id):
        _refuse_undeclared(ground, phase, step, where, state.dirty)
    return HandedBack(known, now, changed)


def _files(ground: Ground, phase: Phase, step: Manual) -> list[str]:
    """The files a person may change: the step's, or those of the commit that follows."""
    return step_paths(ground, resolved(phase, step))


def _committed(ground: Ground, path: str, now: FileState | None) -> str | None:
    """The digest of a file as git has it, in the form of the worktree."""
    held = () if now is None else (now.data,)
    data = contents.in_worktree(ground.repository, ground.workspace.in_repository(path), *held)
    return None if data is None else ground.journal.store(data)


def _refuse_undeclared(
    ground: Ground, phase: Phase, step: Manual, where: StepId, dirty: tuple[str, ...]
) -> None:
    others = undeclared(ground, phase, dirty)
    if others:
        raise refused(
            step,
            f"changed since the task began, and declared by no step: {', '.join(others)}",
            output=ground.repository.difference(others),
            hint="undo the change, or name the file under the step's `files:`",
            where=where,
        )


def _difference(site: Site, path: str, before: str | None, now: FileState | None) -> str:
    old = None if before is None else site.journal.load(before)
    return comparison(path, old, None if now is None else now.data, "as handed over", "now")


def _images(site: Site, states: dict[str, FileState | None]) -> Iterator[FileImage]:
    for path, state in states.items():
        digest = None if state is None else site.journal.store(state.data)
        yield FileImage(path, digest, None, before_mode=None if state is None else state.mode)


def _read(ground: Ground, step: Manual, where: StepId, path: str) -> FileState | None:
    with reaching(where, step):
        return ground.workspace.read(path)


def _waiting(step: Manual, where: StepId, hint: str | None = None) -> Stopped:
    message = "waiting for work by hand"
    return stop("manual", where, step, message, output=step.instructions, hint=hint)

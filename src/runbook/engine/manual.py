"""Manual steps: the work is handed to a person, and taken back when it is done.

That it is done is said by what was changed, by running again, at the terminal, or by `done`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from runbook.core.edit.comparison import comparison
from runbook.core.model.declared import resolved
from runbook.core.model.delegate import Delegate
from runbook.core.model.ids import StepId, task_of, within
from runbook.core.model.model import Manual, Phase, Task
from runbook.core.record import stepevents
from runbook.core.record.events import Event, Stopped
from runbook.core.record.stepevents import FileImage
from runbook.core.record.taskstate import StepState
from runbook.core.value import value
from runbook.engine.assignment import delegate_for, manual_work
from runbook.engine.ground import Ground
from runbook.engine.halt import Halt, interrupted, reaching, refused
from runbook.engine.putting import digest_of
from runbook.engine.targets import step_paths
from runbook.engine.undeclared import undeclared
from runbook.engine.waiting import waiting_for_work
from runbook.world.files.workspace import FileState
from runbook.world.git import contents

if TYPE_CHECKING:
    from runbook.engine.site import Site


@value
class HandedBack:
    """What a person has made of a step's files.

    `known` is what they were when the work was handed over, `now` what they are, `changed` those
    that differ.
    """

    known: dict[str, str | None]
    now: dict[str, FileState | None]
    changed: tuple[str, ...]


@value
class Said:
    """That a person says the work is done; with a `reason` also where nothing was changed."""

    reason: str = ""


def manual(site: Site, phase: Phase, task: Task, index: int) -> Iterator[Event]:
    """Hand the work over, or take it back where it is done.

    Raises:
        Halt: the work is handed over now, or none of its files was changed since, or one was
            changed that nothing declares; or its delegate has not done it.

    """
    from runbook.engine.delegation import delegated  # which `status` need not load

    step, where = task.steps[index], task.step_id(index)
    assert isinstance(step, Manual)
    state = site.journal.progress.task_of(where).steps[where]
    if state.offered is None:
        states = {path: _read(site, step, where, path) for path in _files(site, phase, step)}
        yield stepevents.ManualBegan(where, step.instructions, tuple(_images(site, states)))
    delegate = taker(site, phase, task, index, site.request.delegate)
    if delegate is not None:
        yield from delegated(site, manual_work(phase, task, index, delegate))
    if state.delegated is not None and _as_left(site, step, where, state):
        by = state.delegated.command
        back = handed_back(site, phase, step, where, state, Said(by))
        yield from taken_back(site, step, where, back, None, by)
        return
    said: Said | None = None
    while True:
        try:
            back = handed_back(site, phase, step, where, state, said)
            break
        except Halt as halt:
            if halt.stopped.kind != "manual" or site.person is None:
                raise
            said = _asked(site, phase, step, where, halt.stopped, said)
    yield from taken_back(site, step, where, back, said)


def taker(
    ground: Ground, phase: Phase, task: Task, index: int, given: str | None
) -> Delegate | None:
    """Who takes a manual step over when its turn comes; `None` where it is a person's, or done.

    What a person has changed is theirs to finish.

    Raises:
        Halt: one of its files can't be read.

    """
    step, where = task.steps[index], task.step_id(index)
    assert isinstance(step, Manual)
    delegate = delegate_for(phase, task, step, given)
    known = ground.journal.progress.tasks.get(task.id)
    state = None if known is None else known.steps.get(where)
    if delegate is None or state is None or state.done or state.offered is None:
        return delegate
    theirs = state.left is not None or compared(ground, phase, step, where, state).changed
    return None if theirs else delegate


def _as_left(ground: Ground, step: Manual, where: StepId, state: StepState) -> bool:
    """Whether the files are as the delegate left them whose work was accepted."""
    return state.left is not None and all(
        digest_of(_read(ground, step, where, image.path)) == image.after for image in state.left
    )


def taken_back(
    site: Site, step: Manual, where: StepId, back: HandedBack, said: Said | None, by: str = ""
) -> Iterator[Event]:
    """Take the work as done, with who said so, where somebody did, or `by` which command."""
    if back.known != site.journal.progress.task_of(where).steps[where].offered:
        # The phase file says something else than it did; what the files were stays so.
        images = tuple(FileImage(path, digest, None) for path, digest in back.known.items())
        yield stepevents.ManualBegan(where, step.instructions, images)
    done = []
    shown = []
    for path in back.changed:
        now = back.now[path]
        after = None if now is None else site.journal.store(now.data)
        mode = None if now is None or back.known[path] is not None else now.mode
        done.append(FileImage(path, back.known[path], after, mode))
        shown.append(_difference(site, path, back.known[path], now))
    words = ("", 0, "")
    if said is not None:
        words = (contents.user(site.repository), int(time.time()), said.reason)
    yield stepevents.ManualDone(where, back.changed, "".join(shown), tuple(done), *words, by)


def waits(
    ground: Ground, phase: Phase, step: Manual, where: StepId, state: StepState | None
) -> Stopped | None:
    """The stop that a manual step makes when its turn comes, or `None` where its work is done."""
    try:
        if state is None or state.offered is None or state.done:
            return waiting_for_work(phase, step, where)
        accepted = Said() if _as_left(ground, step, where, state) else None
        handed_back(ground, phase, step, where, state, accepted)
    except Halt as halt:
        return halt.stopped
    return None


def as_it_is(ground: Ground, phase: Phase, stopped: Stopped) -> Stopped:
    """A stop that waits for work by hand, with what was changed of its files since.

    Raises:
        Halt: one of them can't be read.

    """
    task = ground.journal.progress.tasks.get(task_of(stopped.where))
    for where, step in phase.named_steps():
        state = None if task is None else task.steps.get(where)
        if where == stopped.where and state is not None and isinstance(step, Manual):
            changed = compared(ground, phase, step, where, state).changed
            now = waiting_for_work(phase, step, where, changed)
            return replace(now, message=stopped.message, hint=stopped.hint, log=stopped.log)
    return stopped


def handed_back(
    ground: Ground,
    phase: Phase,
    step: Manual,
    where: StepId,
    state: StepState,
    said: Said | None = None,
) -> HandedBack:
    """What a person has made of the work that was handed over.

    A step without files of its own is done when the run is started again, or when it is `said`.

    Raises:
        Halt: it is not done yet; or a file was changed that nothing declares.

    """
    back = compared(ground, phase, step, where, state)
    done = state.told or said is not None
    if step.files:
        done = bool(back.changed or (said is not None and said.reason))
    if not done:
        raise Halt(waiting_for_work(phase, step, where, back.changed))
    task = ground.journal.progress.tasks.get(task_of(where))
    if task is not None and not within(where, phase.verification_id):
        _refuse_undeclared(ground, phase, step, where, task.dirty)
    return back


def compared(
    ground: Ground, phase: Phase, step: Manual, where: StepId, state: StepState
) -> HandedBack:
    """The files of work that was handed over, then and now.

    Raises:
        Halt: one of them can't be read.

    """
    known = dict(state.offered or {})
    for path in _files(ground, phase, step):
        if path not in known:
            # Named only now: it was as git has it.
            known[path] = _committed(ground, path, _read(ground, step, where, path))
    now = {path: _read(ground, step, where, path) for path in known}
    changed = tuple(path for path in known if digest_of(now[path]) != known[path])
    return HandedBack(known, now, changed)


def _asked(
    site: Site, phase: Phase, step: Manual, where: StepId, waiting: Stopped, said: Said | None
) -> Said | None:
    """What the person at the terminal says of work that is not done yet.

    Raises:
        Halt: they quit.

    """
    assert site.person is not None
    if said is None:
        answer = site.person.ask(waiting, lambda: _shown(site, phase, step, where))
        _heed(site, step, where)
        if answer != "yes":
            raise Halt(waiting)
        return Said()
    reason = site.person.why(waiting)
    _heed(site, step, where)
    return Said(reason) if reason else None


def _heed(site: Site, step: Manual, where: StepId) -> None:
    if site.interrupts.received is not None:
        raise Halt(interrupted(where, step, site.interrupts.received))


def _shown(site: Site, phase: Phase, step: Manual, where: StepId) -> str:
    """What was changed of the work's files since it was handed over."""
    offered = site.journal.progress.task_of(where).steps[where].offered or {}
    lines = [
        _difference(site, path, offered.get(path), _read(site, step, where, path))
        for path in dict.fromkeys((*offered, *_files(site, phase, step)))
    ]
    return "".join(lines) or "none of its files is changed yet\n"


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

"""Manual steps: the work is handed to a person, and taken back when it is done.

That it is done is said by what was changed, by running again, at the terminal, or by `done`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from runbook.core.edit.comparison import comparison
from runbook.core.handover.weakening import signs
from runbook.core.model.delegate import Delegate
from runbook.core.model.model import Manual, Phase, Task
from runbook.core.record import manualevents
from runbook.core.record.events import Event, Stopped
from runbook.core.record.stepevents import FileImage, Special
from runbook.core.text.counting import named
from runbook.core.value import replace, value
from runbook.engine.contract.stops import CannotContinue, interrupted, refused
from runbook.engine.delegates.signs import found_in
from runbook.engine.ground.ground import Ground
from runbook.engine.ground.putting import digest_of
from runbook.engine.ground.special import specials
from runbook.engine.ground.undeclared import left_behind, shown, undeclared, unknown
from runbook.engine.outlook.assignment import delegate_for, manual_work
from runbook.engine.outlook.waiting import waiting_for_work
from runbook.engine.resume.handedover import (
    HandedBack,
    Held,
    ahead,
    at_its_turn,
    compared,
    images,
    read,
    state_of,
)
from runbook.world.files.workspace import FileState, data_of, mode_of
from runbook.world.git import contents

if TYPE_CHECKING:
    from runbook.engine.ground.context import Context


_DECLARE = "undo the change, or name the file under the step's `files:`"


@value
class Said:
    """That a person says the work is done; with a `reason` also where nothing was changed."""

    reason: str = ""


def manual(context: Context, phase: Phase, task: Task, index: int) -> Iterator[Event]:
    """Hand the work over, or take it back where it is done.

    Raises:
        CannotContinue: the work is handed over now, or none of its files was changed since, or one
            was changed that nothing declares; or its delegate has not done it.
    """
    from runbook.engine.delegates.delegation import delegated  # which `status` need not load

    step, where = task.steps[index], task.step_id(index)
    assert isinstance(step, Manual)
    state = context.journal.progress.task_of(where).steps[where]
    if state.offered is None:
        yield _begins(context, phase, task, index, at_its_turn(context, phase, task, index))
    delegate = taker(context, phase, task, index, context.request.delegate)
    if delegate is not None:
        yield from delegated(context, manual_work(phase, task, index, delegate))
    if state.delegated is not None and _as_left(context, task, index):
        by = state.delegated.command
        back = handed_back(context, phase, task, index, Said(by))
        yield from taken_back(context, phase, task, index, back, None, by)
        return
    said: Said | None = None
    while True:
        try:
            back = handed_back(context, phase, task, index, said)
            break
        except CannotContinue as raised:
            if raised.stopped.kind != "manual" or context.person is None:
                raise
            said = _asked(context, phase, task, index, raised.stopped, said)
    yield from taken_back(context, phase, task, index, back, said)


def taker(
    ground: Ground, phase: Phase, task: Task, index: int, given: str | None
) -> Delegate | None:
    """Who takes a manual step over when its turn comes; `None` where it is a person's, or done.

    What a person has changed is theirs to finish.

    Raises:
        CannotContinue: one of its files can't be read.
    """
    delegate = delegate_for(phase, task, task.steps[index], given)
    if delegate is None:
        return None
    state = state_of(ground, task, index)
    if state is not None and state.done:
        return delegate
    theirs = (state is not None and state.left is not None) or compared(
        ground, phase, task, index
    ).changed
    return None if theirs else delegate


def _as_left(ground: Ground, task: Task, index: int) -> bool:
    """Whether the files are as the delegate left them whose work was accepted."""
    state = state_of(ground, task, index)
    return (
        state is not None
        and state.left is not None
        and all(
            digest_of(read(ground, task, index, image.path)) == image.after for image in state.left
        )
    )


def _begins(
    context: Context, phase: Phase, task: Task, index: int, known: Held
) -> manualevents.ManualBegan:
    """The step is handed over, with files as they are known to have been when its turn came."""
    step = task.steps[index]
    assert isinstance(step, Manual)
    held, later = (
        images(context, task, index, each) for each in (known, ahead(context, phase, task, index))
    )
    now = {path: read(context, task, index, path) for path in known}
    files = tuple(replace(each, mode=mode_of(now[each.path])) for each in held)
    links = tuple(Special(*each) for each in specials(context, known).items())
    beside = unknown(context, phase, step)
    return manualevents.ManualBegan(
        task.step_id(index), step.instructions, files, tuple(later), links, beside
    )


def taken_back(
    context: Context, phase: Phase, task: Task, index: int, back: HandedBack, said: Said | None,
    by: str = "",
) -> Iterator[Event]:  # fmt: skip
    """Take the work as done, with who said so, where somebody did, or `by` which command."""
    where = task.step_id(index)
    known_step = context.journal.progress.task_of(where).steps[where]
    there = unknown(context, phase, task.steps[index])
    new = [path for path in there if path not in known_step.beside]
    if back.known != known_step.offered:
        # The phase file says something else than it did; what the files were stays so.
        yield _begins(context, phase, task, index, back.known)
    done = []
    before = dict(back.now)
    for path in back.changed:
        now, known = back.now[path], back.known[path]
        after = None if now is None else context.journal.store(now.data)
        bits = known is None or path in back.modes
        if after != known or bits:
            done.append(FileImage(path, known, after, mode_of(now) if bits else None))
        before[path] = _held(context, known)
    words = ("", 0, "")
    if said is not None:
        words = (contents.user(context.repository), int(time.time()), said.reason)
    # What a delegate did was looked at when it was judged.
    warnings = () if by else (*_left_out(new), *found_in(before, back.now, signs))
    yield manualevents.ManualDone(
        where, back.changed, _difference(context, back), tuple(done), *words, by, warnings,
        back.special,
    )  # fmt: skip


def _left_out(new: list[str]) -> Iterator[str]:
    """What was made beside the work, and checks will see: it may be a part of it."""
    if new:
        yield f"new, and in no commit to come: {named(new)}"


def waits(ground: Ground, phase: Phase, task: Task, index: int) -> Stopped | None:
    """The stop that a manual step makes when its turn comes, or `None` where its work is done."""
    try:
        accepted = Said() if _as_left(ground, task, index) else None
        handed_back(ground, phase, task, index, accepted)
    except CannotContinue as raised:
        return raised.stopped
    return None


def as_it_is(ground: Ground, phase: Phase, stopped: Stopped) -> Stopped:
    """A stop that waits for work by hand, with what was changed of its files since.

    Raises:
        CannotContinue: one of them can't be read.
    """
    for task in phase.every_task:
        for index, (where, step) in enumerate(task.named_steps()):
            if where != stopped.where or not isinstance(step, Manual):
                continue
            if state_of(ground, task, index) is not None:
                changed = compared(ground, phase, task, index).changed
                now = waiting_for_work(phase, step, where, changed)
                return replace(now, message=stopped.message, hint=stopped.hint, log=stopped.log)
    return stopped


def handed_back(
    ground: Ground, phase: Phase, task: Task, index: int, said: Said | None = None
) -> HandedBack:
    """What a person has made of the work that was handed over.

    A step without files of its own is done when the run is started again, or when it is `said`.

    Raises:
        CannotContinue: it is not done yet; or a file was changed that nothing declares.
    """
    step, where = task.steps[index], task.step_id(index)
    assert isinstance(step, Manual)
    back = compared(ground, phase, task, index)
    state = state_of(ground, task, index)
    done = (state is not None and state.told and not state.done) or said is not None
    if step.files:
        done = bool(back.changed or (said is not None and said.reason))
    known = ground.journal.progress.tasks.get(task.id)
    others: tuple[str, ...] = ()
    if known is not None and state is not None and task.id != phase.verification_id:
        others = undeclared(ground, phase, step, known.dirty)
    if not done:
        waiting = waiting_for_work(phase, step, where, back.changed)
        # The work may be there already, in another file than the plan says.
        hint = f"{left_behind(others)}: {_DECLARE}" if others else ""
        raise CannotContinue(replace(waiting, hint=hint))
    if others:
        raise refused(
            step, left_behind(others), output=shown(ground, others), hint=_DECLARE, where=where
        )
    return back


def _asked(
    context: Context, phase: Phase, task: Task, index: int, waiting: Stopped, said: Said | None
) -> Said | None:
    """What the person at the terminal says of work that is not done yet.

    Raises:
        CannotContinue: they quit.
    """
    assert context.person is not None
    if said is None:
        answer = context.person.ask(waiting, lambda: _shown(context, phase, task, index))
        if answer == "yes" and context.interrupts.received is None:
            return Said()
    else:
        reason = context.person.why(waiting)
        if context.interrupts.received is None:
            return Said(reason) if reason else None
    # What was changed while it was asked counts.
    step, where = task.steps[index], task.step_id(index)
    assert isinstance(step, Manual)
    changed = compared(context, phase, task, index).changed
    waiting = waiting_for_work(phase, step, where, changed)
    if context.interrupts.received is not None:
        stopped = interrupted(where, step, context.interrupts.received)
        waiting = replace(stopped, needs_reason=waiting.needs_reason)
    raise CannotContinue(waiting)


def _shown(context: Context, phase: Phase, task: Task, index: int) -> str:
    """What was changed of the work's files since it was handed over."""
    back = compared(context, phase, task, index)
    step = task.steps[index]
    if not back.known and isinstance(step, Manual) and not step.files:
        return "the step names no files, and so none is watched\n"
    return _difference(context, back) or "none of its files is changed yet\n"


def _held(context: Context, digest: str | None) -> FileState | None:
    data = context.journal.load(digest)
    return None if data is None else FileState(data, 0o644)


def _difference(context: Context, back: HandedBack) -> str:
    lines: list[str] = []
    special = {each.path: each for each in back.special}
    for path in back.changed:
        before, now = context.journal.load(back.known[path]), back.now[path]
        lines.append(comparison(path, before, data_of(now), "as handed over"))
        if path in special:
            sides = ("-", special[path].before), ("+", special[path].after)
            lines += [f"{sign}{path} {what}\n" for sign, what in sides if what]
        if path in back.modes:
            may = (mode_of(now) or 0) & 0o100
            lines.append(f"{path} may {'' if may else 'not '}be executed now\n")
    return "".join(lines)

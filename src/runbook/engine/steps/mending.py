"""Edits that do not match any more and checks that fail: a delegate may be the one to mend them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from runbook.core.edit.comparison import comparison
from runbook.core.model.model import Edit, Phase, Task, Verify
from runbook.core.record.delegateevents import AttemptEnded, Mended
from runbook.core.record.events import Event, Stopped
from runbook.core.record.stepevents import FileImage
from runbook.core.value import replace
from runbook.engine.contract.stops import CannotContinue
from runbook.engine.delegates.doubts import doubts
from runbook.engine.outlook.assignment import Work, delegate_for, failed_check, unmatched_edit
from runbook.engine.steps.edit import Unmatched, edit
from runbook.engine.steps.verify import verify

if TYPE_CHECKING:
    from runbook.engine.ground.context import Context


def edited(
    context: Context, phase: Phase, task: Task, index: int, half: tuple[FileImage, ...] | None
) -> Iterator[Event]:
    """Carry out an edit, of which `half` may be written; one that does not match may be mended.

    Raises:
        CannotContinue: it does not apply, or can't be written, and nobody has mended it.
    """
    step, where = task.steps[index], task.step_id(index)
    assert isinstance(step, Edit)
    state = context.journal.progress.tasks[task.id]
    known = state.steps[where]
    if known.delegated is not None:
        # Killed between the acceptance of the work and the step's end, it is not done twice.
        yield _mended(context, where, known.delegated.command, known.left or ())
        return
    # Edits of which one follows the other leave nobody the time.
    others = any(not isinstance(each, Edit) for each in task.steps[:index])
    try:
        yield from edit(context, step, where, half, state if state.resumed or others else None)
    except Unmatched as raised:
        delegate = delegate_for(phase, task, step, context.request.delegate)
        if delegate is None:
            raise
        work = unmatched_edit(phase, task, index, delegate, raised.stopped)
        yield from _by_delegate(context, work, raised.stopped)


def checked(context: Context, phase: Phase, task: Task, index: int, head: str) -> Iterator[Event]:
    """Carry out a check of a task that began on the commit `head`; one that fails may be mended.

    Raises:
        CannotContinue: it fails, and nobody has mended what it looks at.
    """
    step, where = task.steps[index], task.step_id(index)
    assert isinstance(step, Verify)
    try:
        outcome = yield from verify(context, phase, step, where, head)
    except CannotContinue as raised:
        work = None
        if raised.stopped.kind == "unmet":
            work = failed_check(context, phase, task, index, raised.stopped)
        if work is None:
            raise
        yield from _by_delegate(context, work, raised.stopped)
        outcome = yield from verify(context, phase, step, where, head)
    yield from doubts(context, phase, task, index, outcome)


def _by_delegate(context: Context, work: Work, stopped: Stopped) -> Iterator[Event]:
    """Have a delegate mend what a step stopped for.

    Raises:
        CannotContinue: it did not, its work is put back, and the step stops; or interrupted.
    """
    from runbook.engine.delegates.delegation import (
        delegated,  # which is not needed most of the time
    )

    context.repository.last_status.remember(None)
    kept = ""
    try:
        for event in delegated(context, work):
            kept = event.rescued if isinstance(event, AttemptEnded) else kept
            yield event
    except CannotContinue as other:
        if other.stopped.kind != "manual":
            raise
        back = f"; its work is put back, and kept in {kept}" if kept else ""
        hint = f"{other.stopped.message}{back}"
        raise CannotContinue(replace(stopped, hint=hint)) from None
    left = context.journal.progress.task_of(work.where).steps[work.where].left
    yield _mended(context, work.where, work.delegate.run or "", left or ())


def _mended(context: Context, where: str, by: str, files: tuple[FileImage, ...]) -> Mended:
    load = context.journal.load
    shown = "".join(
        comparison(each.path, load(each.before), load(each.after), "as handed over")
        for each in files
    )
    return Mended(where, by, files, shown)

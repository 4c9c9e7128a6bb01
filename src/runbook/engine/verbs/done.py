"""Done: a person says that a step which was handed over is done, or that it is as it asks."""

from __future__ import annotations

from collections.abc import Iterator

from runbook.core.model.digest import unchanged
from runbook.core.model.ids import StepId, within
from runbook.core.model.model import Confirm, Manual, Phase, Step, Task
from runbook.core.record.described import describe
from runbook.core.record.events import Event, HeadAccepted
from runbook.core.record.status import next_step
from runbook.core.record.taskstate import StepState
from runbook.engine.contract.request import Request
from runbook.engine.contract.stops import CannotContinue
from runbook.engine.ground.context import Context
from runbook.engine.outlook.outlook import Outlook, outlook, task_ahead
from runbook.engine.outlook.refusal import Refusal, refusing
from runbook.engine.resume.handedover import state_of
from runbook.engine.running.takeup import take_up
from runbook.engine.steps.confirm import confirmed
from runbook.engine.steps.manual import Said, handed_back, taken_back


def done(context: Context, phase: Phase, *, asked: str, reason: str) -> Iterator[Event]:
    """Take the step that the next run would wait at as done; nothing else is carried out.

    `asked` is it, or what it is in: another one is refused. The last event is `ManualDone`,
    `Confirmed` or `VerbRefused`.
    """
    yield from refusing(context, "done", asked, _done(context, phase, asked, reason))


def _done(context: Context, phase: Phase, asked: str, reason: str) -> Iterator[Event]:
    yield from take_up(context, phase)
    ahead = outlook(context, phase, Request())
    found = _first(context, ahead)
    where = None if found is None else found[0].step_id(found[1])
    if found is None or where is None or not within(where, asked):
        raise _not_its_turn(context, phase, asked, where)
    task, index = found
    step = _handed_over(phase, where, task.steps[index], state_of(context, task, index))
    if ahead.accepts_head:
        head = context.repository.head()
        yield HeadAccepted(head.commit, head.ref)
    if isinstance(step, Confirm):
        yield confirmed(context, ahead.phase, step, where, reason=reason)
        return
    try:
        back = handed_back(context, ahead.phase, task, index, Said(reason))
    except CannotContinue as raised:
        if raised.stopped.kind != "manual":
            raise
        names = ", ".join(each.path for each in raised.stopped.watched)
        hint = f'`done {where} --reason "..."` takes it as done all the same, and records why'
        message = f"none of its files was changed: {names}"
        raise Refusal(message, hint=hint, where=where) from None
    yield from taken_back(context, ahead.phase, task, index, back, Said(reason))


def _first(context: Context, ahead: Outlook) -> tuple[Task, int] | None:
    """The task and the index of the step that the next run begins with, if any is left."""
    phase = ahead.phase
    if ahead.tasks:
        task = ahead.tasks[0]
        begin = task_ahead(context, phase, task, Request()).begin
    elif ahead.verifies:
        task = phase.verification_task
        begin = next_step(context.journal.progress, task)
    else:
        return None
    return (task, begin) if begin < len(task.steps) else None


def _handed_over(
    phase: Phase, where: StepId, step: Step, state: StepState | None
) -> Manual | Confirm:
    """The step, which is one that a person was given.

    Raises:
        Refusal: it is not.
    """
    kind, _ = describe(step)
    go_on = f"`run {phase.id}` goes on with it"
    if not isinstance(step, Manual | Confirm):
        message = f"it is no step for a person: a run does the {kind}"
        raise Refusal(message, hint=go_on, where=where)
    if state is None or state.done or state.offered is None:
        raise Refusal("no run has come to it yet", hint=go_on, where=where)
    if isinstance(step, Confirm) and not unchanged(step, state.digest):
        message = "the phase file asks something else now than the run did"
        raise Refusal(message, hint=f"`run {phase.id}` asks it", where=where)
    return step


def _not_its_turn(context: Context, phase: Phase, asked: str, where: str | None) -> Refusal:
    """Why a step that is not the next one can't be taken as done, and what can."""
    progress = context.journal.progress
    known = progress.step(asked)
    if progress.settled(asked) or (known is not None and known.done and asked != where):
        return Refusal(f"{asked} is not waiting: it was settled before")
    if where is None:
        return Refusal(f"no step of {phase.id} waits for a person")
    message = f"the run is not there yet: it goes on with {where}"
    return Refusal(message, hint=f"`run {phase.id}` goes on with that")

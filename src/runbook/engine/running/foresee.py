"""What a run would do, told step by step from its outlook; nothing is executed or written."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import suppress
from typing import assert_never

from runbook.core.model.declared import handed_over, patterns, resolved
from runbook.core.model.delegate import Delegate
from runbook.core.model.ids import StepId
from runbook.core.model.model import Commit, Confirm, Edit, Manual, Phase, Run, Step, Task, Verify
from runbook.core.record.described import describe, short, written
from runbook.core.record.events import WAITING, HeadAccepted, Stopped
from runbook.core.record.fold import apply
from runbook.core.record.foreseen import Foreseen
from runbook.core.record.status import next_step
from runbook.core.record.verbevents import PassedOver
from runbook.core.text.counting import named
from runbook.core.value import replace
from runbook.engine.contract.request import Request
from runbook.engine.contract.stops import CannotContinue
from runbook.engine.ground.ground import Ground, places
from runbook.engine.ground.targets import step_paths
from runbook.engine.ground.undeclared import refusal
from runbook.engine.outlook.assignment import delegate_for
from runbook.engine.outlook.choices import ByThen, with_choices
from runbook.engine.outlook.outlook import (
    Outlook,
    TaskAhead,
    outlook,
    refuse_early,
    reopened,
    task_ahead,
)
from runbook.engine.outlook.waiting import waiting_for_yes
from runbook.engine.resume.resume import assumed
from runbook.engine.simulation.conflicts import conflict_stop
from runbook.engine.simulation.planned import EditConflict
from runbook.engine.simulation.simulate import Simulation
from runbook.engine.steps.edit import applied, meddled
from runbook.engine.steps.manual import taker, waits
from runbook.world.files.workspace import data_of


def foresee(
    ground: Ground, phase: Phase, request: Request, simulation: Simulation
) -> Iterator[Foreseen]:
    """What a run would do with a phase, on top of what `simulation` has planned.

    It ends with the first thing that is sure to stop the run, but for work by hand: what comes
    after that is told as well.
    """
    progress = ground.journal.progress
    try:
        refuse_early(ground, phase)
        for event in reopened(progress, phase, request):
            apply(progress, event)
        ahead = outlook(ground, phase, request)
        if ahead.accepts_head:
            head = ground.repository.head()
            apply(progress, HeadAccepted(head.commit, head.ref))
        with suppress(_Ended):
            yield from _tasks(ground, phase, ahead, simulation, request)
    except CannotContinue as raised:
        stopped = raised.stopped
        if not stopped.argv:
            stopped = with_choices(ground, phase, stopped)
        yield Foreseen(stopped.where, "stops", stopped.message, stopped=stopped)


def first_thing(foreseen: Iterator[Foreseen]) -> Foreseen | None:
    """The stop that a run would make before it does anything at all, or what it would do first."""
    for each in foreseen:
        if each.stopped is not None or each.outcome in ("would", "unknown"):
            return each
    return None


def _tasks(
    ground: Ground, phase: Phase, ahead: Outlook, simulation: Simulation, request: Request
) -> Iterator[Foreseen]:
    progress = ground.journal.progress
    if ahead.complete:
        yield Foreseen(phase.id, "done")
        return
    by_then = ByThen()
    asked = {task.id for task in ahead.tasks}
    for task in phase.tasks:
        if task.id in asked:
            try:
                tried = task_ahead(ground, ahead.phase, task, request, simulation.copy())
            except CannotContinue as raised:
                if task is not ahead.tasks[0]:
                    then = replace(by_then, task=None)
                    raised.stopped = with_choices(ground, phase, raised.stopped, then)
                raise
            yield _heading(task, tried)
            mended = frozenset(() if task.id in progress.tasks else tried.by_hand.paths)
            by_then = ByThen(task, commits=by_then.commits, mended=mended)
            kept = ahead.phase  # Files of a task that is left out are declared by nobody.
            by_then = yield from _steps(ground, kept, task, tried, simulation, by_then, request)
        elif progress.done(task.id):
            yield Foreseen(task.id, "done")
        else:
            yield Foreseen(task.id, "left out", _why_left_out(ahead.over, task.id))
    if ahead.verifies and phase.verification:
        verification = phase.verification_task
        begin = next_step(progress, verification)
        yield _heading(verification, TaskAhead(begin))
        by_then = replace(by_then, task=None)
        ahead_of_it = TaskAhead(begin)
        yield from _steps(ground, phase, verification, ahead_of_it, simulation, by_then, request)
    if ahead.verifies:
        yield Foreseen(phase.id, "completes")


def _written(ground: Ground, step: Edit | Run, foreseen: Foreseen) -> set[str]:
    """The files that a step may write by what it says, where nothing else is known."""
    if foreseen.writes is not None:
        return {*foreseen.writes}
    return {*step_paths(ground, step), *patterns([step])}


def _why_left_out(over: PassedOver, task: str) -> str:
    if task in over.undone:
        return "undone before"
    return "skipped before" if task in over.skipped else "not asked for"


def _heading(task: Task, ahead: TaskAhead) -> Foreseen:
    by_hand = ahead.by_hand.paths
    kept = (f"changed by hand, and kept: {named(by_hand)}",) if by_hand else ()
    if ahead.begin:
        return Foreseen(task.id, "goes on", f"from step-{ahead.begin + 1}", kept)
    return Foreseen(task.id, "to do", "", kept)


def _steps(
    ground: Ground,
    phase: Phase,
    task: Task,
    ahead: TaskAhead,
    simulation: Simulation,
    by_then: ByThen,
    request: Request,
) -> Generator[Foreseen, None, ByThen]:
    """What becomes of a task's steps; a stop that is sure ends them, unless it is for a person."""
    if ahead.half is not None:
        simulation.assume(assumed(ground, ahead.half))
    for index in range(ahead.begin, len(task.steps)):
        step, where = task.steps[index], task.step_id(index)
        kind, subject = describe(step)
        text = f"{kind:<7} {short(subject)}"
        stopped = _stopped(ground, phase, task, ahead, index, request)
        if stopped is not None:
            stopped = with_choices(ground, phase, stopped, by_then)
            yield Foreseen(where, "stops", text, stopped=stopped)
            if stopped.kind not in WAITING:
                raise _Ended
            simulation.take(resolved(phase, step), where)
            continue
        foreseen = Foreseen(where, "would", text)
        if ahead.half is None or index > ahead.begin:
            delegate = _delegate(ground, phase, task, index, request.delegate)
            by = None if delegate is None else delegate.run
            try:
                foreseen = _step(simulation, phase, step, where, text, by)
            except EditConflict as conflict:
                told = conflict_stop(conflict, where, *places(ground))
                if by is None or not conflict.of_content:
                    stopped = with_choices(ground, phase, told, by_then)
                    yield Foreseen(where, "stops", text, stopped=stopped)
                    raise _Ended from None
                simulation.give_away(step, where)
                foreseen = _handed_over(where, text, by, told)
        yield foreseen
        if isinstance(step, Commit):
            by_then = ByThen(by_then.task, settled=True, commits=True, taken=by_then.taken)
        elif isinstance(step, Edit | Run) and foreseen.writes != ():
            by_then = replace(by_then, written=by_then.written | _written(ground, step, foreseen))
        elif isinstance(step, Manual):
            files = step_paths(ground, handed_over(phase, step))
            by_then = replace(by_then, taken=by_then.taken.union(files))
    return by_then


class _Ended(Exception):
    """Nothing comes after a stop."""


def _stopped(
    ground: Ground, phase: Phase, task: Task, ahead: TaskAhead, index: int, request: Request
) -> Stopped | None:
    """The stop that a step is sure to make, as things are."""
    step, where = task.steps[index], task.step_id(index)
    match step:
        case Manual():
            if taker(ground, phase, task, index, request.delegate) is not None:
                return None
            return waits(ground, phase, task, index)
        case Confirm():
            return None if request.yes else waiting_for_yes(phase, step, where)
        case Commit():
            return refusal(ground, phase, step, where, ahead.dirty)
        case Edit() if ahead.half is not None and index == ahead.begin:
            return meddled(ground, step, where, ahead.half)
        case _:
            return None


def _delegate(
    ground: Ground, phase: Phase, task: Task, index: int, given: str | None
) -> Delegate | None:
    """Who takes a step over: a manual one as it is, any other if something is amiss with it."""
    if isinstance(task.steps[index], Manual):
        return taker(ground, phase, task, index, given)
    return delegate_for(phase, task, task.steps[index], given)


def _handed_over(where: StepId, text: str, by: str, amiss: Stopped | None = None) -> Foreseen:
    """A step that a command does; an edit only because of what is `amiss` with it."""
    said = f"{text} (handed to `{by.partition(chr(10))[0]}`)"
    details = () if amiss is None else (amiss.message,)
    return Foreseen(where, "would", said, details, delegate=by, amiss=amiss)


def _step(
    simulation: Simulation, phase: Phase, step: Step, where: StepId, text: str, by: str | None
) -> Foreseen:
    # Work by hand that is done is in the files already.
    done = isinstance(step, Manual) and by is None
    attempt = None if done else simulation.take(resolved(phase, step), where)
    match step:
        case Edit():
            assert attempt is not None
            if attempt.conflicts:
                # Of work by hand that is done, which the plan of the task knows nothing of.
                raise attempt.conflicts[0]
            if attempt.unknown:
                names = ", ".join(attempt.unknown)
                why = f"depends on what {attempt.after} makes of {names}"
                return Foreseen(where, "unknown", text, (why,))
            changed = [file for file in attempt.planned if file.changes]
            if not changed:
                return Foreseen(where, "would", f"{text}: already applied", writes=())
            files = [
                (file.path, data_of(file.before), data_of(file.after), str(file.lines or ""))
                for file in changed
            ]
            said = f"edit    {written(applied(step, where, files))}"
            return Foreseen(where, "would", said, writes=tuple(file.path for file in changed))
        case Manual() if by is not None:
            return _handed_over(where, text, by)
        case Manual():
            return Foreseen(where, "would", f"{text} (its work is taken as done)")
        case Confirm():
            return Foreseen(where, "would", f"{text} (nobody is asked)")
        case Run() | Verify() | Commit():
            return Foreseen(where, "would", text)
        case _:
            assert_never(step)

"""What is handed to a delegate, and by which checks it is judged."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from typing import TYPE_CHECKING

from runbook.core.handover import brief as briefs
from runbook.core.handover.brief import Assignment, Attempted
from runbook.core.handover.steering import is_test, steers
from runbook.core.model.declared import handed_over, step_targets
from runbook.core.model.delegate import Cause, Delegate
from runbook.core.model.ids import StepId, last, within
from runbook.core.model.model import (
    Commit,
    Confirm,
    Edit,
    Expect,
    Manual,
    Phase,
    Run,
    Step,
    Task,
    Verify,
)
from runbook.core.model.operations import Target
from runbook.core.record.described import start_of
from runbook.core.record.events import Stopped
from runbook.core.text.fences import fenced
from runbook.core.value import replace, value
from runbook.engine.ground.targets import step_paths
from runbook.format.content import mapping
from runbook.format.emit import emit
from runbook.format.expectations import expect
from runbook.format.wording import wording

if TYPE_CHECKING:
    from runbook.engine.ground.context import Context
    from runbook.engine.ground.ground import Ground


@value
class Work:
    """Work that is handed to a delegate, in the words of a manual step that is called `where`.

    The checks of the task from the index `begin` on judge it.
    """

    phase: Phase
    task: Task
    where: StepId
    step: Manual
    begin: int
    delegate: Delegate

    @property
    def targets(self) -> tuple[Target, ...]:
        """What it may change, in `workdir`."""
        return self.step.files


def manual_work(phase: Phase, task: Task, index: int, delegate: Delegate) -> Work:
    """A manual step, handed over."""
    step = task.steps[index]
    assert isinstance(step, Manual)
    asked = handed_over(phase, step)
    assert isinstance(asked, Manual)
    return Work(phase, task, task.step_id(index), asked, index + 1, delegate)


def failed_check(
    context: Context, phase: Phase, task: Task, index: int, stopped: Stopped
) -> Work | None:
    """A check that failed, handed over to mend what the task has made; `None` where nobody is to.

    What steers checks is nobody's to change on this occasion.
    """
    step = task.steps[index]
    delegate = delegate_for(phase, task, step, context.request.delegate)
    if delegate is None:
        return None
    made: list[str] = []
    for each in task.steps[:index]:
        made = (
            []
            if isinstance(each, Commit)
            else [*made, *step_paths(context, handed_over(phase, each))]
        )
    files = tuple(path for path in dict.fromkeys(made) if not steers(path))
    if not files:
        return None
    why = "\n".join(f"- {m.message}" for m in stopped.mismatches)
    words = f"The check `{step.command}` fails:\n\n{why}" if isinstance(step, Verify) else why
    output = f"\n\nThe end of its output:\n\n{fenced(stopped.output, 'text')}"
    asked = Manual(f"{words}{output}\n\nMend what the task has made, so that it passes.", files)
    return Work(phase, task, task.step_id(index), replace(asked, at=step.at), index, delegate)


def unmatched_edit(
    phase: Phase, task: Task, index: int, delegate: Delegate, stopped: Stopped
) -> Work:
    """An edit that does not match any more, handed over with what it was to do.

    `stopped` says why. Tests that the plan itself edits need not pass as they were.
    """
    step = task.steps[index]
    files = tuple(step_targets(step))
    amiss = "\n\n".join(_amiss(stopped))
    asked = Manual(
        "The plan says this change exactly, and the files do not hold the text any more that it "
        f"begins with:\n\n{fenced(wording(step).rstrip(), 'yaml')}\n\n{amiss}\n\nMake the change "
        "that is meant, where it belongs now, all of it and nothing else.",
        files,
        step.title,
        step.note,
        tuple(each for each in files if isinstance(each, str) and is_test(each)),
        at=step.at,
    )
    return Work(phase, task, task.step_id(index), asked, index + 1, delegate)


def _amiss(stopped: Stopped) -> Iterator[str]:
    yield f"What is amiss: {stopped.message}"
    for each in stopped.mismatches:
        yield f"- {each.message}"
        if each.details:
            yield fenced("\n".join(each.details), "diff")


def _stated(phase: Phase, task: Task, step: Step, given: str | None) -> Delegate | None:
    """Who takes over: the innermost that is stated, with the command that was `given`.

    `None` where a person is to do it.
    """
    own = step.delegate if isinstance(step, Manual) else None
    found = next((each for each in (own, task.delegate, phase.settings.delegate) if each), None)
    if found is None:
        found = Delegate(given)
    elif found.run is not None and given is not None:
        found = replace(found, run=given)
    return found if found.run is not None else None


def delegate_for(phase: Phase, task: Task, step: Step, given: str | None = None) -> Delegate | None:
    """Who takes a step over from a person; `None` where a person is to do it.

    That is a manual one, an edit once it does not match, and a check once it failed; not one that
    is hidden, of which nothing may be said.
    """
    found = _stated(phase, task, step, given)
    cause: Cause
    match step:
        case Manual():
            cause = "manual"
        case Edit():
            cause = "conflict"
        case Verify(hidden=False):
            cause = "check"
        case _:
            return None
    return found if found is not None and cause in found.causes else None


@value
class Judging:
    """A check that judges a delegate's work, and the edits that are made before it.

    Where more is handed over `before` it, by the name of that step, it can't be met yet.
    """

    where: str
    step: Verify
    edits: tuple[tuple[str, Edit], ...]
    before: str = ""


def checks(task: Task, begin: int) -> list[Judging]:
    """The checks from an index on, up to a command that changes files."""
    found = []
    edits: list[tuple[str, Edit]] = []
    before = ""
    for number, step in enumerate(task.steps[begin:], begin):
        match step:
            case Edit():
                edits.append((task.step_id(number), step))
            case Verify():
                found.append(Judging(task.step_id(number), step, tuple(edits), before))
            case Manual():
                before = before or task.step_id(number)
            case Run():
                break
            case Commit() | Confirm():
                continue
    return found


def edits_after(task: Task, begin: int) -> list[tuple[str, Step]]:
    """The edits from an index on, until anybody else changes files."""
    found: list[tuple[str, Step]] = []
    for number, step in enumerate(task.steps[begin:], begin):
        if isinstance(step, Edit):
            found.append((task.step_id(number), step))
        elif not isinstance(step, Verify | Commit | Confirm):
            break
    return found


def brief_for(ground: Ground, work: Work, attempt: int, before: Attempted | None) -> str:
    """What the delegate is told at an attempt."""
    return briefs.brief(assignment(ground, work, attempt, before))


def assignment(
    ground: Ground, work: Work, attempt: int = 1, before: Attempted | None = None
) -> Assignment:
    """All that can be said of some work, whoever does it."""
    judged = checks(work.task, work.begin)
    told = [each for each in judged if not each.step.hidden]
    return Assignment(
        work.where,
        work.phase.goal.strip(),
        f"{work.task.title}{f': {work.step.title}' if work.step.title else ''}",
        _instructions(work.step),
        tuple(str(each) for each in work.targets),
        str(ground.workspace.folder),
        tuple(
            briefs.Check(
                each.step.command,
                _expected(each.step),
                last(each.before) if each.before else "",
                start_of(each.step.fails_in) if each.step.fails_in else "",
            )
            for each in told
        ),
        len(judged) - len(told),
        tuple(_done(ground, work)),
        attempt,
        work.delegate.attempts,
        before,
        work.task.note or "",
        tuple(_coming(work)),
    )


def _instructions(step: Manual) -> str:
    return f"{step.instructions.strip()}\n\n{step.note.strip()}" if step.note else step.instructions


def _expected(step: Verify) -> str:
    """What is expected of a check, as a phase file says it, with the plan's own words."""
    if step.expect == Expect():
        return ""
    return emit(mapping([("expect", expect.write(step.expect))])).rstrip("\n")


def _done(ground: Ground, work: Work) -> Iterator[str]:
    progress = ground.journal.progress
    for task in work.phase.tasks:
        if task.id == work.task.id:
            break
        if progress.done(task.id):
            yield task.title
    for number, step in enumerate(work.task.steps[: work.begin]):
        state = progress.step(work.task.step_id(number))
        hidden = isinstance(step, Verify) and step.hidden
        if state is not None and state.done and not hidden:
            yield _in_short(step)


def _coming(work: Work) -> Iterator[str]:
    """What is done after this step, but for checks: up to a commit, or the next step handed over.

    Else whoever does it may do that as well.
    """
    begin = next(n for n, (where, _) in enumerate(work.task.named_steps()) if where == work.where)
    for step in work.task.steps[begin + 1 :]:
        if isinstance(step, Commit):
            return
        if not isinstance(step, Verify):
            yield _in_short(step)
        if isinstance(step, Manual | Confirm):
            return


def _in_short(step: Step) -> str:
    first, *_ = wording(step).removeprefix("- ").splitlines()
    return first


def trailers(context: Context, phase: Phase, where: StepId, commit: Commit) -> tuple[str, ...]:
    """The trailers that delegates give to a commit that holds work of theirs."""
    progress = context.journal.progress
    found: list[str] = []
    for task, step, name in _before(phase, where, commit):
        known = progress.step(name)
        if known is not None and known.delegated is not None:
            delegate = delegate_for(phase, task, step, context.request.delegate)
            if delegate is not None and delegate.trailer is not None:
                found.append(delegate.trailer)
    return tuple(dict.fromkeys(reversed(found)))


def _before(phase: Phase, where: StepId, commit: Commit) -> Iterator[tuple[Task, Step, StepId]]:
    """The steps between a commit step and the one before it, the last first."""
    number = next(n for n, task in enumerate(phase.every_task) if within(where, task.id))
    for task in reversed(phase.every_task[: number + 1]):
        named = takewhile(lambda each: each[1] is not commit, task.named_steps())
        for name, step in reversed([*named]):
            if isinstance(step, Commit):
                return
            yield task, step, name

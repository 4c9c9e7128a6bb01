"""The import of a plan that runbook wrote: nothing in it is guessed."""

from __future__ import annotations

from runbook.core.model.imported import Imported, Remark, TaskResult
from runbook.core.model.model import Commit, Confirm, Edit, Expect, Manual, Run, Step, Task, Verify
from runbook.core.value import replace
from runbook.markdown.importing.own.lostcomments import completed, lost_comments, rebuilt
from runbook.markdown.ownplan import read_lines, read_plan


def import_own(text: str) -> Imported:
    """The phase of the plan, also of one that lost its hidden comments, with its account.

    Raises:
        Foreign: the plan has something that runbook does not write.

    """
    lost = lost_comments(text)
    found = read_plan(text) if lost is None else read_lines(rebuilt(text, lost))
    phase = found.phase if lost is None else completed(found.phase)
    titled = phase.title is not None
    # What its series says already is left out again where that is known.
    phase = replace(phase, title=phase.title or found.series_title)
    results = [_result(str(number), task) for number, task in enumerate(phase.tasks, 1)]
    if phase.verification:
        first = phase.verification[0]
        checks = Task(phase.verification_id, "Verification", phase.verification, at=first.at)
        results.append(_result("", checks))
    warnings = tuple(Remark(each.line, each.message) for each in found.disagreements)
    if lost is not None:
        warnings = (lost.said, *warnings)
    return Imported(phase, tuple(results), found.series_title or "", warnings, titled)


def _result(number: str, task: Task) -> TaskResult:
    steps = task.steps
    return TaskResult(
        number,
        task.title,
        task.at.line,
        exact=sum(len(step.changes) for step in steps if isinstance(step, Edit)),
        manual=tuple(
            Remark(step.at.line, step.title or _first_line(step.instructions))
            for step in steps
            if isinstance(step, Manual)
        ),
        confirm=tuple(
            Remark(step.at.line, step.title or _first_line(step.question))
            for step in steps
            if isinstance(step, Confirm)
        ),
        commands=_number(steps, Run, Verify),
        commits=_number(steps, Commit),
        expectations=sum(isinstance(s, Run | Verify) and s.expect != Expect() for s in steps),
        steps=tuple(step.title for step in steps if step.title),
    )


def _number(steps: tuple[Step, ...], *kinds: type[Step]) -> int:
    return sum(isinstance(step, kinds) for step in steps)


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0]

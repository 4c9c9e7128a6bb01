"""Checks that are to fail on a state from before, where no commit has that state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from runbook.core.model.ids import StepId, task_of
from runbook.core.model.model import Task, Verify
from runbook.core.value import value


@value
class Beginning:
    """The commits on which a phase and the first of its tasks begin; `None` before all commits.

    What has begun already begins there whatever is committed now.
    """

    phase: str | None
    task: str | None
    phase_begun: bool = False
    task_begun: bool = False


def startless(
    parts: Iterable[Task], beginning: Beginning
) -> Iterator[tuple[StepId, Verify, str, str]]:
    """The checks of tasks that would be held against no commit, with why and a hint."""
    first = None
    for task in parts:
        first = first or task.id
        for where, step in task.named_steps():
            if not isinstance(step, Verify):
                continue
            match step.fails_in:
                case "phase" | "series" if beginning.phase is None:
                    what = "the phase began" if beginning.phase_begun else "the phase begins"
                case "task" if task_of(where) == first and beginning.task is None:
                    what = "its task began" if beginning.task_begun else "its task begins"
                case _:
                    continue
            hint = "make a first commit of what there is: the check is then seen to fail on it"
            if beginning.phase_begun:
                hint = "state a commit as the phase's `base:` and say `fails-at: base`"
            message = f"`fails-at: {step.fails_in}` needs a commit, and {what} before the first one"
            yield where, step, message, hint

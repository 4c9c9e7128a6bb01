"""What is finished and says something else in the phase file now is told, and not done again."""

from __future__ import annotations

from runbook.core.model.ids import last
from runbook.core.model.model import Phase, Task
from runbook.core.record.events import Stopped
from runbook.core.record.progress import Progress
from runbook.core.record.status import changed_step, changed_task
from runbook.engine.contract.stops import CannotContinue, stop


def refuse_changed(progress: Progress, phase: Phase) -> None:
    """Refuse to go on when a finished task, or one up to its last commit, does something else now.

    Raises:
        CannotContinue: naming the task or the step.
    """
    task = changed_task(phase, progress)
    if task is not None:
        raise CannotContinue(changed_stop(task, progress))


def changed_stop(task: Task, progress: Progress) -> Stopped:
    """The stop that a task makes of which what is finished does something else now."""
    where = changed_step(task, progress)
    if where is None:
        message = "this task was finished, and the phase file says something else now"
        hint = (
            "what was done is not done again; what is still to be done belongs into a new task. "
            "With another `id` this is one"
        )
        return stop("changed", task.id, task, message, hint=hint)
    step = next((each for name, each in task.named_steps() if name == where), None)
    now = "does not have it any more" if step is None else "says something else now"
    message = f"{last(where)} was committed, and the phase file {now}"
    hint = (
        "what was committed is not done again; what is still to be done belongs into a new step "
        "behind that commit"
    )
    if step is None:
        return stop("changed", task.id, task, message, hint=hint)
    return stop("changed", where, step, message, hint=hint)

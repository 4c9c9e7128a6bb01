"""An unfinished task that was edited in the phase file after some of its steps were done.

It is done again from the first step that says something else, on what the files hold by then. No
step must come on top of what it made before, nor may what one made that is there no more be left:
that would be neither plan.
"""

from __future__ import annotations

from collections.abc import Iterable

from runbook.core.model.digest import unchanged
from runbook.core.model.model import Run, Step, Task
from runbook.core.record.events import Stopped
from runbook.core.record.stepevents import FileImage
from runbook.core.record.taskstate import StepState, TaskState
from runbook.core.value import replace
from runbook.engine.contract.stops import CannotContinue, Placed, stop
from runbook.engine.ground.ground import Ground
from runbook.engine.ground.putting import digest_of
from runbook.engine.ground.targets import step_paths
from runbook.engine.simulation.planned import PlannedFile
from runbook.engine.simulation.simulate import Simulation
from runbook.world.files.workspace import FileState, Unreachable, data_of


def outdated(ground: Ground, task: Task, begin: int) -> dict[str, FileImage]:
    """The files that are as steps from `begin` on left them, where that one is another one now.

    Each comes with its image from before the first of these steps. What is committed is git's.
    """
    state = ground.journal.progress.tasks.get(task.id)
    if state is None or begin == len(task.steps):
        return {}
    first = state.steps.get(task.step_id(begin))
    if first is None or unchanged(task.steps[begin], first.digest):
        return {}
    found: dict[str, FileImage] = {}
    for each in _uncommitted(state, task, begin):
        for image in (*(each.planned or ()), *each.made):
            found[image.path] = replace(found.get(image.path, image), after=image.after)
    return {path: image for path, image in found.items() if _holds(ground, path, image.after)}


def _uncommitted(state: TaskState, task: Task, begin: int) -> list[StepState]:
    """What is known of the steps from `begin` on that no commit followed."""
    names = [where for where, _ in task.named_steps(begin) if where not in state.committed]
    return [state.steps[where] for where in names if where in state.steps]


def _holds(ground: Ground, path: str, digest: str | None) -> bool:
    try:
        return digest_of(ground.workspace.read(path)) == digest
    except Unreachable:
        return False


def retry_first(stopped: Stopped, path: str) -> Stopped:
    """A stop over a file that is outdated, with what to do about it."""
    hint = (
        f"{path} is as this task left it before the phase file was changed: "
        "`runbook retry` puts it back first"
    )
    return replace(stopped, hint=hint, choices=("retry",))


def refuse_on_top(
    ground: Ground,
    task: Task,
    begin: int,
    steps: Iterable[tuple[str, Step]],
    before: dict[str, FileImage],
    simulation: Simulation,
) -> None:
    """Refuse what would come on top of what the steps from `begin` on made of the files `before`.

    Where edits apply to what is there, and not to what was, the phase file goes on from there.

    Raises:
        CannotContinue: naming the file.
    """
    if not before:
        return
    state = ground.journal.progress.tasks[task.id]
    ran = {image.path for each in _uncommitted(state, task, begin) for image in each.made}
    fresh, on_top = simulation.copy(), simulation.copy()
    for path, image in before.items():
        data = ground.journal.load(image.before)
        fresh.assume([(path, None if data is None else FileState(data, image.before_mode))])
    left = {path: image for path, image in before.items() if image.before != image.after}
    made: dict[str, tuple[Step, bytes | None, bytes | None]] = {}
    for where, step in steps:
        attempts = fresh.take(step, where), on_top.take(step, where)
        if any(each is not None and each.conflicts for each in attempts):
            return
        then, now = ({} if each is None else _after(each.planned) for each in attempts)
        made |= {
            path: (step, then[path], now[path]) for path in then.keys() & now.keys() & before.keys()
        }
        for path in step_paths(ground, step):
            left.pop(path, None)
            if isinstance(step, Run) and path in before and path in ran:
                raise _refused(task, step, path, "the command would be run on what it made before")
    for path, (step, then_data, now_data) in made.items():
        if then_data != now_data:
            message = "the edit would be made on top of what this task made before"
            raise _refused(task, step, path, message)
    for path in left:
        raise _refused(task, task, path, "this task changed it, and no step of it does any more")


def _refused(task: Task, part: Placed, path: str, message: str) -> CannotContinue:
    return CannotContinue(retry_first(stop("conflict", task.id, part, f"{path}: {message}"), path))


def _after(planned: Iterable[PlannedFile]) -> dict[str, bytes | None]:
    return {file.path: data_of(file.after) for file in planned}

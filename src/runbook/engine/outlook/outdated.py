"""An unfinished task that was edited in the phase file after some of its steps were done.

It is done again from the first step that says something else, on what the files hold by then. An
edit must not come on top of what it made before: that would be neither plan.
"""

from __future__ import annotations

from collections.abc import Iterable

from runbook.core.model.digest import unchanged
from runbook.core.model.model import Step, Task
from runbook.core.record.stepevents import FileImage
from runbook.core.value import replace
from runbook.engine.contract.stops import CannotContinue, stop
from runbook.engine.ground.ground import Ground
from runbook.engine.ground.putting import digest_of
from runbook.engine.simulation.planned import PlannedFile
from runbook.engine.simulation.simulate import Simulation
from runbook.world.files.workspace import FileState, Unreachable, data_of


def outdated(ground: Ground, task: Task, begin: int) -> dict[str, FileImage]:
    """The files that are as steps from `begin` on left them, where that one is another one now.

    Each comes with its image from before the first of these steps.
    """
    state = ground.journal.progress.tasks.get(task.id)
    if state is None:
        return {}
    known = [state.steps.get(where) for where, _ in task.named_steps(begin)]
    if not known or known[0] is None or unchanged(task.steps[begin], known[0].digest):
        return {}
    found: dict[str, FileImage] = {}
    for each in known:
        for image in () if each is None else (*(each.planned or ()), *each.made):
            found[image.path] = replace(found.get(image.path, image), after=image.after)
    return {path: image for path, image in found.items() if _holds(ground, path, image.after)}


def _holds(ground: Ground, path: str, digest: str | None) -> bool:
    try:
        return digest_of(ground.workspace.read(path)) == digest
    except Unreachable:
        return False


def retry_first(path: str) -> str:
    """What to do about a file that is outdated."""
    return (
        f"{path} is as this task left it before the phase file was changed: "
        "`runbook retry` puts it back first"
    )


def refuse_on_top(
    ground: Ground,
    task: Task,
    steps: Iterable[tuple[str, Step]],
    before: dict[str, FileImage],
    simulation: Simulation,
) -> None:
    """Refuse edits that make something else of files as they are than as they were `before`.

    Where they apply to one of these alone, the phase file goes on from what is there.

    Raises:
        CannotContinue: naming the file.

    """
    fresh, on_top = simulation.copy(), simulation.copy()
    for path, image in before.items():
        data = ground.journal.load(image.before)
        fresh.assume([(path, None if data is None else FileState(data, image.before_mode))])
    made: dict[str, tuple[Step, bytes | None, bytes | None]] = {}
    for where, step in steps:
        attempts = fresh.take(step, where), on_top.take(step, where)
        if any(each is not None and each.conflicts for each in attempts):
            return
        then, now = ({} if each is None else _after(each.planned) for each in attempts)
        made |= {
            path: (step, then[path], now[path]) for path in then.keys() & now.keys() & before.keys()
        }
    for path, (step, then_data, now_data) in made.items():
        if then_data != now_data:
            message = "the edit would be made on top of what this task made before"
            told = stop("conflict", task.id, step, f"{path}: {message}", hint=retry_first(path))
            raise CannotContinue(told)


def _after(planned: Iterable[PlannedFile]) -> dict[str, bytes | None]:
    return {file.path: data_of(file.after) for file in planned}

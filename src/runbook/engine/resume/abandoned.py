"""What was begun and is not finished, and still has edits in files: who else meets it."""

from __future__ import annotations

from collections.abc import Iterable

from runbook.core.model.ids import last, phase_of
from runbook.core.model.model import Phase, Task
from runbook.core.record.progress import Progress
from runbook.core.record.taskstate import TaskState
from runbook.core.text.counting import named
from runbook.engine.contract.stops import refused
from runbook.engine.ground.ground import Ground
from runbook.engine.ground.putting import digest_of
from runbook.world.files.workspace import Unreachable


def refuse_abandoned(ground: Ground, phase: Phase) -> None:
    """Refuse to go on where the phase file lost a task whose edits are in the files, uncommitted.

    Put back or committed they are nobody's any more.

    Raises:
        CannotContinue: naming the task.
    """
    progress = ground.journal.progress
    known = {task.id for task in phase.every_task}
    for name, state in progress.tasks.items():
        if phase_of(name) != phase.id or name in known or not progress.unfinished(name):
            continue
        left = [path for path in state.touched if _holds(ground, state, path)]
        if left:
            message = f"{last(name)} was begun, and the phase file does not have it any more"
            hint = (
                f"its edits are in {named(left)}: put the task back into the file, and "
                "`runbook abort` takes them back; or undo them by hand"
            )
            raise refused(phase, message, hint=hint)


def refuse_unfinished(progress: Progress, phase: Phase) -> None:
    """Refuse anything else while an undo is not finished, or a command of another phase.

    That one was killed over files of which only its step knows what they were.

    Raises:
        CannotContinue: naming what is to be finished.
    """
    if progress.undo is not None:
        raise refused(phase, f"an undo of {progress.undo.target} was begun and is not finished")
    left = progress.open_run
    if left is not None and phase_of(left.step) != phase.id:
        message = f"the command of {left.step} was killed, and its files are as that left them"
        raise refused(phase, message, hint=_first(phase_of(left.step)))


def _first(phase: str) -> str:
    return (
        f"go on with that first, under the name that its phase file has had: `runbook run {phase}`"
    )


def refuse_edited(ground: Ground, task: Task, paths: Iterable[str]) -> None:
    """Refuse to begin a task on files that hold the edits of another one, which is unfinished.

    Raises:
        CannotContinue: naming the other one.
    """
    progress = ground.journal.progress
    for path in paths:
        for name, state in progress.tasks.items():
            if not (progress.unfinished(name) and path in state.touched):
                continue
            if _holds(ground, state, path):
                phase = phase_of(name)
                message = (
                    f"{path} has edits of {name}, which is unfinished, and this task changes it"
                )
                hint = f"{_first(phase)}, or take it back: `runbook abort {phase}`"
                raise refused(task, message, hint=hint)


def _holds(ground: Ground, state: TaskState, path: str) -> bool:
    """Whether a file is as the task left it, and not as it was before."""
    made = state.images.get(path)
    if made == state.touched[path].before:
        return False
    try:
        return digest_of(ground.workspace.read(path)) == made
    except Unreachable:
        return False

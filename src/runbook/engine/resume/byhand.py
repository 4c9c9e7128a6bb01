"""What a person changed, with the bytes from before and after kept: `adopt` makes edits of it."""

from __future__ import annotations

from runbook.core.model.model import Phase, Task
from runbook.core.record.stepevents import FileImage
from runbook.engine.ground.context import Context
from runbook.engine.resume.restore import read
from runbook.engine.resume.resume import left_for_later
from runbook.world.git import contents


def images_by_hand(
    context: Context, phase: Phase, task: Task, paths: tuple[str, ...]
) -> tuple[FileImage, ...]:
    """Files of a task that were changed by hand: what it, an earlier one or git left, and now.

    Raises:
        CannotContinue: one can't be read.
    """
    state = context.journal.progress.tasks.get(task.id)
    edited = {} if state is None else state.images
    if any(path not in edited for path in paths):
        edited = {**left_for_later(context, phase, task).images, **edited}
    images = []
    for path in paths:
        now = read(context, task, path)
        if path in edited:
            before = edited[path]
        else:
            there = contents.committed(context.repository, context.workspace.in_repository(path))
            before = None if there is None else context.journal.store(there)
        after = None if now is None else context.journal.store(now.data)
        mode = None if now is None or before is not None else now.mode
        images.append(FileImage(path, before, after, mode))
    return tuple(images)

"""What a person changed, with the bytes from before and after kept: `adopt` makes edits of it."""

from __future__ import annotations

from runbook.core.model.model import Task
from runbook.core.record.stepevents import FileImage
from runbook.engine.restore import read
from runbook.engine.site import Site
from runbook.world.git import contents


def images_by_hand(site: Site, task: Task, paths: tuple[str, ...]) -> tuple[FileImage, ...]:
    """Files of a task that were changed by hand: what the task or git left in them, and now.

    Raises:
        Halt: one can't be read.

    """
    state = site.journal.progress.tasks.get(task.id)
    edited = {} if state is None else state.images
    images = []
    for path in paths:
        now = read(site, task, path)
        if path in edited:
            before = edited[path]
        else:
            there = contents.committed(site.repository, site.workspace.in_repository(path))
            before = None if there is None else site.journal.store(there)
        after = None if now is None else site.journal.store(now.data)
        mode = None if now is None or before is not None else now.mode
        images.append(FileImage(path, before, after, mode))
    return tuple(images)

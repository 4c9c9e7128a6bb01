"""Edit steps: planned in memory, journaled with their images, then written file by file."""

from __future__ import annotations

from collections.abc import Iterator

from runbook.core import events
from runbook.core.events import Event, FileImage, Stopped
from runbook.core.model import Edit
from runbook.engine.halt import Halt
from runbook.engine.simulate import EditConflict, Simulation
from runbook.engine.site import Site
from runbook.world.workspace import Unreachable


def edit(site: Site, step: Edit, where: str) -> Iterator[Event]:
    """Carry out an edit step.

    Raises:
        Halt: the edit does not apply, and nothing was written; or a file can't be written.

    """
    try:
        planned = Simulation(site.workspace).plan(step)
    except EditConflict as conflict:
        raise Halt(conflict_stop(conflict, where)) from None
    changed = [file for file in planned if file.changes]
    images = []
    for file in changed:
        before = None if file.before is None else site.journal.store(file.before.data)
        after = site.journal.store(file.after)
        images.append(FileImage(file.path, before, after, file.mode, str(file.lines or "")))
    yield events.EditPlanned(where, tuple(images))
    for file in changed:
        try:
            before_data = None if file.before is None else file.before.data
            site.workspace.write(file.path, file.after, file.mode, before_data)
        except Unreachable as error:
            raise Halt(Stopped("refused", where, str(step.at), str(error))) from None
    yield events.EditApplied(
        where,
        tuple(file.path for file in changed),
        tuple(file.path for file in planned if not file.changes),
        str(changed[0].lines or "") if changed else "",
    )


def conflict_stop(conflict: EditConflict, where: str) -> Stopped:
    """The stop that a conflict makes."""
    return Stopped(
        "conflict",
        where,
        str(conflict.at),
        f"{conflict.path}: {conflict.conflict.message}",
        hint=conflict.conflict.hint,
    )

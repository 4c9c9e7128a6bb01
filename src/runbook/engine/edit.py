"""Edit steps: planned in memory, journaled with their images, then written file by file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from difflib import unified_diff
from typing import TYPE_CHECKING

from runbook.core import events
from runbook.core.events import Event, FileImage, MismatchSeen, Stopped
from runbook.core.model import Edit
from runbook.core.taskstate import TaskState
from runbook.engine.conflicts import conflict_stop
from runbook.engine.ground import Ground, tracked
from runbook.engine.halt import Halt
from runbook.engine.handmade import keep_handmade
from runbook.engine.simulate import EditConflict, PlannedFile, Simulation
from runbook.world.workspace import FileState, Unreachable

if TYPE_CHECKING:
    from runbook.engine.site import Site


def edit(
    site: Site,
    step: Edit,
    where: str,
    begun: tuple[FileImage, ...] | None,
    task: TaskState | None = None,
) -> Iterator[Event]:
    """Carry out an edit step; `begun` is its plan when a killed run may have written some of it.

    With `task` a person may have changed the files since it began.

    Raises:
        Halt: the edit does not apply, and nothing was written; or a file can't be written.

    """
    if begun is not None:
        yield from _finish(site, step, where, begun)
        return
    try:
        planned = Simulation(site.workspace, lambda glob: tracked(site, glob)).plan(step)
    except EditConflict as conflict:
        raise Halt(conflict_stop(conflict, where)) from None
    changed = [file for file in planned if file.changes]
    images = []
    for file in changed:
        before = None if file.before is None else site.journal.store(file.before.data)
        after = None if file.after is None else site.journal.store(file.after.data)
        mode = None if file.after is None else file.after.mode
        before_mode = None if file.before is None else file.before.mode
        lines = str(file.lines or "")
        images.append(FileImage(file.path, before, after, mode, lines, before_mode))
    rescued = ""
    if task is not None:
        rescued = keep_handmade(site, task, ((f.path, f.before, f.after) for f in changed))
    yield events.EditPlanned(where, tuple(images))
    _write_all(site, step, where, changed)
    yield events.EditApplied(
        where,
        tuple(file.path for file in changed),
        tuple(file.path for file in planned if not file.changes),
        str(changed[0].lines or "") if changed else "",
        rescued,
    )


def _finish(site: Site, step: Edit, where: str, images: tuple[FileImage, ...]) -> Iterator[Event]:
    """Write what a killed run had planned and not written yet."""
    left = []
    for image in images:
        try:
            before = site.workspace.read(image.path)
        except Unreachable as error:
            raise Halt(Stopped("refused", where, str(step.at), str(error))) from None
        now = None if before is None else hashlib.sha256(before.data).hexdigest()
        if now == image.after:
            if before is None:
                site.workspace.remove_empty_above(image.path)
            continue
        if now != image.before:
            raise Halt(_edited_meanwhile(site, step, where, image, before))
        after = None
        if image.after is not None:
            data = site.journal.load(image.after)
            assert data is not None, "images are kept until their phase is complete"
            after = FileState(data, image.mode)
        left.append(PlannedFile(image.path, before, after, None))
    _write_all(site, step, where, left)
    yield events.EditApplied(
        where, tuple(image.path for image in images), (), images[0].lines if images else ""
    )


def meddled(
    ground: Ground, step: Edit, where: str, images: tuple[FileImage, ...]
) -> Stopped | None:
    """The stop of an edit that was half written, where somebody changed a file meanwhile."""
    for image in images:
        try:
            now = ground.workspace.read(image.path)
        except Unreachable as error:
            return Stopped("refused", where, str(step.at), str(error))
        digest = None if now is None else hashlib.sha256(now.data).hexdigest()
        if digest not in (image.before, image.after):
            return _edited_meanwhile(ground, step, where, image, now)
    return None


def _edited_meanwhile(
    ground: Ground, step: Edit, where: str, image: FileImage, now: FileState | None
) -> Stopped:
    planned = ground.journal.load(image.after) if image.after else None
    old, new = (
        (data or b"").decode("utf-8", "replace").splitlines()
        for data in (planned, now.data if now else None)
    )
    difference = unified_diff(
        old, new, f"{image.path} as planned", f"{image.path} now", lineterm=""
    )
    return Stopped(
        "conflict",
        where,
        str(step.at),
        f"{image.path} was changed by someone after the last run was killed in the middle of "
        "this edit",
        (MismatchSeen("it is neither what it was nor what the edit makes of it:",
                      tuple(difference)),),
        hint="the next run takes the file as it is now, and plans the edit anew",
    )  # fmt: skip


def _write_all(site: Site, step: Edit, where: str, files: list[PlannedFile]) -> None:
    # What is written comes before what is deleted: of a move one end is always there.
    for file in sorted(files, key=lambda file: file.after is None):
        try:
            _write(site, file)
        except Unreachable as error:
            raise Halt(Stopped("refused", where, str(step.at), str(error))) from None


def _write(site: Site, file: PlannedFile) -> None:
    before = None if file.before is None else file.before.data
    if file.after is not None:
        site.workspace.write(file.path, file.after.data, file.after.mode, before)
    elif before is not None:
        site.workspace.remove(file.path, before)

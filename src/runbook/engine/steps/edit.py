"""Edit steps: planned in memory, journaled with their images, then written file by file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from runbook.core.edit.difference import difference
from runbook.core.edit.extent import extent
from runbook.core.model.ids import StepId
from runbook.core.model.model import Edit
from runbook.core.model.operations import Insert, MoveTo, Remove, Replace, ReplaceRange
from runbook.core.record import stepevents
from runbook.core.record.events import Event, Stopped
from runbook.core.record.stepevents import FileImage, Mismatch
from runbook.core.record.taskstate import TaskState
from runbook.core.text.lines import lines_of
from runbook.engine.contract.stops import CannotContinue, reaching, stop
from runbook.engine.ground import putting
from runbook.engine.ground.ground import Ground, places, simulated
from runbook.engine.simulation.conflicts import conflict_stop
from runbook.engine.simulation.planned import EditConflict
from runbook.world.files.workspace import FileState, Unreachable, data_of

if TYPE_CHECKING:
    from runbook.engine.ground.context import Context


_PLACES = 4
"""Of how many places an edit names the lines."""


class Unmatched(CannotContinue):
    """Raised where an edit does not apply to what its files hold: whoever mends them may go on."""


def edit(
    context: Context,
    step: Edit,
    where: StepId,
    begun: tuple[FileImage, ...] | None,
    task: TaskState | None = None,
) -> Iterator[Event]:
    """Carry out an edit step; `begun` is its plan when a killed run may have written some of it.

    With `task` a person may have changed the files since it began.

    Raises:
        Unmatched: the edit does not apply, and nothing was written.
        CannotContinue: so, for another reason than what the files hold; or a file can't be written.
    """
    if begun is not None:
        yield from _finish(context, step, where, begun)
        return
    try:
        planned = simulated(context).plan(step)
    except EditConflict as conflict:
        stopped = conflict_stop(conflict, where, *places(context))
        raise (Unmatched if conflict.of_content else CannotContinue)(stopped) from None
    changed = [file for file in planned if file.changes]
    changes = [putting.plan(context.journal, f.path, f.before, f.after) for f in changed]
    images = tuple(
        change.image(str(file.lines or "")) for change, file in zip(changes, changed, strict=True)
    )
    rescued = "" if task is None else putting.rescue_handmade(context, task, changes)
    yield stepevents.EditPlanned(where, images)
    with reaching(where, step):
        putting.write(context.workspace, context.journal, changes)
    unchanged = tuple(file.path for file in planned if not file.changes)
    yield from _applied(context, step, where, images, unchanged, rescued)


def _finish(
    context: Context, step: Edit, where: StepId, images: tuple[FileImage, ...]
) -> Iterator[Event]:
    """Write what a killed run had planned and not written yet."""
    stopped = meddled(context, step, where, images)
    if stopped is not None:
        raise CannotContinue(stopped)
    changes = [putting.Change.recorded(image) for image in images]
    with reaching(where, step):
        putting.write(context.workspace, context.journal, changes)
    yield from _applied(context, step, where, images)


def applied(
    step: Edit,
    where: StepId,
    files: list[tuple[str, bytes | None, bytes | None, str]],
    unchanged: tuple[str, ...] = (),
    rescued: str = "",
) -> stepevents.EditApplied:
    """What an edit changes: files before and after, and the lines of the first place in each."""
    extents = [extent(before, after) for _, before, after, _ in files]
    places = sum(each.places for each in extents)
    how: Literal["changed", "deleted", "moved"] = "changed"
    if files and all(after is None for _, _, after, _ in files):
        how = "deleted"
    if any(isinstance(operation, MoveTo) for operation in step.changes):
        how = "moved" if len(files) > 1 else how
        # Of a file that is elsewhere now not every line was changed.
        places = 0
    lines = files[0][3] if files else ""
    if len(files) == 1 and places > 1:
        lines = _listed(extents[0].lines)
    elif how == "changed" and places == 1 and extents[0].removed and not _is_one(step):
        lines = _covering(lines, extents[0].lines[0])
    return stepevents.EditApplied(
        where, tuple(path for path, *_ in files), unchanged, lines, rescued, places,
        sum(each.added for each in extents), sum(each.removed for each in extents), how,
    )  # fmt: skip


def _applied(
    context: Context,
    step: Edit,
    where: StepId,
    images: tuple[FileImage, ...],
    unchanged: tuple[str, ...] = (),
    rescued: str = "",
) -> Iterator[Event]:
    """What was written, in how many places; and where it was asked for, the difference."""
    load = context.journal.load
    states = [(load(image.before), load(image.after)) for image in images]
    files = [(image.path, *state, image.lines) for image, state in zip(images, states, strict=True)]
    yield applied(step, where, files, unchanged, rescued)
    if context.request.verbose:
        text = "".join(
            difference(image.path, before, after, (image.before_mode, image.mode))
            for image, (before, after) in zip(images, states, strict=True)
        )
        yield stepevents.EditShown(where, text)


def _is_one(step: Edit) -> bool:
    """Whether an edit is one change of one text, whose lines are those that are told."""
    (first, *others) = step.changes
    looks = isinstance(first, Replace | Remove | Insert | ReplaceRange)
    return looks and not others and getattr(first, "count", 1) == 1


def _covering(*stretches: str) -> str:
    """The lines from the first through the last one of some stretches: `2`, `9-12`."""
    numbers = [int(number) for each in stretches if each for number in each.split("-")]
    first, last = min(numbers), max(numbers)
    return str(first) if first == last else f"{first}-{last}"


def _listed(lines: tuple[str, ...]) -> str:
    """The lines of several places: `1 and 9`, `1, 4-5, 9 and 3 more`."""
    more = len(lines) - _PLACES
    if more > 0:
        return f"{', '.join(lines[:_PLACES])} and {more} more"
    return f"{', '.join(lines[:-1])} and {lines[-1]}"


def meddled(
    ground: Ground, step: Edit, where: StepId, images: tuple[FileImage, ...]
) -> Stopped | None:
    """The stop of an edit that was half written, where somebody changed a file meanwhile."""
    for change in map(putting.Change.recorded, images):
        try:
            now = ground.workspace.read(change.path)
        except Unreachable as error:
            return stop("refused", where, step, str(error), hint=error.hint)
        if change.foreign(now):
            return _edited_meanwhile(ground, step, where, change, now)
    return None


def _edited_meanwhile(
    ground: Ground, step: Edit, where: StepId, change: putting.Change, now: FileState | None
) -> Stopped:
    from difflib import unified_diff  # seldom does anybody come between

    planned = ground.journal.load(change.after.digest) if change.after is not None else None
    old, new = (
        [line.removesuffix("\n") for line in lines_of((data or b"").decode("utf-8", "replace"))]
        for data in (planned, data_of(now))
    )
    difference = unified_diff(
        old, new, f"{change.path} as planned", f"{change.path} now", lineterm=""
    )
    message = "was changed by someone after the last run was killed in the middle of this edit"
    why = "it is neither what it was nor what the edit makes of it:"
    return stop(
        "conflict", where, step, f"{change.path} {message}",
        mismatches=(Mismatch(why, tuple(difference)),),
        hint="the next run takes the file as it is now, and plans the edit anew",
    )  # fmt: skip

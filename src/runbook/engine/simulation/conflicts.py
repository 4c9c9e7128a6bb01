"""Edits that do not apply, as stops."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from runbook.core.matching.results import NO_FILE, Conflict
from runbook.core.model.paths import folder_hint, pattern_hint
from runbook.core.record.stepevents import Mismatch
from runbook.engine.contract.stops import stop
from runbook.engine.simulation.planned import EditConflict, Files
from runbook.engine.simulation.traces import traced
from runbook.world.git.gitcommand import ask

if TYPE_CHECKING:
    from runbook.core.matching.nearest import Nearest
    from runbook.core.record.events import Stopped


def uncommitted(conflict: EditConflict, files: Files, checkout: Path) -> EditConflict:
    """A conflict over a file that is missed, told as what it is where the user's checkout has it.

    `files` are those that edits begin on, `checkout` is the folder of the checkout that their paths
    are relative to.
    """
    place = checkout / conflict.path
    try:
        there = place.exists()
        folder = place.is_dir() and not place.is_symlink() and not (place / ".git").exists()
    except OSError:  # its name is longer than the file system takes
        there = folder = False
    if folder and conflict.conflict.message.startswith(f"{conflict.path} is not a regular"):
        hint = conflict.conflict.hint or folder_hint(conflict.path)
        told = Conflict(f"{conflict.path} is a folder", hint)
        return EditConflict(conflict.at, conflict.path, told)
    missed = conflict.conflict == NO_FILE and not files.is_there(conflict.path)
    if missed and any(sign in conflict.path for sign in "*?"):
        told = Conflict(conflict.conflict.message, pattern_hint(conflict.path))
        return EditConflict(conflict.at, conflict.path, told)
    names = conflict.path.split(" ")
    several = len(names) > 1 and all(map(files.is_there, names))
    if missed and not there and (several or ", " in conflict.path):
        listed = ", ".join(names) if several else conflict.path
        hint = f"several files are a list: `[{listed}]`"
        return EditConflict(conflict.at, conflict.path, Conflict(conflict.conflict.message, hint))
    if not missed or not there:
        return conflict
    if ask(checkout, "cat-file", "-e", f"HEAD:./{conflict.path}")[0] == 0:
        message = f"the file is committed in {checkout}, and not on the branch of this worktree"
        hint = "merge it there, or have the worktree made anew: `clean --branch`"
        return EditConflict(conflict.at, conflict.path, Conflict(message, hint))
    message = "the file is there, and is not committed"
    hint = "commit it: a phase begins on what is committed"
    if ask(checkout, "check-ignore", "-q", "--", conflict.path)[0] == 0:
        message = f"the file is there in {checkout}, and git ignores it"
        hint = "the `worktree` has what is committed: have its `setup:` make the file"
    return EditConflict(conflict.at, conflict.path, Conflict(message, hint))


def conflict_stop(conflict: EditConflict, where: str, folder: Path, series: str) -> Stopped:
    """The stop that a conflict makes; its path is in `folder`, and that of the phase `series`."""
    conflict = traced(conflict, folder, series)
    missed = conflict.conflict
    return stop(
        # What the phase file says of a file is right where only its permissions are not.
        "refused" if missed.denied else "conflict",
        where,
        conflict,
        missed.of(conflict.path),
        mismatches=(*_nearest(missed.near), *map(Mismatch, missed.notes)),
        hint=missed.hint,
    )


def _nearest(near: Nearest | None) -> Iterator[Mismatch]:
    if near is not None and not near.difference:
        yield Mismatch(f"it stands in {near.lines.named}, with other blanks")
    elif near is not None:
        yield Mismatch(
            f"the nearest text stands in {near.lines.named}; `-` is what the phase file says, "
            "`+` what the file says:",
            tuple(near.difference.split("\n")),
        )

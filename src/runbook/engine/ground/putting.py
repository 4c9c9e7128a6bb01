"""Files put as planned: whatever the engine writes, deletes or puts back in a worktree.

A `Change` says what a file holds before and after it. The images are kept in the journal, and the
plan is recorded, before any file is touched: so the next run sees by the files how far a killed
one has come, and goes on. What a file holds that no plan knows is somebody's. Going forward it is
refused; where files are put back, it is kept under `rescued/` first.
"""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Iterable
from typing import TYPE_CHECKING

from runbook.core.record.stepevents import FileImage
from runbook.core.record.taskstate import TaskState
from runbook.core.value import value
from runbook.world.files.journal import Journal
from runbook.world.files.workspace import (
    ChangedMeanwhile,
    FileState,
    Unreachable,
    Workspace,
    data_of,
)
from runbook.world.git import contents

if TYPE_CHECKING:
    from runbook.engine.ground.context import Context


@value
class Held:
    """What a file holds: the digest of its bytes, and its permission bits.

    No bits are those that a new file gets, or bits that nobody knows.
    """

    digest: str
    mode: int | None


@value
class Change:
    """One file before and after something is done to it; `None` is a file that is not there."""

    path: str
    before: Held | None
    after: Held | None

    @classmethod
    def recorded(cls, image: FileImage) -> Change:
        """The change that a record tells of; early ones have no bits of what was there before."""
        mode = image.mode if image.before_mode is None else image.before_mode
        return cls(
            image.path,
            None if image.before is None else Held(image.before, mode),
            None if image.after is None else Held(image.after, image.mode),
        )

    def image(self, lines: str = "") -> FileImage:
        """The change as it is recorded; `lines` are those of the first changed place."""
        before, after = self.before, self.after
        return FileImage(
            self.path,
            None if before is None else before.digest,
            None if after is None else after.digest,
            None if after is None else after.mode,
            lines,
            None if before is None else before.mode,
        )

    @property
    def back(self) -> Change:
        """The change that takes this one back."""
        return Change(self.path, self.after, self.before)

    @property
    def mode(self) -> int | None:
        """The permission bits that the change gives to a file; `None` where it leaves them."""
        before, after = (None if each is None else each.mode for each in (self.before, self.after))
        return None if before == after else after

    def made(self, now: FileState | None) -> bool:
        """Whether a file is as it is to be."""
        return holds(now, self.after) and (now is None or self.mode in (None, now.mode))

    def foreign(self, now: FileState | None) -> bool:
        """Whether a file is neither as it was nor as it is to be: somebody else changed it."""
        return not (holds(now, self.before) or holds(now, self.after))


def digest_of(state: FileState | None) -> str | None:
    """The SHA-256 (hex) of a file's bytes, `None` where there is none."""
    return None if state is None else _digest(state.data)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def held(state: FileState | None) -> Held | None:
    """What a file holds, to be known again."""
    return None if state is None else Held(_digest(state.data), state.mode)


def holds(now: FileState | None, then: Held | None) -> bool:
    """Whether a file has the bytes that it had, or is as little there: none was changed since.

    Only bytes of the worktree are compared so. What git has of a file went through filters, and
    is compared by `contents.unchanged`, as git does it.
    """
    return digest_of(now) == (None if then is None else then.digest)


def as_git_has(mode: int | None, *, executable: bool) -> int | None:
    """The permission bits of a file once it is as git has it, which knows only one of them."""
    if mode is None:
        return 0o755 if executable else None
    if executable == bool(mode & 0o100):
        return mode
    return mode | (mode & 0o444) >> 2 if executable else mode & ~0o111


def plan(journal: Journal, path: str, before: FileState | None, after: FileState | None) -> Change:
    """A change from one state to another; the bytes of both are kept in the journal, and synced."""
    kept = (
        None if state is None else Held(journal.store(state.data), state.mode)
        for state in (before, after)
    )
    return Change(path, *kept)


def back_to(workspace: Workspace, path: str, then: Held | None) -> Change:
    """The change from what a file holds now to what it held, the bytes of which are kept.

    Raises:
        Unreachable: it can't be read.
    """
    return Change(path, held(workspace.read(path)), then)


def foreign(workspace: Workspace, changes: Iterable[Change]) -> tuple[str, ...]:
    """The files of some changes that are neither as before nor as after them.

    Raises:
        Unreachable: one of them can't be read.
    """
    return tuple(each.path for each in changes if each.foreign(workspace.read(each.path)))


def write(workspace: Workspace, journal: Journal, changes: Iterable[Change]) -> None:
    """Make changes, some of which may be made already; nobody else's bytes are written over.

    Raises:
        ChangedMeanwhile: a file is neither as before nor as after its change.
        Unreachable: one can't be read or written.
    """
    found = []
    for change in _in_order(changes):
        now = workspace.read(change.path)
        if change.foreign(now):
            # Before anything is written: a plan is carried out as a whole.
            raise ChangedMeanwhile(change.path)
        found.append((change, now))
    for change, now in found:
        _put(workspace, journal, change, now)


@value
class PutBack:
    """The files that were put back, and the folder with what some of them held, if any did."""

    paths: tuple[str, ...]
    rescued: str


def put_back(
    workspace: Workspace, journal: Journal, changes: Iterable[Change], *, folders: bool = True
) -> PutBack:
    """Make changes whatever the files hold by now, which is kept under `rescued/`.

    Without `folders` those stay that a deletion leaves empty.

    Raises:
        Unreachable: a file can't be read or written.
    """
    paths = []
    rescued = ""
    for change in _in_order(changes):
        now = workspace.read(change.path)
        if not change.made(now):
            paths.append(change.path)
        if now is not None and not holds(now, change.after):
            rescued = str(journal.rescue(change.path, now.data).parent)
        _put(workspace, journal, change, now, folders=folders)
    return PutBack(tuple(paths), rescued)


def _in_order(changes: Iterable[Change]) -> list[Change]:
    """What is written comes before what is deleted: of a move one end is always there."""
    return sorted(changes, key=lambda change: change.after is None)


def _put(
    workspace: Workspace,
    journal: Journal,
    change: Change,
    now: FileState | None,
    *,
    folders: bool = True,
) -> None:
    """Make a change, if it is not made, to a file that still holds `now`."""
    if change.after is None:
        if now is not None:
            workspace.remove(change.path, now.data, folders=folders)
        elif folders:
            # Who deleted it may have been killed before this.
            workspace.remove_empty_above(change.path)
    elif not change.made(now):
        data = journal.load(change.after.digest)
        if data is None:
            raise Unreachable(
                f"{change.path} can't be put back: its image is gone from the journal. Bring back "
                f"what it held, as by `git checkout HEAD -- {shlex.quote(change.path)}`"
            )
        mode = change.after.mode if now is None or change.mode is not None else now.mode
        workspace.write(change.path, data, mode, data_of(now))


def rescue_handmade(
    context: Context, task: TaskState, changes: Iterable[Change], revision: str = "HEAD"
) -> str:
    """Keep files with lines that neither git nor the task's own steps have, and that are to go.

    `revision` is what git had before, the bytes of both sides are in the journal. Returns the
    folder where they are kept, empty where none is.
    """
    kept = ""
    for change in changes:
        before, after = change.before, change.after
        ours = task.images.get(change.path)
        if before is None or before.digest == ours:
            continue
        data = context.journal.load(before.digest) or b""
        name = context.workspace.in_repository(change.path)
        # A checkout may give other ends of lines than what git has, and than the file has.
        known = _lines(contents.committed(context.repository, name, revision))
        known |= _lines(contents.stored(context.repository, name, revision))
        for digest in (ours, None if after is None else after.digest):
            known |= _lines(context.journal.load(digest))
        if _lines(data) - known:
            kept = str(context.journal.rescue(change.path, data).parent)
    return kept


def _lines(data: bytes | None) -> set[bytes]:
    return set((data or b"").split(b"\n"))


def unstage(context: Context, paths: tuple[str, ...]) -> str:
    """Unstage what is staged of some paths, named from the repository's root.

    What neither HEAD nor the files have of it is kept; returns the folder, empty where none is.
    """
    rescued = ""
    known = [c for c in context.repository.changes(paths) if not c.untracked] if paths else []
    for change in known:
        if change.status[0] not in ".D" and change.status[1] != ".":
            staged = contents.stored(context.repository, change.path, ":0") or b""
            rescued = str(context.journal.rescue(f"{change.path}.staged", staged).parent)
    if known:
        context.repository.unstage(tuple(change.path for change in known))
    return rescued

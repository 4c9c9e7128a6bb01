"""What becomes of an edit in memory: its files as planned, or why it does not apply."""

from __future__ import annotations

from typing import Protocol

from runbook.core.matching.results import Conflict
from runbook.core.matching.texts import LineRange
from runbook.core.model.operations import Create, MoveTo, Operation, Patch
from runbook.core.position import Position
from runbook.core.value import value
from runbook.world.files.workspace import EXECUTE, FileState, data_of, mode_of


@value
class PlannedFile:
    """One file of an edit, before and after; `None` is a file that is not there."""

    path: str
    before: FileState | None
    after: FileState | None
    lines: LineRange | None

    @property
    def changes(self) -> bool:
        """Whether the file has to be written or deleted, or made one that may be executed."""
        if data_of(self.before) != data_of(self.after):
            return True
        before, after = mode_of(self.before), mode_of(self.after)
        return before is not None and after is not None and bool((before ^ after) & EXECUTE)


class EditConflict(Exception):
    """An edit can't be applied: where in the phase file, in which target, why, and what of it."""

    def __init__(
        self, at: Position, path: str, conflict: Conflict, operation: Operation | None = None
    ) -> None:
        self.at = at
        self.path = path
        self.conflict = conflict
        self.operation = operation
        super().__init__(conflict.of(path))

    @property
    def of_content(self) -> bool:
        """Whether it is because of what a file holds, or that there is none."""
        return self.operation is not None or self.conflict.missed


class Files(Protocol):
    """What edits are planned over: a worktree's files, or a commit's."""

    def read(self, path: str) -> FileState | None:
        """The file's state, or `None` where there is none; raises `Unreachable`, `NotHeld`."""

    def check_writable(self, path: str) -> None:
        """Raise `Unreachable` where an edit could not be written."""

    def is_there(self, path: str) -> bool:
        """Whether anything has that name."""


@value
class Attempt:
    """What became of an edit: its files as planned, its conflicts, and what can't be known yet."""

    planned: tuple[PlannedFile, ...]
    conflicts: tuple[EditConflict, ...] = ()
    unknown: tuple[str, ...] = ()  # targets that depend on what a person or a command makes
    after: str = ""  # the step that makes the first of them


def destination_of(operation: Operation, path: str) -> str | None:
    """Where an operation moves a file, if it does."""
    match operation:
        case MoveTo(to):
            return to
        case Patch():
            return operation.part(path).to
        case _:
            return None


def mode_stated(operation: Operation, path: str) -> int | None:
    """The permission bits that an operation gives a new file, if it says so."""
    match operation:
        case Create():
            return operation.mode
        case Patch():
            return 0o755 if operation.part(path).executable else None
        case _:
            return None

"""Edits in memory: what files would hold, planned over what they hold now."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from runbook.core.edits import apply
from runbook.core.model import Edit, Manual, Run, Step
from runbook.core.operations import Create, Glob, LineRange, MoveTo, Operation
from runbook.core.position import Position
from runbook.core.questions import TooLong
from runbook.core.results import AlreadyApplied, Applied, Conflict
from runbook.core.value import value
from runbook.world.timelimit import time_limit
from runbook.world.workspace import FileState, Unreachable, Workspace

_SECONDS = 5.0
"""How long one operation on one file may take: a regular expression can take for ever."""


@value
class PlannedFile:
    """One file of an edit, before and after; `None` is a file that is not there."""

    path: str
    before: FileState | None
    after: FileState | None
    lines: LineRange | None

    @property
    def changes(self) -> bool:
        """Whether the file has to be written or deleted."""
        before = None if self.before is None else self.before.data
        return before != (None if self.after is None else self.after.data)


class EditConflict(Exception):
    """An edit can't be applied: where in the phase file, in which target, and why."""

    def __init__(self, at: Position, path: str, conflict: Conflict) -> None:
        self.at = at
        self.path = path
        self.conflict = conflict
        super().__init__(f"{path}: {conflict.message}")


class Simulation:
    """The files of a workspace with planned edits laid over them."""

    def __init__(self, workspace: Workspace, expand: Callable[[Glob], list[str]]) -> None:
        """Plan over `workspace`; `expand` gives the tracked files that a pattern matches."""
        self._workspace = workspace
        self._expand = expand
        self._planned: dict[str, FileState | None] = {}
        self._unknown: set[str] = set()
        self._all_unknown = False

    def plan(self, edit: Edit) -> tuple[PlannedFile, ...]:
        """What an edit makes of each of its files, remembered for the edits after it.

        Raises:
            EditConflict: one of its operations does not apply; nothing is remembered.

        """
        planned: dict[str, PlannedFile] = {}
        for path in self._paths(edit):
            for file in self._plan_file(path, edit):
                if file.path in planned:
                    message = f"{file.path} would be written twice by this step"
                    raise EditConflict(edit.changes[0].at, path, Conflict(message))
                planned[file.path] = file
        for file in planned.values():
            self._planned[file.path] = file.after
        return tuple(planned.values())

    def plan_all(self, steps: Iterable[Step]) -> None:
        """Plan every edit in order; what people and commands may change is unknown after them.

        Raises:
            EditConflict: the first edit that does not apply.

        """
        for step in steps:
            match step:
                case Edit():
                    if not self._depends_on_unknown(step):
                        self.plan(step)
                case Run() | Manual():
                    self._unknown.update(target for target in step.files if isinstance(target, str))
                    # Without names, anything may be different afterwards.
                    self._all_unknown |= not step.files or any(
                        isinstance(target, Glob) for target in step.files
                    )
                case _:
                    pass

    def _depends_on_unknown(self, edit: Edit) -> bool:
        return self._all_unknown or any(
            isinstance(target, Glob) or target in self._unknown
            for target in (edit.targets if self._unknown else ())
        )

    def _paths(self, edit: Edit) -> list[str]:
        paths: dict[str, None] = {}
        for target in edit.targets:
            if isinstance(target, str):
                paths[target] = None
                continue
            # git lists a file until its deletion is committed.
            found = [path for path in self._expand(target) if self._is_there(path)]
            if not found:
                message = "no tracked file matches the pattern"
                raise EditConflict(edit.at, target.pattern, Conflict(message))
            paths |= dict.fromkeys(found)
        return list(paths)

    def _is_there(self, path: str) -> bool:
        if path in self._planned:
            return self._planned[path] is not None
        return os.path.lexists(self._workspace.folder / path)

    def _read(self, path: str, at: Position) -> FileState | None:
        if path in self._planned:
            return self._planned[path]
        try:
            state = self._workspace.read(path)
            self._workspace.check_writable(path)
        except Unreachable as error:
            raise EditConflict(at, path, Conflict(str(error))) from None
        return state

    def _plan_file(self, path: str, edit: Edit) -> list[PlannedFile]:
        """The file, and where it was moved both ends."""
        start = self._read(path, edit.changes[0].at)
        text = None if start is None else start.data.decode("utf-8", "surrogateescape")
        mode = None if start is None else start.mode
        here, before, left = path, start, []
        lines = None
        moved = self._moved_before(edit) if start is None else None
        if moved is not None:
            # What stands before the move was done to the file in its new place as well.
            here, before = moved.path, self._read(moved.path, moved.at)
            assert before is not None
            text, mode = before.data.decode("utf-8", "surrogateescape"), before.mode
        for operation in edit.changes:
            if operation is moved:
                continue
            if isinstance(operation, MoveTo):
                there = self._read(operation.path, operation.at)
                if text is None or there is not None:
                    raise EditConflict(operation.at, here, _unmovable(here, operation.path, text))
                left.append(PlannedFile(here, before, None, None))
                before = None
                here = operation.path
                continue
            result = _limited(text, operation, here)
            if isinstance(result, Applied):
                text = result.text
                lines = lines or result.lines
            if isinstance(operation, Create) and mode is None:
                mode = operation.mode
        after = None
        if text is not None:
            after = FileState(text.encode("utf-8", "surrogateescape"), mode)
        return [*left, PlannedFile(here, before, after, lines)]

    def _moved_before(self, edit: Edit) -> MoveTo | None:
        """The move of an edit that was made already, when the file is no longer where it was."""
        if isinstance(edit.changes[0], Create):
            return None
        move = next((each for each in edit.changes if isinstance(each, MoveTo)), None)
        if move is None or self._read(move.path, move.at) is None:
            return None
        return move


def _limited(text: str | None, operation: Operation, path: str) -> Applied | AlreadyApplied:
    try:
        with time_limit(_SECONDS):
            result = apply(text, operation)
    except TooLong:
        result = Conflict(f"the operation took longer than {_SECONDS:.0f} s")
    if isinstance(result, Conflict):
        raise EditConflict(operation.at, path, result)
    return result


def _unmovable(path: str, to: str, text: str | None) -> Conflict:
    if text is None:
        return Conflict(f"neither {path} nor {to} exists")
    return Conflict(f"{to} exists already", "delete it in a step before, if it is to be replaced")

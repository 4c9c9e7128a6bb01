"""Edits in memory: what files would hold, planned over what they hold now."""

from __future__ import annotations

from collections.abc import Iterable

from runbook.core.edits import AlreadyApplied, Applied, Conflict, apply
from runbook.core.model import Edit, Manual, Run, Step
from runbook.core.operations import Create, LineRange, Operation
from runbook.core.position import Position
from runbook.core.value import value
from runbook.world.workspace import FileState, Unreachable, Workspace


@value
class PlannedFile:
    """One file of an edit, before and after; equal means already applied."""

    path: str
    before: FileState | None
    after: bytes
    mode: int | None
    lines: LineRange | None

    @property
    def changes(self) -> bool:
        """Whether the file has to be written."""
        return self.before is None or self.before.data != self.after


class EditConflict(Exception):
    """An edit can't be applied: where in the phase file, in which target, and why."""

    def __init__(self, at: Position, path: str, conflict: Conflict) -> None:
        self.at = at
        self.path = path
        self.conflict = conflict
        super().__init__(f"{path}: {conflict.message}")


class Simulation:
    """The files of a workspace with planned edits laid over them."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._planned: dict[str, FileState] = {}
        self._unknown: set[str] = set()

    def plan(self, edit: Edit) -> tuple[PlannedFile, ...]:
        """What an edit makes of each of its files, remembered for the edits after it.

        Raises:
            EditConflict: one of its operations does not apply; nothing is remembered.

        """
        planned = []
        for path in edit.targets:
            assert isinstance(path, str)
            planned.append(self._plan_file(path, edit))
        for file in planned:
            mode = file.mode if file.mode is not None else 0o644
            self._planned[file.path] = FileState(file.after, mode)
        return tuple(planned)

    def plan_all(self, steps: Iterable[Step]) -> None:
        """Plan every edit in order; what people and commands may change is unknown after them.

        Raises:
            EditConflict: the first edit that does not apply.

        """
        for step in steps:
            match step:
                case Edit():
                    if not self._unknown.intersection(map(str, step.targets)):
                        self.plan(step)
                case Run() | Manual():
                    self._unknown.update(map(str, step.files))
                case _:
                    pass

    def _plan_file(self, path: str, edit: Edit) -> PlannedFile:
        first = edit.changes[0]
        try:
            before = self._planned.get(path) or self._workspace.read(path)
            self._workspace.check_writable(path)
        except Unreachable as error:
            raise EditConflict(first.at, path, Conflict(str(error))) from None
        text = None if before is None else before.data.decode("utf-8", "surrogateescape")
        mode = None
        lines = None
        for operation in edit.changes:
            result = apply(text, operation)
            match result:
                case Conflict():
                    raise EditConflict(operation.at, path, result)
                case Applied():
                    text = result.text
                    lines = lines or result.lines
                case AlreadyApplied():
                    pass
            mode = _mode(operation) if mode is None else mode
        assert text is not None
        after = text.encode("utf-8", "surrogateescape")
        return PlannedFile(path, before, after, before.mode if before else mode, lines)


def _mode(operation: Operation) -> int | None:
    return operation.mode if isinstance(operation, Create) else None

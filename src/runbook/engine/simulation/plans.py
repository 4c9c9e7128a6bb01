"""What edits have planned in a worktree so far, and what nobody knows of it yet."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from runbook.core.model.globs import escaped, matches
from runbook.core.model.operations import Glob, Target
from runbook.core.value import field, mutable, replace
from runbook.engine.simulation.planned import PlannedFile
from runbook.engine.simulation.unknown import Unknown
from runbook.world.files.workspace import FileState, Unreachable, no_folder


@mutable
class _Shared:
    """What is planned by paths from the repository's root, whichever folder it was planned in."""

    files: dict[str, FileState | None] = field(default_factory=dict)
    unknown: Unknown = field(default_factory=Unknown)
    new: set[str] = field(default_factory=set)  # made by an edit, and not committed yet
    tracked: set[str] = field(default_factory=set)  # made by an edit, and committed since
    deleted: dict[str, str] = field(default_factory=dict)  # each with the task that does it


class Plans:
    """The plans of a worktree, as those see them whose paths stand in one folder of it."""

    def __init__(self, prefix: str = "", series: str = "", shared: _Shared | None = None) -> None:
        """Plans seen from a folder, of which `prefix` is what paths lack to be from the root.

        `series` is the folder of the phase files from there.
        """
        self._prefix = prefix
        self._series = series
        self._shared = shared or _Shared()

    def within(self, prefix: str) -> Plans:
        """The same plans, seen from another folder."""
        return Plans(prefix, self._series, self._shared)

    def copy(self) -> Plans:
        """The same, to be planned on without any effect on these."""
        own = self._shared
        shared = _Shared(
            dict(own.files), own.unknown.copy(), set(own.new), set(own.tracked), dict(own.deleted)
        )
        return Plans(self._prefix, self._series, shared)

    def has(self, path: str) -> bool:
        """Whether a file was planned."""
        return self._prefix + path in self._shared.files

    def planned(self, path: str) -> FileState | None:
        """What a file that was planned will hold."""
        return self._shared.files[self._prefix + path]

    def assume(self, path: str, state: FileState | None) -> None:
        """Take a file to hold something."""
        self._shared.files[self._prefix + path] = state

    def add(self, file: PlannedFile, task: str) -> None:
        """Add what an edit of a task makes of a file, which is known by that."""
        path, shared = self._prefix + file.path, self._shared
        shared.files[path] = file.after
        shared.unknown.settle(path)
        if file.before is None:
            shared.new.add(path)
        if file.after is None:
            shared.deleted[path] = task

    def commit(self, files: tuple[Target, ...] | None) -> None:
        """Take what is new for tracked, as far as it is among the files of a commit, if stated."""
        patterns = None if files is None else [self._named(each) for each in files]
        taken = {
            path
            for path in self._shared.new
            if patterns is None or any(matches(each, path) for each in patterns)
        }
        self._shared.tracked |= taken
        self._shared.new -= taken

    def tracked(self, pattern: str) -> list[str]:
        """The files made and committed that a pattern matches, in order."""
        within = (
            each.removeprefix(self._prefix)
            for each in sorted(self._shared.tracked)
            if each.startswith(self._prefix)
        )
        return [path for path in within if matches(pattern, path)]

    def is_phase_file(self, path: str) -> bool:
        """Whether a file is one of the series."""
        return bool(self._series) and (self._prefix + path).startswith(f"{self._series}/")

    def is_below_deleted(self, path: str, task: str) -> bool:
        """Whether a path is below what was a file until a task before deleted it.

        What this `task` deletes is still there when it is planned.

        Raises:
            Unreachable: the path leads through a planned file, or one that this task deletes.
        """
        files, deleted = self._shared.files, self._shared.deleted
        for above in map(str, PurePosixPath(self._prefix + path).parents):
            if above in files:
                if files[above] is not None or deleted.get(above) == task:
                    raise Unreachable(no_folder(above.removeprefix(self._prefix)))
                return True
        return False

    def give_away(self, targets: Iterable[Target], step: str) -> None:
        """Take files for unknown, because a step may change them."""
        self._shared.unknown.add(map(self._from_root, targets), step)

    def because_of(self, path: str) -> str | None:
        """The step that makes a file unknown, or `None` where it is known."""
        return self._shared.unknown.because_of(self._prefix + path)

    def may_match(self, glob: Glob) -> str | None:
        """The step that may make a file which a pattern matches, or `None`."""
        return self._shared.unknown.may_match(replace(glob, pattern=self._pattern(glob)))

    def _from_root(self, target: Target) -> Target:
        if isinstance(target, Glob):
            return replace(target, pattern=self._pattern(target))
        return self._prefix + target

    def _named(self, target: Target) -> str:
        """A pattern, from the root, that names the same files."""
        return self._pattern(target) if isinstance(target, Glob) else escaped(self._prefix + target)

    def _pattern(self, glob: Glob) -> str:
        return escaped(self._prefix) + glob.pattern

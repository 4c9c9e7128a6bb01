"""Which files can't be known before a person or a command has made them, and because of whom."""

from __future__ import annotations

from collections.abc import Iterable

from runbook.core.model.globs import literal_folder, matches
from runbook.core.model.operations import Glob, Target


class Unknown:
    """Files whose content is not known, named by paths and patterns.

    Each has the identifier of the step that may change them.
    """

    def __init__(self) -> None:
        self._paths: dict[str, str] = {}
        self._patterns: dict[str, str] = {}
        self._settled: set[str] = set()  # known again, whatever a pattern says

    def add(self, targets: Iterable[Target], step: str) -> None:
        """Take files for unknown, because a step may change them."""
        for target in targets:
            if isinstance(target, Glob):
                self._patterns[target.pattern] = step
                self._settled = {each for each in self._settled if not matches(str(target), each)}
            else:
                self._paths[target] = step
                self._settled.discard(target)

    def copy(self) -> Unknown:
        """The same, to be added to without any effect on this one."""
        other = Unknown()
        other._paths, other._patterns = dict(self._paths), dict(self._patterns)
        other._settled = set(self._settled)
        return other

    def settle(self, path: str) -> None:
        """Take a file for known again."""
        self._paths.pop(path, None)
        self._settled.add(path)

    def because_of(self, path: str) -> str | None:
        """The step that makes a file unknown, or `None` where it is known."""
        if path in self._paths:
            return self._paths[path]
        if path in self._settled:
            return None
        found = (step for pattern, step in self._patterns.items() if matches(pattern, path))
        return next(found, None)

    def may_match(self, glob: Glob) -> str | None:
        """The step that may make a file which a pattern matches, or `None`."""
        for path, step in self._paths.items():
            if matches(glob.pattern, path):
                return step
        folder = literal_folder(glob.pattern)
        for pattern, step in self._patterns.items():
            other = literal_folder(pattern)
            if folder.startswith(other) or other.startswith(folder):
                return step
        return None

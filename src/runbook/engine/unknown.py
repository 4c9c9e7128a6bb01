"""Which files can't be known before a person or a command has made them."""

from __future__ import annotations

from collections.abc import Iterable

from runbook.core.globs import literal_folder, matches
from runbook.core.operations import Glob, Target


class Unknown:
    """Files whose content is not known, named by paths and patterns."""

    def __init__(self) -> None:
        self._everything = False
        self._paths: set[str] = set()
        self._patterns: list[str] = []
        self._settled: set[str] = set()  # known again, whatever a pattern says

    def add(self, targets: Iterable[Target]) -> None:
        """Take files for unknown; without a name, all of them."""
        none = True
        for target in targets:
            none = False
            if isinstance(target, Glob):
                self._patterns.append(target.pattern)
                self._settled = {each for each in self._settled if not matches(str(target), each)}
            else:
                self._paths.add(target)
                self._settled.discard(target)
        if none:
            self._everything = True
            self._settled.clear()

    def settle(self, path: str) -> None:
        """Take a file for known again."""
        if self._everything or self._patterns or self._paths:
            self._paths.discard(path)
            self._settled.add(path)

    def holds(self, path: str) -> bool:
        """Whether a file is unknown."""
        if path in self._paths:
            return True
        if path in self._settled:
            return False
        return self._everything or any(matches(pattern, path) for pattern in self._patterns)

    def may_hold(self, glob: Glob) -> bool:
        """Whether a pattern may match a file that is unknown, such as one not made yet."""
        if self._everything or any(matches(glob.pattern, path) for path in self._paths):
            return True
        folder = literal_folder(glob.pattern)
        others = map(literal_folder, self._patterns)
        return any(folder.startswith(other) or other.startswith(folder) for other in others)

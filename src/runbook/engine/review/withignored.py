"""The files of a commit, and beside them those that git ignores: a run edits what is there."""

from __future__ import annotations

from runbook.core.model.globs import escaped
from runbook.world.files.workspace import FileState, Workspace
from runbook.world.git.overlooked import ignored
from runbook.world.git.tree import Tree


class WithIgnored:
    """What edits begin on in a worktree of which nothing is changed that git knows."""

    def __init__(self, tree: Tree, workspace: Workspace) -> None:
        self._tree = tree
        self._workspace = workspace
        self._ignored: dict[str, bool] = {}

    def read(self, path: str) -> FileState | None:
        """The file's state, or `None` where there is none.

        Raises:
            Unreachable: it is no regular file, or lies behind a symbolic link or in a submodule.
            NotHeld: its content is not here.
        """
        state = self._tree.read(path)
        return self._workspace.read(path) if state is None and self._is_ignored(path) else state

    def check_writable(self, path: str) -> None:
        """Raise `Unreachable` where it is known that a file can't be written."""
        self._tree.check_writable(path)

    def is_there(self, path: str) -> bool:
        """Whether anything has that name."""
        return self._tree.is_there(path) or self._is_ignored(path)

    def _is_ignored(self, path: str) -> bool:
        if path not in self._ignored:
            there = self._workspace.is_there(path)
            root, folder = self._workspace.root, self._workspace.folder
            self._ignored[path] = there and bool(ignored(root, folder, escaped(path)))
        return self._ignored[path]

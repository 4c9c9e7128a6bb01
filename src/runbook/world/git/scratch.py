"""Scratch worktrees: starting states looked at beside the worktree, and gone with the run."""

from __future__ import annotations

from pathlib import Path

from runbook.world.files.removal import remove_tree
from runbook.world.files.temporary import NotedFolders
from runbook.world.git.halfmade import SCRATCH, records, remove_with_record
from runbook.world.git.repository import Repository


class Scratches:
    """The scratch worktrees of a run, at most one a commit.

    They lie in the system's folder for temporary files, because tools skip what lies under
    `.git`. Their paths are noted in the journal's folder first, so that the next run removes what
    a killed one left.
    """

    def __init__(self, repository: Repository, journal_folder: Path) -> None:
        self._repository = repository
        self._name = repository.root.name
        self._folders = NotedFolders(journal_folder / "scratch", SCRATCH)
        self._roots: dict[str, Path] = {}
        self.ready: set[Path] = set()  # those that were made ready for commands

    def at(self, commit: str) -> Path:
        """The top folder of a worktree that holds `commit`, made on first use.

        Raises:
            GitFailed: git can't check the commit out.
        """
        if commit not in self._roots:
            self._roots[commit] = self.fresh(commit)
        return self._roots[commit]

    def made(self, commit: str) -> Path | None:
        """The worktree that `at` gave for a commit, if it did."""
        return self._roots.get(commit)

    def adopt(self, commit: str, root: Path) -> None:
        """Have one that `fresh` gave, and that is as it was, be the one that `at` gives."""
        self._roots.setdefault(commit, root)

    def fresh(self, commit: str) -> Path:
        """The top folder of a worktree of `commit` that nobody else is given.

        Raises:
            GitFailed: git can't check the commit out.
        """
        root = self._folders.fresh(*records(self._repository.common_dir)) / self._name
        self._repository.add_scratch(root, commit)
        return root

    def remove(self, root: Path) -> None:
        """Remove one that `fresh` gave; it stays noted, so that nothing of it is forgotten."""
        remove_with_record(self._repository.common_dir, root, records(self._repository.common_dir))
        remove_tree(root.parent, ignore_errors=True)
        self.ready.discard(root)

    def close(self) -> None:
        """Remove all scratch worktrees, those of a killed run as well."""
        self._folders.remove(self._removed)
        self._roots.clear()
        self.ready.clear()

    def _removed(self, parent: Path, known: list[str]) -> bool:
        return remove_with_record(self._repository.common_dir, parent / self._name, known)

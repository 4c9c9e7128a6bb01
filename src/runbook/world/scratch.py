"""Scratch worktrees: starting states looked at beside the worktree, and gone with the run."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from runbook.world.repository import GitFailed, Repository

_LIST = "scratch"


class Scratches:
    """The scratch worktrees of a run, at most one a commit.

    They lie in the system's folder for temporary files, because tools skip what lies under
    `.git`. Their paths are noted in the journal's folder first, so that the next run removes what
    a killed one left.
    """

    def __init__(self, repository: Repository, journal_folder: Path) -> None:
        self._repository = repository
        self._list = journal_folder / _LIST
        self._roots: dict[str, Path] = {}

    def at(self, commit: str) -> Path:
        """The top folder of a worktree that holds `commit`, made on first use.

        Raises:
            GitFailed: git can't check the commit out.

        """
        if commit not in self._roots:
            parent = Path(tempfile.mkdtemp(prefix="runbook-scratch-"))
            with self._list.open("a", encoding="utf-8", errors="surrogateescape") as file:
                file.write(f"{parent}\n")
            root = parent / self._repository.root.name
            self._repository.add_scratch(root, commit)
            self._roots[commit] = root
        return self._roots[commit]

    def close(self) -> None:
        """Remove all scratch worktrees, those of a killed run as well."""
        if not self._list.exists():
            return
        for line in self._list.read_text("utf-8", "surrogateescape").splitlines():
            parent = Path(line)
            if parent.name.startswith("runbook-scratch-"):
                shutil.rmtree(parent, ignore_errors=True)
                try:
                    self._repository.forget_worktree(parent / self._repository.root.name)
                except GitFailed:
                    return
        self._roots.clear()
        self._list.unlink()

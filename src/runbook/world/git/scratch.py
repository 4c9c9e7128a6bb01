"""Scratch worktrees: starting states looked at beside the worktree, and gone with the run."""

from __future__ import annotations

import json
import os
from pathlib import Path

from runbook.world.files.durable import append_private
from runbook.world.files.removal import remove_tree
from runbook.world.files.temporary import temporary_place
from runbook.world.git.halfmade import SCRATCH, records, remove_with_record
from runbook.world.git.repository import Repository

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
        parent = temporary_place() / f"{SCRATCH}{os.urandom(6).hex()}"
        self._note(parent)
        parent.mkdir(mode=0o700)
        root = parent / self._repository.root.name
        self._repository.add_scratch(root, commit)
        return root

    def remove(self, root: Path) -> None:
        """Remove one that `fresh` gave; it stays noted, so that nothing of it is forgotten."""
        remove_with_record(self._repository.common_dir, root, records(self._repository.common_dir))
        remove_tree(root.parent, ignore_errors=True)
        self.ready.discard(root)

    def _note(self, parent: Path) -> None:
        known = records(self._repository.common_dir)
        append_private(self._list, json.dumps({"folder": str(parent), "known": known}).encode())

    def close(self) -> None:
        """Remove all scratch worktrees, those of a killed run as well."""
        if not self._list.exists():
            return
        gone = True
        for line in self._list.read_text("utf-8", "surrogateescape").splitlines():
            try:
                noted = json.loads(line)
                parent, known = Path(noted["folder"]), noted["known"]
            except (ValueError, TypeError, KeyError):
                # Torn: its folder was not made.
                continue
            if parent.name.startswith(SCRATCH):
                root = parent / self._repository.root.name
                removed = remove_with_record(self._repository.common_dir, root, known)
                remove_tree(parent, ignore_errors=True)
                gone = gone and removed and not parent.exists()
        self._roots.clear()
        self.ready.clear()
        if gone:
            self._list.unlink()

"""What reverting commits would make of files, found out in a scratch worktree."""

from __future__ import annotations

import os
from pathlib import Path

from runbook.core.value import value
from runbook.world.files.workspace import FileState, Workspace
from runbook.world.git.gitfailed import GitFailed
from runbook.world.git.reader import header
from runbook.world.git.repository import Repository


@value
class Reverted:
    """One commit reverted on top of those before it: the files it changes, as they are then."""

    commit: str
    subject: str
    files: tuple[tuple[str, FileState | None], ...]


class CutOff(GitFailed):
    """A commit can't be reverted, because git does not have the one before it: a shallow clone."""


class Unrevertable(Exception):
    """A commit can't be reverted, because later ones changed the same places."""

    def __init__(self, commit: str, subject: str, paths: tuple[str, ...]) -> None:
        self.commit = commit
        self.subject = subject
        self.paths = paths
        super().__init__(f"{commit[:9]} {subject}")


def reverted(scratch: Path, commits: tuple[str, ...]) -> list[Reverted]:
    """Revert commits one after the other in a scratch worktree, of which nothing is kept.

    Raises:
        Unrevertable: one of them conflicts with what came after it.
        CutOff: git would take one of them for the first commit, and its files for new.
        GitFailed: git refused.
        Unreachable: a file of them is a link or the like.

    """
    repository = Repository(scratch)
    workspace = Workspace(scratch, None)
    found = []
    tree = repository.run("rev-parse", "HEAD^{tree}").strip()
    for commit in commits:
        subject = repository.subject(commit)
        parent = header(repository.commit_object(commit), b"parent")
        if parent and repository.resolve(f"{commit}^") is None:
            raise CutOff(f"{commit[:9]} {subject}: the commit before it is not here")
        hooks = f"core.hooksPath={os.devnull}"
        status, output, errors = repository.attempt(
            "-c", hooks, "revert", "--no-commit", "--no-edit", commit
        )
        if status:
            unmerged = repository.run("diff", "--name-only", "-z", "--diff-filter=U").split("\0")
            paths = tuple(path for path in unmerged if path)
            if not paths:
                raise GitFailed(errors.strip() or output.strip())
            raise Unrevertable(commit, subject, paths)
        after = repository.run("write-tree").strip()
        changed = repository.run(
            "diff-tree", "-r", "-z", "--name-only", "--no-renames", tree, after
        ).split("\0")
        files = tuple((path, workspace.read(path)) for path in changed if path)
        found.append(Reverted(commit, subject, files))
        tree = after
    return found

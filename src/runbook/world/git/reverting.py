"""What reverting commits would make of files, found out in a scratch worktree."""

from __future__ import annotations

import os
from pathlib import Path

from runbook.core.record.stepevents import Special
from runbook.core.value import value
from runbook.world.files.workspace import FileState, Workspace
from runbook.world.git.gitfailed import GitFailed
from runbook.world.git.reader import header
from runbook.world.git.repository import Repository
from runbook.world.git.special import LINK, of_entry

_ALONE = ("-c", f"core.hooksPath={os.devnull}", "-c", "rerere.enabled=false")
"""Nothing of it is kept: neither do hooks run, nor are conflicts and their solutions recorded."""
_FILES = ("100644", "100755")


@value
class Reverted:
    """One commit reverted on top of those before it: the files it changes, as they are then.

    What is no file, before or then, is `special`.
    """

    commit: str
    subject: str
    files: tuple[tuple[str, FileState | None], ...]
    special: tuple[Special, ...] = ()


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
        Unreachable: a file of them can't be read.
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
        status, output, errors = repository.attempt(
            *_ALONE, "revert", "--no-commit", "--no-edit", commit
        )
        if status:
            unmerged = repository.run("diff", "--name-only", "-z", "--diff-filter=U").split("\0")
            paths = tuple(path for path in unmerged if path)
            if not paths:
                raise GitFailed(errors.strip() or output.strip())
            raise Unrevertable(commit, subject, paths)
        after = repository.run("write-tree").strip()
        changed, special = _between(repository, tree, after)
        files = tuple(
            (path, workspace.read(path) if there else None) for path, there in changed.items()
        )
        found.append(Reverted(commit, subject, files, special))
        tree = after
    return found


def _between(
    repository: Repository, before: str, after: str
) -> tuple[dict[str, bool], tuple[Special, ...]]:
    """The files that differ between two trees, whether they are in the second one, and the rest."""
    told = repository.run("diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev",
                          "--ignore-submodules=none", before, after).split("\0")  # fmt: skip
    files: dict[str, bool] = {}
    special: list[Special] = []
    for about, path in zip(told[::2], told[1::2], strict=False):
        was, then, old, new, _ = about.removeprefix(":").split(" ")
        each = Special(path, _what(repository, was, old), _what(repository, then, new))
        if (each.before, each.after) != (None, None):
            special.append(each)
        if was in _FILES or then in _FILES:
            files[path] = then in _FILES
    return files, tuple(special)


def _what(repository: Repository, mode: str, id: str) -> str | None:
    target = repository.run("cat-file", "blob", id) if mode == LINK else ""
    return of_entry(mode, id, target)

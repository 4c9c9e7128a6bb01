"""Questions to git's history, asked only where something is to be explained."""

from __future__ import annotations

import os
from pathlib import Path

from runbook.world.git.gitcommand import ask, in_parts


def commits_since(root: Path, base: str, head: str, path: str) -> tuple[str, ...]:
    """The commits from `base` to `head` that changed a path, the latest first, a line each."""
    status, output, _ = ask(
        root, "--literal-pathspecs", "log", "--oneline", "--no-decorate", "--no-color",
        "--no-show-signature", "--encoding=UTF-8", f"{base}..{head}", "--", path,
    )  # fmt: skip
    return tuple(os.fsdecode(output).splitlines()) if status == 0 else ()


def never_had(root: Path, head: str | None, paths: tuple[str, ...]) -> tuple[str, ...]:
    """Of some paths those that neither the index nor any commit in the history of `head` has.

    Where git can't say, none is.
    """
    indexed: set[str] = set()
    for part in in_parts(paths):
        status, listed, _ = ask(root, "--literal-pathspecs", "ls-files", "-z", "--", *part)
        if status:
            return ()
        indexed |= set(os.fsdecode(listed).split("\0"))
    return tuple(path for path in paths if path not in indexed and not _had(root, head, path))


def _had(root: Path, head: str | None, path: str) -> bool:
    if head is None:
        return False
    status, commit, _ = ask(root, "--literal-pathspecs", "rev-list", "-1", head, "--", path)
    return bool(status or commit)


def contains(root: Path, head: str, commit: str) -> bool:
    """Whether a commit is in the history of `head`."""
    return ask(root, "merge-base", "--is-ancestor", commit, head)[0] == 0

"""Questions to git's history, asked only where something is to be explained."""

from __future__ import annotations

import os
from pathlib import Path

from runbook.world.git.gitcommand import ask


def commits_since(root: Path, base: str, head: str, path: str) -> tuple[str, ...]:
    """The commits from `base` to `head` that changed a path, the latest first, a line each."""
    status, output, _ = ask(
        root, "--literal-pathspecs", "log", "--oneline", "--no-decorate", "--no-color",
        "--no-show-signature", "--encoding=UTF-8", f"{base}..{head}", "--", path,
    )  # fmt: skip
    return tuple(os.fsdecode(output).splitlines()) if status == 0 else ()


def contains(root: Path, head: str, commit: str) -> bool:
    """Whether a commit is in the history of `head`."""
    return ask(root, "merge-base", "--is-ancestor", commit, head)[0] == 0

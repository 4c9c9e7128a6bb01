"""Questions to git's history, asked only where something is to be explained."""

from __future__ import annotations

import os
from pathlib import Path

from runbook.world.processes.environment import forget_git


def commits_since(root: Path, base: str, head: str, path: str) -> tuple[str, ...]:
    """The commits from `base` to `head` that changed a path, the latest first, a line each."""
    status, output = _git(
        root, "--literal-pathspecs", "log", "--oneline", "--no-decorate", "--no-color",
        "--no-show-signature", "--encoding=UTF-8", f"{base}..{head}", "--", path,
    )  # fmt: skip
    return tuple(output.splitlines()) if status == 0 else ()


def contains(root: Path, head: str, commit: str) -> bool:
    """Whether a commit is in the history of `head`."""
    return _git(root, "merge-base", "--is-ancestor", commit, head)[0] == 0


def _git(root: Path, *arguments: str) -> tuple[int, str]:
    # Imported here: a check that finds nothing needs no second process.
    import subprocess

    environment = dict(os.environ)
    forget_git(environment)
    done = subprocess.run(
        ["git", "-C", str(root), "--no-optional-locks", *arguments],
        env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout.decode("utf-8", "surrogateescape")

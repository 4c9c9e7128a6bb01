"""The repositories that benchmarks begin in."""

from __future__ import annotations

import subprocess
from pathlib import Path


def begin(root: Path) -> None:
    """Make a repository of what is in a folder, with one commit."""
    for command in (
        ["init", "-q", "-b", "main"],
        ["config", "user.name", "A"],
        ["config", "user.email", "a@example.org"],
        # Not in the middle of what is measured.
        ["config", "gc.auto", "0"],
        ["add", "-A"],
        ["commit", "-q", "-m", "Begin"],
    ):
        subprocess.run(["git", *command], cwd=root, check=True)

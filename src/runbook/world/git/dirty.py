"""What differs from HEAD in a worktree, quickly: asked before and after every check."""

from __future__ import annotations

import os
from pathlib import Path

from runbook.world.git.gitcommand import git


def dirty_paths(root: Path) -> list[str]:
    """The paths that differ from HEAD, and those that git does not know, unless it ignores them.

    A folder of which git knows nothing is one path, with a slash at its end.

    Raises:
        GitFailed: git can't tell.

    """
    options = ("--porcelain=v1", "-z", "--no-renames", "--untracked-files=normal")
    output = git(root, "status", *options, "--ignore-submodules=none")
    return [os.fsdecode(entry[3:]) for entry in output.split(b"\0") if entry]

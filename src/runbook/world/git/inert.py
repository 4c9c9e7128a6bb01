"""Configuration with which git, asked about a worktree, runs no program of anybody's."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from runbook.world.git.gitcommand import ask

_FILTER = r"^filter\..*\.(clean|smudge|process)$"


@cache
def inert(root: Path) -> tuple[tuple[str, str], ...]:
    """Settings that turn off the monitor of the file system, and every filter there is."""
    _, listed, _ = ask(root, "config", "-z", "--name-only", "--get-regexp", _FILTER)
    keys = dict.fromkeys(os.fsdecode(key) for key in listed.split(b"\0") if key)
    required = dict.fromkeys(f"{key.rpartition('.')[0]}.required" for key in keys)
    return (
        ("core.fsmonitor", "false"),
        *((key, "") for key in keys),
        *((key, "false") for key in required),
    )

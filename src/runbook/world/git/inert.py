"""Configuration with which git, asked about a worktree, runs no program of anybody's."""

from __future__ import annotations

from collections.abc import Iterable

_PROGRAMS = ("clean", "smudge", "process")


def inert(names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Settings that turn off the monitor of the file system, and every filter there is.

    `names` are those of all settings of the worktree.
    """
    keys = [
        name
        for name in names
        if name.startswith("filter.") and name.rpartition(".")[2] in _PROGRAMS
    ]
    required = dict.fromkeys(f"{key.rpartition('.')[0]}.required" for key in keys)
    return (
        ("core.fsmonitor", "false"),
        *((key, "") for key in keys),
        *((key, "false") for key in required),
    )

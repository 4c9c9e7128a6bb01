"""Who started this process, and whether they are still there."""

from __future__ import annotations

import os
from pathlib import Path

# `uv run` starts us and waits. When its own parent dies it stays, and so would we: hence the
# parents of such programs are watched, too.
ONLY_WAIT = frozenset({"uv"})


class Starters:
    """The chain of processes from this one up to the first that does more than wait for us."""

    def __init__(self) -> None:
        self._links: list[tuple[int, int]] = []
        child = os.getpid()
        while (parent := _parent(child)) is not None:
            self._links.append((child, parent))
            if _name(parent) not in ONLY_WAIT:
                break
            child = parent

    def all_there(self) -> bool:
        """Say whether each process of the chain still has the parent that it had at first.

        An orphan is given to another parent at once, so a number that the system hands out again
        cannot deceive us.
        """
        return all(_parent(child) == parent for child, parent in self._links)


def _parent(pid: int) -> int | None:
    if pid == os.getpid():
        return os.getppid()
    stat = _stat(pid)
    # After the name, which may hold anything, come the state and the parent.
    return None if stat is None else int(stat.rpartition(")")[2].split()[1])


def _name(pid: int) -> str | None:
    stat = _stat(pid)
    return None if stat is None else stat.partition("(")[2].rpartition(")")[0]


def _stat(pid: int) -> str | None:
    # Only Linux has this; elsewhere just our own parent is watched.
    try:
        return Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return None

"""A launcher of PostgreSQL, seen from outside: its processes and its folder."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import asyncpg

LAUNCH = [sys.executable, "-m", "workspaces.testing.postgres"]


@dataclass(frozen=True, slots=True)
class Launched:
    """A process that was started and the PostgreSQL which came of it."""

    process: subprocess.Popen[str]
    folder: Path
    postgres: int
    keeper: int

    def nothing_runs(self) -> bool:
        """Say whether the keeper and the server are gone."""
        return not alive(self.keeper) and not alive(self.postgres)

    def nothing_left(self) -> bool:
        """Say whether their folder is gone as well."""
        return self.nothing_runs() and not self.folder.exists()


Launch = Callable[[list[str]], Launched]


def stat_of(pid: int) -> list[str]:
    """Return the state of a process, its parent and so on; an empty list if there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def children_of(pid: int) -> list[int]:
    """Return the processes that this one started and has not outlived."""
    processes = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return [child for child in processes if stat_of(child)[1:2] == [str(pid)]]


def alive(pid: int) -> bool:
    """Say whether the process still runs; one that merely waits to be collected does not."""
    return stat_of(pid)[:1] not in ([], ["Z"], ["X"])


def eventually(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Say whether the condition comes true within that time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


async def data_folder(url: str) -> Path:
    """Ask the server itself where its data is, over the first connection that it is offered."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return Path(await connection.fetchval("SHOW data_directory"))
    finally:
        await connection.close()

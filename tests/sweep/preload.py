"""The preloaded library: compiled once, and the order that it reads while a run is under way."""

from __future__ import annotations

import mmap
import shutil
import struct
import subprocess
from enum import IntEnum
from pathlib import Path
from typing import Self

SOURCE = Path(__file__).with_name("shim.c")


class Action(IntEnum):
    """What happens at the chosen call; the numbers are the library's."""

    COUNT = 0
    KILL = 1
    TEAR = 2
    NO_SPACE = 3
    IO_ERROR = 4
    NO_SPACE_FROM_HERE = 5
    STOP = 6  # the runner, which is killed a moment later


class Who(IntEnum):
    """Whose calls count, and who is killed at one of them; the numbers are the library's."""

    RUNNER = 0
    EVERYBODY = 1  # killed is who makes the call, and the runner
    GIT = 2  # and all below it; killed is git alone
    SUPERVISOR = 3  # all below it; killed is the supervisor alone
    HOOK = 4  # what git has started, and all below it; killed is that alone
    SERVER = 5  # all below a supervisor; killed is what forked it, alone


_LAYOUT = struct.Struct(f"={len(Who)}QQIIiIQ")
_RUNNER = struct.calcsize(f"={len(Who)}QQII")


def compiler() -> str | None:
    """The system's C compiler, or `None`."""
    return shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")


def compiled(folder: Path) -> Path:
    """The library, compiled into a folder."""
    target = folder / "shim.so"
    cc = compiler()
    assert cc is not None
    subprocess.run(
        [cc, "-O1", "-shared", "-fPIC", "-o", str(target), str(SOURCE), "-ldl"], check=True
    )
    return target


class Order:
    """The file that all preloaded processes have mapped: what to do, and at which call."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.write_bytes(bytes(4096))
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), 4096)

    def give(self, at: int, action: Action, who: Who, *, record: bool = False) -> None:
        """Order `action` at the call `at` (from 1; 0 is none) of somebody."""
        none = [0] * len(Who)
        self._map[: _LAYOUT.size] = _LAYOUT.pack(*none, at, action, who, 0, record, 0)

    def count(self) -> None:
        """Order that the calls of each are counted."""
        self.give(1, Action.COUNT, Who.RUNNER)

    def nothing(self) -> None:
        """Order nothing."""
        self.give(0, Action.COUNT, Who.RUNNER)

    @property
    def calls(self) -> dict[Who, int]:
        """How many calls of each there were."""
        return dict(zip(Who, _LAYOUT.unpack(self._map[: _LAYOUT.size]), strict=False))

    def close(self) -> None:
        """Let go of it."""
        self._map.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def begin(path: str, process: int) -> None:
    """Have a process watched from now on: called in the process itself."""
    with Path(path).open("r+b") as file, mmap.mmap(file.fileno(), 4096) as mapped:
        mapped[_RUNNER : _RUNNER + 4] = struct.pack("=i", process)

"""The lock of a journal: who holds it, and when all of a killed run had ended."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

from runbook.world.files.durable import named
from runbook.world.files.regular import opened

_DEAD = 1  # the access time (ns) by which a supervisor marks the lock (`supervisor.DEAD`)
# Whoever looks who holds the lock holds it too, for a moment that must not keep a run out.
_ATTEMPTS = 20
_PAUSE = 0.01  # seconds
# A killed run's lock is held until its commands are dead, too: they are being killed, and whoever
# only looks would take the run for one that goes on.
_DYING = 15.0  # seconds


SERIES = "series"
"""The folder, in the journal of a checkout, of those of series below its top."""


class JournalLocked(Exception):
    """Another run holds the journal, of the worktree at `place` if that is told."""

    def __init__(self, pid: str, place: Path | None = None) -> None:
        self.pid, self.place = pid, place
        super().__init__(f"locked by process {pid}")


def lock_of(folder: Path) -> Path:
    """The lock of a journal: there is one for all that is carried out in a worktree."""
    return (folder.parents[1] if folder.parent.name == SERIES else folder) / "lock"


def locked_by(folder: Path) -> str | None:
    """The process that holds the journal now, or `None`."""
    try:
        descriptor = take_lock(lock_of(folder), create=False)
    except JournalLocked as locked:
        return locked.pid
    except FileNotFoundError:
        return None
    os.close(descriptor)
    return None


def take_lock(path: Path, *, create: bool = True) -> int:
    """The descriptor that holds the lock; without `create`, one that only looks.

    Raises:
        JournalLocked: another run holds it.
        FileNotFoundError: it is not there, and not to be made.
    """
    # Who only looks may do so where nothing can be written.
    access = os.O_RDWR | os.O_CREAT if create else os.O_RDONLY
    descriptor = _opened(path, access | os.O_NOFOLLOW)
    try:
        kind, attempts = (fcntl.LOCK_EX, _ATTEMPTS) if create else (fcntl.LOCK_SH, 1)
        limit = time.monotonic() + _DYING
        while (holder := _try_lock(descriptor, kind, attempts)) is not None:
            if _lives(holder) or time.monotonic() > limit:
                raise JournalLocked(holder)
            time.sleep(_PAUSE)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _opened(path: Path, access: int) -> int:
    """A descriptor by which reading leaves the access time, which may tell of a run's end."""
    try:
        return opened(path, access | getattr(os, "O_NOATIME", 0))
    except PermissionError:  # the file is another user's
        return opened(path, access)


def sign(lock: int, path: Path) -> None:
    """Say in the lock whose it is, and since when the machine runs that it is of.

    Raises:
        OSError: it can't be written; the error names `path`.
    """
    line = f"{os.getpid()}\n{boot_id()}\n".encode()
    try:
        os.pwrite(lock, line, 0)
        os.ftruncate(lock, len(line))
        os.utime(lock)
    except OSError as error:
        raise named(error, path) from None


def mark_end(lock: int, ended: int) -> None:
    """Say when nothing was left any more of a killed run, as its supervisor does."""
    os.utime(lock, ns=(_DEAD, ended))


def _try_lock(descriptor: int, kind: int, attempts: int) -> str | None:
    """The process that holds the lock, as far as it says so; `None` when it is taken."""
    for left in reversed(range(attempts)):
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if left:
                time.sleep(_PAUSE)
        else:
            return None
    return os.pread(descriptor, 32, 0).decode("ascii", "replace").partition("\n")[0] or "unknown"


def _lives(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except (OSError, ValueError, OverflowError):
        return True
    try:
        # Dead as well, when whoever started it has not asked for its end yet.
        return Path(f"/proc/{int(pid)}/stat").read_bytes().rpartition(b")")[2].split()[0] != b"Z"
    except (OSError, IndexError):
        return True


def ended_at(folder: Path) -> int | None:
    """When nothing was left any more of a run that was killed, in nanoseconds since the epoch.

    After a power loss that is when the machine started again. `None` where it is not known: its
    supervisor was killed as well, or nothing was.
    """
    lock = lock_of(folder)
    try:
        info = lock.lstat()
        if info.st_atime_ns == _DEAD:
            return info.st_mtime_ns
        with os.fdopen(_opened(lock, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
            _, boot, *_ = file.read().decode("ascii", "replace").split("\n")
    except (OSError, ValueError):
        return None
    return _started() if boot and boot != boot_id() else None


def boot_id() -> str:
    """What names the time since the machine was started; empty where nothing does."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def _started() -> int | None:
    """When the machine was started, in nanoseconds since the epoch (proc(5))."""
    try:
        lines = Path("/proc/stat").read_text().splitlines()
    except OSError:
        return None
    found = (int(line[len("btime ") :]) for line in lines if line.startswith("btime "))
    return next((seconds * 10**9 for seconds in found), None)

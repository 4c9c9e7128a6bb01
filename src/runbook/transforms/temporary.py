"""A folder for a moment; that of a process that was killed is removed by the next one."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def temporary_folder(prefix: str) -> Iterator[Path]:
    """A new folder among the temporary files, named `prefix` and something random.

    Whoever made it holds a lock on it, so that one without is known to be left over.
    """
    # Not by `tempfile`, which tries folders out with files that a kill would leave.
    place = Path(os.environ.get("TMPDIR") or "/tmp").resolve()
    for folder in place.glob(f"{prefix}*"):
        _remove_abandoned(folder)
    folder, lock = _made(place, prefix)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _made(place: Path, prefix: str) -> tuple[Path, int]:
    """A folder that is locked and still there: before the lock, somebody may take it for left."""
    while True:
        folder = place / f"{prefix}{secrets.token_hex(6)}"
        folder.mkdir(mode=0o700)
        try:
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except FileNotFoundError:
            continue
        fcntl.flock(lock, fcntl.LOCK_EX)
        if folder.exists():
            return folder, lock
        os.close(lock)


def _remove_abandoned(folder: Path) -> None:
    try:
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if os.fstat(lock).st_uid == os.geteuid():
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
    except BlockingIOError:
        pass  # somebody is at work in it
    finally:
        os.close(lock)

"""Where temporary files go, and folders there; those of a killed process go with the next one."""

from __future__ import annotations

import errno
import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from runbook.world.files.durable import append_private, make_folder
from runbook.world.files.removal import remove_tree


def temporary_place() -> Path:
    """The folder for temporary files: the first of `TMPDIR`, `/tmp`, `/var/tmp` that can be used.

    The order and the way past a folder that is not there are those of Python's `tempfile`, which
    tries folders out with files that a kill would leave.

    Raises:
        FileNotFoundError: none of them can be used.
    """
    for name in (os.environ.get("TMPDIR"), "/tmp", "/var/tmp"):
        if name and Path(name).is_dir() and os.access(name, os.W_OK | os.X_OK):
            return Path(name).resolve()
    raise FileNotFoundError(errno.ENOENT, "no folder for temporary files", "/tmp")


class NotedFolders:
    """Folders for temporary files, named `prefix` and something random, for a run.

    Each stands in the file `noted` before it is made, so that the next run knows what a killed one
    left.
    """

    def __init__(self, noted: Path, prefix: str) -> None:
        self._noted, self._prefix = noted, prefix

    def fresh(self, *known: str) -> Path:
        """A new one, noted with what is to be `known` when it is removed."""
        # Not by `tempfile`, which tries folders out with files that a kill would leave.
        folder = temporary_place() / f"{self._prefix}{os.urandom(6).hex()}"
        make_folder(self._noted.parent)
        append_private(self._noted, json.dumps([str(folder), known]).encode())
        folder.mkdir(mode=0o700)
        return folder

    def remove(self, emptied: Callable[[Path, list[str]], bool]) -> None:
        """Remove all, those of a killed run as well.

        `emptied` has a folder, and what was to be known, first; it says whether all of it is gone.
        """
        if not self._noted.exists():
            return
        gone = True
        for line in self._noted.read_text("utf-8", "surrogateescape").splitlines():
            try:
                name, known = json.loads(line)
                folder = Path(name)
            except (ValueError, TypeError):
                continue  # torn: it was not made
            if folder.name.startswith(self._prefix) and not folder.is_symlink():
                gone = emptied(folder, known) and gone
                remove_tree(folder, ignore_errors=True)
                gone = gone and not folder.exists()
        if gone:
            self._noted.unlink()


@contextmanager
def temporary_folder(prefix: str) -> Iterator[Path]:
    """A new folder among the temporary files, named `prefix` and something random.

    Whoever made it holds a lock on it, so that one without is known to be left over.
    """
    place = temporary_place()
    with suppress(OSError):  # who may write there may not be let look
        for name in os.listdir(place):  # noqa: PTH208 # there may be thousands, none of them ours
            if name.startswith(prefix):
                _remove_abandoned(place / name)
    folder, lock = _made(place, prefix)
    try:
        yield folder
    finally:
        _remove(folder)
        os.close(lock)


def _remove(folder: Path) -> None:
    """Remove a folder, which mostly has no folders in it, as far as that can be done."""
    try:
        for each in folder.iterdir():
            each.unlink()
        folder.rmdir()
    except OSError:
        remove_tree(folder, ignore_errors=True)


def _made(place: Path, prefix: str) -> tuple[Path, int]:
    """A folder that is locked and still there: before the lock, somebody may take it for left."""
    while True:
        folder = place / f"{prefix}{os.urandom(6).hex()}"
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
            _remove(folder)
    except BlockingIOError:
        pass  # somebody is at work in it
    finally:
        os.close(lock)

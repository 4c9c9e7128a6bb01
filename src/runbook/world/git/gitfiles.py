"""git's own files: what they hold, and put back, whatever is in their place by then."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from runbook.world.files.durable import sync_folder, temporary_name, write_all
from runbook.world.files.regular import target_of
from runbook.world.files.removal import remove_tree


def state_of(path: Path) -> bytes | None:
    """What a file holds, or where a link points; `None` where there is none, or a folder.

    A byte before that says what it is: `-`, `x` for one that may be executed, `l` for a link, `?`
    for what can't be read to its end, such as a pipe.
    """
    try:
        if path.is_symlink():
            return b"l" + os.fsencode(target_of(path))
        if path.is_file():
            return (b"x" if os.access(path, os.X_OK) else b"-") + path.read_bytes()
    except OSError:
        return None
    return b"?" if path.exists() and not path.is_dir() else None


def content_of(path: Path) -> bytes | None:
    """What a file holds; `None` where there is none."""
    state = state_of(path)
    return None if state is None else state[1:]


def text_of(path: Path) -> str:
    """The text in a file, empty where there is none."""
    return (content_of(path) or b"").decode("utf-8", "surrogateescape")


def remove(path: Path) -> None:
    """Remove a file, or a folder with all that is in it."""
    if path.is_dir() and not path.is_symlink():
        remove_tree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def make_folder(path: Path) -> None:
    """Make a folder, and all above it, whatever is in their place."""
    if not path.is_dir():
        make_folder(path.parent)
        path.unlink(missing_ok=True)
        path.mkdir()


def open_up(folder: Path) -> list[Path]:
    """Give the owner of a folder, and of those in it, the rights to them; those that were shut."""
    shut: list[Path] = []
    with suppress(OSError):  # it is another user's
        mode = stat.S_IMODE(folder.lstat().st_mode)
        if mode & 0o700 != 0o700:
            folder.chmod(mode | 0o700)
            shut.append(folder)
        with os.scandir(folder) as entries:
            inside = [each.path for each in entries if each.is_dir(follow_symlinks=False)]
        for each in inside:
            shut += open_up(Path(each))
    return shut


def restore(path: Path, state: bytes | None) -> None:
    """Make a file what it was, for good; who may read and write it stays so."""
    if state is None:
        remove(path)
    else:
        make_folder(path.parent)
        if path.is_dir() or state[:1] == b"l":
            remove(path)
        if state[:1] == b"l":
            path.symlink_to(os.fsdecode(state[1:]))
        else:
            _write(path, state[1:], executable=state[:1] == b"x")
    with suppress(FileNotFoundError, NotADirectoryError):
        sync_folder(path.parent)


def _write(path: Path, data: bytes, *, executable: bool) -> None:
    temporary = path.parent / temporary_name(path.name)
    remove(temporary)  # of a killed run whose process had our number
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    descriptor = os.open(temporary, flags, 0o777 if executable else 0o666)
    try:
        if path.is_file() and not path.is_symlink():
            mode = stat.S_IMODE(path.stat().st_mode) & ~0o111 | 0o600
            os.fchmod(descriptor, mode | (mode & 0o444) >> 2 if executable else mode)
        write_all(descriptor, data)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    temporary.replace(path)

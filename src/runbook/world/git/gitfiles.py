"""git's own files: what they hold, and put back, whatever is in their place by then."""

from __future__ import annotations

import os
from pathlib import Path

from runbook.world.files.durable import temporary_name, write_all
from runbook.world.files.links import target_of
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


def restore(path: Path, state: bytes | None) -> None:
    """Make a file what it was."""
    if state is None:
        remove(path)
        return
    kind, data = state[:1], state[1:]
    make_folder(path.parent)
    if path.is_dir() or kind == b"l":
        remove(path)
    if kind == b"l":
        path.symlink_to(os.fsdecode(data))
        return
    temporary = path.parent / temporary_name(path.name)
    remove(temporary)  # of a killed run whose process had our number
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    descriptor = os.open(temporary, flags, 0o777 if kind == b"x" else 0o666)
    try:
        write_all(descriptor, data)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    temporary.replace(path)

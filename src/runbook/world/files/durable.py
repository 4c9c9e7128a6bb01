"""Files that are still there after a power loss."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from runbook.core.patterns import regex

_TEMPORARY = regex(r"\.(.{1,50})\.runbook-[0-9]+\Z", re.DOTALL)


def temporary_name(name: str) -> str:
    """The name under which a file is written before it takes its place in the same folder."""
    return f".{name[:50]}.runbook-{os.getpid()}"


def left_temporaries(names: Iterable[str], of: Iterable[str]) -> list[str]:
    """Those of a folder's names that a killed process left when it wrote one of the files `of`."""
    begins = {name[:50] for name in of}
    return [
        name for name in names if (found := _TEMPORARY.match(name)) and found.group(1) in begins
    ]


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of the data, however little the system takes at once."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def write_private(path: Path, data: bytes, *, anew: bool = False) -> None:
    """Write a file that only the user may read, and sync it; with `anew` one may be there.

    Raises:
        FileExistsError: it is there, and not to be written anew.
        OSError: it can't be written; the error names the file.
    """
    how = os.O_TRUNC if anew else os.O_EXCL
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | how, 0o600)
    try:
        write_all(descriptor, data)
        os.fsync(descriptor)
    except OSError as error:
        raise named(error, path) from None
    finally:
        os.close(descriptor)


def replace(path: Path, data: bytes) -> None:
    """Give a file other contents at once, keeping its mode; a symbolic link is followed.

    Raises:
        OSError: it can't be written, and holds what it held; the error names the file.
    """
    path = path.resolve()
    for left in left_temporaries((each.name for each in path.parent.iterdir()), [path.name]):
        path.with_name(left).unlink()
    temporary = path.with_name(temporary_name(path.name))
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    descriptor = os.open(temporary, flags, 0o666)
    try:
        try:
            if path.exists():
                os.fchmod(descriptor, path.stat().st_mode & 0o7777)
            write_all(descriptor, data)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        temporary.rename(path)
    except BaseException as error:
        temporary.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise named(error, path) from None
        raise
    sync_folder(path.parent)


def append_private(path: Path, line: bytes) -> None:
    """Add a line to a file that only the user may read, and sync it and its folder."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
    descriptor = os.open(path, flags, 0o600)
    try:
        write_all(descriptor, line + b"\n")
        os.fsync(descriptor)
    except OSError as error:
        raise named(error, path) from None
    finally:
        os.close(descriptor)
    sync_folder(path.parent)


def make_folder(folder: Path) -> None:
    """Make a folder that only the user may enter, with those above it; each is there for good."""
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for new in reversed(missing):
        new.mkdir(exist_ok=True, mode=0o700)
        sync_folder(new.parent)


def sync_folder(folder: Path | str) -> None:
    """Sync a folder's list of files: without it a new name may be lost although its file is not."""
    sync(folder, os.O_DIRECTORY)


def sync(path: Path | str, flags: int = 0) -> None:
    """Sync a file or folder that is there already."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | flags)
    try:
        os.fsync(descriptor)
    except OSError as error:
        raise named(error, path) from None
    finally:
        os.close(descriptor)


def named(error: OSError, path: Path | str) -> OSError:
    """The same error with the path it is about; calls on descriptors know none."""
    return OSError(error.errno, error.strerror, str(path))

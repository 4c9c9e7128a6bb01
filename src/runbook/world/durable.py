"""Files that are still there after a power loss."""

from __future__ import annotations

import os
from pathlib import Path


def write_private(path: Path, data: bytes, *, anew: bool = False) -> None:
    """Write a file that only the user may read, and sync it; with `anew` one may be there.

    Raises:
        FileExistsError: it is there, and not to be written anew.

    """
    how = os.O_TRUNC if anew else os.O_EXCL
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | how, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Sync a folder's list of files: without it a new name may be lost although its file is not."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

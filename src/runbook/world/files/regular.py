"""Regular files, and what is in their place: whoever opens a pipe may wait at it for ever."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path


def opened(path: Path | str, access: int = os.O_RDONLY) -> int:
    """A descriptor of a regular file.

    Raises:
        IsADirectoryError: it is a folder.
        OSError: it can't be opened, or is a pipe, a socket or a device.
    """
    descriptor = os.open(path, access | os.O_CLOEXEC | os.O_NONBLOCK, 0o600)
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return descriptor
    os.close(descriptor)
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    raise OSError(errno.ENXIO, "it is a pipe, a socket or a device", str(path))


def is_pipe(path: Path | str) -> bool:
    """Whether a pipe is at a path, or where a link there leads."""
    try:
        return stat.S_ISFIFO(os.stat(path).st_mode)  # noqa: PTH116 # some ten times at each start
    except (OSError, ValueError):
        return False


def target_of(link: Path) -> str:
    """What a link says, sign by sign: pathlib would take a `./` and a last `/` away.

    Raises:
        OSError: it is none, or can't be read.
    """
    return os.readlink(link)  # noqa: PTH115

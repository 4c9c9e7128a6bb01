"""The raw output of one command on disk, bounded however much it writes."""

import hashlib
import os
from pathlib import Path

from runbook.core.text.output import HeadTail

LIMIT = 64 * 2**20
"""Bytes a log holds at most, but for the line that says what was left out."""

_TAIL = 4 * 2**20


class LogFile:
    """A log of mode 0600: the first of the output as it comes, the last of it at the close.

    An `OSError` of any of its methods names the file.
    """

    def __init__(self, path: Path, limit: int = LIMIT) -> None:
        tail = min(_TAIL, limit // 4)
        self._room = limit - tail
        self._rest = HeadTail(0, tail)
        self._digest = hashlib.sha256()
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
        self._path = path
        self._file = os.open(path, flags, 0o600)
        os.fchmod(self._file, 0o600)

    def feed(self, chunk: bytes) -> None:
        """Take in the next chunk of output."""
        if self._room >= len(chunk):
            self._room -= len(chunk)
            self._write(chunk)
            return
        if self._room:
            self._write(chunk[: self._room])
            chunk = chunk[self._room :]
            self._room = 0
        self._rest.feed(chunk)

    def close(self) -> str:
        """Complete the file; return the SHA-256 of its contents in hexadecimal."""
        try:
            if self._rest.omitted:
                self._write(b"\n[%d bytes left out]\n" % self._rest.omitted)
            self._write(self._rest.tail)
        finally:
            self.discard()
        return self._digest.hexdigest()

    def discard(self) -> None:
        """Let go of the file as it is; nothing to do after `close`."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _write(self, data: bytes) -> None:
        self._digest.update(data)
        view = memoryview(data)
        try:
            while view:
                view = view[os.write(self._file, view) :]
        except OSError as error:
            # A call on a descriptor knows no name.
            raise OSError(error.errno, error.strerror, str(self._path)) from None

"""The process that forks a supervisor for each command of a run: Python is started once."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Self

_SERVER = Path(__file__).with_name("server.py")


class ForkServer:
    """Has supervisors forked by `server.py` on demand; it ends when its socket is closed.

    A pipe of which only this process has the writing end tells the supervisors of our death.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._life: tuple[int, int] | None = None
        self._socket: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def __enter__(self) -> Self:
        """Start it at once, so that what comes next need not wait for it."""
        with self._lock, suppress(OSError):  # who needs it will say so
            self._started()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def fork(self, descriptors: list[int]) -> None:
        """Have a supervisor forked that gets descriptors as `server.py` says.

        Where the server was killed meanwhile, another takes its place.

        Raises:
            OSError: no process can be started.
        """
        with self._lock:
            for last in (False, True):
                try:
                    socket.send_fds(self._started(), [b"F"], descriptors)
                except (BrokenPipeError, ConnectionResetError):
                    self._close()
                    if last:
                        raise
                else:
                    return

    def close(self) -> None:
        """End it; what its supervisors watch goes on until they are told otherwise."""
        with self._lock:
            self._close()

    def _started(self) -> socket.socket:
        if self._socket is None or self._owner != os.getpid():
            self._begin()
        assert self._socket is not None
        return self._socket

    def _begin(self) -> None:
        if self._life is None or self._owner != os.getpid():
            self._life = os.pipe()
        ours, theirs = socket.socketpair()
        passed = (theirs.fileno(), self._life[0])
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", str(_SERVER), *map(str, passed)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                pass_fds=passed,
                start_new_session=True,
            )
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        self._socket, self._owner = ours, os.getpid()

    def _close(self) -> None:
        if self._socket is None or self._owner != os.getpid():
            return
        self._socket.close()
        self._socket = None
        if self._process is not None:
            with suppress(subprocess.TimeoutExpired):
                # At the end of its socket it ends at once.
                self._process.wait(1)
            self._process = None


FORK_SERVER = ForkServer()
"""The one of this process."""

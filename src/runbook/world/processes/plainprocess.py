"""A program that is fed, listened to and waited for, with no more around it.

By hand, because importing `subprocess` takes as long as two calls of git. What a runbook says is
run by `process`, under a supervisor.
"""

from __future__ import annotations

import os
import select
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import signal
else:
    import _signal as signal  # without the enumerations of the module around it

_READ = 2**16
_BEGINS_ANEW = (signal.SIGPIPE, signal.SIGXFSZ)
"""What Python ignores, and other programs are not to."""


def communicated(
    command: list[str], env: Mapping[str, str], stdin: bytes, seconds: float | None = None
) -> tuple[int, bytes, bytes]:
    """The exit status of a process, below 0 for a signal, and what it printed on both outputs.

    Raises:
        FileNotFoundError: there is no such program on PATH.
        TimeoutError: it took longer than `seconds`, and was killed.
    """
    (given, feed), (output, out), (errors, err) = (os.pipe() for _ in range(3))
    actions = [(os.POSIX_SPAWN_DUP2, ours, theirs) for theirs, ours in enumerate((given, out, err))]
    try:
        pid = os.posix_spawnp(
            command[0], command, env, file_actions=actions, setsigdef=_BEGINS_ANEW
        )
    except BaseException:
        for descriptor in (feed, output, errors):
            os.close(descriptor)
        raise
    finally:
        for descriptor in (given, out, err):
            os.close(descriptor)
    ended = False
    try:
        told = _exchanged(feed, stdin, (output, errors), seconds)
        ended = True
    finally:
        if not ended:
            os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status), told[output], told[errors]


def _exchanged(
    feed: int, stdin: bytes, outputs: tuple[int, ...], seconds: float | None
) -> dict[int, bytes]:
    """What comes from some pipes until their end, while another is fed; all are closed then."""
    told = {each: bytearray() for each in outputs}
    until = None if seconds is None else time.monotonic() + seconds
    waiting = select.poll()
    for each in outputs:
        waiting.register(each, select.POLLIN)
    if stdin:
        waiting.register(feed, select.POLLOUT)
    pending, given = {feed, *outputs}, 0
    try:
        if not stdin:
            pending.remove(feed)
            os.close(feed)
        while pending:
            left = None if until is None else max(0, until - time.monotonic()) * 1000
            ready = waiting.poll(left)
            if not ready:
                raise TimeoutError
            for each, _ in ready:
                if each == feed:
                    with suppress(BrokenPipeError):
                        # So much a pipe takes at once.
                        given += os.write(feed, stdin[given : given + select.PIPE_BUF])
                        if given < len(stdin):
                            continue
                else:
                    chunk = os.read(each, _READ)
                    told[each] += chunk
                    if chunk:
                        continue
                waiting.unregister(each)
                pending.remove(each)
                os.close(each)
    finally:
        for each in pending:
            os.close(each)
    return {each: bytes(chunks) for each, chunks in told.items()}

"""git's own commands as a plain process, for what is to start quickly or needs raw bytes."""

from __future__ import annotations

import os
import select
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from runbook.world.git.gitfailed import GitFailed, GitKilled
from runbook.world.processes.environment import forget_git

if TYPE_CHECKING:
    import signal
else:
    import _signal as signal  # the module around it takes longer to load than git to start

_READ = 2**16
_BEGINS_ANEW = (signal.SIGPIPE, signal.SIGXFSZ)
"""What Python ignores and a program of git's is not to."""


def git(folder: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    """What a git command prints, given in a folder.

    Raises:
        GitFailed: it failed, or there is no git on PATH.

    """
    status, output, errors = ask(folder, *arguments, stdin=stdin)
    if status != 0:
        said = os.fsdecode(errors).strip()
        raise GitFailed(said or f"git {arguments[0]} ended with {status}")
    return output


def ask(
    folder: Path,
    *arguments: str,
    stdin: bytes = b"",
    seconds: float | None = None,
    settings: Iterable[tuple[str, str]] = (),
) -> tuple[int, bytes, bytes]:
    """Exit status, output and error output of a git command, given in a folder.

    `settings` are configuration for this command, which any other gives way to, also what the
    user has set in the environment.

    Raises:
        GitFailed: there is no git on PATH, no such folder, or it took longer than `seconds`.
        GitKilled: it was killed, which is no answer.

    """
    env = dict(os.environ)
    forget_git(env)
    counted = env.get("GIT_CONFIG_COUNT", "")
    for number, (key, setting) in enumerate(settings, int(counted) if counted.isdigit() else 0):
        # Not by -c, which can't say every name.
        env |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": setting}
        env["GIT_CONFIG_COUNT"] = str(number + 1)
    if not folder.is_dir():
        raise GitFailed(f"the folder {folder} is gone")
    command = ["git", "-C", str(folder), "--no-optional-locks", *arguments]
    try:
        status, output, errors = _communicated(command, env, stdin, seconds)
    except TimeoutError:
        raise GitFailed(f"git {arguments[0]} took longer than {seconds} s") from None
    except FileNotFoundError:
        raise GitFailed("there is no git on PATH") from None
    if status < 0:
        raise GitKilled(-status)
    return status, output, errors


def _communicated(
    command: list[str], env: Mapping[str, str], stdin: bytes, seconds: float | None
) -> tuple[int, bytes, bytes]:
    """The exit status of a process, below 0 for a signal, and what it printed.

    By hand, because importing `subprocess` takes as long as two calls of git.

    Raises:
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

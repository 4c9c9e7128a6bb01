"""Child processes which do not outlive their parent."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from workspaces.testing.postgres.accounts import Account
from workspaces.testing.postgres.errors import ServerError

PR_SET_PDEATHSIG = 1


def spawn(
    command: Sequence[str | Path], account: Account | None, folder: Path, output: IO[bytes]
) -> subprocess.Popen[bytes]:
    """Run the command in a process group of its own, as `account` if one is given.

    On Linux it gets SIGQUIT, PostgreSQL's order to stop immediately, when this process dies.
    Raises ServerError if it cannot be started.
    """
    try:
        return subprocess.Popen(
            command,
            # The current folder may be closed to the account.
            cwd=folder,
            # None of the user's PG* variables, no message in another language, and no search
            # for the name of the local time zone.
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            process_group=0,
            user=None if account is None else account.uid,
            group=None if account is None else account.gid,
            extra_groups=None if account is None else [],
            preexec_fn=_end_with_parent(),
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise ServerError(f"cannot run {command[0]}: {error}") from error


def _end_with_parent() -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    # Loaded here, because between fork and exec as little as possible should happen. The call
    # itself has to be there: a change of the user, which comes before it, would undo it.
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def end_with_parent() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGQUIT, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return end_with_parent

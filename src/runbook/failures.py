"""Failures as exit statuses (docs/exit-codes.md), each with the line a user reads."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress

from runbook.core.model.diagnostics import InvalidPhaseFiles
from runbook.core.record.exits import BUG, STOPPED, UNREAD, USAGE
from runbook.core.text.printable import printable
from runbook.series.opening import UsageError
from runbook.views.screen import close, is_unread, program

# What a machine may refuse to anyone: permission, space, descriptors, processes, memory.
_OUTER = frozenset(
    {
        errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EFBIG,
        errno.EIO, errno.ELOOP, errno.EMFILE, errno.ENFILE, errno.ENAMETOOLONG,
        errno.EAGAIN, errno.ENOMEM, errno.ENXIO,
    }
)  # fmt: skip


def explain(error: Exception) -> int:
    """Say on standard error what kept a command from its work; returns its exit status.

    What is a mistake of ours goes with its traceback to a file, and to the user in one line.
    """
    if isinstance(error, InvalidPhaseFiles):
        from runbook.views.mistakes import mistakes
        from runbook.views.screen import columns_of

        return _say(mistakes(error, columns_of(sys.stderr)), USAGE)
    if isinstance(error, OSError) and is_unread(error):
        # Whoever read our output has enough of it, as in `runbook status | head -1`.
        close()
        return UNREAD
    if isinstance(error, UsageError):
        return _say(f"error: {error}", USAGE)
    if isinstance(error, FileNotFoundError) and not _is_anywhere():
        return _say(
            "error: the folder that you are in is not there any more: "
            "`cd` to where it is now, or to another one of the repository",
            USAGE,
        )
    from runbook.world.files.journallock import JournalLocked
    from runbook.world.files.journalrecords import JournalDamaged

    if isinstance(error, JournalLocked):
        look = f"what it does: {program()} status"
        where = "here" if error.place is None else f"in {error.place}"
        return _say(f"error: another run is under way {where}, {error}; {look}", STOPPED)
    if isinstance(error, JournalDamaged):
        return _say(f"error: {error}; nothing was done there", STOPPED)
    from runbook.world.git.gitfailed import GitFailed

    if isinstance(error, GitFailed):
        return _say(f"error: git refused: {error}", STOPPED)
    if isinstance(error, OSError) and error.errno in _OUTER:
        place = f"{error.filename}: " if error.filename else ""
        try:
            sys.stdout.flush()
        except OSError:
            close()  # or Python would try it once more at its end, and give another status
            place = place or "standard output: "
        return _say(
            f"error: {place}{error.strerror} (errno {error.errno}); what was done so far is kept: "
            "mend it and run again",
            STOPPED,
        )
    return _say(
        f"error: a mistake in runbook itself: {type(error).__name__}: {error}\n"
        f"Nothing of yours was lost; please report it with {_keep(error)}",
        BUG,
    )


def _is_anywhere() -> bool:
    """Whether the folder that this process is in is there."""
    try:
        os.getcwd()  # noqa: PTH109 # pathlib may not be loaded yet
    except FileNotFoundError:
        return False
    return True


def _say(text: str, status: int) -> int:
    from runbook.views.screen import fitted

    with suppress(OSError):  # nobody can be told; the status still says it
        print(fitted(printable(text), sys.stderr), file=sys.stderr)
    return status


def _keep(error: Exception) -> str:
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile(
        "w", prefix="runbook-crash-", suffix=".log", delete=False
    ) as log:
        traceback.print_exception(error, file=log)
    return log.name

"""Exit statuses (docs/exit-codes.md)."""

from __future__ import annotations

from runbook.core.record.events import WAITING, Stopped

STOPPED = 1
USAGE = 2
BUG = 3
WAITS = 4
UNREAD = 141  # 128 + SIGPIPE, as of any program


def exit_status(stopped: Stopped) -> int:
    """The exit status of a run that stopped so."""
    if stopped.kind == "interrupted":
        return 128 + (stopped.signal or 2)
    return WAITS if stopped.kind in WAITING else STOPPED

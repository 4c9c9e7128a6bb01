"""Exit statuses of runs (docs/exit-codes.md)."""

from __future__ import annotations

from runbook.core.record.events import Stopped


def exit_status(stopped: Stopped) -> int:
    """The exit status of a run that stopped so (docs/exit-codes.md)."""
    match stopped.kind:
        case "manual" | "confirm":
            return 4
        case "interrupted":
            return 128 + (stopped.signal or 2)
        case _:
            return 1

"""The one way a run stops before its end."""

from __future__ import annotations

from runbook.core.events import Stopped


class Halt(Exception):
    """Raised where nothing more can be done; the engine turns it into its `Stopped` event."""

    def __init__(self, stopped: Stopped) -> None:
        self.stopped = stopped
        super().__init__(stopped.message)

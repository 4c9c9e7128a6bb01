"""The one way a run stops before its end."""

from __future__ import annotations

from runbook.core.events import Stopped
from runbook.core.model import Phase


class Halt(Exception):
    """Raised where nothing more can be done; the engine turns it into its `Stopped` event."""

    def __init__(self, stopped: Stopped) -> None:
        self.stopped = stopped
        super().__init__(stopped.message)


def git_failed(phase: Phase, error: Exception) -> Stopped:
    """The stop where git can't tell what is to be known of a repository."""
    return Stopped("refused", phase.id, str(phase.at), "git failed", output=str(error))

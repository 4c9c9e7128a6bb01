"""The one way a run stops before its end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from runbook.core.model.model import Phase
from runbook.core.position import Position
from runbook.core.record.events import Stopped
from runbook.world.files.workspace import Unreachable


class Halt(Exception):
    """Raised where nothing more can be done; the engine turns it into its `Stopped` event."""

    def __init__(self, stopped: Stopped) -> None:
        self.stopped = stopped
        super().__init__(stopped.message)


def git_failed(phase: Phase, error: Exception) -> Stopped:
    """The stop where git can't tell what is to be known of a repository."""
    return Stopped("refused", phase.id, str(phase.at), "git failed", output=str(error))


@contextmanager
def reaching(where: str, at: Position | str) -> Iterator[None]:
    """Read and write files for a step, task or phase that stands at a place of the phase file.

    Raises:
        Halt: one of them can't be read or written.

    """
    try:
        yield
    except Unreachable as error:
        raise Halt(Stopped("refused", where, str(at), str(error))) from None

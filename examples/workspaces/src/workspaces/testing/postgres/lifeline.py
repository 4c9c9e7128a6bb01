"""The keeper's end of the pipe whose other end only the launcher holds."""

from __future__ import annotations

import select


class LifelineCut(Exception):
    """The launcher is gone or has let go: time to clean up."""


class Lifeline:
    """Tells when the other end of a pipe is closed; nothing is ever sent through it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def wait(self, seconds: float) -> None:
        """Wait that long; raises LifelineCut as soon as the other end is closed."""
        readable, _, _ = select.select([self._descriptor], [], [], seconds)
        if readable:
            raise LifelineCut

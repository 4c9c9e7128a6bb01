"""The way a verb ends that is not carried out."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from runbook.core.events import Event
from runbook.core.verbevents import VerbRefused
from runbook.engine.halt import Halt
from runbook.world.workspace import Unreachable


class Refusal(Exception):
    """Raised where a verb does not apply, or can't go on; what stopped before stays so."""

    def __init__(
        self,
        verb: str,
        where: str,
        message: str,
        details: tuple[str, ...] = (),
        hint: str | None = None,
    ) -> None:
        self.event = VerbRefused(verb, where, message, details, hint)
        super().__init__(message)


def refusing(verb: str, where: str, work: Iterator[Event]) -> Iterator[Event]:
    """Pass the events of a verb on; where it does not apply, the last one is `VerbRefused`.

    `where` is what the verb is about, named where a file can't be read or written.
    """
    begun = False
    try:
        for event in work:
            yield event
            begun = True
    except Refusal as refusal:
        yield dataclasses.replace(refusal.event, begun=begun)
    except Unreachable as error:
        yield VerbRefused(verb, where, str(error), begun=begun)
    except Halt as halt:
        stopped = halt.stopped
        details = tuple(stopped.output.strip("\n").split("\n")) if stopped.output else ()
        yield VerbRefused(verb, stopped.where, stopped.message, details, stopped.hint, begun)

"""Events of checks that run before their turn, and of those that might have."""

from __future__ import annotations

from runbook.core.value import value


@value
class ChecksInOrder:
    """The checks of a phase run one after the other although several could at once, and why."""

    phase: str
    why: str


@value
class NotTakenAhead:
    """What a check showed before its turn does not count, and why: it is run in its turn."""

    step: str
    why: str


AheadEvent = ChecksInOrder | NotTakenAhead

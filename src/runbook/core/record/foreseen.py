"""What would become of phases, tasks and steps, as a dry run sees it."""

from __future__ import annotations

from typing import Literal

from runbook.core.record.events import Stopped
from runbook.core.value import value

Outcome = Literal["done", "left out", "goes on", "to do", "would", "stops", "unknown", "completes"]


@value
class Foreseen:
    """What would become of a phase, task or step: `text` says it, `details` add to it.

    `stopped` is the stop that a run is sure to make there; a step is handed to `delegate`, a
    command, an edit because of `amiss`. `writes` are the files that an edit changes, where that is
    known.
    """

    where: str
    outcome: Outcome
    text: str = ""
    details: tuple[str, ...] = ()
    stopped: Stopped | None = None
    delegate: str = ""
    amiss: Stopped | None = None
    writes: tuple[str, ...] | None = None

"""The classes of the events that `run` yields, each described where it is defined."""

from __future__ import annotations

from runbook.core.record.aheadevents import *
from runbook.core.record.auditevents import *
from runbook.core.record.delegateevents import *
from runbook.core.record.detailevents import *
from runbook.core.record.events import *
from runbook.core.record.ledgerevents import *
from runbook.core.record.manualevents import *
from runbook.core.record.stepevents import *
from runbook.core.record.verbevents import *

# As of `typing`; type checkers go by the imports.
TYPE_CHECKING = False

if not TYPE_CHECKING:
    # The events, their union, and the values in them.
    __all__ = ["Event"]
    __all__ += sorted(
        name
        for name, each in globals().items()
        if isinstance(each, type) and each.__module__.startswith("runbook.core.record.")
    )

"""runbook executes migration runbooks: edits, evidence, commits, resumable after any stop.

What programs use of it are the names below (docs/api.md), and the events in `runbook.events`.
"""

from __future__ import annotations

# As of `typing`, which every command would have to load; type checkers take it for that.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from runbook.api import *

__version__ = "0.1.0"

__all__ = [
    "Event",
    "InvalidPhaseFiles",
    "Phase",
    "Problem",
    "Series",
    "Simulation",
    "UsageError",
    "load",
    "run",
    "simulate",
]


def __getattr__(name: str) -> object:
    # Only who asks for one of them pays for it.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from runbook import api

    return getattr(api, name)

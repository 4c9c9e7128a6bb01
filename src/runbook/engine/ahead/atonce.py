"""How many checks run at once, and the look-ahead that makes them so."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from runbook.core.model.model import Phase, Task
from runbook.core.record.events import Event
from runbook.engine.ground.context import Context


def at_once(stated: int | None) -> int:
    """How many run at once where so many jobs are stated: 0 is as many as there are cores."""
    if stated == 0:
        mine = getattr(os, "sched_getaffinity", None)  # Linux alone has it
        return (os.cpu_count() or 1) if mine is None else len(mine(0))
    return stated or 1


def look_ahead(context: Context, phase: Phase, tasks: Iterable[Task]) -> Iterator[Event]:
    """Have checks of some tasks made before their turn, where several are to run at once.

    How many is asked for, or else the phase says so. It goes on until `Context.end_ahead`. Where
    somebody is asked before each step, nothing runs before it.
    """
    asked = context.request.jobs
    jobs = at_once(phase.settings.jobs if asked is None else asked)
    if jobs < 2 or context.ask is not None or context.views is None:
        return
    from runbook.engine.ahead.lookahead import LookAhead  # which most runs do without

    steps = tuple(named for task in tasks for named in task.named_steps())
    ahead = LookAhead(context, phase, steps, jobs)
    context.ahead = ahead
    yield from ahead.prepared()

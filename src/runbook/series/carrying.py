"""Carries out phases of an opened series: the one way in, of commands and of programs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from runbook.core.model.model import Phase
from runbook.core.record.events import Event
from runbook.core.record.history import Recorded
from runbook.core.record.status import Awaited
from runbook.engine.contract.request import Ask, Person, Request
from runbook.series.opening import Opened
from runbook.series.standing import look, starts, waits_for

if TYPE_CHECKING:
    from runbook.engine.ground.context import Context
    from runbook.world.processes.interrupts import Interrupts


def carried_out(
    opened: Opened,
    phases: tuple[Phase, ...],
    interrupts: Interrupts,
    verb: str = "run",
    work: Callable[[Context, Phase], Iterator[Event]] | None = None,
    request: Request = Request(),  # noqa: B008 # a value
    ask: Ask | None = None,
    person: Person | None = None,
) -> Iterator[Recorded]:
    """Carry `work` out on each of the phases, by default all that is to be done.

    Each event is in the journal when it comes, as it comes; the last one is `RunEnded`.

    Raises:
        JournalLocked: another run is under way in a phase's worktree.
        JournalDamaged: a journal can't be trusted.
        GitFailed: git does not accept the repository.
    """
    from runbook.engine.running.execute import execute
    from runbook.engine.running.series import Runner
    from runbook.world.git.ownership import refuse_foreign
    from runbook.world.processes.environment import forget_git

    forget_git(os.environ)
    refuse_foreign(opened.checkout.root)
    runner = Runner(
        opened.checkout,
        interrupts,
        opened.folder,
        lambda phase: waits_for(look(opened), phase) if phase.requires else Awaited(),
        lambda phase: starts(look(opened), phase),
        verb,
        work or execute,
        request,
        ask,
        opened.loaded.series.title or "",
        opened.loaded.phases,
        person,
    )
    return runner.carry_out(phases)

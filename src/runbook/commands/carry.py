"""Carries a verb out: the engine's events into the views, and the exit status."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, NoReturn

from runbook.commands.output import Output, Views
from runbook.core.model.model import Phase
from runbook.core.record.events import Event, RunEnded
from runbook.core.record.exits import WAITS
from runbook.core.record.following import following
from runbook.core.record.progress import GOING_ON
from runbook.core.record.status import PhaseStatus
from runbook.engine.contract.request import Request
from runbook.series.carrying import carried_out
from runbook.series.opening import Opened, open_series
from runbook.series.scoping import scoped
from runbook.series.standing import statuses
from runbook.views.screen import program
from runbook.views.seriesrecap import SeriesRecap

if TYPE_CHECKING:
    from runbook.engine.ground.context import Context


_UNREAD = "stopped: nobody reads the output any more; what was done is kept"

_ENDS = {0: "done", WAITS: "waits for you"}
"""What a run's exit status means, for those that are no stop to be mended."""


def carry(
    opened: Opened,
    phases: tuple[Phase, ...],
    output: Output,
    verb: str = "run",
    work: Callable[[Context, Phase], Iterator[Event]] | None = None,
    request: Request = Request(),  # noqa: B008 # a value
) -> NoReturn:
    """Carry `work` out on each of the phases, by default all that is to be done.

    Raises:
        SystemExit: always, with the status of the run.
    """
    from runbook.views.asking import Asker
    from runbook.world.processes.interrupts import Interrupts

    status = 0
    with Interrupts() as interrupts:
        # Of all phases: a check of any may stop an undo.
        asker = Asker(interrupts.fileno(), opened.roots)
        there = verb in GOING_ON and not output.json and at_a_terminal()
        happening = carried_out(
            opened, phases, interrupts, verb, work, request,
            asker if request.step else None, asker if there else None,
        )  # fmt: skip
        # Only now: nothing is written into a repository that git refuses.
        view = Views(phases, output, opened, verbose=request.verbose)
        recap = _recap(opened, phases, verb)
        try:
            for recorded in happening:
                if not view.show(recorded) and not interrupts.count:
                    # As in `runbook run | head`: the run ends in good order, and says so to git.
                    # A second interrupt would kill what a first one ends.
                    interrupts.note(signal.SIGPIPE)
                recap.take(recorded.event)
                if isinstance(recorded.event, RunEnded):
                    status = recorded.event.exit
                    view.ring(f"{phases[-1].id}: {_ENDS.get(status, 'stopped')}")
            for line, style in recap.lines(status, partial(_standing, opened)):
                view.advise(line, style)
            if status == 0 and verb == "done":
                view.advise(f"To go on: {program()} run {phases[0].id}")
            if status == 0 and verb in ("run", "retry") and not output.json:
                _name_next(opened, phases[-1], view)
        finally:
            view.close()
    if interrupts.received == signal.SIGPIPE and status != 0:
        with suppress(BrokenPipeError):
            # Which phase it was that stopped, and every way on, stands there.
            print(f"{_UNREAD}; how to go on: {program()} status", file=sys.stderr, flush=True)
    raise SystemExit(status)


def run_phases(names: list[str]) -> NoReturn:
    """What `run` does with nothing but the names of phases.

    Raises:
        SystemExit: always, with the status of the run.
    """
    opened = open_series(runs=True)
    chosen, request = scoped(opened, names, Request(), every=False)
    carry(opened, chosen, Output(json=False, file=None), request=request)


def _recap(opened: Opened, phases: tuple[Phase, ...], verb: str) -> SeriesRecap:
    """The recap of a run over the whole series or of an audit; of others nothing is told."""
    whole = verb == "audit" or (verb == "run" and phases == opened.loaded.phases)
    again = f"{program()} run --all" if verb == "run" else ""
    return SeriesRecap(opened.loaded.series.title or "", len(phases) if whole else 0, again)


def at_a_terminal() -> bool:
    """Whether a person sees what is written and can answer."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _name_next(opened: Opened, last: Phase, view: Views) -> None:
    """Where the last phase of a run is complete, say which one of the series comes next."""
    if len(opened.loaded.phases) == 1:
        return
    series = _standing(opened)
    if any(each.phase == last.id and each.complete for each in series):
        phase = following(series, last.id)
        if phase is not None:
            view.advise(f"Next: {program()} run {phase}")


def _standing(opened: Opened) -> list[PhaseStatus]:
    """Where each phase of the series stands after a run, or none where that can't be told."""
    from runbook.world.files.journalrecords import JournalDamaged
    from runbook.world.git.gitfailed import GitFailed

    try:
        return statuses(opened, opened.loaded.phases, ())
    except (GitFailed, JournalDamaged):
        # Of another phase: what this run did is done, and whoever carries that one out is told.
        return []

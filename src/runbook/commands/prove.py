"""The part of `check` that runs checks, to see what they prove."""

from __future__ import annotations

import os
from collections.abc import Iterable

from runbook.core.check.proving import SOUND
from runbook.core.model.model import Phase
from runbook.core.record.aheadevents import NotTakenAhead
from runbook.core.record.described import short, start_of
from runbook.core.record.events import Stopped
from runbook.core.record.exits import STOPPED, exit_status
from runbook.core.record.stepevents import CheckProved, CommandBegan, CommandOutput
from runbook.core.text.printable import printable
from runbook.engine.review.prove import Prover
from runbook.series.checking import progress_of
from runbook.series.opening import Opened
from runbook.views.console import Checks, live_lines
from runbook.views.live import PlainLines
from runbook.views.proof import ProofLines
from runbook.world.processes.environment import forget_git
from runbook.world.processes.interrupts import Interrupts


def prove_phases(
    opened: Opened, phases: tuple[Phase, ...], jobs: int | None, *, quiet: bool
) -> tuple[list[CheckProved], int]:
    """Prove the checks of phases, shown as they come unless `quiet`; with the exit status.

    So many `jobs` of them run at once, 0 for as many as there are cores; unstated, it is for the
    series to say.
    """
    forget_git(os.environ)
    live, checks = PlainLines() if quiet else live_lines(), Checks(phases)
    proofs: list[CheckProved] = []
    status = 0
    try:
        with Interrupts() as interrupts:
            series, progress = opened.loaded.phases, progress_of(opened)
            prover = Prover(opened.checkout, interrupts, series, progress, jobs)
            for phase in phases:
                words = ProofLines()
                _say(live, [("", "")], quiet)
                for event in prover.prove(phase):
                    match event:
                        case CommandOutput(line=line, ahead=others):
                            live.update(printable(line), ahead=checks.ahead(others))
                            continue
                        case NotTakenAhead():
                            continue
                        case CommandBegan(command=command, state=state):
                            where = f"at {start_of(state)}" if state else "after"
                            live.show(f"{short(command)} {where}")
                            continue
                        case CheckProved():
                            proofs.append(event)
                            status = status if event.kind in SOUND else STOPPED
                        case Stopped():
                            status = exit_status(event)
                    live.hide()
                    _say(live, words.lines(event), quiet)
                _say(live, [(words.summary(), "bold")], quiet)
                if interrupts.received is not None:
                    break
    finally:
        live.hide()
    return proofs, status


def _say(live: PlainLines, lines: Iterable[tuple[str, str]], quiet: bool) -> None:
    for text, style in lines:
        if not quiet:
            live.write(text, style)

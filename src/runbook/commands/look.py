"""Commands that look at where phases stand."""

from __future__ import annotations

from typing import Annotated

import typer

from runbook.commands.arguments import EventsFile, Jobs, Json, Phases, stated_jobs
from runbook.commands.carry import carry
from runbook.commands.output import Output
from runbook.core.record.exits import STOPPED
from runbook.series import queries
from runbook.series.naming import phases_named, refuse_both
from runbook.series.opening import UsageError, open_series
from runbook.series.standing import begun_phases, next_phases
from runbook.views.screen import can_change, write


def status(
    phases: Phases = None,
    check: Annotated[
        bool, typer.Option("--check", help="Exit with 1 unless all are complete.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Follow a run until it ends, on a terminal.")
    ] = False,
    json: Json = False,
) -> None:
    """Show what is done, what stopped and why, and what to do next."""
    if watch:
        if json or not can_change():
            raise UsageError("--watch follows a run on a terminal, and this is none")
        from runbook.views.painting import follow

        follow(lambda: queries.status(phases or [])[0], queries.at_work)
    lines, complete = queries.status(phases or [], json=json)
    write(lines, plain=json)
    raise typer.Exit(STOPPED if check and not complete else 0)


def next_step(phases: Phases = None, json: Json = False) -> None:
    """Show the next step alone, with all that is needed to do it, and how to go on.

    Without a name: of the phase under way, or the first one left. For an agent that drives. Exits
    with 1 where nothing is left to do.
    """
    lines, found = queries.next_step(phases or [], json=json)
    write(lines, plain=json)
    raise typer.Exit(0 if found else STOPPED)


def list_phases(json: Json = False) -> None:
    """List the phases of the series."""
    write(queries.list_phases(json=json), plain=json)


def show(
    task: Annotated[
        str, typer.Argument(metavar="TASK", help="phase-3/task-1, or just 3/1; 3/verification")
    ],
    json: Json = False,
) -> None:
    """Show a task closely: its steps, what was proved, its commits and files."""
    write(queries.show(task, json=json), plain=json)


def audit(
    phases: Phases = None,
    every: Annotated[
        bool, typer.Option("--all", help="Every phase of the series that has begun.")
    ] = False,
    jobs: Jobs = "auto",
    json: Json = False,
    events_file: EventsFile = None,
) -> None:
    """Make the checks of landed tasks again, each at its own commit, beside the worktree.

    Those of several commits run at once. Stops at the first that breaks, with exit status 1.
    """
    opened = open_series()
    refuse_both(phases or [], every=every)
    if every:
        chosen = begun_phases(opened)
    else:
        chosen = phases_named(opened, phases) if phases else next_phases(opened)
    from runbook.engine.ahead.atonce import at_once
    from runbook.engine.review.audit import Audit

    work = Audit(chosen, at_once(stated_jobs(jobs)))
    carry(opened, chosen, Output(json, events_file), "audit", work)

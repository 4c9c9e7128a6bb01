"""The command that carries phases out."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from runbook.commands.arguments import Phases
from runbook.commands.output import EventsFile, Json, Views
from runbook.opening import UsageError, open_series


def run(
    phases: Phases = None,
    every: Annotated[
        bool, typer.Option("--all", help="Every phase of the series, in order.")
    ] = False,
    accept_head: Annotated[
        bool,
        typer.Option("--accept-head", help="Go on although HEAD moved since the last run."),
    ] = False,
    no_notes: Annotated[
        bool, typer.Option("--no-notes", help="Add no git notes with the evidence to commits.")
    ] = False,
    json: Json = False,
    events_file: EventsFile = None,
) -> None:
    """Carry phases out; given again, go on where the last run stopped.

    Without a name: the phase that is under way, or the only one there is.
    """
    opened = open_series()
    if every and phases:
        raise UsageError("name phases, or say --all: not both")
    chosen = opened.choose(phases) if phases else opened.next_phases(every=every)
    from runbook.core.events import RunEnded
    from runbook.engine.series import Runner
    from runbook.world.environment import forget_git
    from runbook.world.interrupts import Interrupts

    forget_git(os.environ)
    status = 0
    roots = {each.id: opened.checkout.worktree(each.settings.worktree) for each in chosen}
    view = Views(roots, json, events_file)
    with Interrupts() as interrupts:
        runner = Runner(opened.checkout, interrupts, accept_head, opened.folder, opened.complete)
        runner.notes = not no_notes
        runner.series = opened.loaded.series.title or ""
        try:
            for event in runner.carry_out(chosen):
                view.show(event)
                if isinstance(event, RunEnded):
                    status = event.exit
        finally:
            view.close()
    raise typer.Exit(status)

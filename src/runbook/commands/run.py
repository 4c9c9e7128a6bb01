"""The command that carries phases out."""

from __future__ import annotations

from typing import Annotated

import typer

from runbook.commands.arguments import Phases
from runbook.commands.carry import carry
from runbook.commands.output import EventsFile, Json
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
    carry(
        opened,
        chosen,
        json=json,
        events_file=events_file,
        accept_head=accept_head,
        notes=not no_notes,
    )

"""Commands that look at where phases stand."""

from __future__ import annotations

import typer

from runbook import queries
from runbook.commands.arguments import Phases


def status(phases: Phases = None) -> None:
    """Show what is done, what stopped and why, and what to do next."""
    for line in queries.status(phases or []):
        typer.echo(line)


def list_phases() -> None:
    """List the phases of the series."""
    for line in queries.list_phases():
        typer.echo(line)

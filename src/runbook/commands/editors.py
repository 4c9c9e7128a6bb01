"""Commands for those who write phase files."""

from __future__ import annotations

import typer

from runbook import queries
from runbook.commands.arguments import Phases


def check(phases: Phases = None) -> None:
    """Show every mistake in the phase files; nothing is touched or run."""
    for line in queries.check(phases or []):
        typer.echo(line)

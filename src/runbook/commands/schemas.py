"""The command that prints what the files and lines of runbook look like, for other programs."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from runbook.opening import UsageError


def schema(
    events: Annotated[
        bool, typer.Option("--events", help="Of the lines that --json writes.")
    ] = False,
) -> None:
    """Print a JSON Schema."""
    if not events:
        raise UsageError("say which schema: --events")
    from runbook.core.lineschema import line_schema

    typer.echo(json.dumps(line_schema(), indent=2))

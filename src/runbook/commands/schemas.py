"""The command that prints what the files and lines of runbook look like, for other programs."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from runbook.commands.screen import hand_out
from runbook.series.opening import UsageError


def schema(
    series: Annotated[
        bool, typer.Option("--series", help="Of the series file, phases/runbook.yaml.")
    ] = False,
    events: Annotated[
        bool, typer.Option("--events", help="Of the lines that --json writes.")
    ] = False,
) -> None:
    """Print a JSON Schema: of phase files, or of what is asked for.

    Editors find that of a phase file by its first line; runbook init puts it there.
    """
    if series and events:
        raise UsageError("say --series or --events: not both")
    hand_out(json.dumps(_schema(series=series, events=events), indent=2) + "\n")


def _schema(*, series: bool, events: bool) -> dict[str, Any]:
    if events:
        from runbook.core.record.lineschema import line_schema

        return line_schema()
    from runbook.phasefile.schema import phase_schema, series_schema

    return series_schema() if series else phase_schema()

"""Commands between phase files and Markdown plans."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from runbook.commands.arguments import Phase
from runbook.opening import UsageError, open_series


def plan(
    phase: Phase,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Write to this file.")
    ] = None,
) -> None:
    """Write a phase as a Markdown plan for people and coding agents."""
    opened = open_series()
    (chosen,) = opened.choose([phase])
    from runbook.markdown.plan import plan as render

    text = render(opened.loaded.series, chosen)
    if output is None:
        sys.stdout.write(text)
    else:
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as error:
            raise UsageError(f"{output} can't be written: {error.strerror}") from None
        typer.echo(f"wrote {output}")

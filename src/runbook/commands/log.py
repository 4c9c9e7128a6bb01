"""The command that looks back at runs."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from runbook.commands.arguments import Json
from runbook.series.opening import UsageError
from runbook.views.lines import Shown
from runbook.views.screen import write


def log(
    run: Annotated[
        str | None, typer.Argument(metavar="[RUN]", help="A run, or `last`.", show_default=False)
    ] = None,
    output: Annotated[
        str | None,
        typer.Option("--output", metavar="STEP", help="The whole output of a step's command."),
    ] = None,
    commit: Annotated[
        str | None, typer.Option("--commit", metavar="SHA", help="The evidence of a commit.")
    ] = None,
    json: Json = False,
) -> None:
    """Look back: the runs, what happened in one, the output of a command, a commit's evidence."""
    from runbook.series import logs

    if commit is not None and (run is not None or output is not None):
        raise UsageError("--commit goes with neither a run nor --output")
    if output is not None:
        if json:
            raise UsageError("--output writes what the command wrote, and not JSON")
        _copy(logs.output_of(output, run))
        return
    if commit is not None:
        lines: Iterator[Shown] = logs.evidence_of(commit, json=json)
    elif run is not None:
        lines = logs.events_of(run, json=json)
    else:
        lines = logs.runs(json=json)
    write(lines, plain=json)


def _copy(path: Path) -> None:
    """Write a log as it is; for a terminal, without what it would act on."""
    sys.stdout.flush()
    if not sys.stdout.isatty():
        with path.open("rb") as file:
            shutil.copyfileobj(file, sys.stdout.buffer)
        return
    from runbook.core.text.printable import printable

    with path.open(encoding="utf-8", errors="replace", newline="\n") as file:
        for line in file:
            print(printable(line.rstrip("\r\n")))

"""Arguments that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from runbook.format.numbers import MOST_JOBS, read_jobs
from runbook.series.opening import UsageError

Phases = Annotated[
    list[str] | None,
    typer.Argument(metavar="[PHASE]...", help="phase-3, or just 3", show_default=False),
]

Yes = Annotated[
    bool, typer.Option("--yes", help="Say yes to all that is to be confirmed; nobody is asked.")
]

GivenTo = Annotated[
    str | None,
    typer.Option(
        "--delegate", metavar="COMMAND", help="Who takes manual steps over, brief on stdin."
    ),
]

Jobs = Annotated[
    str | None,
    typer.Option("--jobs", "-j", metavar="N", help="Run up to N checks at once, or `auto`."),
]

Json = Annotated[bool, typer.Option("--json", help="Write JSON lines, for programs.")]

EventsFile = Annotated[
    Path | None,
    typer.Option("--events", metavar="FILE", help="Also write the events to FILE, as JSON lines."),
]

JunitFile = Annotated[
    Path | None,
    typer.Option("--junit", metavar="FILE", help="At the end write JUnit XML to FILE, for CI."),
]

Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", help="Write only what needs you, and how it ended.")
]

Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Show the difference of each edit.")]

Notify = Annotated[
    bool, typer.Option("--notify", help="Ring, and tell the desktop, when it ends or waits.")
]


def stated_jobs(jobs: str | None) -> int | None:
    """A number of jobs, 0 for as many as there are cores.

    Raises:
        UsageError: it is none.
    """
    number = None if jobs is None else read_jobs(jobs)
    if jobs is not None and number is None:
        raise UsageError(f"--jobs takes a number from 1 to {MOST_JOBS}, or `auto`, not `{jobs}`")
    return number


def refuse_no_command(delegate: str | None) -> None:
    """Refuse a delegate that is nothing.

    Raises:
        UsageError: it is.
    """
    if delegate is not None and not delegate.strip():
        raise UsageError("--delegate takes a command, and this is none")

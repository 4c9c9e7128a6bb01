"""Arguments that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

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


def refuse_no_command(delegate: str | None) -> None:
    """Refuse a delegate that is nothing.

    Raises:
        UsageError: it is.

    """
    if delegate is not None and not delegate.strip():
        raise UsageError("--delegate takes a command, and this is none")

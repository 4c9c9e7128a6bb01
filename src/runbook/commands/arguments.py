"""Arguments that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

Phases = Annotated[
    list[str] | None,
    typer.Argument(metavar="[PHASE]...", help="phase-3, or just 3", show_default=False),
]

Phase = Annotated[str, typer.Argument(metavar="PHASE", help="phase-3, or just 3")]

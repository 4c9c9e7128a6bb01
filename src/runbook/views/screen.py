"""Lines of commands that only look: plain where they are read by a program, else in colour."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable


def can_change() -> bool:
    """Whether standard output is a terminal on which what was written can change in place."""
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def write(lines: Iterable[str], *, plain: bool = False) -> None:
    """Write lines to standard output; `plain` ones as they are, also to a terminal."""
    if plain or not can_change():
        for line in lines:
            print(line)
        return
    from runbook.views.painting import write_painted

    write_painted(lines)

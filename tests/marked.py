"""Processes that a test tells apart from all others by a mark on their command line."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path


def alive(mark: str) -> list[str]:
    """Return the living processes that have `mark` on their command line."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and mark in (folder / "cmdline").read_text(errors="replace"):
                found.append(folder.name)
        except OSError:
            continue
    return found


def until(condition: Callable[[], object], seconds: float = 20.0) -> None:
    """Wait until something is so."""
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "it did not come to pass"
        time.sleep(0.01)

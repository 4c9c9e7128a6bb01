"""What commands write: nothing that a file or a command put into it acts on a terminal."""

from __future__ import annotations

import sys

from runbook.core.text.printable import printable


def say(text: str, *, err: bool = False) -> None:
    """Write a line for people, or of JSON, which is ASCII anyway."""
    print(printable(text), file=sys.stderr if err else sys.stdout, flush=True)


def hand_out(content: str) -> None:
    """Write what may be read back: as it is, and only for a terminal without what that acts on."""
    sys.stdout.flush()
    if sys.stdout.isatty():
        sys.stdout.write(printable(content))
    else:
        sys.stdout.buffer.write(content.encode("utf-8", "surrogateescape"))
    sys.stdout.flush()

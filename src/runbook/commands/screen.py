"""What commands write: nothing that a file or a command put into it acts on a terminal."""

from __future__ import annotations

import sys

from runbook.core.text.printable import printable
from runbook.views.screen import fitted


def say(text: str, *, err: bool = False) -> None:
    """Write lines for people: to a terminal broken between words."""
    stream = sys.stderr if err else sys.stdout
    print(fitted(printable(text), stream), file=stream, flush=True)


def hand_out(content: str) -> None:
    """Write what may be read back: as it is, and only for a terminal without what that acts on.

    So are lines of JSON, of a difference, or for GitHub, which nothing may break.
    """
    sys.stdout.flush()
    if sys.stdout.isatty():
        sys.stdout.write(printable(content))
    else:
        sys.stdout.buffer.write(content.encode("utf-8", "surrogateescape"))
    sys.stdout.flush()

"""Programs that are started as from a terminal, also where the suite runs behind a shell's `&`."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def foreground() -> Iterator[None]:
    """What is started in here heeds Ctrl-C.

    A shell that starts something in the background has it ignore SIGINT, which all of its children
    inherit. A signal that is handled here has its default again in a program that is started.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)

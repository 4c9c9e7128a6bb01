"""Programs that are started as from a terminal, also where the suite runs behind a shell's `&`."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def foreground() -> Iterator[None]:
    """What is started in here heeds Ctrl-C, and ends with its terminal.

    A shell that starts something in the background has it ignore SIGINT, and `nohup` has it ignore
    SIGHUP, which all of its children inherit. A signal that is handled here has its default again
    in a program that is started.
    """
    numbers = (signal.SIGINT, signal.SIGHUP)
    before = [(each, signal.signal(each, signal.default_int_handler)) for each in numbers]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)

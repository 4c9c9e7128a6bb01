"""A limit on how long a computation takes, such as matching a regular expression."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from runbook.core.questions import TooLong


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Stop what happens inside after so many seconds; in the main thread only, else not at all.

    CPython looks at signals while it matches a regular expression, and the handler raises there.

    Raises:
        TooLong: the time is up.

    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

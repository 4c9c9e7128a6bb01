"""A limit on how long a computation takes, such as matching a regular expression."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

from runbook.core.check.questions import TooLong

if TYPE_CHECKING:
    import signal
else:
    import _signal as signal  # without the enumerations of the module around it

SEARCH_LIMIT = 2.0
"""Seconds that a regular expression may take for a megabyte of output."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Stop what happens inside after so many seconds; in the main thread only, else not at all.

    They are seconds of computing: on a busy machine nothing takes longer. CPython looks at signals
    while it matches a regular expression, and the handler raises there.

    Raises:
        TooLong: the time is up.
    """

    def stop(_signal: int, _frame: FrameType | None) -> None:
        left = until - time.process_time()
        if left <= 0:
            raise TooLong
        signal.setitimer(signal.ITIMER_REAL, left)

    try:
        before = signal.signal(signal.SIGALRM, stop)
    except ValueError:
        # Python handles signals in the main thread only.
        yield
        return
    until = time.process_time() + seconds
    # A timer of the processor's time takes milliseconds to be set, now and then.
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

"""Ctrl-C and its like, noted instead of raised."""

import os
import signal
from types import FrameType
from typing import Any, Self

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupts:
    """While entered, SIGINT, SIGTERM and SIGHUP only count; what waits on `fileno` wakes up.

    A SIGHUP that is ignored stays so: a run under `nohup` goes on when its terminal is closed. For
    the main thread only, but without any `signals`. Handlers never raise, so no statement is
    ever left half done by them; whoever runs something long looks at `received`.
    """

    def __init__(self, signals: tuple[signal.Signals, ...] = SIGNALS) -> None:
        ignored = signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
        self._signals = tuple(each for each in signals if each != signal.SIGHUP or not ignored)
        self.received: int | None = None
        self.count = 0
        self._restore: list[tuple[int, Any]] = []
        self._old_wakeup = -1
        self._pipe: tuple[int, int] | None = None

    def __enter__(self) -> Self:
        self._pipe = os.pipe()
        for descriptor in self._pipe:
            os.set_blocking(descriptor, False)
        if self._signals:
            # A handler alone does not end a poll: Python resumes it after one that does not raise.
            self._old_wakeup = signal.set_wakeup_fd(self._pipe[1], warn_on_full_buffer=False)
        self._restore = [(number, signal.signal(number, self._note)) for number in self._signals]
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._restore:
            # None: installed by C code, which cannot be put back from here.
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        if self._signals:
            signal.set_wakeup_fd(self._old_wakeup)
        if self._pipe is not None:
            for descriptor in self._pipe:
                os.close(descriptor)
            self._pipe = None

    def fileno(self) -> int:
        """Return a descriptor that becomes readable with each signal."""
        if self._pipe is None:
            raise ValueError("Interrupts is not entered")
        return self._pipe[0]

    def drain(self) -> None:
        """Make `fileno` wait for the next signal again."""
        try:
            while os.read(self.fileno(), 512):
                pass
        except BlockingIOError:
            pass

    def note(self, number: int) -> None:
        """Count a signal that this process gives itself, as if it had come from outside."""
        self._note(number, None)
        if self._pipe is not None:
            os.write(self._pipe[1], bytes([number]))

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self.count += 1
        if self.received is None:
            self.received = number

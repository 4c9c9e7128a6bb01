"""The live lines of a terminal; nothing a command prints is taken for markup."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator, Sequence
from threading import Event, RLock, Thread
from types import FrameType

from rich.spinner import Spinner
from rich.text import Text

from runbook.views.charset import beyond_ascii
from runbook.views.frame import Frame
from runbook.views.live import PlainLines
from runbook.views.painting import painted, terminal
from runbook.views.words import seconds

_MARGIN = "        "
_EVERY = 0.1
"""Seconds between two drawings."""


class _Activity:
    """What runs now, for how long, how far it is, and the last it said."""

    def __init__(self, what: str, usual: float | None, after: float) -> None:
        self._what = what
        self._usual = usual
        self._began = time.monotonic()
        self._shown_from = self._began + after
        self._spinner = Spinner("dots" if beyond_ascii() else "line")
        self.line = ""
        self.about = ""
        self.ahead: Sequence[str] = ()

    def lines(self) -> Iterator[Text]:
        if time.monotonic() < self._shown_from:
            return
        elapsed = seconds(time.monotonic() - self._began)
        if self._usual is not None:
            elapsed += f" of about {seconds(self._usual)}"
        head = Text(_MARGIN)
        frame = self._spinner.render(time.monotonic())
        head.append_text(frame if isinstance(frame, Text) else Text("*"))
        head.append(f" {elapsed}  ")
        head.append(self._what)
        yield head
        if self.about:
            about = Text(f"{_MARGIN}  {self.about}")
            about.highlight_regex(r"\d+ failed", "red")
            yield about
        if self.line:
            yield Text(f"{_MARGIN}  {self.line}", style="dim")
        for each in self.ahead:
            yield Text(f"{_MARGIN}  {each}")


class Terminal(PlainLines):
    """Lines that stay, and under them what runs now."""

    def __init__(self) -> None:
        self._console = terminal()
        self._frame = Frame(self._console)
        self._activity: _Activity | None = None
        self._writing = RLock()
        self._hidden = Event()
        self._suspends = False  # Ctrl-Z has come, and could not be heeded yet
        self._drawing: Thread | None = None

    def show(self, what: str, usual: float | None = None, after: float = 0.0) -> None:
        """Begin to show what runs now, which took `usual` seconds the last time.

        What has ended before `after` seconds is not shown.
        """
        self.hide()
        self._activity = _Activity(what, usual, after)
        self._hidden.clear()
        if signal.getsignal(signal.SIGTSTP) == signal.SIG_DFL:
            signal.signal(signal.SIGTSTP, self._suspend)
        self._drawing = Thread(target=self._draw, args=(self._activity,), daemon=True)
        self._drawing.start()

    def _suspend(self, _number: int, _at: FrameType | None) -> None:
        """Leave the terminal to the shell as it was, before this process is stopped (Ctrl-Z).

        Where that came in the midst of writing, it comes again when this has gone on: the drawing
        may wait for what was interrupted, and nobody may wait for the drawing then.
        """
        self._suspends = not self._writing.acquire(blocking=False)
        if self._suspends:
            return
        try:
            self._frame.erase()
            signal.signal(signal.SIGTSTP, signal.SIG_DFL)
            os.kill(os.getpid(), signal.SIGTSTP)
            # It goes on, and with it the drawing.
            signal.signal(signal.SIGTSTP, self._suspend)
        except RuntimeError:  # a stream can't be written to while it is
            self._suspends = True
        finally:
            self._writing.release()

    def _suspend_now(self) -> None:
        if self._suspends:
            self._suspends = False
            os.kill(os.getpid(), signal.SIGTSTP)

    def _draw(self, activity: _Activity) -> None:
        while True:
            with self._writing:
                if self._hidden.is_set():
                    return
                try:
                    self._frame.draw(list(activity.lines()))
                except OSError:
                    return  # it was closed, which who writes what stays finds out as well
            self._suspend_now()
            self._hidden.wait(_EVERY)

    def update(self, line: str, about: str = "", ahead: Sequence[str] = ()) -> None:
        """Show the latest line of its output, how far it is, and what runs ahead meanwhile."""
        if self._activity is not None:
            self._activity.line = line.replace("\t", "    ")
            self._activity.about = about
            self._activity.ahead = ahead

    def note(self, text: str, style: str) -> None:
        """Write a line that stays above what runs."""
        self.write(text, style)

    def hide(self) -> None:
        """Take the lines away."""
        if signal.getsignal(signal.SIGTSTP) == self._suspend:
            signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        with self._writing:
            self._hidden.set()
            self._frame.erase()
        if self._drawing is not None:
            self._drawing.join()
        self._activity = self._drawing = None
        self._suspend_now()

    def write(self, text: str, style: str) -> None:
        """Write lines that stay."""
        with self._writing:
            self._frame.erase()
            self._console.print(painted(text, style, self._console.width), soft_wrap=True)
            if self._activity is not None:
                self._frame.draw(list(self._activity.lines()))

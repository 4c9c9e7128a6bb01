"""The live line of a terminal, by rich; nothing a command prints is taken for markup."""

from __future__ import annotations

import time

from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from runbook.views.words import seconds


class _Activity:
    """What runs now, for how long, and the last it said; fitted to the terminal's width."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._began = time.monotonic()
        self._spinner = Spinner("dots")
        self.line = ""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        elapsed = time.monotonic() - self._began
        head = Text("        ")
        frame = self._spinner.render(console.get_time())
        head.append_text(frame if isinstance(frame, Text) else Text("*"))
        head.append(f" {seconds(elapsed)}  ")
        head.append(self._what)
        yield _one_line(head, options.max_width)
        if self.line:
            yield _one_line(Text(f"          {self.line}", style="dim"), options.max_width)


def _one_line(text: Text, width: int) -> Text:
    text.truncate(max(1, width - 1), overflow="ellipsis")
    text.no_wrap = True
    return text


class Terminal:
    """Lines that stay, and under them what runs now."""

    def __init__(self) -> None:
        self._console = Console(markup=False, highlight=False, emoji=False, soft_wrap=True)
        self._activity: _Activity | None = None
        self._live: Live | None = None

    def show(self, what: str) -> None:
        """Begin to show what runs now."""
        self.hide()
        self._activity = _Activity(what)
        self._live = Live(
            self._activity, console=self._console, transient=True, refresh_per_second=10,
            redirect_stdout=False, redirect_stderr=False,
        )  # fmt: skip
        self._live.start()

    def update(self, line: str) -> None:
        """Show the latest line of its output."""
        if self._activity is not None:
            self._activity.line = line.replace("\t", "    ")

    def hide(self) -> None:
        """Take the line away."""
        if self._live is not None:
            self._live.stop()
        self._live = self._activity = None

    def write(self, text: str, style: str) -> None:
        """Write lines that stay."""
        self._console.print(Text(text, style=style), soft_wrap=True)

"""The live line of a terminal, by rich; nothing a command prints is taken for markup."""

from __future__ import annotations

import time

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from runbook.views.charset import beyond_ascii
from runbook.views.painting import painted, terminal
from runbook.views.words import seconds

_MARGIN = "        "


class _Activity:
    """What runs now, for how long, how far it is, and the last it said; fitted to the width."""

    def __init__(self, what: str, usual: float | None) -> None:
        self._what = what
        self._usual = usual
        self._began = time.monotonic()
        self._spinner = Spinner("dots" if beyond_ascii() else "line")
        self.line = ""
        self.about = ""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        elapsed = seconds(time.monotonic() - self._began)
        if self._usual is not None:
            elapsed += f" of about {seconds(self._usual)}"
        head = Text(_MARGIN)
        frame = self._spinner.render(console.get_time())
        head.append_text(frame if isinstance(frame, Text) else Text("*"))
        head.append(f" {elapsed}  ")
        head.append(self._what)
        yield _one_line(head, options.max_width)
        if self.about:
            about = Text(f"{_MARGIN}  {self.about}")
            about.highlight_regex(r"\d+ failed", "red")
            yield _one_line(about, options.max_width)
        if self.line:
            line = Text(f"{_MARGIN}  {self.line}", style="dim")
            yield _one_line(line, options.max_width)


def _one_line(text: Text, width: int) -> Text:
    room = max(1, width - 1)
    if cell_len(text.plain) > room:
        text.truncate(room, overflow="ellipsis" if beyond_ascii() else "crop")
    text.no_wrap = True
    return text


class Terminal:
    """Lines that stay, and under them what runs now."""

    def __init__(self) -> None:
        self._console = terminal()
        self._activity: _Activity | None = None
        self._live: Live | None = None

    def show(self, what: str, usual: float | None = None) -> None:
        """Begin to show what runs now, which took `usual` seconds the last time."""
        self.hide()
        self._activity = _Activity(what, usual)
        self._live = Live(
            self._activity, console=self._console, transient=True, refresh_per_second=10,
            redirect_stdout=False, redirect_stderr=False,
        )  # fmt: skip
        self._live.start()

    def update(self, line: str, about: str = "") -> None:
        """Show the latest line of its output, and how far it is."""
        if self._activity is not None:
            self._activity.line = line.replace("\t", "    ")
            self._activity.about = about

    def note(self, text: str, style: str) -> None:
        """Write a line that stays above what runs."""
        self.write(text, style)

    def hide(self) -> None:
        """Take the line away."""
        if self._live is not None:
            self._live.stop()
        self._live = self._activity = None

    def write(self, text: str, style: str) -> None:
        """Write lines that stay."""
        self._console.print(painted(text, style, self._console.width), soft_wrap=True)

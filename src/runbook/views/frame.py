"""Lines at the bottom of a terminal that change in place, at whatever width it has by then."""

from __future__ import annotations

import os
from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from runbook.views.charset import beyond_ascii

_HIDE, _SHOW = "\x1b[?25l", "\x1b[?25h"
_ALL_BELOW = "\x1b[J"
_CUT_OFF = ("XTERM_VERSION", "STY")
"""Variables of terminals that cut lines off when they get narrower; others break them."""


class Frame:
    """Lines that are written over when they change, and taken away before anything stays there.

    Between two drawings the cursor, which is hidden, waits at the beginning of the last line: a
    `^C` that the terminal echoes stands there, and moves nothing.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._drawn: list[int] = []
        self._breaks = "TMUX" in os.environ or not any(name in os.environ for name in _CUT_OFF)

    def draw(self, lines: Sequence[Text]) -> None:
        """Write the lines in the place of those that are there, each cut off at the width."""
        shown = [_cut(line, self._console.width - 1) for line in lines]
        shown = shown[: max(1, self._console.height - 1)]
        if not shown:
            self.erase()
            return
        with self._console.capture() as captured:
            for line in shown:
                self._console.print(line, end="\n", no_wrap=True, crop=False)
        # Erased before, and at once: what is written over a broken line is still one for tmux.
        written = captured.get().removesuffix("\n")
        self._write(f"{_HIDE}{self._back()}{_ALL_BELOW}{written}\r")
        self._drawn = [cell_len(line.plain) for line in shown]

    def erase(self) -> None:
        """Take the lines away: what is written next stands in their place."""
        if self._drawn:
            self._write(f"{self._back()}{_ALL_BELOW}{_SHOW}")
            self._drawn = []

    def _back(self) -> str:
        """To the beginning of the first line, which may take several rows since."""
        width = self._console.width
        rows = (max(1, -(-cells // width)) if self._breaks else 1 for cells in self._drawn[:-1])
        above = sum(rows)
        return f"\r\x1b[{above}A" if above else "\r"

    def _write(self, text: str) -> None:
        self._console.file.write(text)
        self._console.file.flush()


def _cut(line: Text, room: int) -> Text:
    room = max(1, room)
    if cell_len(line.plain) > room:
        line.truncate(room, overflow="ellipsis" if beyond_ascii() else "crop")
    return line

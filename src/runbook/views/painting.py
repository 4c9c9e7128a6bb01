"""Lines in colour and fitted to a terminal, by rich; nothing in them is taken for markup."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator

from rich.console import Console
from rich.text import Text

from runbook.views.lines import Line, Shown
from runbook.views.wrapping import wrapped

_PATTERNS = (
    (r"^ *\[[✓+]\]", "green"),
    (r"^ *\[!\]", "bold red"),
    (r"^ *\[-\]", "dim"),
    (r"\b\d+ (failed|errors?|did not run|not collected)\b", "red"),
    (
        r"^\d{8}T\d{6}Z-\S+  [^:]*: (?:(?P<green>done)|(?P<yellow>exit status 4|at work now)|"
        r"(?P<red>exit status \d+|was killed))",
        "",
    ),
    (r"^ *\|.*", "dim"),
)
_EVERY = 0.5
"""Seconds between two looks at what is followed."""

_DIFFERENCE = ((r"^ *\+.*", "green"), (r"^ *-.*", "red"), (r"^ *@@.*", "cyan"))


def terminal() -> Console:
    """The screen of a terminal, as wide as it is now."""
    return Console(markup=False, highlight=False, emoji=False, soft_wrap=True)


def painted(text: str, style: str, width: int) -> Text:
    """A text with its style, in which marks and failures stand out, broken between words.

    The style `difference` is that of a unified diff, which is left as it is.
    """
    if style == "difference":
        whole = Text(text)
        for pattern, colour in _DIFFERENCE:
            whole.highlight_regex(f"(?m){pattern}", colour)
        return whole
    whole = Text(wrapped(text, width), style=style)
    for pattern, colour in _PATTERNS:
        whole.highlight_regex(f"(?m){pattern}", colour)
    return whole


def write_painted(lines: Iterable[Shown]) -> None:
    """Write lines to a terminal."""
    console = terminal()
    for row in _rows(lines, console.width):
        console.print(row, soft_wrap=True)


def _rows(lines: Iterable[Shown], width: int) -> Iterator[Text]:
    """What lines look like at a width, row by row; a margin stands beside the first of each."""
    for each in lines:
        line = Line(each) if isinstance(each, str) else each
        margin = line.margin
        text = painted(line.text, line.style, width - len(margin))
        for row in text.split("\n", allow_blank=True):
            whole = Text.assemble((margin, "dim"), row)
            whole.rstrip()
            yield whole
            margin = " " * len(margin)


def follow(lines: Callable[[], Iterable[Shown]], goes_on: Callable[[], bool]) -> None:
    """Show lines in place, and again, as long as something goes on; they are taken away then."""
    from runbook.views.frame import Frame

    console = terminal()
    frame = Frame(console)
    # What is cleared from the very first row on, some terminals keep above the screen.
    console.print()
    try:
        while goes_on():
            frame.draw(list(_rows(lines(), console.width))[-console.height + 1 :])
            time.sleep(_EVERY)
    finally:
        frame.erase()

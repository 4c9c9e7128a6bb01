"""Lines in colour and fitted to a terminal, by rich; nothing in them is taken for markup."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from rich.console import Console
from rich.text import Text

from runbook.views.wrapping import wrapped

_PATTERNS = (
    (r"^ *\[[✓+]\]", "green"),
    (r"^ *\[!\]", "bold red"),
    (r"^ *\[-\]", "dim"),
    (r"\b\d+ (failed|errors?|did not run|not collected)\b", "red"),
    (r"^  (stopped|a run would stop) at \S+.*", "bold red"),
    (r"^  (complete)\b", "green"),
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


def write_painted(lines: Iterable[str]) -> None:
    """Write lines to a terminal."""
    console = terminal()
    for line in lines:
        console.print(painted(line, "", console.width), soft_wrap=True)


def follow(lines: Callable[[], Iterable[str]], goes_on: Callable[[], bool]) -> None:
    """Show lines in place, and again, as long as something goes on; they are taken away then."""
    from runbook.views.frame import Frame

    console = terminal()
    frame = Frame(console)
    try:
        while goes_on():
            shown = [painted(line, "", console.width) for line in lines()]
            whole = [row for text in shown for row in text.split("\n", allow_blank=True)]
            frame.draw(whole[-console.height + 1 :])
            time.sleep(_EVERY)
    finally:
        frame.erase()

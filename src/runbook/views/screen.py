"""Lines of commands that only look: plain where they are read by a program, else in colour."""

from __future__ import annotations

import errno
import os
import select
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from runbook.views.lines import Shown


def program() -> str:
    """How the user calls us, for messages that say what to type next; the launcher knows."""
    called = os.environ.get("RUNBOOK_INVOKED_AS", "runbook")
    if Path(called).is_absolute() and str(Path(called).parent) in os.get_exec_path():
        return Path(called).name
    return called


def is_terminal() -> bool:
    """Whether standard output is a terminal that understands more than text."""
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def can_change() -> bool:
    """Whether what was written to standard output can change in place, and have colours.

    Not where somebody wants neither (`NO_COLOR`), nor in CI, which keeps all that was written.
    """
    in_ci = os.environ.get("CI", "").lower() not in ("", "0", "false")
    return is_terminal() and not os.environ.get("NO_COLOR") and not in_ci


def write(lines: Iterable[Shown], *, plain: bool = False) -> None:
    """Write lines to standard output; `plain` ones as they are, also to a terminal."""
    if not plain and can_change():
        from runbook.views.painting import write_painted

        write_painted(lines)
        return
    for line in lines:
        for row in (line,) if isinstance(line, str) else line.rows:
            print(row if plain else fitted(row))


def fitted(text: str, stream: TextIO | None = None) -> str:
    """A text as it is written without colours: broken between words where a terminal shows it.

    `stream` is where it goes, standard output by default.
    """
    columns = columns_of(stream or sys.stdout)
    if columns is None:
        return text
    from runbook.views.wrapping import wrapped

    return wrapped(text, columns)


def columns_of(stream: TextIO) -> int | None:
    """The columns of the terminal that a stream is, or `None`."""
    if not stream.isatty():
        return None
    from shutil import get_terminal_size

    return get_terminal_size().columns


def is_unread(error: OSError) -> bool:
    """Whether that is because nobody reads the output: of a pipe, or a terminal that was closed."""
    if error.errno == errno.EIO:
        return _hung_up(sys.stdout.fileno())
    return isinstance(error, BrokenPipeError)


def close() -> None:
    """Have what is still written to standard output go nowhere, whatever is wrong with it.

    So is what is written to standard error where nobody reads that.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    let_go(sys.stderr)


def let_go(*outputs: TextIO) -> None:
    """Have what is still written to those of some outputs that nobody reads go nowhere."""
    for each in outputs:
        if _hung_up(each.fileno()):
            os.dup2(os.open(os.devnull, os.O_WRONLY), each.fileno())


def _hung_up(descriptor: int) -> bool:
    poller = select.poll()
    poller.register(descriptor, 0)  # what is told without being asked for
    return any(told & (select.POLLHUP | select.POLLERR) for _, told in poller.poll(0))

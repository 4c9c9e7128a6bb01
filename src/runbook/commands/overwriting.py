"""Files that a command is told to read or write; it writes over what runbook wrote, no more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from runbook.series.opening import UsageError

_HEAD = 2**20
"""Bytes from a file's beginning that tell what it is: events may be many."""


@contextmanager
def given(file: Path, *, to_be: Literal["read", "written"]) -> Iterator[None]:
    """Read or write a file that the user named.

    Raises:
        UsageError: that can't be done.
    """
    try:
        yield
    except OSError as error:
        raise UsageError(f"{file} can't be {to_be}: {error.strerror}") from None


def refuse_others(file: Path, noun: str, is_ours: Callable[[str], bool]) -> None:
    """Refuse a file that has something else in it than what `noun` names.

    An empty file may be written to, and so may what is no file, such as a pipe, which is not read.

    Raises:
        UsageError: it has something else, or can't be read.
    """
    if not file.is_file():
        return
    with given(file, to_be="read"), file.open("rb") as there:
        text = there.read(_HEAD).decode("utf-8", "replace")
    if text.strip() and not is_ours(text):
        raise UsageError(
            f"{file} is there and is no {noun}; it is left as it is: "
            "write to another file, or remove it"
        )

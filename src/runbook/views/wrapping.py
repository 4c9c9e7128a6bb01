"""Lines fitted to a terminal: broken between words, never inside a path or a command."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len

_VERBATIM = re.compile(r"\s+\d* ?\||  (verify|run)  ")
"""What a command printed, and commands: they are to be seen, and copied, as they are."""

_HANGS = re.compile(r"\s*(?:(?:- |\[.\] [\w.-]+: |[a-z]+: (?=\S)|\w+ {2,})|(?=\S))")
"""What later lines of the same stand below: blanks, a mark, a label."""

_WORD = re.compile(
    r"""
    `[^`\n]*`\S*                                     # what is to be typed
    | (?:\S*/)?runbook(?:[ ](?:-{0,2}[\w./:-]*\w))+  # a command of ours
    | \S+
    """,
    re.VERBOSE,
)
_LEAST = 24
"""Columns that are left for words, however far a line is indented."""


def wrapped(text: str, width: int) -> str:
    """Break the lines of a text that are wider than a terminal, with hanging indentation."""
    return "\n".join(
        part
        for line in text.split("\n")
        for part in ([line] if _fits(line, width) else _broken(line, width))
    )


def _fits(line: str, width: int) -> bool:
    return cell_len(line) <= width or _VERBATIM.match(line) is not None


def _broken(line: str, width: int) -> Iterator[str]:
    found = _HANGS.match(line)
    hang = found[0] if found is not None else ""
    if width - cell_len(hang) < _LEAST:
        hang = " " * (len(line) - len(line.lstrip()))
    now, blank = hang, False
    for word in _WORD.findall(line[len(hang) :]):
        if blank and cell_len(now) + 1 + cell_len(word) > width:
            yield now.rstrip()
            now, blank = " " * cell_len(hang), False
        now += f" {word}" if blank else word
        blank = True
    yield now

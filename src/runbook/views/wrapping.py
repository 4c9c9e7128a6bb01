"""Lines fitted to a terminal: broken between words, never inside a path or a command."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len

from runbook.core.patterns import regex
from runbook.views.commands import COMMANDS

_COMMAND = regex(r"(  ){1,2}(verify|run)  |  \w+ +step-\d+: attempt \d+ of \d+ by ")
_PRINTED = regex(r"\s+\d* ?\|")
"""Commands, of one line or more, and what they printed are seen, and can be copied, as they are."""

_HANGS = regex(r"\s*(?:(?:- |\[.\] [\w.-]+(?:: | {2,})|[a-z]+: (?=\S)|[\w.-]+ {2,})|(?=\S))")
"""What later lines of the same stand below: blanks, a mark, a label."""

_WORD = regex(
    rf"""
    [^\s`]*`[^`\n]*`\S*                      # what is to be typed
    | [^\s`]*\brunbook                      # a command of ours, up to a mark of punctuation
      (?:[ ]-C[ ]\S*\w)?
      [ ](?:{"|".join(COMMANDS)})\b
      (?:[ ](?:-{{0,2}}[\w./:-]*\w|"[^"\n]*"))*
      \S*
    | \S+
    """,
    re.VERBOSE,
)
_LEAST = 24
"""Columns that are left for words, however far a line is indented."""


def wrapped(text: str, width: int) -> str:
    """Break the lines of a text that are wider than a terminal, with hanging indentation."""
    if _COMMAND.match(text):
        return text
    return "\n".join(
        part
        for line in text.split("\n")
        for part in ([line] if _fits(line, width) else _broken(line, width))
    )


def _fits(line: str, width: int) -> bool:
    return cell_len(line) <= width or _PRINTED.match(line) is not None


def _broken(line: str, width: int) -> Iterator[str]:
    found = _HANGS.match(line)
    hang = found[0] if found is not None else ""
    if width - cell_len(hang) < _LEAST:
        hang = " " * (len(line) - len(line.lstrip()))
    now, end = hang, len(hang)
    for word in _WORD.finditer(line, len(hang)):
        blanks, end = line[end : word.start()], word.end()
        if blanks and cell_len(now + blanks + word[0]) > width:
            yield now.rstrip()
            now, blanks = " " * cell_len(hang), ""
        now += blanks + word[0]
    yield now

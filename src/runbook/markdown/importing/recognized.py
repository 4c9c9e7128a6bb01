"""An edit that a plan states, before it is tried, and what the rules that find one are given."""

from __future__ import annotations

import re
from collections.abc import Callable

from runbook.core.model.operations import Operation
from runbook.core.value import value
from runbook.markdown.importing.pieces import Piece
from runbook.markdown.importing.places import Scope

Finder = Callable[[str], Operation | str]
"""The change in a file's text, or why there is none; nothing, where no more than usual is said."""


@value
class Recognized:
    """An edit that the plan states, and the pieces (by index) that it is made of."""

    path: str
    change: Operation
    first: int
    last: int
    anchored: bool = False
    find: Finder | None = None  # gives the change; `change` only stands in for it
    about: tuple[str, ...] = ()  # what it changes or stands beside: names, or lines
    sure: bool = True  # the words alone say what is meant, so that why it fails is told
    loose: bool = True  # another indentation of the anchor would be that of the block
    also: tuple[Operation, ...] = ()  # what is changed with it


Rule = Callable[[list[Piece], int, Scope, str | None], Recognized | None]
"""What a form of words makes of the block at an index; last comes the file of the block before."""


def lead_of(pieces: list[Piece], index: int, title: str) -> str:
    """The words right before a block: the last line of the prose before it, or the title."""
    if index == 0:
        return title
    before = pieces[index - 1]
    if before.kind != "prose":
        return ""
    return before.text.rstrip().rsplit("\n", 1)[-1].strip()


def telling(code: str) -> tuple[str, ...]:
    """The lines of a block by which one would know it again."""
    lines = (line.strip() for line in code.split("\n"))
    return tuple(dict.fromkeys(line for line in lines if len(re.findall(r"\w", line)) > 5))

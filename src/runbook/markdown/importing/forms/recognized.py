"""An edit that a plan states, before it is tried, and what the rules that find one are given."""

from __future__ import annotations

from collections.abc import Callable

from runbook.core.model.operations import Operation
from runbook.core.value import value
from runbook.markdown.importing.places.files import Scope
from runbook.markdown.importing.text.pieces import Piece

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

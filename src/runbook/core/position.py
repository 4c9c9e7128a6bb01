"""Places in a phase file, and the fields of the model that hold places and words."""

from __future__ import annotations

from typing import Any

from runbook.core.value import field, value


@value
class Position:
    """A place in a phase file; line and column count from 1, columns in characters."""

    path: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


TOLD = {"told": True}
"""The metadata of a field that is no words and changes nothing of what is done all the same."""

NOWHERE = Position("", 0, 0)


def words() -> Any:
    """A field that is words for people: it takes no part in a task's digest."""
    return field(default=None, metadata={"words": True})


def position() -> Any:
    """A field that says where in a file its value stands: it takes no part in comparison."""
    return field(default=NOWHERE, compare=False, repr=False)

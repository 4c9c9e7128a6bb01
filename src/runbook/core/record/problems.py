"""What `check` finds in phases that can be read: edits that will not apply, and lint."""

from __future__ import annotations

from typing import Literal

from runbook.core.matching.nearest import Nearest
from runbook.core.position import Position
from runbook.core.value import field, value

ProblemKind = Literal["mistake", "conflict", "lint"]
"""A mistake makes a file invalid; a conflict stops a run; lint is what should not be relied on."""


@value
class Problem:
    """One problem: where it stands in a phase file, what it is, and how to mend it."""

    kind: ProblemKind
    at: Position
    message: str
    code: str | None = None  # of lint: RB101
    hint: str | None = None
    excerpt: str = ""  # the whole source line
    width: int = 1  # characters to underline, from the position's column
    step: str | None = None  # its identifier, such as phase-3/task-1/step-2
    target: str | None = None  # of a conflict: the file
    near: Nearest | None = None
    notes: tuple[str, ...] = ()  # of a conflict: what else is known of the text that is missed
    base: str | None = None  # of a conflict: the commit that the phase was written against
    commits: tuple[str, ...] = ()  # of a conflict: those that changed the target since
    order: int = field(default=0, compare=False, repr=False)  # as read, where places are the same

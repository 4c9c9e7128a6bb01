"""Who works in place of a person: a command, and how far it is trusted."""

from __future__ import annotations

from typing import Literal

from runbook.core.position import Position, position
from runbook.core.value import value

Cause = Literal["manual", "conflict", "check"]
"""What is handed over: work that is said in words, an edit that does not match, a failed check."""

ATTEMPTS = 3
"""How often a delegate may try where nothing else is stated."""


@value
class Confinement:
    """How the kernel holds a delegate to the files it may change, and what else it may write.

    `auto` goes on without where the system can't, `required` does not begin, `off` does not try.
    """

    mode: Literal["auto", "required", "off"] = "auto"
    write: tuple[str, ...] = ()  # folders, of the user where they begin with `~`


@value
class Delegate:
    """A command that takes over what a person would do; without `run` nobody does.

    `timeout` and `idle` are seconds: for an attempt, and without output or a change of a file.
    With `strict` it is refused what is otherwise only warned of. It is judged in a clean
    worktree, or `here`.
    """

    run: str | None
    attempts: int = ATTEMPTS
    timeout: float | None = None
    idle: float | None = None
    causes: tuple[Cause, ...] = ("manual",)
    confine: Confinement = Confinement()
    judge: Literal["clean", "here"] = "clean"
    strict: bool = False
    trailer: str | None = None
    at: Position = position()

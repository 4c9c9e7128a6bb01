"""What a command asks of a run, and how a run asks on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, Protocol

from runbook.core.model.model import Phase
from runbook.core.record.events import Stopped
from runbook.core.value import value

Answer = Literal["yes", "no", "quit"]

Ask = Callable[[str, str, str, Callable[[], str]], Answer]
"""Asks whether a step is to be carried out: its identifier, kind, subject, and a preview of it."""


class Person(Protocol):
    """Who is at the terminal, and can be asked about a step that waits for a person."""

    def ask(self, waiting: Stopped, show: Callable[[], str]) -> Answer:
        """Whether it is done, or so; `show` gives what was changed, to be looked at."""

    def why(self, waiting: Stopped) -> str | None:
        """Why it is done although nothing was changed; `None` where it is not, after all."""


@value
class Request:
    """How much of its phases a run is to carry out, and how.

    `first`, `until` and `only` are tasks, by their identifiers; unstated, all are asked for. With
    `restart` those that were skipped or undone are carried out after all, with `accept_head` a run
    goes on although HEAD moved. `step` asks before each step; `prove` holds each check against its
    starting state, also where it does not say so; without `notes` commits get none. With `yes`
    nobody is asked to confirm anything. `delegate` is the command that takes manual steps over
    where no other is stated. Without `reuse` each command is run although it would see the same;
    `verbose` has the difference of each edit shown. So many `jobs` of checks run at once, 0 for as
    many as there are cores; unstated, it is for the series to say. A verb that only `looks` changes
    nothing, and is no run: nothing of it is recorded.
    """

    first: str | None = None
    until: str | None = None
    only: str | None = None
    restart: bool = False
    accept_head: bool = False
    step: bool = False
    prove: bool = False
    notes: bool = True
    yes: bool = False
    delegate: str | None = None
    reuse: bool = True
    verbose: bool = False
    jobs: int | None = None
    looks: bool = False

    def asked(self, phase: Phase) -> tuple[str, ...]:
        """The tasks of a phase that are asked for."""
        names = [task.id for task in phase.tasks]
        if self.only in names:
            return (self.only,)
        begin = names.index(self.first) if self.first in names else 0
        end = names.index(self.until) if self.until in names else len(names)
        return tuple(names[begin : end + 1])

    def ends_before_verification(self, phase: Phase) -> bool:
        """Whether the phase's own verification is not asked for."""
        names = [task.id for task in phase.tasks]
        return self.only in names or self.until in names

"""Checks that are made before their turn, as those see them who carry a phase out in order."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from runbook.world.processes.process import Beside

if TYPE_CHECKING:
    from runbook.core.check.outcome import Outcome
    from runbook.core.model.ids import StepId
    from runbook.core.record.events import Event
    from runbook.engine.ground.context import Context
    from runbook.engine.ground.order import Order
    from runbook.world.files.workspace import FileState
    from runbook.world.processes.command import Command


class ChecksAhead(Beside, Protocol):
    """The checks of a phase that are made ahead; `engine.ahead` makes them."""

    @property
    def workers(self) -> tuple[Context, ...]:
        """The contexts of those who run its commands."""

    @property
    def under_way(self) -> tuple[StepId, ...]:
        """The steps of the checks that run ahead now."""

    def forgone(self, why: str) -> Iterator[Event]:
        """Make nothing ahead."""

    def place_of(self, where: StepId, commit: str, carried: Mapping[str, FileState]) -> Path | None:
        """Where a check ran ahead on a commit with some tests; `None`: a place is to be made."""

    def shown(self, order: Order, command: Command) -> Generator[Event, None, Outcome | None]:
        """What a check in its turn is shown by a command that ran ahead; `None`: none did."""

    def ran(self, order: Order, outcome: Outcome) -> None:
        """Take note of what a command has shown that was run in its turn."""

    def make_way(self, root: Path) -> None:
        """End what would see that a command writes to a worktree, which it is about to do."""

    def close(self) -> None:
        """End all, for good."""

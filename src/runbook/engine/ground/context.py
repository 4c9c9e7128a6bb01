"""Where a phase is carried out, with the parts of the world that the engine works on."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from runbook.core.model.model import Phase
from runbook.core.record.status import Awaited
from runbook.core.text.redaction import SHORTEST
from runbook.core.value import field, mutable, replace
from runbook.engine.contract.request import Ask, Person, Request
from runbook.engine.ground.notes import Notebook
from runbook.engine.ground.reuse import Evidence
from runbook.world.files.journal import Journal
from runbook.world.files.workspace import Workspace
from runbook.world.git.repository import Repository
from runbook.world.git.scratch import Scratches
from runbook.world.processes.command import TICK
from runbook.world.processes.environment import command_environment
from runbook.world.processes.interrupts import Interrupts
from runbook.world.processes.process import Beside
from runbook.world.processes.services import Services

if TYPE_CHECKING:
    from runbook.core.check.outcome import Outcome
    from runbook.core.handover.testimony import Told
    from runbook.core.model.ids import StepId
    from runbook.core.record.events import Event
    from runbook.engine.ground.order import Order
    from runbook.world.files.workspace import FileState
    from runbook.world.overlay.views import Views
    from runbook.world.processes.command import Command

DEFAULT_TIMEOUT = 600.0
"""Seconds that a command may take where neither step, phase nor series says otherwise."""


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


class Workers:
    """Who runs commands beside those that run in their turn, by their numbers from 1.

    Each has services of its own, which live until `close`.
    """

    def __init__(self) -> None:
        self._services: dict[int, Services] = {}

    def context(self, context: Context, number: int) -> Context:
        """A context as a worker has it; 0 is who runs commands in their turn."""
        if not number:
            return context
        services = self._services.setdefault(number, Services())
        return replace(context, services=services, worker=number)

    def close(self) -> None:
        """Stop all their services."""
        while self._services:
            self._services.popitem()[1].close()


@mutable
class Context:
    """One worktree, its journal, and what runs in it."""

    repository: Repository
    workspace: Workspace
    journal: Journal
    services: Services
    scratches: Scratches
    interrupts: Interrupts
    notebook: Notebook
    user_environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    request: Request = field(default_factory=Request)
    evidence: Evidence = field(default_factory=Evidence)
    ask: Ask | None = None
    """Asks before each step, where the user wants to be asked."""
    person: Person | None = None
    """Who is there to be asked where a step waits for a person."""
    waits_for: Callable[[Phase], Awaited] = lambda _phase: Awaited()
    """What is to be complete before a phase and is not, in whichever worktree, in order."""
    begun: Callable[[Phase], Iterable[str | None]] = lambda _phase: ()
    """The commits on which phases of the same worktree began, as far as only git knows them."""
    phase_files: Path | None = None
    series: Mapping[str, Phase] = field(default_factory=dict)
    """The phases of the series by their identifiers: a killed run may have been at any of them."""
    views: Views | None = None
    """The views of the worktree in which checks may run ahead of their turn."""
    ahead: ChecksAhead | None = None
    """The checks of the phase that are made ahead of their turn."""
    workers: Workers = field(default_factory=Workers)
    """Who runs commands beside those in their turn."""
    worker: int = 0
    """The number of who runs commands: 0 in their turn, more beside that."""
    tick: float = TICK
    """Seconds for which a command is waited for at a time."""
    closing: ExitStack = field(default_factory=ExitStack)
    """What ends before the services and scratch worktrees do."""
    judged: dict[str, tuple[Told, bool]] = field(default_factory=dict)
    """What checks said of work that was handed over, and if they were met, by what they saw."""
    goes_on: bool = False
    """Whether what is not as it should be is told, and ends nothing."""
    origin: Path | None = None
    """The worktree of the user's that is stood for, where this one is a scratch worktree."""

    def starts(self, phase: Phase) -> Iterable[str | None]:
        """The commits on which the phases of this worktree began, in no order."""
        known = self.journal.progress.phases.values()
        return [*self.begun(phase), *(state.head for state in known)]

    def end_ahead(self) -> None:
        """Make nothing ahead any more."""
        if self.ahead is not None:
            self.ahead.close()
            self.ahead = None

    def environment(self, phase: Phase, step: tuple[tuple[str, str], ...] = ()) -> dict[str, str]:
        """The variables of a command: the user's, the series', the services', the step's."""
        stated, own = (
            {k: self.numbered(v) for k, v in e} for e in (phase.settings.env or (), step)
        )
        extra = stated | self.services.variables | own
        prefix = Path(sys.prefix) if sys.prefix != sys.base_prefix else None
        return command_environment(self.user_environment, extra, prefix)

    def numbered(self, text: str) -> str:
        """A text with the number of who runs commands in place of each `{worker}`."""
        return text.replace("{worker}", str(self.worker))

    def secrets(self, phase: Phase, step: tuple[tuple[str, str], ...] = ()) -> tuple[str, ...]:
        """The values of the variables that the series calls secret, as a command sees them."""
        return secrets(phase, self.environment(phase, step)) if phase.settings.secrets else ()

    def timeout(self, phase: Phase, step: float | None) -> float:
        """How many seconds a command may take."""
        return step or phase.settings.timeout or DEFAULT_TIMEOUT

    def folder(self, root: Path, phase: Phase) -> Path:
        """The folder in which a phase's commands stand, in this worktree or in another."""
        return root / (phase.settings.workdir or ".")


def secrets(phase: Phase, environment: Mapping[str, str]) -> tuple[str, ...]:
    """The values of the variables that the series calls secret, as an environment has them."""
    values = [environment.get(name, "") for name in phase.settings.secrets or ()]
    return tuple(value for value in values if len(value) >= SHORTEST)

"""What programs use of runbook (docs/api.md): load a series, simulate phases, carry them out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from runbook.core.model.diagnostics import InvalidPhaseFiles
from runbook.core.model.model import Phase
from runbook.core.record.events import Event
from runbook.core.record.problems import Problem
from runbook.core.value import value
from runbook.engine.contract.request import Request
from runbook.series.opening import Opened, UsageError, open_series

__all__ = [
    "Event",
    "InvalidPhaseFiles",
    "Phase",
    "Problem",
    "Series",
    "Simulation",
    "UsageError",
    "load",
    "run",
    "simulate",
]


@value
class Series:
    """The phases of a repository, as `load` found them."""

    opened: Opened

    @property
    def title(self) -> str:
        """Its title, empty where it has none."""
        return self.opened.loaded.series.title or ""

    @property
    def root(self) -> Path:
        """The folder of the repository's checkout."""
        return self.opened.checkout.root

    @property
    def phases(self) -> tuple[Phase, ...]:
        """Its phases, in order."""
        return self.opened.loaded.phases


@value
class Simulation:
    """What phases would do, as far as that can be told without running anything.

    `problems` is what `runbook check` finds: edits that will not apply, and checks that prove
    nothing. `difference` is what all edits change together, as a patch for `git apply`.
    """

    phases: tuple[Phase, ...]
    problems: tuple[Problem, ...]
    difference: str

    @property
    def applies(self) -> bool:
        """Whether every edit that can be tried applies."""
        return all(problem.kind != "conflict" for problem in self.problems)


def load(folder: str | Path = ".") -> Series:
    """Load the series of a repository, found from a folder upwards.

    Raises:
        UsageError: the folder is in no git repository, or there are no phases.
        InvalidPhaseFiles: with all mistakes at their places.
    """
    return Series(open_series(Path(folder)))


def simulate(series: Series, *phases: str) -> Simulation:
    """Carry phases out in memory, on the files that git has; all of the series without names.

    Nothing is touched or run.

    Raises:
        UsageError: there is no such phase.
    """
    from runbook.series.checking import check_phases, composed
    from runbook.series.naming import phases_named

    checked = check_phases(series.opened, phases_named(series.opened, list(phases)))
    return Simulation(checked.phases, checked.problems, composed(checked, ()))


def run(
    series: Series,
    *phases: str,
    begin: str | None = None,
    until: str | None = None,
    only: str | None = None,
    every: bool = False,
    restart: bool = False,
    accept_head: bool = False,
    prove: bool = False,
    notes: bool = True,
    yes: bool = False,
    delegate: str | None = None,
    reuse: bool = True,
    verbose: bool = False,
    jobs: int | None = None,
) -> Iterator[Event]:
    """Carry phases out, or go on with them, as `runbook run` does with the options of these names.

    It yields each event once it is in the journal; the last one is `RunEnded`, with the exit
    status. Nothing is done before the first event is asked for, nor after the generator is closed:
    the next run goes on from there. In the main thread Ctrl-C and its like end the run, and not
    the program.

    Raises:
        UsageError: there is no such phase or task, or what is asked for contradicts itself.
        JournalLocked: another run is under way.
        JournalDamaged: the journal can't be trusted.
        GitFailed: git does not accept the repository.
    """
    from runbook.series.scoping import scoped

    asked = Request(
        begin, until, only, restart=restart, accept_head=accept_head, prove=prove, notes=notes,
        yes=yes, delegate=delegate, reuse=reuse, verbose=verbose, jobs=jobs,
    )  # fmt: skip
    chosen, request = scoped(series.opened, list(phases), asked, every=every)
    return _carried_out(series.opened, chosen, request)


def _carried_out(opened: Opened, phases: tuple[Phase, ...], request: Request) -> Iterator[Event]:
    import threading

    from runbook.series.carrying import carried_out
    from runbook.world.processes.interrupts import SIGNALS, Interrupts

    in_main = threading.current_thread() is threading.main_thread()
    with Interrupts(SIGNALS if in_main else ()) as interrupts:
        for recorded in carried_out(opened, phases, interrupts, request=request):
            yield recorded.event

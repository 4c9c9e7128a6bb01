"""Carries several phases out, one after the other, each in its worktree and with its journal."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack
from functools import partial
from itertools import groupby
from pathlib import Path

from runbook import __version__
from runbook.core.model.model import Phase
from runbook.core.record import events
from runbook.core.record.auditevents import CheckBroke
from runbook.core.record.events import Choice, Event, Stopped
from runbook.core.record.exits import exit_status
from runbook.core.record.history import Recorded
from runbook.core.record.ledgerevents import CommitsRewritten, PhaseForgotten, PhaseRebuilt
from runbook.core.record.progress import Progress
from runbook.core.record.status import Awaited
from runbook.core.record.verbevents import VerbRefused
from runbook.core.text.redaction import redact
from runbook.core.value import field, mutable, replace
from runbook.engine.contract.request import Ask, Person, Request
from runbook.engine.contract.stops import CannotContinue, git_failed, interrupted
from runbook.engine.delegates.guard import make_known
from runbook.engine.ground.context import Context, Workers, secrets
from runbook.engine.ground.notes import Notebook, with_notes
from runbook.engine.ground.worktree import open_worktree
from runbook.engine.ground.worktreeahead import is_half_made, worktree_ahead, worktree_there
from runbook.engine.outlook.choices import chosen, with_choices
from runbook.engine.outlook.lookout import Lookouts
from runbook.engine.outlook.outlook import outlook, refuse_early, task_ahead
from runbook.engine.review.belief import doubt
from runbook.engine.running.execute import execute
from runbook.world.files.journal import Journal
from runbook.world.files.workspace import Workspace
from runbook.world.git import direct
from runbook.world.git.checkout import Checkout
from runbook.world.git.compare import compare
from runbook.world.git.gitfailed import GitFailed
from runbook.world.git.ledger import Ledger
from runbook.world.git.repository import Repository
from runbook.world.git.scratch import Scratches
from runbook.world.overlay.views import Views
from runbook.world.processes.forkserver import FORK_SERVER
from runbook.world.processes.interrupts import Interrupts
from runbook.world.processes.services import Services


@mutable
class Runner:
    """One run over some phases."""

    checkout: Checkout
    interrupts: Interrupts
    phase_files: Path | None = None
    waits_for: Callable[[Phase], Awaited] = lambda _phase: Awaited()
    begun: Callable[[Phase], Iterable[str | None]] = lambda _phase: ()
    """The commits on which phases of the same worktree began, as far as only git knows them."""
    verb: str = "run"
    work: Callable[[Context, Phase], Iterator[Event]] = execute
    """What is done with each phase: all but `run` and `skip` want it to have begun."""
    request: Request = field(default_factory=Request)
    ask: Ask | None = None
    series: str = ""
    """The title of the series, for the notes."""
    every_phase: tuple[Phase, ...] = ()
    """The phases of the series, whichever are carried out."""
    person: Person | None = None
    run: str = field(default_factory=lambda: _run_id())

    def carry_out(self, phases: tuple[Phase, ...]) -> Iterator[Recorded]:
        """Carry the phases out in the order given, each event journaled before it is passed on.

        The last event is `RunEnded`, with the run's exit status.

        Raises:
            JournalLocked: another run is under way in a phase's worktree.
            JournalDamaged: a journal can't be trusted.
        """
        for worktree, together in groupby(phases, lambda each: each.settings.worktree):
            with FORK_SERVER, ExitStack() as stack:
                root = self.checkout.worktree(worktree)
                # Read once for all of them: it grows with each phase that is carried out.
                folder = self.checkout.journal_of(worktree, self._phase_files)
                journal = Journal(folder, self.run, root)
                stack.callback(journal.close)
                known: dict[Path, Context] = {}
                for phase in together:
                    with ExitStack() as own:
                        happening = (
                            # It has begun with the next phase when one is over.
                            self._events(journal, phase, phases, stack, known)
                            if self.verb == "audit"
                            else self._events(journal, phase, phases, own, {})
                        )
                        status = yield from self._journaled(journal, happening)
                    if status != 0:
                        break
                if not self.request.looks and journal.progress.open_attempt is None:
                    # Else what was there before it names bytes that nothing else tells of.
                    journal.prune(journal.progress.images())
            if status != 0:
                return

    def _journaled(
        self, journal: Journal, happening: Iterator[Event]
    ) -> Generator[Recorded, None, int]:
        status = 0
        looks = self.request.looks
        for recorded in map(journal.tell, happening) if looks else journal.record(happening):
            if isinstance(recorded.event, Stopped):
                status = exit_status(recorded.event)
            elif isinstance(recorded.event, VerbRefused | CheckBroke):
                status = 1
            yield recorded
        ended = events.RunEnded(status)
        yield journal.tell(ended) if looks else journal.append(ended)
        return status

    def _events(
        self,
        journal: Journal,
        phase: Phase,
        phases: tuple[Phase, ...],
        stack: ExitStack,
        known: dict[Path, Context],
    ) -> Iterator[Event]:
        names = tuple(each.id for each in phases)
        yield events.RunBegan(self.run, __version__, names, self.verb, _system(), self.series)
        signal = self.interrupts.received
        if signal is not None and phase is not phases[0]:
            # What was under way came to its end, and nothing new is begun.
            again: Choice = "audit" if self.verb == "audit" else "run"
            yield chosen(interrupted(phase.id, phase, signal), (again,))
            return
        stated = secrets(phase, {**os.environ, **dict(phase.settings.env or ())})
        for event in self._judged(journal, phase, stack, known):
            # Asked for each time, because services give variables that may be secret.
            context = next(iter(known.values()), None)
            yield redact(event, stated if context is None else context.secrets(phase))

    def _judged(
        self, journal: Journal, phase: Phase, stack: ExitStack, known: dict[Path, Context]
    ) -> Iterator[Event]:
        try:
            yield from self._of_phase(journal, phase, stack, known)
        except CannotContinue as raised:
            yield raised.stopped
        except GitFailed as error:
            yield git_failed(phase, error)

    def _of_phase(
        self, journal: Journal, phase: Phase, stack: ExitStack, known: dict[Path, Context]
    ) -> Iterator[Event]:
        """What happens in a phase from its worktree on.

        Raises:
            CannotContinue: it can't be begun, or gone on with.
            GitFailed: git refused.
        """
        if not self.request.looks:
            make_known(journal, self.checkout)
        yield from self._as_noted(phase, journal.progress)
        if self.verb not in ("run", "skip", "audit") and phase.id not in journal.progress.phases:
            nothing = (
                "no step of it waits" if self.verb == "done" else f"there is nothing to {self.verb}"
            )
            message = f"{phase.id} has not begun: {nothing}"
            yield VerbRefused(self.verb, phase.id, message)
            return
        self._judge_unmade(phase, journal)
        if self.request.looks:
            root = worktree_there(self.checkout, phase, journal.progress)
        else:
            root = yield from open_worktree(self.checkout, phase, journal)
        if root not in known:
            known[root] = self._context(root, journal, stack)
        workspace = Workspace(root, phase.settings.workdir)
        yield from self.work(replace(known[root], workspace=workspace), phase)

    def _as_noted(self, phase: Phase, progress: Progress) -> Iterator[Event]:
        """What notes tell for a verb to go by: of a phase that the journal does not know, all.

        Of one that it knows, which commits were rewritten, or made elsewhere; that some are gone is
        for the verb to judge. A run and an audit compare for themselves.

        Raises:
            CannotContinue: something else stands in the place of the phase's worktree.
            GitFailed: git can't read its notes or its history.
        """
        if self.verb in ("run", "audit"):
            return
        ledger = Ledger(self.checkout.root, self.checkout.common_dir)
        if not ledger.is_empty():
            head = worktree_ahead(self.checkout, phase, progress).head
            changes = compare(ledger, self._folder, phase, progress, head, doubt)
            known = phase.id in progress.phases
            if not known or not any(isinstance(each, PhaseForgotten) for each in changes):
                told = (CommitsRewritten, PhaseRebuilt) if known else object
                yield from with_notes(ledger, (e for e in changes if isinstance(e, told)))

    @property
    def _phase_files(self) -> Path:
        return self.phase_files or self.checkout.root / "phases"

    @property
    def _folder(self) -> str:
        """The folder of the phase files, as notes name it."""
        return self.checkout.inside(self.phase_files) if self.phase_files else ""

    def _context(self, root: Path, journal: Journal, stack: ExitStack) -> Context:
        """A worktree to carry phases out in; it is let go of when `stack` is closed."""
        repository = Repository(root, journal.lock)
        scratches = Scratches(repository, journal.folder)
        # What a killed run left goes first.
        scratches.close()
        views = Views(root, repository.git_dir, repository.common_dir, journal.folder)
        views.close()
        services, workers = Services(), Workers()
        stack.callback(scratches.close)
        stack.callback(views.close)
        stack.callback(services.close)
        stack.callback(workers.close)
        stack.callback(repository.close)
        closing = stack.enter_context(ExitStack())
        return Context(
            repository,
            Workspace(root, None),
            journal,
            services,
            scratches,
            self.interrupts,
            self._notebook(repository),
            request=self.request,
            ask=self.ask,
            person=self.person,
            waits_for=self.waits_for,
            begun=self.begun,
            phase_files=self.phase_files,
            series={each.id: each for each in self.every_phase},
            views=views,
            workers=workers,
            closing=closing,
        )

    def _judge_unmade(self, phase: Phase, journal: Journal) -> None:
        """Refuse a phase that can't begin before a worktree is made for it.

        Raises:
            CannotContinue: it can't.
        """
        if phase.id in journal.progress.phases or self.verb != "run":
            return
        folder = self._phase_files
        half_made = is_half_made(self.checkout, phase, journal.progress)
        place = worktree_ahead(self.checkout, phase, journal.progress, half_made=half_made)
        if place.made or not place.new:
            # On a branch that is there, notes may tell of the phase.
            return
        # Closed before anything is made: a git of ours at work would keep locks from being cleared.
        with ExitStack() as stack:
            lookouts = Lookouts(self.checkout, self.waits_for, folder, stack)
            ground, _ = lookouts.at(phase, journal.progress)
            try:
                refuse_early(ground, phase)
                ahead = outlook(ground, phase, self.request)
                if ahead.tasks:
                    task_ahead(ground, ahead.phase, ahead.tasks[0], self.request)
            except CannotContinue as raised:
                raise CannotContinue(with_choices(ground, phase, raised.stopped)) from None

    def _notebook(self, repository: Repository) -> Notebook:
        return Notebook(
            Ledger(
                repository.root,
                self.checkout.common_dir,
                repository.objects,
                partial(direct.note, repository),
            ),
            self.series,
            self._folder,
            self.run,
            repository.tree,
            self.request.notes,
        )


def _system() -> str:
    """What a run runs on, as its record says it."""
    system, python = os.uname(), ".".join(map(str, sys.version_info[:3]))
    return f"{system.sysname} {system.release} {system.machine}, Python {python}"


def _run_id() -> str:
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    return f"{stamp}-{os.getpid()}-{os.urandom(2).hex()}"

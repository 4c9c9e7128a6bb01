"""Every check of a phase on its starting state and on what the phase makes, in scratch worktrees.

Nothing of it touches the worktree of the phase, its branch or its journal. Several checks are made
at once as in a run: ahead of their turn, in views of the scratch worktrees.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from runbook.core.check.expectations import Verdict, hinted
from runbook.core.check.proving import (
    SEES_IT_FAIL,
    proof_kind,
    reads_as_guard,
    reasons,
    starting_state,
    unusable,
)
from runbook.core.model.declared import contained, declaring_steps
from runbook.core.model.ids import StepId
from runbook.core.model.model import Commit, Edit, Manual, Phase, Run, Step, Task, Verify
from runbook.core.record import events, stepevents
from runbook.core.record.aheadevents import AheadEvent
from runbook.core.record.events import Event
from runbook.core.record.progress import PhaseState, Progress
from runbook.core.record.stepevents import ProofKind
from runbook.core.record.taskstate import TaskState
from runbook.core.text.redaction import redact
from runbook.core.value import field, mutable, replace
from runbook.engine.ahead.atonce import look_ahead
from runbook.engine.checks.cleanplace import not_there, prepared
from runbook.engine.checks.command import run_tries
from runbook.engine.checks.startingstate import left_there, looked_at, revision_of, run_before
from runbook.engine.contract.request import Request
from runbook.engine.contract.stops import CannotContinue, refused
from runbook.engine.ground.context import Context, Workers
from runbook.engine.ground.notes import Notebook
from runbook.engine.ground.order import Order
from runbook.engine.ground.targets import declared
from runbook.engine.steps.edit import edit
from runbook.engine.steps.runstep import run_step
from runbook.world.files.journal import Journal
from runbook.world.files.workspace import Workspace
from runbook.world.git.checkout import Checkout
from runbook.world.git.commits import SETTINGS
from runbook.world.git.gitcommand import in_parts
from runbook.world.git.ledger import Ledger
from runbook.world.git.repository import Repository
from runbook.world.git.scratch import Scratches
from runbook.world.overlay.views import Views
from runbook.world.processes.forkserver import FORK_SERVER
from runbook.world.processes.interrupts import Interrupts
from runbook.world.processes.services import Services

_FOLDER = "prove"


@mutable
class _State:
    """How far a phase has been carried out in its scratch worktree."""

    lost: str | None = None  # why what follows can't be known
    ahead: bool = False  # the files hold what the rest of the task makes of them


@mutable
class Prover:
    """Proves phases, each from the commit that it begins on."""

    checkout: Checkout
    interrupts: Interrupts
    phases: tuple[Phase, ...]  # of the whole series, in order
    progress: Callable[[Phase], Progress | None]
    jobs: int | None = None  # checks at once; 0 is as many as there are cores
    run: str = field(default="prove")

    def prove(self, phase: Phase) -> Iterator[Event]:
        """Run every check of a phase; each gives a `CheckProved`.

        A `Stopped` is the last event where it could not go on.

        Raises:
            JournalLocked: another proof is under way.
            GitFailed: git does not accept the repository.
        """
        with FORK_SERVER, ExitStack() as stack:
            folder = self.checkout.common_dir / "runbook" / _FOLDER
            journal = Journal(folder, self.run)
            stack.callback(shutil.rmtree, folder / "images", ignore_errors=True)
            stack.callback(journal.close)
            try:
                context = self._context(phase, journal, stack)
            except CannotContinue as raised:
                yield raised.stopped
                return
            there = context.repository.root
            try:
                yield from prepared(context, phase, there, StepId(phase.id), phase)
                for event in self._phases(context, phase):
                    yield redact(event, context.secrets(phase))
            except CannotContinue as raised:
                yield redact(raised.stopped, context.secrets(phase))

    def _context(self, phase: Phase, journal: Journal, stack: ExitStack) -> Context:
        """A scratch worktree to carry a phase out in; it is gone when `stack` is closed."""
        root, start = self._start(phase)
        repository = Repository(root)
        scratches = Scratches(repository, journal.folder)
        # What a killed one left goes first.
        scratches.close()
        services, workers = Services(), Workers()
        stack.callback(scratches.close)
        stack.callback(services.close)
        stack.callback(workers.close)
        stack.callback(repository.close)
        there = scratches.fresh(start)
        own = Repository(there, journal.lock)
        stack.callback(own.close)
        views = Views(there, own.git_dir, own.common_dir, journal.folder)
        views.close()
        stack.callback(views.close)
        # Nothing is noted of commits that go with their worktree.
        ledger = Ledger(there, self.checkout.common_dir)
        notebook = Notebook(ledger, "", "", self.run, repository.tree, writing=False)
        in_history = partial(repository.contains, head=start)
        context = Context(
            own,
            Workspace(there, phase.settings.workdir),
            journal,
            services,
            scratches,
            self.interrupts,
            notebook,
            request=Request(prove=True, jobs=self.jobs),
            begun=lambda each: filter(in_history, self._starts(each)),
            views=views,
            workers=workers,
            goes_on=True,
            origin=root,
        )
        stack.callback(context.end_ahead)
        return context

    def _start(self, phase: Phase) -> tuple[Path, str]:
        """A worktree of the repository, and the commit that the phase begins on."""
        progress = self.progress(phase)
        root, revision = self.checkout.worktree(phase.settings.worktree), "HEAD"
        if phase.settings.worktree is not None and not (root / ".git").exists():
            made = progress.worktree if progress is not None else None
            if made is not None and made.branch == root.name:
                revision = f"refs/heads/{root.name}"
            root = self.checkout.root
        repository = Repository(root)
        here = repository.resolve(revision) or repository.resolve("HEAD")
        state = progress.phases.get(phase.id) if progress is not None else None
        if state is not None and state.head and repository.contains(state.head, here):
            return root, state.head
        if here is None:
            message = "there is no commit yet to prove anything on"
            raise refused(phase, message, hint="make a first commit of what there is")
        return root, here

    def _phases(self, context: Context, phase: Phase) -> Iterator[Event]:
        """The phases that are to be carried out before, and then this one with its checks."""
        progress = self.progress(phase)
        if progress is None or phase.id not in progress.phases:
            for earlier in self.phases[: self.phases.index(phase)]:
                same = earlier.settings.worktree == phase.settings.worktree
                done = progress is not None and progress.complete(earlier.id)
                if same and not done:
                    yield from self._lead_up(context, earlier)
        began = _began(context, phase)
        yield events.PhaseBegan(phase.id, began.title, began.head, None)
        yield from look_ahead(context, phase, phase.every_task)
        state = _State()
        for task in phase.every_task:
            yield from self._task(context, phase, task, state, checks=True)

    def _starts(self, phase: Phase) -> Iterator[str]:
        for each in self.phases:
            progress = self.progress(each)
            same = each.settings.worktree == phase.settings.worktree
            state = progress.phases.get(each.id) if progress is not None else None
            if same and state is not None and state.head is not None:
                yield state.head

    def _lead_up(self, context: Context, earlier: Phase) -> Iterator[Event]:
        there = replace(
            context, workspace=Workspace(context.repository.root, earlier.settings.workdir)
        )
        _began(context, earlier)
        state = _State()
        for task in earlier.tasks:
            yield from self._task(there, earlier, task, state, checks=False)
        if state.lost is not None:
            message = f"{earlier.id} comes before it and can't be carried out here: {state.lost}"
            hint = f"carry {earlier.id} out first"
            raise refused(earlier, message, hint=hint)
        _record(there, tuple(declared(there, declaring_steps(earlier))), earlier.id)

    def _task(
        self, context: Context, phase: Phase, task: Task, state: _State, *, checks: bool
    ) -> Iterator[Event]:
        state.ahead = False
        if any(isinstance(step, Verify) and step.fails_in == "task" for step in task.steps):
            _record(context, tuple(declared(context, declaring_steps(phase))), task.title)
        # Steps look their task up; of a proof nothing is recorded.
        head = context.repository.head().commit
        context.journal.progress.tasks[task.id] = TaskState(task.title, head=head)
        for where, step in task.named_steps():
            if isinstance(step, Verify):
                if checks:
                    yield from self._verify(context, phase, step, where, state)
            elif state.lost is None and not state.ahead:
                yield from self._carry_out(context, phase, task, step, where, state)

    def _carry_out(
        self, context: Context, phase: Phase, task: Task, step: Step, where: StepId, state: _State
    ) -> Iterator[Event]:
        """A step that changes something, without hooks and without the journal."""
        try:
            match step:
                case Edit():
                    for _ in edit(context, step, where, None):
                        pass
                case Run():
                    yield from (e for e in run_step(context, phase, step, where) if _shown(e))
                case Commit():
                    paths = declared(context, contained(phase, step))
                    _record(context, tuple(paths), step.message)
                case Manual():
                    progress = self.progress(phase)
                    known = progress.tasks.get(task.id) if progress is not None else None
                    if known is None or not (known.done and known.commits):
                        state.lost = f"{where} is for a person to do"
                        return
                    if context.ahead is not None:
                        context.ahead.make_way(context.repository.root)
                    context.repository.run("checkout", "-q", "--detach", "-f", known.commits[-1])
                    state.ahead = True
        except CannotContinue as raised:
            if raised.stopped.kind == "interrupted":
                raise
            state.lost = f"{where} does not succeed: {raised.stopped.message}"

    def _verify(
        self, context: Context, phase: Phase, step: Verify, where: StepId, state: _State
    ) -> Iterator[Event]:
        named = starting_state(step)
        said = (where, str(step.at), step.command)
        if state.lost is not None:
            yield stepevents.CheckProved(*said, "untried", named, None, (), (state.lost,))
            return
        after = yield from self._after(context, phase, step, where)
        if not after.passed:
            yield stepevents.CheckProved(*said, "failing", named, None, (), reasons(after))
            return
        if looked_at(context, phase, step) is None:
            why = ("nothing is changed before it: it looks at the starting state itself",)
            yield stepevents.CheckProved(*said, "untried", named, None, (), why)
            return
        task = context.journal.progress.task_of(where)
        revision = revision_of(context, phase, named, task.head or "")
        before = yield from run_before(context, phase, step, where, named, revision)
        wrong = unusable(step, before.outcome, before.verdict)
        kind: ProofKind = proof_kind(step, before.verdict, wrong, before.carried)
        if kind == "untried":
            why = (SEES_IT_FAIL,)
            yield stepevents.CheckProved(*said, kind, named, before.commit, (), why)
            return
        told = reasons(before.verdict)
        if kind == "invalid" and wrong:
            told = tuple(filter(None, (wrong, not_there(context, phase, before.outcome))))
        yield stepevents.CheckProved(
            *said, kind, named, before.commit, told, guard=reads_as_guard(step),
            tests=left_there(context, phase, step, where, before) if kind == "vacuous" else (),
        )  # fmt: skip

    def _after(
        self, context: Context, phase: Phase, step: Verify, where: StepId
    ) -> Generator[Event, None, Verdict]:
        order = Order(where, step, context.repository.root)
        outcome, _, verdict = yield from run_tries(context, phase, order, step.retries)
        return hinted(verdict, not_there(context, phase, outcome))


def _began(context: Context, phase: Phase) -> PhaseState:
    """Note where a phase begins, as of one that is carried out."""
    began = PhaseState(phase.title or phase.goal, context.repository.head().commit, None)
    context.journal.progress.phases[phase.id] = began
    return began


def _shown(event: Event) -> bool:
    of_commands = stepevents.CommandBegan | stepevents.CommandOutput | stepevents.CommandEnded
    return isinstance(event, of_commands | AheadEvent) or type(event).__name__.startswith("Service")


def _record(context: Context, paths: tuple[str, ...], message: str) -> None:
    """Commit paths in the scratch worktree: without hooks, signature or identity of the user's.

    The commit goes with the worktree, but git keeps its objects: what the phase is to commit later
    is among them, and taken as it is.
    """
    changed = [change.path for change in context.repository.changes(paths)] if paths else []
    if not changed:
        return
    ours = ("core.hooksPath=/dev/null", "commit.gpgSign=false", "user.name=runbook",
            "user.email=runbook@localhost")  # fmt: skip
    options = [*SETTINGS, *(part for setting in ours for part in ("-c", setting))]
    git = partial(context.repository.run, "--literal-pathspecs", *options)
    for part in in_parts(changed):
        git("add", "-A", "--", *part)
    git("commit", "-q", "--cleanup=verbatim", "-m", message)

"""The audit of phases: every check that can be, made again on the commit whose state it saw."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from functools import partial
from itertools import groupby, takewhile
from operator import attrgetter
from pathlib import Path

from runbook.core.check.auditplan import AuditedCheck, AuditPlan, Seen, audit_plan
from runbook.core.check.expectations import hinted
from runbook.core.model.ids import within
from runbook.core.model.model import Phase
from runbook.core.record.auditevents import (
    AuditBegan,
    AuditedCheckBegan,
    AuditEnded,
    CheckBroke,
    CheckHeld,
    CheckMadeAlone,
)
from runbook.core.record.events import Event, is_transient
from runbook.core.record.ledgerevents import PhaseForgotten, PhaseRebuilt
from runbook.core.record.taskstate import StepState
from runbook.core.text.redaction import redact
from runbook.core.value import replace, value
from runbook.engine.ahead.turns import Turns
from runbook.engine.checks.cleanplace import not_there, prepared
from runbook.engine.checks.command import run_tries
from runbook.engine.checks.services import why_shared
from runbook.engine.contract.stops import CannotContinue, refused
from runbook.engine.ground.context import Context
from runbook.engine.ground.notes import with_notes
from runbook.engine.ground.order import Order
from runbook.engine.outlook.choices import chosen
from runbook.engine.review.belief import doubt
from runbook.world.files.workspace import Workspace
from runbook.world.git.compare import compare
from runbook.world.git.gitfailed import GitFailed

_SHOWN = 4000  # characters of the output's end that a failed check shows


@value
class _Group:
    """Checks of a phase that follow each other on one commit: they are made in one worktree."""

    phase: Phase
    checks: tuple[AuditedCheck, ...]


class Audit:
    """An audit of some phases, which makes the checks of several commits at once.

    What is told, and in which order, is what an audit tells that makes one after the other: a check
    that does not hold beside others is made again alone, before it counts as broken.
    """

    def __init__(self, phases: tuple[Phase, ...], jobs: int) -> None:
        """Audit phases, in this order, so many commits at once."""
        self._phases = phases
        self._jobs = jobs
        self._turns: Turns[Event] | None = None

    def __call__(self, context: Context, phase: Phase) -> Iterator[Event]:
        """Make the checks of a phase's landed tasks again; stop at the first that breaks.

        Nothing is done in the worktree: each commit is checked out beside it. Commits of later
        phases in the same worktree are begun with, until the context is closed.
        """
        try:
            yield from self._audit(context, phase)
        except CannotContinue as raised:
            yield chosen(raised.stopped, ("audit",))

    def _audit(self, context: Context, phase: Phase) -> Iterator[Event]:
        notebook, progress = context.notebook, context.journal.progress
        head = context.repository.head()
        changes = compare(
            notebook.ledger, notebook.folder, phase, progress, head, doubt, anywhere=True
        )
        _refuse_lost(phase, changes)
        yield from with_notes(notebook.ledger, changes)
        if phase.id not in progress.phases:
            message = f"{phase.id} has not begun: there is nothing to look at again"
            raise refused(phase, message, hint="carry it out first")
        if progress.undone(phase):
            message = f"all of {phase.id} was undone: there is nothing to look at again"
            raise refused(phase, message, hint="a run with --restart carries it out anew")
        plan = _plan(context, phase)
        commits = len({each.commit for each in plan.checks})
        yield AuditBegan(phase.id, phase.title or phase.goal, len(plan.checks), commits)
        turns = self._begun(context)
        later = takewhile(
            lambda each: each.settings.worktree == phase.settings.worktree,
            self._phases[self._phases.index(phase) + 1 :],
        )
        groups = _groups(phase, plan)
        for group in (*groups, *(g for each in later for g in _groups(each, _plan(context, each)))):
            if group not in turns:
                first = bool(why_shared(context, group.phase, ahead=False))
                turns.add(group, partial(self._make, context, group), first_lane=first)
        for group in groups:
            broke = yield from self._told(context, group, turns)
            if broke is not None:
                yield broke
                return
        yield AuditEnded(phase.id, len(plan.checks), commits, plan.beyond)

    def _told(
        self, context: Context, group: _Group, turns: Turns[Event]
    ) -> Generator[Event, None, CheckBroke | None]:
        """What happens to the checks of a group, up to the first that breaks, if any does."""
        left = list(group.checks)
        try:
            for event in turns.told(group):
                broke: CheckBroke | None = None
                if isinstance(event, CheckBroke) and turns.beside:
                    broke = yield from self._made_alone(context, group.phase, left[:1], turns)
                elif isinstance(event, CheckBroke):
                    broke = event
                else:
                    yield event
                if broke is not None:
                    return broke
                if isinstance(event, CheckHeld | CheckBroke):
                    del left[0]
        except CannotContinue as raised:
            if raised.stopped.kind == "interrupted" or not turns.beside:
                raise
            # It may be a service that is there only once.
            return (yield from self._made_alone(context, group.phase, left, turns))
        return None

    def _made_alone(
        self, context: Context, phase: Phase, checks: list[AuditedCheck], turns: Turns[Event]
    ) -> Generator[Event, None, CheckBroke | None]:
        """Make checks of one commit while nothing else is done; the first is made again."""
        turns.rest(lambda event: isinstance(event, AuditedCheckBegan))
        first, *others = checks
        yield CheckMadeAlone(first.step, first.commit)
        for event in self._make(context, _Group(phase, (first, *others)), 0):
            if isinstance(event, CheckBroke):
                return event
            if not (isinstance(event, AuditedCheckBegan) and event.step == first.step):
                yield event
        return None

    def _begun(self, context: Context) -> Turns[Event]:
        """The lanes for the commits of a context; they end before its scratch worktrees do."""
        if self._turns is None:
            self._turns = Turns(self._jobs, is_transient)
            context.closing.callback(self._close)
        return self._turns

    def _close(self) -> None:
        if self._turns is not None:
            self._turns.drop()
            self._turns = None

    def _make(self, context: Context, group: _Group, lane: int) -> Iterator[Event]:
        """Make the checks of a group in a worktree of their commit; each holds or breaks."""
        phase, context = group.phase, self._in_lane(context, group.phase, lane)
        root: Path | None = None
        try:
            for audited in group.checks:
                step, commit, command = audited.step, audited.commit, audited.check.command
                yield AuditedCheckBegan(step, audited.task.title, commit, command.strip())
                try:
                    root = root or context.scratches.fresh(commit)
                except GitFailed as error:
                    why = f"it can't be checked out: {error}"
                    yield CheckBroke(step, str(audited.check.at), commit, why)
                    continue
                for event in _again(context, phase, audited, root):
                    yield redact(event, context.secrets(phase))
        finally:
            if root is not None:
                # One at a time: a phase may have many.
                context.scratches.remove(root)

    def _in_lane(self, context: Context, phase: Phase, lane: int) -> Context:
        """The context as a lane has it, with services of its own."""
        return replace(
            context.workers.context(context, lane),
            workspace=Workspace(context.repository.root, phase.settings.workdir),
            tick=context.tick / self._jobs,
        )


def _refuse_lost(phase: Phase, changes: list[Event]) -> None:
    """Refuse a phase of which nothing is left in the branch: a run would begin it anew."""
    lost = next((each for each in changes if isinstance(each, PhaseForgotten)), None)
    if lost is not None and not any(isinstance(each, PhaseRebuilt) for each in changes):
        raise refused(
            phase,
            f"commit {lost.commit[:9]}, which was recorded of it, is no longer in the branch, and "
            "no note tells of another: there is nothing left to look at again",
            hint="check a branch out that has it; a run on this one begins the phase anew",
        )


def _plan(context: Context, phase: Phase) -> AuditPlan:
    progress = context.journal.progress
    known = {
        name: step
        for task, state in progress.tasks.items()
        if within(task, phase.id) and not state.undone and state.skipped is None
        for name, step in state.steps.items()
    }
    made = {name: step.commit for name, step in known.items() if step.commit is not None}
    done = {name for name, step in known.items() if step.done}
    began = progress.phases.get(phase.id)
    start = None if began is None else began.head
    return audit_plan(phase, made, done, start, _seen(context, phase, known, start))


def _groups(phase: Phase, plan: AuditPlan) -> list[_Group]:
    grouped = groupby(plan.checks, attrgetter("commit"))
    return [_Group(phase, tuple(checks)) for _, checks in grouped]


def _seen(
    context: Context, phase: Phase, known: Mapping[str, StepState], start: str | None
) -> Seen:
    """The trees that checks were made on, and those of the phase's commits."""
    notebook, head = context.notebook, context.repository.head().commit
    landed = [] if head is None else notebook.ledger.landed(head)
    notes = [each for each in landed if each.note.phase == phase.id]
    commits: dict[str, set[str]] = {}
    for commit in (start, *(step.commit for step in known.values())):
        if commit is not None:
            commits[commit] = {context.repository.tree(commit)}
    checks: dict[str, str] = {}
    for each in notes:
        if each.commit in commits and each.note.folder == notebook.folder:
            commits[each.commit].add(each.note.tree)
            checks |= {check.step: check.tree for check in each.note.checks}
    checks |= {name: step.check.tree for name, step in known.items() if step.check is not None}
    return Seen(checks, commits)


def _again(context: Context, phase: Phase, audited: AuditedCheck, root: Path) -> Iterator[Event]:
    """Make a check again in a worktree of its commit; the last event is how it came out."""
    step, check, commit = audited.step, audited.check, audited.commit
    yield from prepared(context, phase, root, step, check)
    order = Order(step, check, root, "commit", commit)
    outcome, log, verdict = yield from run_tries(context, phase, order, check.retries)
    if verdict.passed:
        yield CheckHeld(step, commit)
        return
    why, shown = "the check does not hold there", outcome.tail[-_SHOWN:]
    mismatches = hinted(verdict, not_there(context, phase, outcome)).mismatches
    yield CheckBroke(step, str(check.at), commit, why, mismatches, shown, log)

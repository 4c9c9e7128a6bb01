"""Checks on the state before: the same command, in a scratch worktree of where it all began."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path

from runbook.core.check.expectations import Verdict
from runbook.core.check.outcome import Outcome
from runbook.core.check.proving import (
    SOUND,
    looks_at_the_start,
    nothing_tested,
    proof_kind,
    starting_state,
    unusable,
)
from runbook.core.handover.steering import is_test
from runbook.core.model.declared import resolved
from runbook.core.model.ids import StepId, within
from runbook.core.model.model import (
    Commit,
    Edit,
    FailsAt,
    Manual,
    Phase,
    Run,
    StartingState,
    Verify,
)
from runbook.core.record.described import start_of
from runbook.core.record.events import Event
from runbook.core.value import value
from runbook.engine.checks.cleanplace import prepared
from runbook.engine.checks.command import run
from runbook.engine.checks.verdicts import verdict_of
from runbook.engine.contract.stops import reaching, refused
from runbook.engine.ground.context import Context
from runbook.engine.ground.order import Order
from runbook.engine.ground.targets import declared
from runbook.world.files.workspace import FileState, Unreachable, Workspace, data_of
from runbook.world.git import contents
from runbook.world.git.gitfailed import GitFailed
from runbook.world.git.reader import Reader


@value
class Before:
    """How a check came out on a starting state."""

    state: StartingState
    commit: str
    outcome: Outcome
    verdict: Verdict
    log: str
    carried: tuple[str, ...] = ()  # tests that were carried back to it, in `workdir`


def series_start(repository: Reader, starts: Iterable[str | None]) -> str | None:
    """Of the commits on which phases of a worktree began the first one, if there is any."""
    began = {head for head in starts if head is not None}
    for head in began:
        if all(head == other or repository.contains(head, other) for other in began):
            return head
    return None


def looked_at(context: Context, phase: Phase, step: Verify) -> StartingState | None:
    """The starting state on which a run makes a check as well, where it does."""
    if step.fails_at is None and context.request.prove and not looks_at_the_start(phase, step):
        return starting_state(step)
    return step.fails_in


def revision_of(context: Context, phase: Phase, state: StartingState, task_head: str) -> str:
    """What names the commit of a starting state, empty where there is none."""
    match state:
        case "task":
            return task_head
        case "phase":
            return context.journal.progress.phases[phase.id].head or ""
        case "series":
            return series_start(context.repository, context.starts(phase)) or ""
        case "base":
            return phase.base or ""


def as_wanted(step: Verify, outcome: Outcome, carried: tuple[str, ...]) -> bool:
    """Whether a check came out on its starting state so that a run goes on."""
    verdict = verdict_of(outcome, step.expect, step.command)
    why = unusable(step, outcome, verdict)
    if step.fails_at is not None:
        return why is None
    return proof_kind(step, verdict, why, carried) in SOUND


def run_before(
    context: Context, phase: Phase, step: Verify, where: StepId, state: StartingState, revision: str
) -> Generator[Event, None, Before]:
    """Run a check on a starting state, which `revision` names (empty: there is none).

    Raises:
        CannotContinue: there is no such commit, no scratch worktree can be made of it, or the
            command could not be started.
    """
    commit = context.repository.resolve(revision) if revision else None
    if commit is None:
        named = f"`base: {revision}`" if state == "base" and revision else start_of(state)
        why = f"`fails-at: {state}`" if step.fails_at else "a proof"
        message = f"{why} needs a commit to look at, and {named} is none"
        hint = "state a commit as the phase's `base:` and say `fails-at: base`"
        if not step.fails_at:
            hint = "give `run` without --prove"
        raise refused(step, message, hint=hint, where=where)
    tests = tests_at_first(context, phase, step, where)
    before = yield from _run_there(context, phase, step, where, state, commit, tests)
    tests = tests_after(context, phase, step, where, before.outcome)
    if tests:
        before = yield from _run_there(context, phase, step, where, state, commit, tests)
    return before


def _run_there(
    context: Context,
    phase: Phase,
    step: Verify,
    where: StepId,
    state: StartingState,
    commit: str,
    tests: tuple[str, ...],
) -> Generator[Event, None, Before]:
    """Run a check on a commit, with some tests as they are now."""
    carried = to_carry(tests, _here(context), partial(_unchanged, context, commit))
    place = partial(_checked_out, context, phase, step, where, commit, carried)
    ahead = None if context.ahead is None else context.ahead.place_of(where, commit, carried)
    root = (yield from place()) if ahead is None else ahead
    digest = hashlib.sha256(repr(carried).encode()).hexdigest() if carried else ""
    order = Order(where, step, root, state, commit, digest)
    outcome, log = yield from run(context, phase, order, None if ahead is None else place)
    verdict = verdict_of(outcome, step.expect, step.command)
    named = tuple(path.removeprefix(context.workspace.prefix) for path in carried)
    return Before(state, commit, outcome, verdict, log, named)


def _checked_out(
    context: Context,
    phase: Phase,
    step: Verify,
    where: StepId,
    commit: str,
    carried: dict[str, FileState],
) -> Generator[Event, None, Path]:
    """A scratch worktree of a commit that is ready for commands, with some tests put into it."""
    try:
        root = context.scratches.fresh(commit) if carried else context.scratches.at(commit)
    except GitFailed as error:
        message = f"no scratch worktree of {commit[:9]} could be made: {error}"
        raise refused(step, message, where=where) from None
    there = Workspace(root, None)
    with reaching(where, step):
        for path, test in carried.items():
            now = there.read(path)
            there.write(path, test.data, test.mode, data_of(now))
    yield from prepared(context, phase, root, where, step)
    return root


def tests_at_first(context: Context, phase: Phase, step: Verify, where: StepId) -> tuple[str, ...]:
    """The tests that are carried back when a check is run on its starting state."""
    if not isinstance(step.fails_at, FailsAt):
        return ()
    stated = _stated(context, step)
    return own_tests(context, phase, where) if stated is None else stated


def tests_after(
    context: Context, phase: Phase, step: Verify, where: StepId, outcome: Outcome
) -> tuple[str, ...]:
    """The tests with which a check is run there once more, most often none.

    They came with the change, so that it came to no test, and are held against the code without it.
    """
    if isinstance(step.fails_at, FailsAt) or not nothing_tested(outcome):
        return ()
    return own_tests(context, phase, where)


def _stated(context: Context, step: Verify) -> tuple[str, ...] | None:
    """The tests that a check names to be carried back; `None` where it names none."""
    assert isinstance(step.fails_at, FailsAt)
    if step.fails_at.tests is None:
        return None
    return tuple(declared(context, [Commit("", step.fails_at.tests)]))


def own_tests(context: Context, phase: Phase, where: StepId) -> tuple[str, ...]:
    """The tests that the task of a check declares; of a check at the end those of the phase."""
    own = [task for task in phase.tasks if within(where, task.id)] or phase.tasks
    steps = [resolved(phase, step) for task in own for step in task.steps]
    changing = [step for step in steps if isinstance(step, Edit | Run | Manual | Commit)]
    return tuple(path for path in declared(context, changing) if is_test(path))


def left_there(
    context: Context, phase: Phase, step: Verify, where: StepId, before: Before
) -> tuple[str, ...]:
    """The tests of a check, in `workdir`, of which the starting state had those from before."""
    expects = step.expect.tests
    runs_tests = bool(before.outcome.evidence.runs) or "test" in step.command
    sees_them_fail = expects is not None and expects.expects_failure
    if isinstance(step.fails_at, FailsAt) or sees_them_fail or not runs_tests:
        return ()
    tests = own_tests(context, phase, where)
    newer = to_carry(tests, _here(context), partial(_unchanged, context, before.commit))
    return tuple(
        path.removeprefix(context.workspace.prefix) for path in newer if path not in before.carried
    )


def to_carry(
    tests: Iterable[str],
    read: Callable[[str], FileState | None],
    unchanged: Callable[[str, FileState], bool],
) -> dict[str, FileState]:
    """Those of some files that are there and that a commit has otherwise, or not at all."""
    found: dict[str, FileState] = {}
    for path in tests:
        with suppress(Unreachable):
            now = read(path)
            if now is not None and not unchanged(path, now):
                found[path] = now
    return found


def _here(context: Context) -> Callable[[str], FileState | None]:
    return Workspace(context.repository.root, None).read


def _unchanged(context: Context, commit: str, path: str, now: FileState) -> bool:
    return contents.unchanged(context.repository, path, now.data, commit)

"""Commands of steps: services first, then the command, as events."""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Literal

from runbook.core.check.expectations import Verdict
from runbook.core.check.outcome import Outcome
from runbook.core.check.seen import tests_seen
from runbook.core.check.summary import summary
from runbook.core.model.declared import OfPhase, contained, steps_in_a_row
from runbook.core.model.model import Commit, Phase, Verify
from runbook.core.record import stepevents
from runbook.core.record.events import Event
from runbook.core.text.redaction import redact
from runbook.core.value import replace
from runbook.engine.checks.commandof import command_of
from runbook.engine.checks.services import check_services, start_services
from runbook.engine.checks.verdicts import verdict_of
from runbook.engine.contract.stops import CannotContinue, interrupted, refused
from runbook.engine.ground.carried import carried_from
from runbook.engine.ground.context import Context
from runbook.engine.ground.order import Order
from runbook.engine.ground.reuse import Seen, Shown, key_of
from runbook.engine.ground.targets import Differing, declared_anywhere, differing
from runbook.engine.ground.undeclared import only_ignored
from runbook.world.files.testsfile import keep_tests
from runbook.world.git import direct
from runbook.world.git.expectedtree import Expected, expected
from runbook.world.git.overlooked import uncommitted
from runbook.world.processes import process
from runbook.world.processes.command import Command
from runbook.world.processes.supervision import NotStarted, SupervisorLost


def run(
    context: Context,
    phase: Phase,
    order: Order,
    in_turn: Callable[[], Generator[Event, None, Path]] | None = None,
) -> Generator[Event, None, tuple[Outcome, str]]:
    """Run a command, with the services it needs; returns its outcome and its log's path.

    One that is to stand elsewhere where it is run in its turn has a place made for it by `in_turn`.

    Raises:
        CannotContinue: it was interrupted, could not be started, or a service ended meanwhile.
    """
    for told in start_services(context, phase):
        context.repository.last_status.let_others_in()
        yield told
    # Asked for only now, because services give variables.
    check = order.step if isinstance(order.step, Verify) and context.request.reuse else None
    repeats = context.evidence.repeats(phase)
    command = _command(context, phase, order)
    # A person may change a file before the command or while it runs; either may sway it.
    before = _differing(context, phase, order)
    context.repository.last_status.let_others_in(before.status)
    dirty, made_of = before.others, _made_of(context, phase, order, before.declared)
    key = (
        key_of(repeats, order.where, check, command, _seen(context, phase, order)) if check else ""
    )
    text = order.step.command
    usual = context.evidence.durations(context.journal.progress).get(text) or None
    yield stepevents.CommandBegan(order.where, text, order.state or "", order.commit, usual)
    known = None if order.again else context.evidence.shown.get(key)
    if known is not None and (order.state or _holds(order, known.outcome)):
        if order.root == context.repository.root:
            context.repository.last_status.remember(before.status)
        yield _ended(order, known.outcome, known.log, dirty, made_of.tree, reused=known.step)
        return known.outcome, known.log
    outcome = yield from _made_ahead(context, order, command)
    ahead, after = outcome is not None, before
    if outcome is None:
        if in_turn is not None:
            order = replace(order, root=(yield from in_turn()))
            command = _command(context, phase, order)
        prepare = partial(direct.prepare, context.repository, made_of)
        meanwhile = prepare if made_of.objects and _commits_of(phase) else None
        outcome = yield from _carried_out(context, order, command, meanwhile)
        after = _differing(context, phase, order)
    dirty = tuple(dict.fromkeys((*dirty, *after.others)))
    ended = _ended(order, outcome, str(command.log), dirty, made_of.tree, ahead=ahead)
    _keep(context, order, command, outcome, ended)
    yield ended
    if outcome.interrupted is not None:
        raise CannotContinue(interrupted(order.where, order.step, outcome.interrupted))
    check_services(context, order)
    if not order.root.is_dir():
        message = f"the folder {order.root} is gone: it was removed while the command ran"
        raise refused(order.step, message, where=order.where)
    context.evidence.keep(key, Shown(order.where, outcome, str(command.log)))
    if order.root == context.repository.root:
        context.repository.last_status.remember(after.status)
    return outcome, str(command.log)


def _seen(context: Context, phase: Phase, order: Order) -> Seen:
    """The files that a command sees. What is carried into a scratch worktree is that of ours."""
    root, names = context.repository.root, phase.settings.carry or ()
    linked = carried_from(root, names)
    if order.commit is not None:
        linked += tuple(root / name for name in names if (root / name).is_dir())
    return Seen(order.root, order.commit, order.carried, order.on_a_start, linked)


def _keep(
    context: Context,
    order: Order,
    command: Command,
    outcome: Outcome,
    ended: stepevents.CommandEnded,
) -> None:
    """Keep which tests ran, and how long it took: what a report and the next run tell of it."""
    if outcome.evidence.runs:
        tests = tests_seen(ended, outcome.evidence, order.root)
        keep_tests(command.log, redact(tests, command.secrets))
    if outcome.exit is not None:
        durations = context.evidence.durations(context.journal.progress)
        durations[order.step.command] = ended.duration


def _command(context: Context, phase: Phase, order: Order) -> Command:
    log = context.journal.log(order.where, order.state or "")
    command = command_of(context, phase, order, log)
    if not command.cwd.is_dir():
        hint = "commands stand in the folder that `workdir` names"
        message = f"the folder {command.cwd} does not exist"
        raise refused(order.step, message, where=order.where, hint=hint)
    return command


def _made_ahead(
    context: Context, order: Order, command: Command
) -> Generator[Event, None, Outcome | None]:
    """What a check was shown ahead of its turn; `None` where its command is to be run."""
    if context.ahead is None or not (order.on_a_start or order.in_turn(context.repository.root)):
        return None
    return (yield from context.ahead.shown(order, command))


def _carried_out(
    context: Context, order: Order, command: Command, meanwhile: Callable[[], None] | None
) -> Generator[Event, None, Outcome]:
    if context.ahead is not None:
        # It may write to the files that others look at.
        context.ahead.make_way(order.root)
    try:
        with process.start(command, context.interrupts, meanwhile) as running:
            if context.ahead is not None:
                running.beside(context.ahead)
            for line in running:
                others = () if context.ahead is None else context.ahead.under_way
                yield stepevents.CommandOutput(order.where, line, running.tally(), others)
                check_services(context, order)
    except (NotStarted, SupervisorLost) as error:
        raise refused(
            order.step, f"the command could not be run: {error}", where=order.where
        ) from error
    if context.ahead is not None:
        context.ahead.ran(order, running.outcome)
    return running.outcome


def _holds(order: Order, outcome: Outcome) -> bool:
    """Whether what was shown before is as this step expects; what is not is seen anew."""
    return verdict_of(outcome, order.step.expect, order.step.command).passed


def _ended(
    order: Order,
    outcome: Outcome,
    log: str,
    dirty: tuple[str, ...],
    tree: str,
    *,
    reused: str = "",
    ahead: bool = False,
) -> stepevents.CommandEnded:
    return stepevents.CommandEnded(
        order.where,
        outcome.exit,
        round(outcome.duration, 3),
        summary(outcome.evidence) if outcome.evidence.runs else "",
        log,
        outcome.log_digest,
        outcome.left_running,
        order.state or "",
        outcome.evidence.counts() if outcome.evidence.runs else None,
        dirty,
        reused,
        _why_stopped(outcome),
        tree,
        ahead,
    )


def _why_stopped(outcome: Outcome) -> Literal["", "timeout", "idle", "interrupt"]:
    if outcome.interrupted is not None:
        return "interrupt"
    if outcome.idle:
        return "idle"
    return "timeout" if outcome.timed_out else ""


def run_tries(
    context: Context, phase: Phase, order: Order, retries: int
) -> Generator[Event, None, tuple[Outcome, str, Verdict]]:
    """Run a check until it passes, once and so many times more; also returns the last verdict.

    Raises:
        CannotContinue: as `run`.
    """
    while True:
        outcome, log = yield from run(context, phase, order)
        verdict = verdict_of(outcome, order.step.expect, order.step.command)
        if verdict.passed or not retries:
            return outcome, log, verdict
        retries -= 1
        order = replace(order, again=True)


def _differing(context: Context, phase: Phase, order: Order) -> Differing:
    """What differs from HEAD where a command runs; nothing in a scratch worktree."""
    if order.root != context.repository.root or not order.root.is_dir():
        return Differing()
    return differing(context, phase, order.step, context.repository.last_status.now())


def _commits(phase: Phase) -> list[Commit]:
    steps, _ = steps_in_a_row(phase)
    return [step for step in steps if isinstance(step, Commit)]


_commits_of = OfPhase(_commits)


def _made_of(context: Context, phase: Phase, order: Order, changed: tuple[str, ...]) -> Expected:
    """The tree of HEAD with the declared files as a check finds them, as far as it can be told.

    What a commit step takes along by force is in it.
    """
    here = order.root == context.repository.root and order.state is None
    if not isinstance(order.step, Verify) or not here:
        return Expected()
    paths = set(changed)
    forced = [step for step in _commits_of(phase) if step.force]
    if forced:
        passed_over = [only_ignored(context, contained(phase, step)) for step in forced]
        every = {*declared_anywhere(context, phase), *chain.from_iterable(passed_over)}
        paths |= uncommitted(context.repository, tuple(sorted(every))).keys()
    head = context.repository.head().commit
    if not paths:
        return Expected("" if head is None else context.repository.tree(head))
    return expected(context.repository, head, tuple(sorted(paths)))

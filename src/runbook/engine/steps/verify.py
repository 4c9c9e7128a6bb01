"""Verify steps: the command is judged, and where asked seen to fail on its starting state."""

from __future__ import annotations

from collections.abc import Generator

from runbook.core.check.expectations import Verdict, hinted
from runbook.core.check.outcome import Outcome
from runbook.core.check.proving import (
    SEES_IT_FAIL,
    SOUND,
    hint_of_vacuous,
    named_tests,
    proof_kind,
    reasons,
    unusable,
)
from runbook.core.check.untested import reasons_of, untested
from runbook.core.model.ids import StepId
from runbook.core.model.model import Phase, Verify
from runbook.core.record import stepevents
from runbook.core.record.events import Event, Stopped
from runbook.engine.checks.cleanplace import not_there
from runbook.engine.checks.command import run
from runbook.engine.checks.startingstate import (
    Before,
    left_there,
    looked_at,
    own_tests,
    revision_of,
    run_before,
)
from runbook.engine.checks.verdicts import verdict_of
from runbook.engine.contract.stops import CannotContinue, stop
from runbook.engine.ground.context import Context
from runbook.engine.ground.order import Order

_SHOWN = 4000  # characters of the output's end that a failed check shows


def verify(
    context: Context, phase: Phase, step: Verify, where: StepId, task_head: str
) -> Generator[Event, None, Outcome]:
    """Carry out a verify step; `task_head` is the commit its task began on. Returns how it ended.

    Raises:
        CannotContinue: an expectation is unmet, or `fails-at` saw the check pass before.
    """
    order = Order(where, step, context.repository.root)
    for tries_left in range(step.retries, -1, -1):
        outcome, log = yield from run(context, phase, order)
        verdict = verdict_of(outcome, step.expect, step.command)
        skipped = reasons_of(outcome.evidence.results)
        if verdict.passed and skipped and step.expect.tests is not None:
            own = tuple(
                str(context.repository.root / each) for each in own_tests(context, phase, where)
            )
            verdict = Verdict(tuple(untested(outcome.evidence, step.expect.tests, own)))
        if verdict.passed:
            yield stepevents.VerifyPassed(where, step.retries - tries_left, skipped)
            break
        if not tries_left:
            if context.repository.git_dir != context.repository.common_dir:
                verdict = hinted(verdict, not_there(context, phase, outcome))
            raise CannotContinue(_unmet(step, where, outcome, verdict, log))
        why = tuple(mismatch.message for mismatch in verdict.mismatches)
        yield stepevents.VerifyRetried(where, tries_left, why)
        order = Order(where, step, context.repository.root, again=True)
    state = looked_at(context, phase, step)
    if state is not None:
        revision = revision_of(context, phase, state, task_head)
        before = yield from run_before(context, phase, step, where, state, revision)
        if step.fails_at is not None:
            yield _seen_to_fail(context, phase, step, where, before)
        else:
            yield _proved(context, phase, step, where, before)
    return outcome


def _seen_to_fail(
    context: Context, phase: Phase, step: Verify, where: StepId, before: Before
) -> stepevents.FailedBefore:
    """What is told of a check that must fail on its starting state to prove anything."""
    state = before.state
    why = unusable(step, before.outcome, before.verdict)
    if why:
        message = (
            f"the check was to fail at the start of the {state} ({before.commit[:9]}), and {why}"
        )
        if before.carried:
            message += f", with {named_tests(before.carried)}"
        hint = not_there(context, phase, before.outcome) or (
            "a check that can't fail proves nothing: sharpen `expect:`, or say "
            "`guard: true` instead of `fails-at` if it is to pass before and after"
        )
        tests = left_there(context, phase, step, where, before) if before.verdict.passed else ()
        hint = hint_of_vacuous(state, tests) if tests else hint
        raise CannotContinue(_vacuous(step, where, before, message, hint))
    return stepevents.FailedBefore(
        where, state, before.commit, reasons(before.verdict), before.carried
    )


def _proved(
    context: Context, phase: Phase, step: Verify, where: StepId, before: Before
) -> stepevents.CheckProved:
    """What is told of a check that says nothing of it, held against the start of its phase."""
    state, why = before.state, unusable(step, before.outcome, before.verdict)
    kind = proof_kind(step, before.verdict, why, before.carried)
    if kind not in SOUND:
        there = f"at the start of the {state} ({before.commit[:9]})"
        message, hint = {
            "vacuous": (
                f"the check proves nothing: it passed {there} too",
                hint_of_vacuous(state, left_there(context, phase, step, where, before)),
            ),
            "contradicts": (
                f"the check is declared a guard, and failed {there}",
                "say `fails-at: phase` instead of `guard`, or mend what it guards first",
            ),
        }.get(
            kind,
            (
                f"the check proves nothing: {there}, {why}",
                not_there(context, phase, before.outcome) or "see that it can run there",
            ),
        )
        raise CannotContinue(_vacuous(step, where, before, message, hint))
    seen = () if kind == "untried" else reasons(before.verdict)
    why_not = (SEES_IT_FAIL,) if kind == "untried" else ()
    return stepevents.CheckProved(
        where, str(step.at), step.command, kind, state, before.commit, seen, why_not
    )


def _vacuous(step: Verify, where: StepId, before: Before, message: str, hint: str) -> Stopped:
    shown = before.outcome.tail[-_SHOWN:]
    return stop("vacuous", where, step, message, output=shown, log=before.log, hint=hint)


def _unmet(step: Verify, where: StepId, outcome: Outcome, verdict: Verdict, log: str) -> Stopped:
    return stop(
        "unmet",
        where,
        step,
        "the check failed",
        mismatches=verdict.mismatches,
        output=outcome.tail[-_SHOWN:],
        log=log,
        prose=step.expect.prose,
    )

"""Verify steps: the command is judged, and where asked seen to fail on its starting state."""

from __future__ import annotations

from collections.abc import Iterator

from runbook.core import events
from runbook.core.events import Event, MismatchSeen, Stopped
from runbook.core.expectations import Verdict, judge
from runbook.core.model import Phase, Verify
from runbook.core.outcome import Outcome
from runbook.engine.command import Order, run
from runbook.engine.halt import Halt
from runbook.engine.site import Site
from runbook.world.repository import GitFailed

_SHOWN = 4000  # characters of the output's end that a failed check shows


def verify(site: Site, phase: Phase, step: Verify, where: str, task_head: str) -> Iterator[Event]:
    """Carry out a verify step; `task_head` is the commit its task began on.

    Raises:
        Halt: an expectation is unmet, or `fails-at` saw the check pass before.

    """
    root = site.repository.root
    order = Order(where, step.at, step.command, step.expect, step.env, step.timeout, root)
    for tries_left in range(step.retries, -1, -1):
        outcome, log = yield from run(site, phase, order)
        verdict = judge(outcome, step.expect)
        if verdict.passed:
            yield events.VerifyPassed(where, step.retries - tries_left)
            break
        if not tries_left:
            raise Halt(_unmet(step, where, outcome, verdict, log))
        why = tuple(mismatch.message for mismatch in verdict.mismatches)
        yield events.VerifyRetried(where, tries_left, why)
    if step.fails_at is not None:
        yield from _see_it_fail(site, phase, step, where, task_head)


def _see_it_fail(
    site: Site, phase: Phase, step: Verify, where: str, task_head: str
) -> Iterator[Event]:
    """Run the check on its starting state, where it must fail to prove anything."""
    state = step.fails_at
    assert state is not None
    revision = {
        "task": task_head,
        "phase": site.journal.progress.phases[phase.id].head or "",
        "base": phase.base or "",
    }[state]
    commit = site.repository.resolve(revision) if revision else None
    if commit is None:
        named = f"`base: {revision}`" if state == "base" and revision else f"the {state}'s start"
        message = f"`fails-at: {state}` needs a commit to look at, and {named} is none"
        raise Halt(Stopped("refused", where, str(step.at), message))
    try:
        root = site.scratches.at(commit)
    except GitFailed as error:
        message = f"no scratch worktree of {commit[:9]} could be made: {error}"
        raise Halt(Stopped("refused", where, str(step.at), message)) from None
    order = Order(
        where, step.at, step.command, step.expect, step.env, step.timeout, root, state, commit
    )
    outcome, log = yield from run(site, phase, order)
    verdict = judge(outcome, step.expect)
    unusable = _proves_nothing(step, outcome, verdict)
    if unusable:
        raise Halt(
            Stopped(
                "vacuous",
                where,
                str(step.at),
                f"the check was to fail at the start of the {state} ({commit[:9]}), and {unusable}",
                output=outcome.tail[-_SHOWN:],
                log=log,
                hint="a check that can't fail proves nothing: sharpen `expect:`, or say "
                "`guard: true` instead of `fails-at` if it is to pass before and after",
            )
        )
    why = tuple(
        line for mismatch in verdict.mismatches for line in (mismatch.message, *mismatch.details)
    )
    yield events.FailedBefore(where, state, commit, why)


def _proves_nothing(step: Verify, outcome: Outcome, verdict: Verdict) -> str | None:
    """Why a check's outcome on its starting state is no proof that it discriminates."""
    if verdict.passed:
        return "it passed there too"
    if outcome.timed_out:
        return "it ran into its time-out there, which proves nothing"
    if outcome.exit in (126, 127):
        return f"its command could not even be run there (exit status {outcome.exit})"
    if step.expect.tests is not None and not outcome.evidence.runs:
        return "pytest did not even start there"
    return None


def _unmet(step: Verify, where: str, outcome: Outcome, verdict: Verdict, log: str) -> Stopped:
    return Stopped(
        "unmet",
        where,
        str(step.at),
        "the check failed",
        tuple(MismatchSeen(m.message, m.details, m.hint) for m in verdict.mismatches),
        output=outcome.tail[-_SHOWN:],
        log=log,
        prose=step.expect.prose,
    )

"""Checks on the state before: the same command, in a scratch worktree of where it all began."""

from __future__ import annotations

from collections.abc import Generator

from runbook.core.check.expectations import Verdict, judge
from runbook.core.check.outcome import Outcome
from runbook.core.model.ids import StepId
from runbook.core.model.model import Phase, StartingState, Verify
from runbook.core.record.events import Event
from runbook.core.value import value
from runbook.engine.command import Order, run
from runbook.engine.halt import refused
from runbook.engine.site import Site
from runbook.world.git.gitfailed import GitFailed


@value
class Before:
    """How a check came out on a starting state."""

    state: StartingState
    commit: str
    outcome: Outcome
    verdict: Verdict
    log: str


def run_before(
    site: Site,
    phase: Phase,
    step: Verify,
    where: StepId,
    state: StartingState,
    revision: str,
) -> Generator[Event, None, Before]:
    """Run a check on a starting state, which `revision` names (empty: there is none).

    Raises:
        Halt: there is no such commit, no scratch worktree can be made of it, or the command could
            not be started.

    """
    commit = site.repository.resolve(revision) if revision else None
    if commit is None:
        named = f"`base: {revision}`" if state == "base" and revision else f"the {state}'s start"
        why = f"`fails-at: {state}`" if step.fails_at else "a proof"
        message = f"{why} needs a commit to look at, and {named} is none"
        raise refused(step, message, where=where)
    try:
        root = site.scratches.at(commit)
    except GitFailed as error:
        message = f"no scratch worktree of {commit[:9]} could be made: {error}"
        raise refused(step, message, where=where) from None
    order = Order(where, step, root, state, commit)
    outcome, log = yield from run(site, phase, order)
    return Before(state, commit, outcome, judge(outcome, step.expect, step.command), log)

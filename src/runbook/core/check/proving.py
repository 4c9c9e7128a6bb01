"""What a check proves: how it came out on its starting state, and on what the phase makes of it."""

from __future__ import annotations

from runbook.core.check.causes import lacks_pytest
from runbook.core.check.expectations import Verdict
from runbook.core.check.othertests import ran_nothing
from runbook.core.check.outcome import Outcome
from runbook.core.check.untested import only_untested
from runbook.core.model.model import Edit, Manual, Phase, Run, StartingState, Verify
from runbook.core.patterns import regex
from runbook.core.record.stepevents import ProofKind

SOUND: tuple[ProofKind, ...] = ("proves", "guards", "untried")
"""The kinds that need no mending."""


def starting_state(step: Verify) -> StartingState:
    """Where a check is held against: what it says, else the start of its phase."""
    return step.fails_in or "phase"


def hint_of_vacuous(state: str, tests: tuple[str, ...]) -> str:
    """What mends a check that passes on its starting state; `tests` could be taken back there."""
    mend = "sharpen `expect:`"
    if tests:
        against = f"against the code from before: `fails-at: {{state: {state}}}`"
        mend = f"hold {named_tests(tests)} {against}"
    return f"{mend}, or say `guard: true` if it is to pass before and after"


def named_tests(tests: tuple[str, ...]) -> str:
    """Tests that are taken back to a starting state, in a few words."""
    more = f" and {len(tests) - 1} more" if tests[1:] else ""
    return f"{tests[0]}{more} as of now"


_AS_BEFORE = regex(
    r"(?i)\bstill\b|\b(?:as|like) before\b|\bcontinues? to\b|\bremains?\b|\bunchanged\b"
    r"|\b(?:no|without) regressions?\b|\bnothing (?:else )?(?:broke|is broken|breaks)\b"
    r"|\b(?:existing|other|all other) tests\b"
)


SEES_IT_FAIL = (
    "it sees tests fail that are new, as they do on the code from before: one after the change is "
    "to see them pass"
)


def proof_kind(
    step: Verify, before: Verdict, unusable: str | None, carried: tuple[str, ...] = ()
) -> ProofKind:
    """What a check proves that passes here; `unusable` says why its failure before is no proof.

    One that is to see tests fail passes with those `carried` to the state before, too.
    """
    if before.passed:
        if carried and step.expect.tests is not None and step.expect.tests.expects_failure:
            return "untried"
        return "guards" if step.guard else "vacuous"
    if unusable is not None:
        return "invalid"
    return "contradicts" if step.guard else "proves"


def reads_as_guard(step: Verify) -> bool:
    """Whether the words of a check say that it passes before the change as well."""
    words = " ".join(filter(None, (step.title, step.note, step.expect.prose)))
    return _AS_BEFORE.search(words) is not None


def unusable(step: Verify, outcome: Outcome, verdict: Verdict) -> str | None:
    """Why a check's outcome on its starting state is no proof that it discriminates."""
    if verdict.passed:
        return "it passed there too"
    if outcome.timed_out:
        return "it ran into its time-out there, which proves nothing"
    if outcome.exit in (126, 127):
        return f"its command could not even be run there (exit status {outcome.exit})"
    if not outcome.evidence.runs and lacks_pytest(outcome.tail):
        return "there is no pytest there"
    if step.expect.tests is not None and not outcome.evidence.runs:
        return "pytest did not even start there"
    if nothing_tested(outcome):
        return "no test ran there, which proves nothing"
    tests = step.expect.tests
    if tests is not None and only_untested(
        verdict.mismatches, outcome.evidence, tests, step.command
    ):
        return f"there {verdict.mismatches[0].message}, which proves nothing"
    return None


def nothing_tested(outcome: Outcome) -> bool:
    """Whether a test program came to no test: none is there, or all are skipped.

    A file of tests that can't be imported is one that fails.
    """
    evidence = outcome.evidence
    if ran_nothing(outcome.answers):
        return True
    ran = any(result.ran for result in evidence.results)
    return bool(evidence.runs) and not ran and not any(r.collection_errors for r in evidence.runs)


def looks_at_the_start(phase: Phase, step: Verify) -> bool:
    """Whether a check stands before all that changes something, and so on its starting state.

    Such a one, "see it fail", is no proof by comparison: both times it would see the same.
    """
    for task in phase.tasks:
        for each in task.steps:
            if each is step:
                return not step.guard
            if isinstance(each, Edit | Run | Manual):
                return False
    return False


def reasons(verdict: Verdict) -> tuple[str, ...]:
    """The mismatches of a verdict, with their details, a line each."""
    return tuple(
        line for mismatch in verdict.mismatches for line in (mismatch.message, *mismatch.details)
    )

"""What tests did, in a few words."""

from __future__ import annotations

from collections import Counter
from typing import get_args

from runbook.core.check.evidence import Evidence
from runbook.core.record.stepevents import TestOutcome
from runbook.core.text.counting import count

_WORKERS = 8  # that are told one by one


def summary(evidence: Evidence) -> str:
    """What the tests did in short, such as "14 passed, on 2 workers: 8, 6"."""
    words = []
    for outcome in get_args(TestOutcome):
        number = evidence.count(outcome)
        if number:
            words.append(f"{number} {'errors' if outcome == 'error' and number > 1 else outcome}")
    errors = sum(len(run.collection_errors) for run in evidence.runs)
    if errors:
        words.append(f"{errors} not collected")
    for number, noun in (
        (len(evidence.flaky), "flaky (passed when run again)"),
        (len(evidence.deselected), "deselected"),
    ):
        if number:
            words.append(f"{number} {noun}")
    workers = Counter(each.worker for each in evidence.results if each.worker)
    if workers and set(workers) != {"main"}:
        words.append(f"on {count(len(workers), 'worker')}{_spread(workers)}")
    return ", ".join(words) or "no test ran"


def _spread(workers: Counter[str]) -> str:
    """How many tests each of several workers ran, the busiest one first: `: 6, 6, 5, 5`."""
    numbers = sorted(workers.values(), reverse=True)
    if len(numbers) == 1:
        return ""
    if len(numbers) > _WORKERS:
        return f": {numbers[-1]} to {numbers[0]} each"
    return f": {', '.join(map(str, numbers))}"

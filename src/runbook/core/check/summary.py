"""What tests did, in a few words."""

from __future__ import annotations

from runbook.core.check.evidence import Evidence
from runbook.core.text.counting import count


def summary(evidence: Evidence) -> str:
    """What the tests did in short, such as "14 passed, 2 skipped, on 4 workers"."""
    words = []
    for outcome in ("passed", "failed", "error", "skipped", "xfailed", "xpassed"):
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
    workers = {result.worker for result in evidence.results} - {""}
    if workers and workers != {"main"}:
        words.append(f"on {count(len(workers), 'worker')}")
    return ", ".join(words) or "no test ran"

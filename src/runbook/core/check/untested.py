"""Tests that were skipped where some were to run: for what reasons, and of which paths all."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator

from runbook.core.check.evidence import Evidence, TestResult
from runbook.core.check.outputs import cut
from runbook.core.model.model import TestsExpectation
from runbook.core.record.stepevents import Mismatch


def skips(results: Iterable[TestResult]) -> tuple[str, ...]:
    """The reasons for which tests were skipped, a line each with their number."""
    reasons = Counter(
        each.message.strip().partition("\n")[0] for each in results if each.outcome == "skipped"
    )
    return cut([f"{number} skipped: {reason}" for reason, number in reasons.items()])


def all_skipped(results: tuple[TestResult, ...]) -> str:
    """How many tests were skipped, of some that all were."""
    return f"{'all ' if len(results) > 1 else ''}{len(results)} skipped"


def untested(
    evidence: Evidence, expected: TestsExpectation, own: tuple[str, ...] = ()
) -> Iterator[Mismatch]:
    """The paths that pytest was asked for of which all tests were skipped, whatever else ran.

    So are files of the change's `own`, named from the file system's root. Where the expectation
    speaks of skipped tests, it says what may be.
    """
    if expected.skipped is not None or expected.outcome == "fail":
        return
    told: set[str] = set()
    for run in evidence.runs:
        mine = [posixpath.relpath(path, run.root) for path in own] if run.root else []
        for name in dict.fromkeys((*(run.named or (".",)), *mine)):
            found = tuple(each for each in run.results if _within(each.node_id, name))
            if not found or name in told or any(each.outcome != "skipped" for each in found):
                continue
            told.add(name)
            which = "of one run of pytest" if name == "." else f"of {name}"
            yield Mismatch(
                f"no test {which} ran: {all_skipped(found)}",
                skips(found),
                "install or start what they need, or say `skipped` under `tests` if they may be",
            )


def only_untested(
    found: Iterable[Mismatch], evidence: Evidence, expected: TestsExpectation
) -> bool:
    """Whether nothing is wrong but that tests were skipped, which is no failure of any."""
    return set(found) <= set(untested(evidence, expected))


def _within(node_id: str, name: str) -> bool:
    """Whether a test is one of a folder, a file, a class, or is a test with its parameters."""
    return name in (".", node_id) or node_id.startswith((f"{name}/", f"{name}::", f"{name}["))

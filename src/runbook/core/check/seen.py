"""What each test did, as it is kept for reports."""

from __future__ import annotations

from pathlib import PurePath

from runbook.core.check.evidence import Evidence, TestResult
from runbook.core.record.detailevents import TestSeen, TestsSeen
from runbook.core.record.stepevents import CommandEnded

_MOST = 20_000
"""Tests of a command that are kept one by one; those that did not pass come first."""

_LONGEST = 2000
"""Characters of a message that are kept."""


def tests_seen(ended: CommandEnded, evidence: Evidence, root: PurePath) -> TestsSeen:
    """The tests of a command that ran in `root`, in the order in which they ended."""
    results = evidence.results
    left_out = len(results) - _MOST
    if left_out > 0:
        results = tuple(sorted(results, key=lambda each: each.outcome == "passed"))[:_MOST]
    tests = tuple(_seen(each, root) for each in results)
    errors = tuple(
        TestSeen(each.node_id, "error", 0.0, "", each.message[:_LONGEST])
        for run in evidence.runs
        for each in run.collection_errors
    )
    return TestsSeen(ended.step, ended.state, (*errors, *tests), max(0, left_out))


def _seen(result: TestResult, root: PurePath) -> TestSeen:
    path, _, line = result.at.rpartition(":")
    inside = path and PurePath(path).is_relative_to(root)
    at = f"{PurePath(path).relative_to(root)}:{line}" if inside else ""
    return TestSeen(
        result.node_id, result.outcome, round(result.duration, 4), result.worker,
        result.message[:_LONGEST], at,
    )  # fmt: skip

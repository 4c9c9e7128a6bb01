"""How far pytest is, from the records of the probe while it runs."""

from __future__ import annotations

import json

from runbook.core.check.tallying import Tallying
from runbook.core.record.stepevents import Tally


def report(node: str, outcome: str, *, last: bool = True) -> bytes:
    return json.dumps({"kind": "report", "node": node, "outcome": outcome, "last": last}).encode()


def test_what_is_done_and_what_failed() -> None:
    tallying = Tallying()
    assert tallying.tally() == Tally()
    tallying.feed([json.dumps({"kind": "collected", "tests": ["a", "b", "c"]}).encode()])
    tallying.feed([report("a", "passed"), report("b", "failed", last=False)])
    assert tallying.tally() == Tally(1, 3, 1, ("b",))
    # Told once, and its teardown is no test of its own.
    tallying.feed([report("b", "passed"), b"no record", b"[]", b'{"kind": "report"}'])
    assert tallying.tally() == Tally(2, 3, 1)


def test_workers_that_collect_the_same_and_a_test_that_is_tried_again() -> None:
    tallying = Tallying()
    for _ in range(2):
        tallying.feed([json.dumps({"kind": "collected", "tests": ["a", "b"]}).encode()])
    tallying.feed(
        [report("a", "retried"), json.dumps({"kind": "deselected", "tests": ["b"]}).encode()]
    )
    assert tallying.tally() == Tally(0, 1)

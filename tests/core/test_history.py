"""The runs of a worktree, told from its recorded events."""

from __future__ import annotations

from typing import Any

from runbook.core.record import events, stepevents
from runbook.core.record.history import (
    Recorded,
    RunSummary,
    log_of,
    steady,
    steps_with_output,
    summaries,
)

STEP = "p/task-1/step-1"


def ended(run: str, log: str, **more: Any) -> Recorded:
    return Recorded(run, None, stepevents.CommandEnded(STEP, 0, 1.0, "", log, "digest", **more))


HISTORY = [
    Recorded("20261124T090000Z-1-aaaa", 0.5, events.RunBegan("r", "1", ("p",))),
    Recorded("20261124T090000Z-1-aaaa", 1.25, stepevents.CommitMade(STEP, "c1", "S", ())),
    Recorded("20261124T090000Z-1-aaaa", 2.0, events.Stopped("unmet", STEP, "a:1:1", "it failed")),
    Recorded("20261124T090000Z-1-aaaa", 3.0, events.RunEnded(1)),
    # As an older version recorded it, and killed.
    Recorded("20261124T100000Z-2-bbbb", None, events.RunBegan("r", "1", ("p", "q"))),
]


def test_runs_are_summed_up() -> None:
    first, second = summaries(HISTORY)
    assert first == RunSummary(
        "20261124T090000Z-1-aaaa",
        "1970-01-01T00:00:00.500Z",
        "1970-01-01T00:00:03.000Z",
        ("p",),
        1,
        ("c1",),
        STEP,
        "it failed",
    )
    assert second == RunSummary(
        "20261124T100000Z-2-bbbb", "2026-11-24T10:00:00Z", None, ("p", "q"), None
    )
    assert summaries([]) == []


def test_the_latest_output_of_a_step() -> None:
    history = [ended("one", "a"), ended("two", "b"), ended("two", "c", state="task")]
    assert [log_of(history, STEP, run) for run in (None, "one", "three")] == ["b", "a", None]
    stop = events.Stopped("vacuous", STEP, "a:1:1", "it passed there too", log="c")
    history.append(Recorded("two", None, stop))
    assert [log_of(history, STEP, run) for run in (None, "one")] == ["c", "a"]
    assert log_of([*history, ended("three", "d")], STEP, None) == "d"
    assert log_of(history, "other", None) is None
    assert steps_with_output(history) == [STEP]


def test_a_clock_that_is_set_back_makes_no_time_go_back() -> None:
    begin = events.RunBegan("r", "1", ("p",))
    one = [(100.0, 100.0), (101.0, 101.0), (41.0, 101.0), (43.0, 103.0), (13.0, 103.0)]
    told = steady([Recorded("a", time, begin) for time, _ in one])
    assert [each.time for each in told] == [steadied for _, steadied in one]
    # Each run has its own, and what has no time has none.
    other = [Recorded("a", 9.0, begin), Recorded("b", 5.0, begin), Recorded("a", None, begin)]
    assert list(steady(other)) == other
    ended_before = [Recorded("a", 9.0, begin), Recorded("a", 5.0, events.RunEnded(0))]
    (run,) = summaries(ended_before)
    assert run.began == run.ended

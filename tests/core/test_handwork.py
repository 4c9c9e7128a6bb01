"""What is remembered of work by hand, to be adopted by the plan."""

from __future__ import annotations

from runbook.core.record.handwork import Handmade, Handwork
from runbook.core.record.stepevents import FileImage

STEP = "phase-1/task-1/step-1"


def work(before: str | None, after: str, *, instead: bool = False) -> Handwork:
    return Handwork(STEP, (FileImage("a.py", before, after),), instead)


def test_work_instead_of_a_step_is_as_it_was_done_last() -> None:
    made = Handmade()
    repair = work("0", "1")
    made.add(repair)
    made.add(work("1", "2", instead=True))
    made.add(work("1", "3", instead=True))
    assert made.works == [repair, work("1", "3", instead=True)]
    made.add(work("3", "4"))
    assert made.works[1:] == [work("1", "3", instead=True), work("3", "4")]


def test_what_is_committed_stays_known() -> None:
    made = Handmade()
    made.add(work("0", "1"))
    made.land()
    made.add(work("1", "2"))
    made.forget_uncommitted()
    assert made.works == [work("0", "1")]

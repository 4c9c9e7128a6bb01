"""Checks that may share what one command shows, and those that may not."""

from __future__ import annotations

import pytest

from runbook.core.check.questions import Questions
from runbook.core.check.repeats import Repeats, merged
from runbook.core.model.ids import StepId
from runbook.core.model.model import (
    Commit,
    Confirm,
    Count,
    Distinct,
    Edit,
    Expect,
    Phase,
    Step,
    Task,
    Verify,
)


def phase(*steps: Step) -> Phase:
    return Phase("phase-1", "Look", tasks=(Task("phase-1/task-1", "Look", steps),))


CHECK = Verify("pytest -q")


@pytest.mark.parametrize(
    ("between", "expected"),
    [
        ((), True),
        ((Commit("feat: x"), Confirm("Looks right?"), Verify("other")), True),
        ((Edit(("app.py",), ()),), False),
    ],
)
def test_another_check_beside_it(between: tuple[Step, ...], expected: bool) -> None:
    made = phase(CHECK, *between, CHECK)
    last = StepId(f"phase-1/task-1/step-{len(between) + 2}")
    assert Repeats(made).beside(StepId("phase-1/task-1/step-1")) is expected
    assert Repeats(made).beside(last) is expected


ONCE = Count("==", 1)


def test_all_is_asked_at_once() -> None:
    one = Verify("x", Expect(contains=("a", "b")))
    other = Verify(
        "x", Expect(absent=("b",), matches=("c",), distinct=Distinct("d", Count("==", 1)))
    )
    assert merged([one, other]) == Questions(("a", "b"), ("c",), "d", lines=False)
    counted = Verify("x", Expect(line_count=ONCE))
    assert merged([one, counted]) == Questions(("a", "b"))
    assert merged([other, Verify("x", Expect(distinct=Distinct("e", ONCE)))]) is None

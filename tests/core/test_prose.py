"""What the words of a check promise."""

import pytest

from runbook.core.lint.phase import lint
from runbook.core.model.model import Expect, Phase, Task, TestsExpectation, Verify


def codes(prose: str) -> list[str]:
    expect = Expect(tests=TestsExpectation("pass"), prose=prose)
    task = Task("task-1", "Count", (Verify("pytest -q", expect),))
    return [each.code for each in lint(Phase("phase-1", "", (task,)), {})]


@pytest.mark.parametrize("prose", ["FAIL", "It must fail.", "All is built. The tests fail."])
def test_a_failure_is_promised(prose: str) -> None:
    assert "RB112" in codes(prose)


@pytest.mark.parametrize(
    "prose",
    [
        "It is built. If tests fail, stop.",
        "When the tests fail, look at the log",
        "Should tests fail: stop",
    ],
)
def test_what_is_done_where_it_fails_promises_no_failure(prose: str) -> None:
    assert "RB112" not in codes(prose)

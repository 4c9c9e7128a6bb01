"""Tasks in words: all that is in their digest, and nothing else."""

from __future__ import annotations

from typing import Literal

import pytest

from runbook.core.matching.texts import Text
from runbook.core.model.data import Assignment, Number
from runbook.core.model.digest import digest
from runbook.core.model.model import (
    Commit,
    Count,
    Edit,
    Expect,
    Manual,
    Task,
    TestsExpectation,
    Verify,
)
from runbook.core.model.operations import Delete, Glob, Insert, Replace, SetValues
from runbook.format.wording import wording


def task(*steps: Edit | Verify | Commit | Manual, title: str = "A task") -> Task:
    return Task("phase-1/task-1", title, steps)


WHOLE = task(
    Edit(
        ("app.py", Glob("src/*.py")),
        (
            Replace(Text("one\n  two\n", True), Text("", False), count="all"),
            Insert("after", Text("x", False), Text("y", False)),
        ),
        title="Not told",
    ),
    Edit(("gone.py",), (Delete(),)),
    Edit(("app.toml",), (SetValues((Assignment(("a", "b"), Number("1")),)),)),
    Verify(
        "pytest -q",
        Expect(tests=TestsExpectation(passed=Count(">=", 2)), contains=("ok",)),
        retries=2,
        fails_at="task",
    ),
    Manual("Look at it.\n", ("app.py",)),
    Commit("feat: it\n\nWith a body.\n", trailers=("Reviewed-by: Ada",)),
)


def test_a_task_in_words() -> None:
    assert wording(WHOLE) == (
        "- edit:\n"
        "    - app.py\n"
        '    - {glob: "src/*.py"}\n'
        "  changes:\n"
        "    - replace: |\n"
        "        one\n"
        "          two\n"
        "      with:\n"
        "      count: all\n"
        "    - after: x\n"
        "      insert: y\n"
        "- edit: gone.py\n"
        "  changes:\n"
        "    - delete: true\n"
        "- edit: app.toml\n"
        "  changes:\n"
        "    - set:\n"
        "        - keys:\n"
        "            - a\n"
        "            - b\n"
        "          value:\n"
        "            text: 1\n"
        "- verify: pytest -q\n"
        "  expect:\n"
        "    tests:\n"
        "      passed: >=2\n"
        "    contains: ok\n"
        "  retries: 2\n"
        "  fails-at: task\n"
        "- manual: |\n"
        "    Look at it.\n"
        "  files: app.py\n"
        "- commit: |\n"
        "    feat: it\n"
        "\n"
        "    With a body.\n"
        "  trailers: Reviewed-by: Ada\n"
    )


@pytest.mark.parametrize("outcome", ["pass", "fail"])
def test_what_is_expected_of_tests_is_said_as_it_is_written(
    outcome: Literal["pass", "fail"],
) -> None:
    step = Verify("pytest -q", Expect(tests=TestsExpectation(outcome)))
    assert wording(step) == f"- verify: pytest -q\n  expect:\n    tests: {outcome}\n"


def test_words_and_digest_differ_together() -> None:
    other = task(Verify("pytest"))
    assert wording(other) != wording(task(Verify("pytest -q")))
    assert digest(other) != digest(task(Verify("pytest -q")))
    retitled = task(Verify("pytest", title="Look"), title="Another title")
    assert wording(other) == wording(retitled)
    assert digest(other) == digest(retitled)

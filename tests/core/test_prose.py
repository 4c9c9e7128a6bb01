"""What the words of a check promise."""

import pytest

from runbook.core.lint.finding import Finding
from runbook.core.lint.phase import lint
from runbook.core.model.model import Expect, Phase, Task, TestsExpectation, Verify


def codes(prose: str) -> list[str]:
    expect = Expect(tests=TestsExpectation("pass"), prose=prose)
    return [each.code for each in found("pytest -q", expect)]


def found(command: str, expect: Expect) -> list[Finding]:
    task = Task("task-1", "Count", (Verify(command, expect),))
    return list(lint(Phase("phase-1", "", (task,)), {}))


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


@pytest.mark.parametrize(
    "command",
    ["npm test", "cargo test -p core", "cargo +nightly nextest run", "cd web && npx vitest run",
     "go test ./...", "python -m unittest", "./gradlew test", "yarn test", "dotnet test",
     "node e2e/run.js"],
)  # fmt: skip
def test_that_tests_of_another_program_pass_its_status_tells(command: str) -> None:
    assert found(command, Expect(prose="All tests pass.")) == []
    (counted,) = found(command, Expect(prose="12 tests passed"))
    assert counted.code == "RB105"
    # Evidence of tests comes from pytest alone, so no advice may ask for it.
    assert "tests:" not in (counted.hint or "")


@pytest.mark.parametrize("command", ["make check", "./run.sh", "cargo build", "tox"])
def test_that_tests_pass_is_a_promise_where_pytest_may_run(command: str) -> None:
    (finding,) = found(command, Expect(prose="All tests pass."))
    assert (finding.code, finding.hint) == ("RB105", "ask for evidence: `expect: {tests: pass}`")


@pytest.mark.parametrize(
    ("prose", "promised"),
    [
        ("`ready` is there.", True),
        ("It ends. It prints `ready`.", True),
        ('It ends. "ready" comes last.', True),
        ('"Done. Bye." stands there, and `ready`', True),
        # Of names of the code a sentence may say anything.
        ("No matches. The search leaves `docs/` out.", False),
        ("It compiles. If `tsc` is missing, install it.", False),
        ('It ends. If you see "refused", start the server.', False),
        ("It ends; if it shows `refused`, start the server.", False),
    ],
)
def test_what_is_quoted_is_promised_where_the_words_say_so(prose: str, promised: bool) -> None:
    assert [each.code for each in found("make look", Expect(prose=prose))] == ["RB105"] * promised


@pytest.mark.parametrize(
    ("command", "hint"),
    [
        ("pytest -q | tail", "state it: `expect: {tests: {passed: 6}}`"),
        ("./look.sh", "state it: `expect: {tests: {passed: 6}}` if it runs pytest, or look for the "
         "line that says so with `matches`"),
        ("npm test", "look for the line that says so with `matches`"),
    ],
)  # fmt: skip
def test_a_count_is_looked_for_where_it_can_be_found(command: str, hint: str) -> None:
    expect = Expect(prose="6 passed, 0 failed.", contains=("x",))
    (finding,) = (each for each in found(command, expect) if each.code == "RB112")
    assert finding.hint == hint

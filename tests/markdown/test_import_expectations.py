"""What plans expect, in words, as expectations that are checked."""

from __future__ import annotations

import pytest

from runbook.core.model import Count, Expect, TestsExpectation
from runbook.markdown.importing.commandfacts import facts
from runbook.markdown.importing.expected import read_expected

PASS = TestsExpectation()
FAIL = TestsExpectation(outcome="fail")


@pytest.mark.parametrize(
    ("command", "words", "expected"),
    [
        ("pytest", "All tests pass", Expect(tests=PASS)),
        ("uv run pytest -q", "PASS", Expect(tests=PASS)),
        ("python -m pytest", "all green.", Expect(tests=PASS)),
        ("pytest", "Tests pass (or skip without a database)", Expect(tests=PASS)),
        ("pytest", "All 4 tests pass", Expect(tests=TestsExpectation(passed=Count("==", 4)))),
        ("pytest", "PASS (3 tests)", Expect(tests=TestsExpectation(passed=Count("==", 3)))),
        ("pytest", "PASS（3件）", Expect(tests=TestsExpectation(passed=Count("==", 3)))),
        ("pytest a && pytest b", "All 4 tests pass", Expect(tests=PASS)),
        ("pytest", "FAIL", Expect(tests=FAIL)),
        ("pytest", "Tests fail, the ship is not there yet", Expect(tests=FAIL)),
        ("pytest", "FAIL with an error", Expect(tests=FAIL)),
        (
            "pytest",
            "FAIL with `ImportError: cannot import name 'ship'`",
            Expect(tests=TestsExpectation(fails_with=("ImportError: cannot import name 'ship'",))),
        ),
        (
            "pytest",
            "FAIL with ModuleNotFoundError",
            Expect(tests=TestsExpectation(fails_with=("ModuleNotFoundError",))),
        ),
        ("pytest", "FAIL with `KeyError` or `ValueError`", Expect(tests=FAIL)),
        ("pytest", "FAIL — `ship` not defined", Expect(tests=FAIL)),
        ("pytest", "0 failures, all pass", Expect(tests=PASS)),
        (
            "pytest -n 4",
            "Tests running on multiple workers",
            Expect(tests=TestsExpectation(workers=Count(">=", 2))),
        ),
        (
            "pytest",
            'Tests pass, no "lost at sea" errors',
            Expect(tests=PASS, absent=("lost at sea",)),
        ),
        ("cargo test", "PASS", Expect()),
        ("cargo test", "FAIL", Expect(exit="nonzero")),
        (
            "bun test",
            "FAIL — `Cannot find module './ship'`.",
            Expect(exit="nonzero", contains=("Cannot find module './ship'",)),
        ),
        ("mypy", "No errors", Expect()),
        ("mypy", "No type errors.", Expect()),
        ("make", "Clean", Expect()),
        ("make", "exit code 3", Expect(exit=(3,))),
        ("make", "Exits with code 0", Expect()),
        ("grep -r ship src", "No matches", Expect(exit=(1,))),
        ("cat a | rg ship", "No matches.", Expect(exit=(1,))),
        ("grep -r ship src | wc -l", "No output", Expect(empty=True)),
        ("grep ship a || echo none", "No matches", Expect(empty=True)),
        ("git diff --stat", "no output", Expect(empty=True)),
        ("grep -c ship a", "`0`", Expect(exit=(1,), matches=(r"(^|:)\s*0\s*$",))),
        ("ls | wc -l", "`14`", Expect(matches=(r"(^|[:\s])\s*14\b",))),
        ("grep ship a", "3 lines", Expect(line_count=Count("==", 3))),
        ("python -c x", "`ready`", Expect(contains=("ready",))),
        ("python -c x", "Prints `ready`", Expect(contains=("ready",))),
        ("python -c x", "`ready` with no errors", Expect(contains=("ready",))),
        ("ship --help", "Shows `--all` and `--one`", Expect(contains=("--all", "--one"))),
        ("make", '"Phase 1 complete" printed', Expect(contains=("Phase 1 complete",))),
        ("make", "Command not found (it was removed)", Expect(exit="nonzero")),
    ],
)
def test_words_are_read_by_their_class(command: str, words: str, expected: Expect) -> None:
    reading = read_expected(words, None, facts(command))
    assert reading.classified
    assert reading.expect.prose == words
    assert reading.expect == Expect(
        expected.exit,
        expected.tests,
        expected.contains,
        expected.absent,
        expected.matches,
        line_count=expected.line_count,
        empty=expected.empty,
        prose=words,
    )


@pytest.mark.parametrize(
    "words", ["Drag and drop feels right", "the same as before", "a list of ships", "see below"]
)
def test_other_words_are_kept_and_check_nothing(words: str) -> None:
    reading = read_expected(words, None, facts("make"))
    assert not reading.classified
    assert reading.expect == Expect(prose=words)


@pytest.mark.parametrize("title", ["Run test to verify it fails", "Confirm the test is red"])
def test_a_title_may_say_what_is_expected(title: str) -> None:
    assert read_expected("", None, facts("pytest"), title=title).expect == Expect(tests=FAIL)
    assert read_expected("", None, facts("make"), title=title).expect == Expect(exit="nonzero")


def test_an_output_that_is_shown_is_looked_for() -> None:
    reading = read_expected("", "one ship\ntwo ships\n", facts("make"))
    assert reading.classified
    assert reading.expect.contains == ("one ship", "two ships")


def test_an_output_with_gaps_is_only_kept() -> None:
    reading = read_expected("", "one ship\n...\n", facts("make"))
    assert not reading.classified
    assert reading.expect.contains == ()

"""Other test programs that ran no test: most of them end with 0 all the same."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from test_expectations import GREEN

from runbook.core.check.expectations import judge, questions
from runbook.core.check.othertests import LOOK, NO_TEST
from runbook.core.check.outcome import Outcome
from runbook.core.check.proving import unusable
from runbook.core.check.questions import Answers
from runbook.core.model.model import Expect, Verify


def outcome_of(command: str, output: str, expect: Expect) -> Outcome:
    asked = questions(expect, command)
    matched = [each for each in asked.patterns if re.search(each, output, re.MULTILINE)]
    return replace(GREEN, answers=Answers(matched=frozenset(matched), blank=False))


def messages(command: str, output: str, expect: Expect) -> list[str]:
    verdict = judge(outcome_of(command, output, expect), expect, command)
    return [each.message for each in verdict.mismatches]


NONE = [
    ("go test ./ship -run TestSail", "ok  \texample.com/ship\t0.002s [no tests to run]\n"),
    ("go test ./...", "?   \texample.com/ship\t[no test files]\n"),
    (
        "cargo test sail",
        "running 0 tests\n\ntest result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; "
        "7 filtered out; finished in 0.00s\n",
    ),
    ("cargo nextest run", "     Summary [   0.01s] 0 tests run: 0 passed, 7 skipped\n"),
    ("npx vitest run -t sail", " Test Files  1 skipped (1)\n      Tests  3 skipped (3)\n"),
    ("npx vitest run ship", "No test files found, exiting with code 0\n"),
    ("npx jest -t sail", "Tests:       1 skipped, 1 total\n"),
    ("npm test", "\n  0 passing (2ms)\n\n"),
    ("node --test", "ok 1 - a # SKIP no match\n1..1\n# tests 1\n# pass 0\n# fail 0\n# skipped 1\n"),
    ("swift test --filter Sail", "\t Executed 0 tests, with 0 failures (0 unexpected) in 0 s\n"),
    ("dotnet test --filter Sail", "No test matches the given testcase filter `Sail` in a.dll\n"),
    ("bundle exec rspec -e sail", "0 examples, 0 failures\n"),
    ("python -m unittest ship", "Ran 0 tests in 0.000s\n\nOK\n"),
    ("ctest", "No tests were found!!!\n"),
]

SOME = [
    (
        "go test ./...",
        "?   \texample.com/a\t[no test files]\nok  \texample.com/b\t0.1s [no tests to run]\n"
        "ok  \texample.com/c\t(cached)\n",
    ),
    (
        "cargo test",
        "test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n"
        "   Doc-tests ship\ntest result: ok. 0 passed; 0 failed; 0 ignored; 0 measured\n",
    ),
    ("npx vitest run", "      Tests  2 passed | 3 skipped (5)\n"),
    ("npx jest", "Tests:       1 skipped, 1 passed, 2 total\n"),
    ("npm test", "No tests found, exiting with code 0\n\n  4 passing (2ms)\n"),
    ("node --test", "ok 1 - a\n# tests 1\n# pass 1\n# fail 0\n"),
    (
        "swift test",
        "\t Executed 0 tests, with 0 failures (0 unexpected) in 0 s\n"
        "\u2714 Test run with 3 tests passed after 0.01 seconds.\n",
    ),
    ("python -m unittest", "Ran 1 test in 0.000s\n\nOK\n"),
    # a build, of which it says so where there are no tests
    ("mvn package", "[INFO] No tests to run.\n[INFO] BUILD SUCCESS\n"),
    # no test program
    ("grep -rn sail docs", "docs/a.md: Ran 0 tests in 0.000s\n"),
    ("cargo build", "Finished\n"),
    ("cat log", "Ran 0 tests in 0.000s\n"),
]


@pytest.mark.parametrize(("command", "output"), NONE)
def test_a_test_program_that_ran_no_test_proves_nothing(command: str, output: str) -> None:
    assert messages(command, output, Expect()) == [NO_TEST]
    seen = outcome_of(command, output, Expect())
    verdict = judge(seen, Expect(), command)
    assert verdict.mismatches[0].hint == LOOK
    # Nor is it a check that fails, where it is run on the files as they were.
    assert unusable(Verify(command), seen, verdict) == "no test ran there, which proves nothing"


@pytest.mark.parametrize(("command", "output"), SOME)
def test_what_ran_some_tests_or_is_no_test_program_passes(command: str, output: str) -> None:
    assert messages(command, output, Expect()) == []


def test_who_states_the_status_is_asked_for_no_more() -> None:
    command, output = NONE[0]
    assert messages(command, output, Expect(exit=(0,))) == []


def test_a_test_that_was_to_fail_and_is_not_found_is_told_so() -> None:
    command, output = NONE[0]
    expect = Expect(exit="nonzero")
    verdict = judge(outcome_of(command, output, expect), expect, command)
    assert [(each.message, each.hint) for each in verdict.mismatches] == [
        ("exit status 0, expected any but 0", LOOK)
    ]


def test_what_could_not_be_looked_for_is_not_said_to_be_absent() -> None:
    command, output = NONE[0]
    seen = outcome_of(command, output, Expect())
    (some,) = {*questions(Expect(), command).patterns} - seen.answers.matched
    unknown = replace(seen, answers=replace(seen.answers, too_slow=frozenset((some,))))
    assert judge(unknown, Expect(), command).passed

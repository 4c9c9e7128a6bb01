"""What plans say of commands that fail, or print something in any case."""

from __future__ import annotations

import re

import pytest

from runbook.core.model.model import Count, Expect, TestsExpectation
from runbook.markdown.importing.commands.facts import facts
from runbook.markdown.importing.expectations.expected import read_expected


def _read(command: str, words: str) -> Expect:
    return read_expected(words, None, facts(command)).expect


@pytest.mark.parametrize(
    "words",
    [
        "4 passed, 1 failed (`test_sail`, mended in Task 3)",
        "2 examples, 1 failure",
        "3 passing, 1 failing",
        "Found 2 errors in 1 file",
        "one error: `sail` is missing",
        "at least one failure",
        "75% tests passed, 1 tests failed out of 4",
        "Some tests failed.",
        "exits non-zero with TS2322",
        "Non-zero exit code, the message names the mast",
        "Exit code != 0",
        "throws `TypeError: sail is not a function`",
        "does not compile (undefined: Sail)",
        "Compilation fails — `Sail` undefined",
        "undefined: Sail",
        "Unresolved reference: Sail",
        "`error: no such module 'Mast'`",
        "Errors in `ship.ts` only (mended in Task 3)",
        "PASSED for the hull, FAILED for the mast",
        "Not yet passing",
        "It should not compile.",
        "✗",
    ],
)
def test_words_for_failure_ask_for_a_status_that_is_not_zero(words: str) -> None:
    assert _read("make test", words).exit == "nonzero"


@pytest.mark.parametrize(
    "words",
    [
        "2 examples, 0 failures",
        "# pass 3 # fail 0",
        "tests 3, pass 3, fail 0",
        "2 warnings, 0 errors",
        "100% tests passed, 0 tests failed out of 4",
        "Test passes. (It failed before the change.)",
        "Lists all 3 failed voyages",
        "undefined: Sail is no longer reported",
        "Never exits non-zero",
    ],
)
def test_failures_that_are_none_or_past_ask_for_no_failure(words: str) -> None:
    assert _read("node --test", words).exit is None


@pytest.mark.parametrize(
    ("words", "passed"),
    [
        ("at least 20 passed", Count(">=", 20)),
        ("≥ 20 passed", Count(">=", 20)),
        ("more than 20 passed", Count(">", 20)),
        ("up to 3 passed", None),
        ("20 passed", Count("==", 20)),
    ],
)
def test_a_bound_on_what_passes_is_no_exact_number(words: str, passed: Count | None) -> None:
    assert _read("pytest", words).tests == TestsExpectation(passed=passed)


@pytest.mark.parametrize("words", ["collected 0 items / 1 error", "1 failed, 4 passed"])
def test_tests_of_which_some_fail_do_not_pass(words: str) -> None:
    assert _read("pytest", words).tests == TestsExpectation(outcome="fail")


@pytest.mark.parametrize(
    ("command", "words", "expected"),
    [
        ("npm run lint", "no output", Expect()),
        ("npm run -s lint", "no output", Expect(empty=True)),
        ("make lint", "exits 0 with no output", Expect()),
        ("cargo clippy", "silent", Expect()),
        ("go vet ./...", "no output", Expect(empty=True)),
        ("! grep -r sail src", "no output", Expect(empty=True)),
        ("grep -r sail src", "should return nothing", Expect(exit=(1,))),
        ("grep -r sail src", "No `sail` left", Expect(exit=(1,))),
        ("cat VERSION", "1.2.0", Expect(contains=("1.2.0",))),
        ("ship --version", "ship 1.2.0", Expect(contains=("ship 1.2.0",))),
        ("jq -e .sails a.json", "true", Expect(contains=("true",))),
        ("test -x ship && echo ready", "ready", Expect(contains=("ready",))),
        ("grep -q a b && echo BAD || echo GOOD", "GOOD", Expect(contains=("GOOD",))),
        ("python -c \"print('afloat')\"", "afloat", Expect(contains=("afloat",))),
        ("make", "ok", Expect()),
        ("npm test", "1 test fails with `expected 2 to be 3`",
         Expect(exit="nonzero", contains=("expected 2 to be 3",))),
    ],
)  # fmt: skip
def test_what_a_command_prints_in_any_case_is_known(
    command: str, words: str, expected: Expect
) -> None:
    read = _read(command, words)
    assert Expect(read.exit, read.tests, read.contains, empty=read.empty) == expected


def test_times_are_no_part_of_what_an_output_has() -> None:
    words = "`INFO - built in 1.2 seconds`"
    assert _read("mkdocs build", words).contains == ("INFO - built in",)
    assert _read("ship --wind", "`10s`").contains == ("10s",)


@pytest.mark.parametrize(
    "words",
    [
        "should NOT pass yet (AttributeError)",
        "not all tests pass yet",
        "the suite is still red",
        "same 3 failures as on main",
        "- `test_sail` passes\n- `test_row` fails with an AttributeError",
    ],
)
def test_tests_that_are_not_to_pass_yet_fail(words: str) -> None:
    assert _read("pytest", words).tests == TestsExpectation(outcome="fail")


@pytest.mark.parametrize(
    "words", ["PASS (previously FAIL)", "red -> green", "PASS, was FAIL before"]
)
def test_what_failed_before_is_to_pass(words: str) -> None:
    assert _read("pytest", words).tests == TestsExpectation()


@pytest.mark.parametrize(
    "words",
    ["ImportError is gone; all green", "Fails no longer", "aucun échec", "no falla ninguna prueba"],
)
def test_failures_that_are_denied_ask_for_none(words: str) -> None:
    expect = _read("pytest", words)
    assert expect.exit is None
    assert expect.tests in (None, TestsExpectation())


@pytest.mark.parametrize(
    "words",
    [
        "no failures except `test_row`, which is known to fail",
        "All PASS except test_row (fails until Task 3)",
        "at most 1 failure",
        "Some failures acceptable",
        "FAIL before the mend, PASS after",
    ],
)
def test_words_that_leave_open_how_many_fail_ask_for_neither(words: str) -> None:
    reading = read_expected(words, None, facts("pytest"))
    assert reading.expect.exit == (0, 1, 2, 101)
    assert not reading.classified


def test_tests_that_are_to_fail_before_something_else_is_done_fail() -> None:
    expect = _read("pytest", "The new tests fail before the mast is set.")
    assert expect.tests == TestsExpectation(outcome="fail")


@pytest.mark.parametrize(
    ("command", "words", "status"),
    [
        ("pytest -k row", "no tests ran", (5,)),
        ("pytest -k row", "collected 0 items", (5,)),
        ("npx tsc", "exactly 2 errors", "nonzero"),
        ("diff a b", "differences in line 3", (1,)),
        ("cmp a b", "differ", (1,)),
        ("diff a b", "no differences", None),
        ("diff a b", "should not differ", None),
        ("which ship", "nothing but the new path", None),
        ("npm test", "tests do not pass silently; they report 3 warnings", None),
        ("which ship", "not found", "nonzero"),
        ("test -f ship.py", "not there any more", "nonzero"),
        ("test ! -f ship.py", "gone", None),
        ("command -v ship", "prints nothing", "nonzero"),
        ("git diff --exit-code", "no diff", None),
    ],
)
def test_what_a_program_ends_with_by_its_nature(command: str, words: str, status: object) -> None:
    assert _read(command, words).exit == status


@pytest.mark.parametrize("words", ['FAIL with "undefined: Ship"', "FAIL — `undefined: sea.Ship`"])
@pytest.mark.parametrize(
    "output", ["./a_test.go:5:2: undefined: Ship", "undefined: sea.Ship", "s.Ship undefined (type"]
)
def test_a_name_that_go_does_not_know_is_looked_for_as_go_says_it(words: str, output: str) -> None:
    (pattern,) = _read("go test ./...", words).matches
    assert re.search(pattern, output)
    assert not re.search(pattern, "undefined: Shipyard")


def test_a_name_that_is_only_like_the_one_go_misses_is_not_looked_for() -> None:
    assert _read("go test ./...", "FAIL with `undefined: Ship` or similar").matches == ()

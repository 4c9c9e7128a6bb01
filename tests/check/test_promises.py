"""Which checks are held to look at no more than an exit status."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from runbook.core.lint.evidence import evidence
from runbook.core.lint.promises import promises
from runbook.core.model.model import Expect, TestsExpectation, Verify
from runbook.core.shell.script import parse

FIELDS = {field.name for field in dataclasses.fields(Expect)}
BARE = {"exit": (0,), "prose": "Fine."}


def codes(**stated: Any) -> list[str]:
    step = Verify("git status", Expect(**stated))
    return [finding.code for finding in promises(step, parse(step.command))]


def test_an_exit_status_is_no_look_at_the_output() -> None:
    assert codes() == codes(**BARE) == ["RB105"]


@pytest.mark.parametrize("field", sorted(FIELDS - BARE.keys()))
def test_any_other_expectation_is(field: str) -> None:
    assert codes(**{field: "stated"}) == []


def said(command: str, prose: str) -> list[str]:
    step = Verify(command, Expect(prose=prose))
    return [finding.message for finding in promises(step, parse(command))]


@pytest.mark.parametrize(
    ("command", "prose"),
    [
        ("cargo check -p sail", "PASS"),
        ("rg -n mast sail.rs", "PASS with at least one line"),
        ("ty check", "All commands pass."),
        ("npm run typecheck", "`tsc` exits with code 0."),
        ("bash tests/test-sail.sh", "PASS"),
        ("npx markdownlint-cli2 README.md", "No warnings."),
        ("shellcheck bin/sail", "no warnings"),
        ("mkdocs build --strict", "builds with no warnings"),
        ("cargo check -p sail", "It must not fail; no test fails."),
    ],
)
def test_what_the_status_tells_is_no_promise_beyond_it(command: str, prose: str) -> None:
    assert said(command, prose) == []


@pytest.mark.parametrize(
    ("command", "prose", "promise"),
    [
        ("cargo check -p sail", "All tests pass.", "tests pass"),
        ("sail test all", "All tests pass.", "tests pass"),
        ("bash tests/sail.sh", "The suite is green.", "tests pass"),
        ("mkdocs build", "Builds with no warnings.", "nothing warns"),
    ],
)
def test_what_the_status_does_not_tell_is_one(command: str, prose: str, promise: str) -> None:
    assert said(command, prose) == [
        f"the prose says that {promise}, and only the exit status is looked at"
    ]


@pytest.mark.parametrize(
    ("prose", "promise"),
    [
        ("FAIL — `hoist` is not there yet.", []),
        ("FAIL: `sail.hoist` missing", []),
        ("FAIL — `cannot find hoist`.", ['"cannot find hoist"']),
        ("FAIL with `HoistError`", ['"HoistError"']),
        ("FAIL — `HoistError`.", ['"HoistError"']),
        ("It ends with `HoistError`", ['"HoistError"']),
    ],
)
def test_a_name_that_is_why_a_check_fails_is_no_output(prose: str, promise: list[str]) -> None:
    step = Verify("npm test", Expect(exit="nonzero", prose=prose))
    found = [each.message.split(", and")[0] for each in promises(step, parse(step.command))]
    assert found == [f"the prose says {each}" for each in promise]


def test_what_goes_into_a_file_is_looked_at_there() -> None:
    for command, found in (("git log", ["RB105"]), ("git log > log.txt", [])):
        assert [each.code for each in promises(Verify(command, Expect()), parse(command))] == found


def test_the_exact_output_covers_what_it_has() -> None:
    for output, found in (("ready to sail\n", []), ("aground\n", ["RB112"])):
        step = Verify("sail status", Expect(output=output, prose='It prints "ready to sail".'))
        assert [each.code for each in promises(step, parse(step.command))] == found


def test_what_python_is_given_before_pytest_is_no_flag() -> None:
    for flags, found in (("-W error", []), ("-W error -I", ["RB104"]), ("-I", ["RB104"])):
        step = Verify(f"python {flags} -m pytest -q", Expect(tests=TestsExpectation()))
        codes = [each.code for each in evidence(step, parse(step.command))]
        assert codes == found, flags

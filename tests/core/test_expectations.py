"""Verdicts: every mismatch of an outcome, and none that passes without evidence."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations

import pytest

from runbook.core.check.evidence import (
    CollectionError,
    Evidence,
    PytestRun,
    TestResult,
    Warned,
)
from runbook.core.check.expectations import judge, questions
from runbook.core.check.outcome import Outcome
from runbook.core.check.outputs import cut
from runbook.core.check.proving import nothing_tested, unusable
from runbook.core.check.questions import Answers
from runbook.core.check.summary import summary
from runbook.core.model.model import Count, Distinct, Expect, Tally, TestsExpectation, Verify
from runbook.core.record.events import Stopped
from runbook.core.record.stepevents import Mismatch, TestOutcome
from runbook.core.record.ways import REASON, argv

PASS, FAIL = TestsExpectation("pass"), TestsExpectation("fail")
GREEN = Outcome(
    exit=0,
    duration=1.0,
    timed_out=False,
    interrupted=None,
    answers=Answers(),
    head="",
    tail="",
    output_bytes=0,
    log_digest="",
    left_running=(),
    evidence=Evidence(),
)


def ran(
    node: str, outcome: TestOutcome = "passed", worker: str = "main", message: str = ""
) -> TestResult:
    return TestResult(node, outcome, 0.1, worker, message)


A, B = ran("t/a.py::test_a"), ran("t/a.py::test_b")
FAILED = ran("t/a.py::test_f", "failed", message="AssertionError: boom\nmore")
ERROR = ran("t/a.py::test_e", "error", message="fixture broke")
SKIPPED = ran("t/a.py::test_s", "skipped", message="no database")
XFAILED = ran("t/a.py::test_x", "xfailed")
XPASSED = ran("t/a.py::test_y", "xpassed")
NOT_COLLECTED = CollectionError("t/b.py", "ImportError: no module\nmore")


def pytest_run(*results: TestResult, exit: int | None = 0, **other: object) -> PytestRun:
    whole = PytestRun(len(results), results, (), exit)
    return replace(whole, **other)  # type: ignore[arg-type]


def ended(*runs: PytestRun, exit: int | None = None) -> Outcome:
    status = max((run.exit or 0 for run in runs), default=0) if exit is None else exit
    return replace(GREEN, exit=status, evidence=Evidence(runs))


def wrong(outcome: Outcome, expect: Expect | TestsExpectation, command: str = "") -> list[str]:
    """The messages of all mismatches."""
    if isinstance(expect, TestsExpectation):
        expect = Expect(tests=expect)
    verdict = judge(outcome, expect, command)
    assert verdict.passed is not bool(verdict.mismatches)
    return [mismatch.message for mismatch in verdict.mismatches]


def only(outcome: Outcome, expect: Expect | TestsExpectation) -> Mismatch:
    if isinstance(expect, TestsExpectation):
        expect = Expect(tests=expect)
    (mismatch,) = judge(outcome, expect).mismatches
    return mismatch


def with_key(tests: TestsExpectation, word: str, tally: Tally) -> TestsExpectation:
    return replace(tests, **{word: tally})  # type: ignore[arg-type]


# The exit status.


@pytest.mark.parametrize(
    ("expected", "status", "message"),
    [
        (None, 0, None),
        (None, 1, "exit status 1, expected 0"),
        ((0,), 2, "exit status 2, expected 0"),
        ((1,), 0, "exit status 0, expected 1"),
        ((0, 5), 5, None),
        ((0, 5), 1, "exit status 1, expected 0 or 5"),
        ("nonzero", 3, None),
        ("nonzero", 137, None),
        ("nonzero", 0, "exit status 0, expected any but 0"),
    ],
)
def test_exit(expected: object, status: int, message: str | None) -> None:
    expect = Expect(exit=expected)  # type: ignore[arg-type]
    assert wrong(replace(GREEN, exit=status), expect) == ([message] if message else [])


@pytest.mark.parametrize("status", [126, 127, 137, 141])
def test_a_status_that_bash_made_is_explained(status: int) -> None:
    hint = only(replace(GREEN, exit=status), Expect()).hint
    assert hint is not None
    assert re.match(rf"{status}( is|: )", hint)


def test_a_time_out_never_passes() -> None:
    outcome = replace(
        GREEN, exit=None, duration=60.4, timed_out=True, left_running=("sleep 9 (pid 7)",)
    )
    for expect in (Expect(), Expect(exit="nonzero"), Expect(exit=(124, 137))):
        assert only(outcome, expect) == Mismatch(
            "it was stopped by its time-out after 60 s",
            ("was still running: sleep 9 (pid 7)",),
            "raise `timeout:` if it needs longer",
        )


def test_what_failed_is_listed_even_if_nobody_asked_for_tests() -> None:
    outcome = ended(pytest_run(A, FAILED, exit=1))
    assert wrong(outcome, Expect()) == ["exit status 1, expected 0", "1 failing test"]
    assert wrong(outcome, Expect(exit="nonzero")) == []


# The output.


def test_contains_and_absent() -> None:
    expect = Expect(contains=("ok", "done"), absent=("error", "warning"))
    assert questions(expect, "make").needles == ("ok", "done", "error", "warning")
    assert wrong(replace(GREEN, answers=Answers(found=frozenset({"ok", "done"}))), expect) == []
    assert wrong(replace(GREEN, answers=Answers(found=frozenset({"ok", "error"}))), expect) == [
        'the output does not contain "done"',
        'the output contains "error", which was to be absent',
    ]


def test_matches_and_distinct() -> None:
    expect = Expect(matches=("^a", "b$"), distinct=Distinct("gw[0-9]", Count(">=", 2)))
    right = Answers(matched=frozenset({"^a", "b$"}), distinct=2)
    assert wrong(replace(GREEN, answers=right), expect) == []
    assert wrong(
        replace(GREEN, answers=Answers(matched=frozenset({"^a"}), distinct=1)), expect
    ) == [
        'nothing in the output matches "b$"',
        '1 different matches of "gw[0-9]", expected >=2',
    ]


def test_a_match_that_was_given_up_never_passes() -> None:
    expect = Expect(matches=("^a",), distinct=Distinct("b", Count("==", 0)))
    given_up = Answers(too_slow=frozenset({"^a", "b"}))
    assert wrong(replace(GREEN, answers=given_up), expect) == [
        'matching "^a" took too long',
        'matching "b" took too long',
    ]


def test_output_empty_and_line_count() -> None:
    expect = Expect(empty=True, line_count=Count("==", 0), output="")
    assert wrong(GREEN, expect) == []
    assert wrong(replace(GREEN, answers=Answers(lines=1, blank=False, text="a\n")), expect) == [
        "the output was to be empty",
        "1 line of output, expected 0",
        "the output is another than expected",
    ]


def test_the_exact_output_is_compared_without_its_final_newline() -> None:
    for text in ("a\nb", "a\nb\n"):
        assert wrong(replace(GREEN, answers=Answers(text=text)), Expect(output="a\nb\n")) == []
    for other in ("a\nb\n\n", "a", "a\nb ", None):
        assert wrong(replace(GREEN, answers=Answers(text=other)), Expect(output="a\nb\n")) == [
            "the output is another than expected"
        ]


# Tests: evidence.


EXPECTATIONS = [
    PASS,
    FAIL,
    TestsExpectation(passed=Count(">=", 0)),
    TestsExpectation(failed=Count("==", 0)),
    TestsExpectation(skipped=Count(">=", 0)),
    TestsExpectation(workers=Count(">=", 0)),
    TestsExpectation(workers_per_file=Count(">=", 0)),
    TestsExpectation(fails_with=("boom",)),
    TestsExpectation(passed=()),
]


@pytest.mark.parametrize("tests", EXPECTATIONS)
def test_no_evidence_never_passes(tests: TestsExpectation) -> None:
    outcome = replace(GREEN, exit=1 if tests.expects_failure else 0)
    found = only(outcome, tests)
    assert found.message == "no evidence that pytest ran"
    assert found.hint is not None
    assert "without evidence a check of tests never passes" in found.hint


@pytest.mark.parametrize(
    ("command", "other"),
    [("npm test", True), ("cd web && npx vitest run", True), ("go test ./...", True),
     ("make test", False), ("npm run build && pytest", False)],
)  # fmt: skip
def test_another_test_program_is_no_lost_evidence(command: str, other: bool) -> None:
    (found,) = judge(GREEN, Expect(tests=PASS), command).mismatches
    assert ("another test program" in found.message) == other
    assert found.hint is not None
    assert ("judge its output" in found.hint) == other


@pytest.mark.parametrize("tests", EXPECTATIONS)
def test_row_30_a_missing_finish_record_never_passes(tests: TestsExpectation) -> None:
    results = (A, FAILED) if tests.expects_failure else (A,)
    gone = pytest_run(*results, exit=None, collected=5, unfinished=("t/a.py::test_z",))
    for status in (0, 1):
        said = wrong(ended(gone, exit=status), tests)
        assert any(message.startswith("pytest did not finish: ") for message in said)


def test_row_30_a_missing_finish_record_names_what_did_not_run() -> None:
    gone = pytest_run(A, exit=None, collected=3, unfinished=("t/a.py::test_y", "t/a.py::test_z"))
    found = only(ended(gone), PASS)
    assert found.message == ("pytest did not finish: 1 test of 3 collected ran, then it was gone")
    assert found.details == ("not run: t/a.py::test_y", "not run: t/a.py::test_z")


def test_each_of_several_runs_needs_its_finish_record() -> None:
    gone = pytest_run(B, exit=None)
    assert wrong(ended(pytest_run(A), pytest_run(B)), PASS) == []
    assert len(wrong(ended(pytest_run(A), gone), PASS)) == 1
    assert len(wrong(ended(gone, pytest_run(A)), PASS)) == 1


def test_a_collected_test_that_did_not_run_is_not_green() -> None:
    found = only(ended(pytest_run(A, collected=2, unfinished=("t/a.py::test_z",))), PASS)
    assert found.message == "1 collected test did not run"
    assert found.details == ("not run: t/a.py::test_z",)


@pytest.mark.parametrize("status", [2, 3, 4])
def test_a_run_that_pytest_broke_off_is_not_green(status: int) -> None:
    outcome = ended(pytest_run(A, exit=status), exit=0)
    assert wrong(outcome, PASS) == [f"pytest itself ended with status {status}"]


# Tests: pass.


@pytest.mark.parametrize("results", [(A,), (A, B), (A, SKIPPED), (A, XFAILED), (XFAILED,)])
def test_pass(results: tuple[TestResult, ...]) -> None:
    assert wrong(ended(pytest_run(*results)), PASS) == []


@pytest.mark.parametrize(
    ("results", "errors", "message"),
    [
        ((A, FAILED), (), "tests: 1 failed; 1 passed"),
        ((A, B, ERROR), (), "tests: 1 with an error; 2 passed"),
        ((A,), (NOT_COLLECTED,), "tests: 1 not collected; 1 passed"),
        (
            (FAILED, ERROR),
            (NOT_COLLECTED,),
            "tests: 1 failed, 1 with an error, 1 not collected; 0 passed",
        ),
    ],
)
def test_pass_with_failures(
    results: tuple[TestResult, ...], errors: tuple[CollectionError, ...], message: str
) -> None:
    outcome = ended(pytest_run(*results, exit=1, collection_errors=errors))
    assert wrong(outcome, PASS) == ["exit status 1, expected 0", message]
    # A shell that hides the status hides nothing from the evidence.
    assert wrong(replace(outcome, exit=0), PASS) == [message]


def test_failures_are_listed_with_their_first_line() -> None:
    run = pytest_run(A, FAILED, exit=1, collection_errors=(NOT_COLLECTED,))
    found = only(replace(ended(run), exit=0), PASS)
    assert found.details == (
        "t/a.py::test_f  AssertionError: boom",
        "t/b.py  ImportError: no module",
    )


def test_a_long_list_of_failures_is_cut() -> None:
    failures = [ran(f"t/a.py::test_{n}", "failed", message="m") for n in range(25)]
    found = only(replace(ended(pytest_run(*failures, exit=1)), exit=0), PASS)
    assert len(found.details) == 11
    assert found.details[-1] == "… and 15 more"


def test_all_skipped_never_passes() -> None:
    one = only(ended(pytest_run(SKIPPED)), PASS)
    assert one.message == "no test ran: 1 skipped"
    assert one.details == ("1 skipped: no database",)
    two = only(ended(pytest_run(SKIPPED), pytest_run(SKIPPED)), PASS)
    assert two.message == "no test ran: all 2 skipped"


OTHER_SKIPPED = ran("t/b.py", "skipped", "", "could not import 'x'")


@pytest.mark.parametrize(
    ("named", "missing"),
    [
        (("t/a.py", "t/b.py"), "t/b.py"),
        (("t/a.py", "t/b.py::test_b"), None),  # which pytest itself does not find
        (("t/a.py::test_a", "t/a.py::test_s"), "t/a.py::test_s"),
        (("u", "t"), None),
        ((".",), None),
        ((), None),
    ],
)
def test_of_each_path_that_is_asked_for_something_runs(
    named: tuple[str, ...], missing: str | None
) -> None:
    outcome = ended(pytest_run(A, SKIPPED, OTHER_SKIPPED, named=named))
    said = [f"no test of {missing} ran: 1 skipped"] if missing else []
    assert wrong(outcome, PASS) == said
    assert wrong(outcome, replace(PASS, passed=Count("==", 1))) == said
    assert wrong(outcome, replace(PASS, skipped=Count("==", 2))) == []


def test_each_of_several_runs_tests_something() -> None:
    found = only(ended(pytest_run(A), pytest_run(SKIPPED)), PASS)
    assert found.message == "no test of one run of pytest ran: 1 skipped"
    assert found.details == ("1 skipped: no database",)


UNTRIED = ran("t/a.py::test_u", "xfailed", message="reason: [NOTRUN] hangs")


def test_what_is_marked_to_fail_and_not_tried_did_not_run() -> None:
    found = only(ended(pytest_run(UNTRIED, UNTRIED)), PASS)
    assert found.message == "no test ran: all 2 marked to fail and not tried"
    assert found.details == ("2 not tried: reason: [NOTRUN] hangs",)
    found = only(ended(pytest_run(UNTRIED, SKIPPED)), PASS)
    assert found.message == "no test ran: 1 skipped, 1 marked to fail and not tried"
    assert wrong(ended(pytest_run(UNTRIED)), TestsExpectation(xfailed=Count("==", 1))) == []
    assert wrong(ended(pytest_run(UNTRIED)), TestsExpectation(skipped=Count("==", 0))) != []
    assert wrong(ended(pytest_run(A, UNTRIED)), PASS) == []
    assert nothing_tested(ended(pytest_run(UNTRIED)))


def test_each_of_several_runs_finds_tests() -> None:
    none = pytest_run(exit=5, deselected=("t/a.py::test_a", "t/a.py::test_b"))
    found = only(replace(ended(none, pytest_run(A)), exit=0), PASS)
    assert found.message == "no test of one run of pytest ran: all 2 deselected"
    either = replace(PASS, deselected=Count("==", 2))
    assert wrong(replace(ended(none, pytest_run(A)), exit=0), either) == []
    # `pytest --markers` and its like.
    assert wrong(ended(pytest_run(collected=None), pytest_run(A)), PASS) == []


@pytest.mark.parametrize(
    ("named", "command", "missing"),
    [
        (("t/a.py", "t/test_b.py"), "pytest t/a.py t/test_b.py", "t/test_b.py"),
        (("t/a.py", "t/b_test.py"), "cd t && pytest a.py b_test.py", "t/b_test.py"),
        # A pattern of the shell, what has no tests, a folder, and what is left out.
        (("t/a.py", "t/test_b.py"), "pytest t/*.py", None),
        (("t/a.py", "t/conftest.py"), "pytest t/a.py t/conftest.py", None),
        (("t", "src"), "pytest t src", None),
        (("t/a.py", "t/test_c.py"), "pytest t/a.py t/test_c.py -k a", None),
        # By a link, of which the ids of its tests say nothing.
        (("link/test_b.py", "t/test_c.py"), "pytest link/test_b.py t/test_c.py", None),
    ],
)
def test_a_file_that_is_named_has_tests(
    named: tuple[str, ...], command: str, missing: str | None
) -> None:
    left = ("t/test_c.py::test_z",) if "t/test_c.py" in named else ()
    outcome = ended(pytest_run(A, named=named, deselected=left))
    said = [f"no test of {missing} ran: none was found"] if missing else []
    assert wrong(outcome, PASS, command) == said


def test_that_there_is_no_pytest_is_no_failure_of_the_code_from_before() -> None:
    step = Verify("python -m pytest")
    there = replace(GREEN, exit=1, tail="/usr/bin/python: No module named pytest\n")
    assert unusable(step, there, judge(there, step.expect)) == "there is no pytest there"
    failed = replace(GREEN, exit=1, tail="No module named shop\n")
    assert unusable(step, failed, judge(failed, step.expect)) is None


def test_a_skip_is_no_failure_of_the_code_from_before() -> None:
    step = Verify("pytest", Expect(tests=PASS))
    there = ended(pytest_run(A, OTHER_SKIPPED, named=("t/a.py", "t/b.py")))
    said = unusable(step, there, judge(there, step.expect))
    assert said == "there no test of t/b.py ran: 1 skipped, which proves nothing"
    failed = ended(pytest_run(FAILED, OTHER_SKIPPED, named=("t/a.py", "t/b.py"), exit=1))
    assert unusable(step, failed, judge(failed, step.expect)) is None


@pytest.mark.parametrize("status", [0, 5])
def test_no_tests_never_pass(status: int) -> None:
    outcome = ended(pytest_run(exit=status), exit=0)
    assert wrong(outcome, PASS) == ["no test ran"]
    assert wrong(ended(pytest_run(exit=5)), PASS) == ["exit status 5, expected 0", "no test ran"]


# Tests: fail.


@pytest.mark.parametrize(
    "run",
    [
        pytest_run(A, FAILED, exit=1),
        pytest_run(ERROR, exit=1),
        pytest_run(exit=2, collection_errors=(NOT_COLLECTED,)),
        # As with `-n 2 -x`, or `--stepwise`.
        pytest_run(A, FAILED, exit=2, unfinished=("t/a.py::test_z",)),
    ],
)
def test_fail(run: PytestRun) -> None:
    assert wrong(ended(run), FAIL) == []


@pytest.mark.parametrize("results", [(), (A,), (SKIPPED,), (XFAILED,)])
def test_fail_without_failure(results: tuple[TestResult, ...]) -> None:
    said = wrong(ended(pytest_run(*results), exit=1), FAIL)
    assert len(said) == 1
    assert said[0].startswith("no test failed, and one was to: ")


def test_an_interrupted_run_is_no_failing_one() -> None:
    assert wrong(ended(pytest_run(A, exit=2, unfinished=("t/a.py::test_z",))), FAIL) != []
    assert wrong(ended(pytest_run(A, FAILED, exit=2)), FAIL) != []


def test_fail_with_status_0_is_told() -> None:
    outcome = ended(pytest_run(A, FAILED, exit=1), exit=0)
    assert wrong(outcome, FAIL) == ["exit status 0, expected any but 0"]


# Tests: fails-with.


def test_fails_with_looks_into_failures_and_collection_errors() -> None:
    run = pytest_run(A, FAILED, exit=1, collection_errors=(NOT_COLLECTED,))
    for text in ("boom", "more", "no module", "ImportError"):
        assert wrong(ended(run), TestsExpectation(fails_with=(text,))) == []
    assert wrong(ended(run), TestsExpectation(fails_with=("boom", "bang", "no module"))) == [
        'no failure says "bang"'
    ]


def test_fails_with_looks_into_failures_only() -> None:
    skipped = ran("t/a.py::test_s", "skipped", message="boom")
    outcome = ended(pytest_run(skipped, ran("t/a.py::test_p", message="boom")), exit=1)
    assert wrong(outcome, TestsExpectation(fails_with=("boom",))) == [
        'no test failed; one was to fail with "boom"'
    ]


# Tests: tallies.


ALL = pytest_run(A, B, FAILED, ERROR, SKIPPED, XFAILED, exit=1)
EVERY = replace(
    ALL,
    results=(*ALL.results, XPASSED),
    deselected=("t/a.py::test_d", "t/a.py::test_g"),
    rerun=("t/a.py::test_b",),
)


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("passed", 2),
        ("failed", 1),
        ("errors", 1),
        ("skipped", 1),
        ("xfailed", 1),
        ("xpassed", 1),
        ("deselected", 2),
        ("rerun", 1),
    ],
)
def test_counts(word: str, number: int) -> None:
    outcome = ended(EVERY, exit=1)
    base = TestsExpectation(failed=Count(">=", 1), errors=Count(">=", 1))
    for bound, right in ((Count("==", number), True), (Count(">", number), False)):
        said = wrong(outcome, with_key(base, word, bound))
        assert said == ([] if right else [f"{word}: {number}, expected >{number}"])


@pytest.mark.parametrize(
    ("word", "node"),
    [
        ("failed", "t/a.py::test_f"),
        ("errors", "t/a.py::test_e"),
        ("skipped", "t/a.py::test_s"),
        ("xfailed", "t/a.py::test_x"),
        ("xpassed", "t/a.py::test_y"),
        ("rerun", "t/a.py::test_b"),
    ],
)
def test_lists_of_node_ids(word: str, node: str) -> None:
    outcome = ended(EVERY, exit=1)
    base = TestsExpectation(failed=Count(">=", 1), errors=Count(">=", 1))
    for same in (node, node.removeprefix("t/")):
        assert wrong(outcome, with_key(base, word, (same,))) == []
    found = only(outcome, with_key(base, word, ("t/a.py::test_other",)))
    assert found.message == f"{word}: other tests than expected"
    assert found.details == (f"not {word}: t/a.py::test_other", f"{word} too: {node}")


def test_warnings_have_a_budget() -> None:
    warned = (
        Warned("DeprecationWarning", "old\nmore", "t/a.py::test_a"),
        Warned("DeprecationWarning", "old\nmore", "t/a.py::test_b"),
        Warned("UserWarning", "odd", ""),
    )
    outcome = ended(pytest_run(A, warnings=warned))
    found = only(outcome, TestsExpectation(warnings=Count("==", 0)))
    assert found.message == "warnings: 3, expected 0"
    assert found.details == ("DeprecationWarning: old  (2 times)", "UserWarning: odd")
    budget = (("DeprecationWarning", Count("<=", 1)), ("UserWarning", Count("==", 1)))
    found = only(outcome, TestsExpectation(warnings=budget))
    assert found.message == "DeprecationWarning: 2, expected <=1"
    assert wrong(outcome, TestsExpectation(warnings=Count("==", 3))) == []


def test_a_pass_after_a_plugins_rerun_is_called_flaky() -> None:
    run = pytest_run(A, B, deselected=("t/a.py::test_d",), rerun=(B.node_id, "t/a.py::test_q"))
    assert summary(Evidence((run,))) == ("2 passed, 1 flaky (passed when run again), 1 deselected")


def test_lines_of_an_output_may_be_wild() -> None:
    expected = "begin\n...\ntest_* PASSED (glob)\ntook \\d+ s (re)\n"
    for output in ("begin\ntest_a PASSED\ntook 3 s\n", "begin\nx\ny\ntest_b PASSED\ntook 12 s"):
        assert wrong(with_output(output), Expect(output=expected)) == []
    for output in (
        "test_a PASSED\ntook 3 s\n",
        "begin\ntest_a PASSED\ntook x s\n",
        "begin\ntest_a PASSED\ntook 3 s\nmore\n",
        "begin\n",
        "",
    ):
        assert wrong(with_output(output), Expect(output=expected)) != []
    assert wrong(with_output("a (re)\n...\n"), Expect(output="a (re)\n...")) == []
    assert wrong(with_output("a\nb\nc\nb\nd"), Expect(output="...\nb\n...\nb\nd")) == []
    assert wrong(with_output(""), Expect(output="...")) == []
    found = only(with_output("a 1\nx\n"), Expect(output="a \\d (re)\nb"))
    assert found.details[-3:] == (" a 1", "-b", "+x")


def with_output(text: str) -> Outcome:
    return replace(GREEN, answers=Answers(text=text, blank=not text.strip()))


@pytest.mark.parametrize(
    "tail",
    [
        "bash: line 1: pytest: command not found",
        "bash: line 1: .venv/bin/pytest: No such file or directory",
        "/usr/bin/python3: No module named pytest",
        "Command not found: pytest",
        "error: Failed to spawn: `pytest`\n  Caused by: No such file or directory",
    ],
)
def test_that_there_is_no_pytest_is_said(tail: str) -> None:
    found = wrong(replace(GREEN, exit=127, tail=tail), PASS)
    assert "pytest is not installed where the command looked for it" in found


@pytest.mark.parametrize(
    ("tail", "asks"),
    [
        ("Proceed (y/n)? ", True),
        ("Are you sure you want to continue?\n", True),
        ("Password for ada: ", True),
        ("Traceback\nEOFError: EOF when reading a line\n", True),
        ("the input device is not a TTY", True),
        ("FAILED: assert 1 == 2", False),
        ("continue with the next file\ndone", False),
        ("password: changed\nfailed", False),
    ],
)
def test_a_command_that_waits_for_an_answer_is_told_so(tail: str, asks: bool) -> None:
    for outcome in (replace(GREEN, exit=1), replace(GREEN, exit=None, timed_out=True)):
        found = only(replace(outcome, tail=tail), Expect())
        assert ("it asks for an answer" in (found.hint or "")) == asks


@pytest.mark.parametrize(
    ("command", "asks"),
    [
        ('read -p "Go on? " x && echo $x', True),
        ("IFS= read -r x", True),
        ("if read x; then :; fi", True),
        ("read x < file", False),
        ("echo y | while read x; do false; done", False),
        ("thread read", False),
    ],
)
def test_a_command_that_reads_is_told_that_there_is_nothing(command: str, asks: bool) -> None:
    (found,) = judge(replace(GREEN, exit=1), Expect(), command).mismatches
    assert ("it asks for an answer" in (found.hint or "")) == asks


def test_a_node_id_stands_for_all_its_parameters() -> None:
    run = pytest_run(ran("t/a.py::test_a[1]"), ran("t/a.py::test_a[x/y]"))
    assert wrong(ended(run), TestsExpectation(passed=("a.py::test_a",))) == []
    assert wrong(ended(run), TestsExpectation(passed=("t/a.py::test_a[1]",))) != []
    assert wrong(ended(run), TestsExpectation(passed=("b.py::test_a",))) != []
    # Part of a name is not the name.
    assert wrong(ended(run), TestsExpectation(passed=(".py::test_a",))) != []
    assert wrong(ended(run), TestsExpectation(passed=("t/a.py::test_",))) != []


def test_a_node_id_may_lie_in_a_folder_with_brackets() -> None:
    results = (ran("app/[id]/test_a.py::test_a[1]"), ran("app/[id]/test_a.py::test_a[2]"))
    for wanted in ("app/[id]/test_a.py::test_a", "test_a.py::test_a"):
        assert wrong(ended(pytest_run(*results)), TestsExpectation(passed=(wanted,))) == []


def test_a_tally_of_failures_replaces_that_there_are_none() -> None:
    outcome = ended(pytest_run(A, FAILED, exit=1))
    assert wrong(outcome, TestsExpectation(failed=Count("==", 1))) == []
    assert wrong(outcome, TestsExpectation(failed=Count("==", 0))) == [
        "exit status 1, expected 0",
        "failed: 1, expected 0",
    ]


def test_some_failures_may_be_allowed() -> None:
    few = TestsExpectation(failed=Count("<=", 1))
    assert wrong(ended(pytest_run(A, FAILED, exit=1)), few) == []
    assert wrong(ended(pytest_run(A)), few) == []
    assert wrong(ended(pytest_run(A, FAILED, FAILED, exit=1)), few) == ["failed: 2, expected <=1"]
    assert wrong(ended(pytest_run(A, ERROR, exit=1)), few) != []
    assert wrong(ended(pytest_run(A, exit=1)), few) != []


def test_collection_errors_count_as_errors() -> None:
    run = pytest_run(A, exit=2, collection_errors=(NOT_COLLECTED,))
    assert wrong(ended(run), TestsExpectation(errors=Count("==", 1))) == []
    assert wrong(ended(run), TestsExpectation(errors=("t/b.py",))) == []


def test_counts_of_several_runs_add() -> None:
    outcome = ended(pytest_run(A), pytest_run(A, B))
    assert wrong(outcome, TestsExpectation(passed=Count("==", 3))) == []


def test_that_some_are_skipped_may_be_all_that_is_expected() -> None:
    assert wrong(ended(pytest_run(SKIPPED)), TestsExpectation(skipped=Count("==", 1))) == []


# A mapping means `pass` with the stated keys replaced, and no more than these.

NONE = Count("==", 0)
ONE = Count("==", 1)


@pytest.mark.parametrize("run", [pytest_run(SKIPPED), pytest_run()], ids=["skipped", "none"])
def test_that_none_xfailed_is_no_evidence_that_anything_ran(run: PytestRun) -> None:
    assert wrong(ended(run), TestsExpectation(xfailed=NONE)) != []


@pytest.mark.parametrize(
    "tests", [TestsExpectation(errors=ONE), TestsExpectation(failed=ONE)], ids=["errors", "failed"]
)
def test_an_expected_failure_hides_no_other(tests: TestsExpectation) -> None:
    assert wrong(ended(pytest_run(A, FAILED, ERROR, exit=1)), tests) != []


def test_an_expected_failure_hides_no_test_that_did_not_run() -> None:
    run = pytest_run(A, FAILED, exit=1, collected=3, unfinished=("t/a.py::test_z",))
    assert wrong(ended(run), TestsExpectation(failed=ONE)) != []


@pytest.mark.parametrize("tests", [TestsExpectation(failed=ONE), FAIL], ids=["failed", "fail"])
def test_an_expected_failure_hides_no_internal_error(tests: TestsExpectation) -> None:
    assert wrong(ended(pytest_run(A, FAILED, exit=3)), tests) != []


def test_an_interrupted_command_never_passes() -> None:
    assert wrong(replace(GREEN, exit=None, interrupted=2), Expect()) != []


# Tests: workers.


def spread(*workers: str, file: str = "t/a.py") -> list[TestResult]:
    return [ran(f"{file}::test_{n}", worker=worker) for n, worker in enumerate(workers)]


def test_workers() -> None:
    outcome = ended(pytest_run(*spread("gw0", "gw1", "gw0")))
    assert wrong(outcome, TestsExpectation(workers=Count("==", 2))) == []
    found = only(outcome, TestsExpectation(workers=Count(">=", 3)))
    assert found.message == "2 workers ran tests, expected >=3"
    assert found.details == ("t/a.py: gw0 ran 2, gw1 ran 1",)


def test_workers_per_file() -> None:
    tests = TestsExpectation(workers_per_file=Count(">=", 2))
    both = [*spread("gw0", "gw1"), *spread("gw1", "gw2", file="t/b.py")]
    assert wrong(ended(pytest_run(*both)), tests) == []
    # Two workers, each with a file of its own, is what the marker made of it.
    grouped = [*spread("gw0", "gw0"), *spread("gw1", "gw1", file="t/b.py")]
    found = only(ended(pytest_run(*grouped)), tests)
    assert found.message == "workers per file: expected >=2 in each file"
    assert found.details == ("t/a.py: gw0 ran 2", "t/b.py: gw1 ran 2")


def test_a_skipped_test_does_not_count_for_its_worker() -> None:
    results = [ran("t/a.py::test_a", worker="gw0"), ran("t/a.py::test_b", "skipped", worker="gw1")]
    assert wrong(ended(pytest_run(*results)), TestsExpectation(workers=Count("==", 2))) != []
    assert wrong(ended(pytest_run(*results)), TestsExpectation(workers_per_file=Count("==", 2)))


def test_no_test_has_no_worker() -> None:
    for tests in (
        TestsExpectation(workers=Count(">=", 1)),
        TestsExpectation(workers_per_file=Count(">=", 1)),
    ):
        assert wrong(ended(pytest_run()), tests)


# All together.


def test_all_mismatches_are_reported_together() -> None:
    outcome = replace(
        ended(pytest_run(A, FAILED, exit=1)), answers=Answers(found=frozenset({"error"}))
    )
    tests = TestsExpectation(passed=Count("==", 5), workers=Count("==", 4))
    said = wrong(outcome, Expect(tests=tests, contains=("ok",), absent=("error",)))
    assert said == [
        "exit status 1, expected 0",
        "tests: 1 failed; 1 passed",
        "passed: 1, expected 5",
        "1 worker ran tests, expected 4",
        'the output does not contain "ok"',
        'the output contains "error", which was to be absent',
    ]


def test_an_expectation_more_never_hides_a_mismatch() -> None:
    outcome = replace(
        ended(pytest_run(A, FAILED, exit=1)), answers=Answers(found=frozenset({"error"}))
    )
    parts: list[dict[str, object]] = [
        {"contains": ("ok",)},
        {"absent": ("error",)},
        {"matches": ("^a",)},
        {"line_count": Count("==", 3)},
        {"output": "b\n"},
    ]
    for size in range(len(parts) + 1):
        for chosen in combinations(parts, size):
            keys = {name: value for part in chosen for name, value in part.items()}
            said = wrong(outcome, Expect(tests=PASS, **keys))  # type: ignore[arg-type]
            assert len(said) == 2 + size


def test_a_summary_says_what_ran() -> None:
    assert summary(Evidence()) == "no test ran"
    assert summary(Evidence((pytest_run(A, B, SKIPPED),))) == "2 passed, 1 skipped"
    assert summary(Evidence((ALL,))) == "2 passed, 1 failed, 1 error, 1 skipped, 1 xfailed"
    spread_out = pytest_run(*spread("gw0", "gw1"))
    assert summary(Evidence((spread_out,))) == "2 passed, on 2 workers: 1, 1"
    uneven = pytest_run(*spread("gw0", "gw1", "gw1"))
    assert summary(Evidence((uneven,))) == "3 passed, on 2 workers: 2, 1"
    assert summary(Evidence((pytest_run(*spread("gw1")),))) == "1 passed, on 1 worker"
    many = pytest_run(*spread("gw0", *(f"gw{number}" for number in range(9))))
    assert summary(Evidence((many,))) == "10 passed, on 9 workers: 1 to 2 each"
    broken = pytest_run(exit=2, collection_errors=(NOT_COLLECTED,))
    assert summary(Evidence((broken,))) == "1 not collected"


def test_no_line_of_an_output_is_there_twice() -> None:
    """Parts of an expected output stand one behind the other."""
    expected = Expect(output="...\nb\n...\nb\n...")
    assert wrong(with_output("b\n"), expected) != []
    assert wrong(with_output("a\nb\nc\nb\n"), expected) == []


def test_lists_that_just_fit_are_shown_whole() -> None:
    assert cut(["a", "b"], 2) == ("a", "b")
    assert cut(["a", "b", "c"], 2) == ("a", "b", "… and 1 more")


def test_what_was_killed_by_its_time_out_proves_nothing() -> None:
    step = Verify("pytest", Expect(exit=(0,)))
    ended, late = (replace(GREEN, exit=1, timed_out=late) for late in (False, True))
    failed = judge(ended, step.expect)
    assert unusable(step, ended, failed) is None
    assert "ran into its time-out" in (unusable(step, late, judge(late, step.expect)) or "")


def test_the_arguments_of_a_way_on() -> None:
    stopped = Stopped("unmet", "p/task-1/step-2", "p.yaml:1:1", "it failed", task="p/task-1")
    assert argv("skip", stopped) == ("skip", "p/task-1", "--reason", REASON)
    assert argv("run", stopped) == ("run", "p")

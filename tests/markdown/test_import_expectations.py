"""What plans expect, in words, as expectations that are checked."""

from __future__ import annotations

import re

import pytest
from planning import block, steps

from runbook.core.model.model import Count, Edit, Expect, Manual, TestsExpectation, Verify
from runbook.core.shell.pytestoptions import OTHER_WORK
from runbook.core.value import replace
from runbook.markdown.importing.commands.facts import facts
from runbook.markdown.importing.expectations.expected import Reading, read_expected

PASS = TestsExpectation()
MAY_SKIP = TestsExpectation(skipped=Count(">=", 0))
FAIL = TestsExpectation(outcome="fail")


def read(command: str, words: str) -> Expect:
    """What these words expect of a command."""
    return read_expected(words, None, facts(command)).expect


@pytest.mark.parametrize(
    ("command", "words", "expected"),
    [
        ("pytest", "All tests pass", Expect(tests=PASS)),
        ("uv run pytest -q", "PASS", Expect(tests=PASS)),
        ("python -m pytest", "all green.", Expect(tests=PASS)),
        ("pytest", "Tests pass (or skip without a database)", Expect(tests=MAY_SKIP)),
        (
            "pytest",
            "PASS if there is a sea, SKIP otherwise. One test should fail within 5 s.",
            Expect(tests=MAY_SKIP),
        ),
        ("pytest", "All 4 tests pass, or are skipped if there is no sea", Expect(tests=MAY_SKIP)),
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
        (
            "pytest",
            "FAIL（`KeyError: 'mast'`）",
            Expect(tests=TestsExpectation(fails_with=("KeyError: 'mast'",))),
        ),
        ("pytest", "FAIL（帆が無いまま）", Expect(tests=FAIL)),
        ("pytest", "FAIL with `KeyError` or `ValueError`", Expect(tests=FAIL)),
        ("pytest", "FAIL — `ship` not defined", Expect(tests=FAIL)),
        ("pytest", "FAIL — `mast not in ship`", Expect(tests=FAIL)),
        ("pytest", "FAIL with `assert sails == 2`", Expect(tests=FAIL)),
        (
            "pytest",
            "FAIL with `assert 0 == 14`",
            Expect(tests=TestsExpectation(fails_with=("assert 0 == 14",))),
        ),
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
        ("grep ship a || true", "No matches", Expect(empty=True)),
        ("git diff --stat", "no output", Expect(empty=True)),
        ('test -e ship; echo "exit=$?"', "`exit=1` (gone)", Expect(contains=("exit=1",))),
        ('make ships; echo "status: $?"', "exit code 2", Expect(contains=("status: 2",))),
        ("grep -c ship a", "`0`", Expect(exit=(1,), matches=(r"(^|:)\s*0\s*$",))),
        ("ls | wc -l", "`14`", Expect(matches=(r"(^|[:\s])\s*14\b",))),
        ("grep ship a", "3 lines", Expect(line_count=Count("==", 3))),
        ("python -c x", "`ready`", Expect(contains=("ready",))),
        ("python -c x", "Prints `ready`", Expect(contains=("ready",))),
        ("python -c x", "`ready` with no errors", Expect(contains=("ready",))),
        ("ship --help", "Shows `--all` and `--one`", Expect(contains=("--all", "--one"))),
        ("make", '"Phase 1 complete" printed', Expect(contains=("Phase 1 complete",))),
        ("grep -r ship src", "No results (no generic Error thrown)", Expect(exit=(1,))),
        ("rg ship src", "no callers.", Expect(exit=(1,))),
        ("rg ship src", "one match, the new `ship`.", Expect(line_count=Count("==", 1))),
        ("rg ship src", "new ship present under the title", Expect()),
        ("lsof -i :80", "nothing listening", Expect(exit=(1,), empty=True)),
        ("pgrep ship", "no process", Expect(exit=(1,), empty=True)),
        ("grep -r ship src | sort", "no output", Expect(exit=(0, 1), empty=True)),
        (
            "grep -r ship src | wc -l",
            "`0`",
            Expect(exit=(0, 1), matches=(r"(^|[:\s])\s*0\b",)),
        ),
        ("ls | wc -l", "3 (all three masts)", Expect(matches=(r"(^|[:\s])\s*3\b",))),
        ("grep ship a", "6+ ships", Expect(line_count=Count(">=", 6))),
        (
            "git status",
            "nothing to commit, working tree clean",
            Expect(contains=("nothing to commit",)),
        ),
        ("git status", "clean working tree", Expect(contains=("nothing to commit",))),
        ("git status --short", "clean", Expect(empty=True)),
        ("curl -i localhost", "HTTP 500", Expect(matches=(r"\b500\b",))),
        (
            "ls ships",
            "`a` is gone, `b` and `c` are present",
            Expect(contains=("b", "c"), absent=("a",)),
        ),
        ("make", "every test passes, including `mast`, which is as of old", Expect()),
        ("rg ship", "exactly `1` (the mast)", Expect(matches=(r"(^|[:\s])\s*1\b",))),
        (
            "rg -c ship",
            "at least 3 matches",
            Expect(matches=(r"(^|[:\s])\s*(?:3|[4-9]|\d{2,})\b",)),
        ),
        (
            "rg ship",
            'the mast (~line 4) containing `("a", "b"),`',
            Expect(contains=('("a", "b"),',)),
        ),
        ("make", "both commands exit zero. Do not push.", Expect()),
        ("make", "both pass. `mast` is the one that would fail loudest if it leaked.", Expect()),
        ("make", "`ready: true` when port `6173` is free", Expect(contains=("ready: true",))),
        ("make", 'Both FAIL - "The Masts" heading is not there yet', Expect(exit="nonzero")),
        ("make", "still `ready`.", Expect(contains=("ready",))),
        ("make", "`ready`（はい）", Expect(contains=("ready",))),
        ("make", "lines showing `mast` and `sail` in the list", Expect(contains=("mast", "sail"))),
        ("make", "Shows options for `--all` and `--one`", Expect(contains=("--all", "--one"))),
        (
            "curl localhost",
            '`{"error":"no ship"}` with status 401',
            Expect(matches=(r'\{\s*"error"\s*:\s*"no ship"\s*\}',)),
        ),
        ("ship --help", "Help with --all and --since", Expect(contains=("--all", "--since"))),
        ("ship --help", "Shows its help", Expect()),
        ("ship --help", "Shows help with the `--all` flag", Expect(contains=("--all",))),
        ("which ship", "The path of the script", Expect()),
        ("curl -s localhost", '{"afloat": true}', Expect(contains=('{"afloat": true}',))),
        ("cat log", "`sailed` is the last line", Expect(contains=("sailed",))),
        ("python -m ship", "`<class 'Ship'>`", Expect(contains=("<class 'Ship'>",))),
        ("ls | wc -l", "9 files", Expect(matches=(r"(^|[:\s])\s*9\b",))),
        ("grep -c a log", "prints 3", Expect(matches=(r"(^|[:\s])\s*3\b",))),
        ("npx tsc", "No errors (there is no sail yet, but the mast is)", Expect()),
        ("ruff format --check .", "no files that need to be formatted", Expect()),
        ("grep -n ship log", "Shows the new ship", Expect()),
        ("rg ship", "測試全部通過。`rg` 无匹配。", Expect(exit=(1,))),
        ("npx vitest", "32/32 通过", Expect()),
        ("npm run typecheck", "typecheck clean", Expect()),
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


def test_an_output_with_blanks_to_fill_is_only_kept() -> None:
    reading = read_expected("", "one ship\n<n> boats\n", facts("make"))
    assert not reading.classified
    assert reading.expect.contains == ()


def test_an_output_of_which_some_is_left_out_is_looked_for_in_parts() -> None:
    reading = read_expected("", "one ship\n...\ntwo … boats\n", facts("make"))
    assert reading.classified
    assert reading.expect.contains == ("one ship", "two", "boats")


@pytest.mark.parametrize(
    "words",
    ["Count > 2", "at least 3", "≥ 3 hits", "more than 2 matches", "Count is at least three"],
)
def test_a_count_above_a_number_is_at_least_one_more(words: str) -> None:
    (pattern,) = read_expected(words, None, facts("grep -c ship log")).expect.matches
    assert [number for number in range(1, 31) if re.search(pattern, str(number))] == [*range(3, 31)]


@pytest.mark.parametrize(
    ("number", "more", "fewer"),
    [
        (6, ["6", "7", "9", "10", "66", "100"], ["0", "5"]),
        (19, ["19", "20", "99", "100"], ["1", "9", "18"]),
        (250, ["250", "251", "299", "300", "1000"], ["9", "99", "249"]),
    ],
)
def test_at_least_a_number_is_matched_by_all_from_it_on(
    number: int, more: list[str], fewer: list[str]
) -> None:
    (pattern,) = read_expected(f"{number}+ ships", None, facts("ls | wc -l")).expect.matches
    assert all(re.search(pattern, f"{each}\n", re.MULTILINE) for each in more)
    assert not any(re.search(pattern, f"{each}\n", re.MULTILINE) for each in fewer)


@pytest.mark.parametrize(
    "words",
    [
        "`SHIPS.lock` updated",
        "Shows matches inside `open_port`",
        "all ships show `masts` = 3",
        "PASS if there is a mast; FAIL if there is none",
        "no new masts or sails in the diff",
        "at least 45 fewer lines of code",
        "0",
    ],
)
def test_words_with_two_readings_are_not_classified(words: str) -> None:
    assert not read_expected(words, None, facts("make ships")).classified


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("ship --help", "Shows no --force"),
        ("ship --help", "usage such as --force"),
        ("ls | wc -l", "5 boats, 3 ships"),
        ("head -1 log", "`sailed` is not the first line"),
        ("which ship", "no path or another one"),
    ],
)
def test_what_is_denied_or_vague_is_looked_for_nowhere(command: str, words: str) -> None:
    found = read_expected(words, None, facts(command)).expect
    assert (found.contains, found.matches) == ((), ())


@pytest.mark.parametrize(
    ("title", "fails"),
    [
        ("Run the test to verify it fails", True),
        ("Run focused tests and confirm failure", True),
        ("Observe RED", True),
        ("Confirm it fails — `mast` is not defined", True),
        ("Verify it fails (no such module)", True),
        ("Run it and watch it fail because nothing has a mast", True),
        ("Verify it fails, then passes", False),
        ("See what fails, and fix it", False),
        ("Run it and confirm 0 failures", False),
        ("See whether it fails without a mast", False),
        ("运行测试验证失败", True),
        ("Test the failure modes", False),
        ("Verify that nothing fails", False),
        ("修复失败的测试", False),
    ],
)
def test_the_title_decides_where_the_words_fit_no_class(title: str, fails: bool) -> None:
    for words in ("", "the mast is not found there."):
        reading = read_expected(words, None, facts("make ships"), title=title)
        assert (reading.expect.exit == "nonzero") is fails
        assert reading.classified is (fails or not words)


@pytest.mark.parametrize(
    "command", ["mkdir -p masts", "chmod +x test.sh", "git status", "cp a.py b.py", "npm install"]
)
def test_a_title_of_a_failing_test_tells_nothing_of_what_prepares_it(command: str) -> None:
    reading = read_expected("", None, facts(command), title="Write the failing test")
    assert reading.expect == Expect()


def test_the_exit_status_of_what_is_tested_is_not_that_of_the_tests() -> None:
    words = "PASS — exit code 1, `mast:` printed"
    reading = read_expected(words, None, facts("bun test && make"))
    assert reading.expect == Expect(prose=words)
    assert read_expected("exit code 1", None, facts("bun test")).expect.exit == (1,)


@pytest.mark.parametrize(
    "words",
    [
        "PASS at once if masts are known; FAIL only if one is lost",
        "May fail if there is no mast",
        "Runs without errors (may fail on other ships, but should not crash)",
        "No errors about masts (may have other pre-existing errors)",
        "FAIL, or PASS only if the tide is in",
        "FAIL with no mast, OR PASS if there is one",
        "Tests will likely fail, which is expected",
        "No errors in the hold. Errors from `mast.py` are expected (Phase 10 replaces it).",
    ],
)
def test_what_may_end_either_way_is_not_to_end_well(words: str) -> None:
    title = "Run the tests and record which failures there are"
    reading = read_expected(words, None, facts("cargo test"), title=title)
    assert not reading.classified
    assert reading.expect == Expect(exit=(0, 1, 2, 101), prose=words)


@pytest.mark.parametrize(
    ("command", "words", "expected"),
    [
        ("ls ship.py 2>&1", '"No such file or directory".', Expect(exit="nonzero")),
        ("ls masts/", "`a.md  b.md`", Expect(contains=("a.md", "b.md"))),
        ("cargo check", "Errors about missing masts", Expect(exit="nonzero")),
        ("grep -r ship src", "**No matches.** Any match in `a` or `b` is lost", Expect(exit=(1,))),
        ("make ship || echo gone", "Command not found (it is gone)", None),
        ("grep -c A a\ngrep -c B a", "2 Mast headers, 8+ Sail headers", None),
        ("ls -la", "9 files", None),
    ],
)
def test_a_right_run_meets_what_is_expected(
    command: str, words: str, expected: Expect | None
) -> None:
    reading = read_expected(words, None, facts(command), title="See that it fails")
    if words.endswith("headers") or words.endswith("files"):
        reading = read_expected(words, None, facts(command))
    assert reading.classified is (expected is not None)
    assert reading.expect == replace(expected or Expect(), prose=words)


@pytest.mark.parametrize(
    ("title", "ends"),
    [
        ("Verify that the ship is no longer referenced", (1,)),
        ("Check that there are no remaining references", (1,)),
        ("Verify nothing else uses it", (1,)),
        ("Confirm the old name is gone", (1,)),
        ("Zero mentions of the old name", (1,)),
        ("Find the callers", (0, 1)),
        ("Search for the old name", (0, 1)),
        ("Check for leftovers", (0, 1)),
        ("Verify that the ship is there", None),
        ("Run it", None),
    ],
)
def test_a_title_says_whether_a_search_finds_something(
    title: str, ends: tuple[int, ...] | None
) -> None:
    assert read_expected("", None, facts("grep -rn ship src"), title=title).expect.exit == ends
    assert read_expected("", None, facts("make ships"), title=title).expect.exit is None


@pytest.mark.parametrize(
    "words",
    [
        "No matches (or only in the log)",
        "only matches inside of the log. If it finds anything else, stop.",
        "四つの船についての記述がゼロ件になっている。",
    ],
)
def test_a_search_that_may_find_something_demands_neither(words: str) -> None:
    reading = read_expected(words, None, facts("grep -rn ship src"))
    assert not reading.classified
    assert reading.expect.exit == (0, 1)


def test_a_search_whose_words_say_something_else_finds_something() -> None:
    reading = read_expected("the three ships, with no typos", None, facts("grep -n ship list"))
    assert (reading.classified, reading.expect.exit) == (False, None)


def test_a_search_for_two_things_finds_one_and_not_the_other() -> None:
    search = facts('grep -rn "old-ship\\|new-ship" README.md')
    words = "zero hits for `old-ship`; at least one hit for `new-ship`."
    expect = read_expected(words, None, search).expect
    assert (expect.exit, expect.contains, expect.absent) == (None, ("new-ship",), ("old-ship",))
    expect = read_expected("No hits for `old-ship`.", None, search).expect
    assert (expect.exit, expect.absent) == ((0, 1), ("old-ship",))
    alone = read_expected("No hits for `old-ship`.", None, facts("grep -rn old-ship ."))
    assert alone.expect.exit == (1,)


def test_what_several_commands_print_is_expected_of_all_of_them() -> None:
    script = block('echo "mast: $(cat mast)"\necho "oars: $(cat oars)"\n', "bash")
    shown = block("mast: 1\noars: 2\n", "")
    (step,) = steps(f"**Step 1: Compare**\n\nRun:{script}Expected:{shown}")
    assert isinstance(step, Verify)
    assert step.command == 'echo "mast: $(cat mast)" &&\necho "oars: $(cat oars)"'
    assert step.expect.contains == ("mast: 1", "oars: 2")


@pytest.mark.parametrize(
    ("script", "shown"),
    [
        ("make oars\ncat oars\n", "one oar\ntwo oars\n"),  # of the last one
        ("make mast\nmake oars\n", "mast and oars\n"),  # one line
        ("npm test\nmake oars\n", "mast\noars\n"),  # tests are a check of their own
    ],
)
def test_commands_that_print_apart_are_checked_apart(script: str, shown: str) -> None:
    made = steps(f"**Step 1: Compare**\n\nRun:{block(script, 'bash')}Expected:{block(shown, '')}")
    assert len(made) == 2


def test_why_a_check_fails_is_not_what_is_so_when_it_passes() -> None:
    title = "Run it and confirm failure"
    words = "`a.yaml` lacks a mast and `b.yaml` does not exist."
    for command in ("pytest", "pytest mast 2>&1 | head -20"):
        assert read_expected(words, None, facts(command), title=title).expect.tests == FAIL
    expect = read_expected(words, None, facts("make test"), title=title).expect
    assert (expect.exit, expect.contains) == ("nonzero", ())
    assert read_expected("All pass", None, facts("pytest"), title=title).expect.tests == PASS


@pytest.mark.parametrize("shown", ["FAIL a.test.mjs\n  x floats\n", "✗ floats\n", "not ok 1\n"])
def test_an_output_that_begins_with_a_failure_is_of_a_check_that_fails(shown: str) -> None:
    expect = read_expected("", shown, facts("npm test")).expect
    assert expect.exit == "nonzero"
    assert expect.contains
    assert read_expected("", "FAIL: 0\nPASS: 2\n", facts("npm test")).expect.exit is None


def test_what_others_would_fail_with_is_no_failure_of_the_check() -> None:
    words = "All tests pass. Any callers that pass no ship will fail with `TypeError`."
    assert read_expected(words, None, facts("pytest")).expect.tests == PASS


def test_words_that_name_both_ends_decide_nothing() -> None:
    words = "PASS if it floats, FAIL if it does not."
    assert not read_expected(words, None, facts("pytest"), title="Verify it passes").classified


def test_what_always_ends_well_has_no_other_exit_status() -> None:
    expect = read_expected("Exit code 1", None, facts("make ships || true")).expect
    assert expect.exit in (None, (0,))


def test_each_of_several_commands_has_what_is_said_of_it() -> None:
    script = "```bash\ngrep -rn mast src\ngrep -rn hull src\n```\n\n"
    step = "**Step 1: Sweep**\n\n"
    both = steps(f"{step}{script}Expected: no matches\n")
    assert [each.expect.exit for each in both if isinstance(each, Verify)] == [(1,), (1,)]
    items = "Expected results:\n- `mast`: no matches\n- `hull`: 2 lines\n"
    one, two = steps(f"{step}{script}{items}")
    assert isinstance(one, Verify)
    assert isinstance(two, Verify)
    assert one.expect.exit == (1,)
    assert two.expect.exit is None


def test_the_words_before_a_search_say_whether_it_finds_something() -> None:
    text = (
        "**Step 1: Sweep up**\n\nVerify that nothing uses it:\n\n```bash\ngrep -rn hull src\n```\n"
    )
    (step,) = steps(text)
    assert isinstance(step, Verify)
    assert step.expect.exit == (1,)


@pytest.mark.parametrize(
    "words", ["(should not include)", "none of these lines:", "Must not show:"]
)
def test_an_output_under_words_that_deny_it_is_to_be_absent(words: str) -> None:
    expect = read_expected(words, "adrift\nlost\n", facts("ship list")).expect
    assert expect.absent == ("adrift", "lost")
    assert not expect.contains


def test_of_an_output_under_words_that_deny_something_nothing_is_looked_for() -> None:
    expect = read_expected("It does not differ from:", "adrift\n", facts("ship list")).expect
    assert not expect.contains
    assert not expect.absent


def test_a_summary_of_pytest_that_is_shown_counts() -> None:
    shown = "5 passed, 1 skipped in 0.12s\n"
    expect = read_expected("", shown, facts("pytest -q")).expect
    assert expect.tests == TestsExpectation(passed=Count("==", 5), skipped=Count("==", 1))


@pytest.mark.parametrize("command", ["git diff --stat", "git log --stat", "git status"])
def test_files_and_commits_are_no_lines_of_what_has_more_for_each(command: str) -> None:
    assert read_expected("1 file changed", None, facts(command)).expect.line_count is None


@pytest.mark.parametrize(
    ("said", "script"),
    [
        ("Expected: the first fails, the second passes", "pytest a.py\npytest b.py"),
        ("", "pytest a.py  # FAIL\npytest b.py  # PASS"),
        ("", "# should fail:\npytest a.py\n# should pass:\npytest b.py"),
    ],
)
def test_each_of_two_commands_has_its_own_verdict(said: str, script: str) -> None:
    one, other = steps(f"**Step 1: Check**\n\n```bash\n{script}\n```\n\n{said}\n")
    assert isinstance(one, Verify)
    assert isinstance(other, Verify)
    assert (one.expect.tests, other.expect.tests) == (FAIL, PASS)


@pytest.mark.parametrize(
    ("words", "tests"),
    [
        ("5 passed, 1 skipped", TestsExpectation(passed=Count("==", 5), skipped=Count("==", 1))),
        ("all 5 tests pass and 2 are deselected", TestsExpectation(
            passed=Count("==", 5), deselected=Count("==", 2),
        )),
        ("5 passed, at most 1 skipped", TestsExpectation(passed=Count("==", 5))),
        ("5 passed (some may be skipped)", None),
        ("must not fail", PASS),
        ("0 failed", PASS),
        ("any failures are old ones", None),
    ],
)  # fmt: skip
def test_counts_beside_those_that_pass(words: str, tests: TestsExpectation | None) -> None:
    expect = read_expected(words, None, facts("pytest")).expect
    assert tests is None or expect.tests == tests
    assert tests is not None or expect.tests is None or expect.tests.skipped is None


@pytest.mark.parametrize("option", OTHER_WORK)
def test_no_test_is_expected_of_what_runs_none(option: str) -> None:
    for command in (f"pytest {option}", f"uv run python -m pytest ships {option}"):
        assert read_expected("Works.", None, facts(command)).expect == Expect(prose="Works.")


@pytest.mark.parametrize("words", ["No matches", "no errors in the mast", "Empty"])
def test_a_search_that_says_so_where_it_finds_nothing_says_nothing_else(words: str) -> None:
    known = facts('make ships 2>&1 | grep mast | head -5 || echo "no mast"')
    assert read_expected(words, None, known).expect == Expect(output="no mast", prose=words)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("make ships || true", "no errors"),
        ("node ship.cjs; rm ship.cjs", "exactly two failures."),
        ("php artisan ships:plan", "`sea/Ship.ts` atualizado — sem `oar`."),
        ('make ships || echo "it fails"', "No errors"),
        ('make ships | grep mast || echo "no mast"', "no new errors"),
    ],
)
def test_what_always_ends_well_is_not_checked_by_its_end(command: str, words: str) -> None:
    assert read_expected(words, None, facts(command)) == Reading(Expect(prose=words), False)


@pytest.mark.parametrize(
    ("words", "each"),
    [
        ("Both show `oak`", True),
        ("all two commands should print `oak`.", True),
        ("each one prints `oak`", True),
        ("all three print `oak`", False),
        ("Both masts print `oak`", False),
    ],
)
def test_what_both_commands_show_is_expected_of_each(words: str, each: bool) -> None:
    found = steps(f"**Step 1: Look**\n\n```bash\nship a\nship b\n```\n\nExpected: {words}\n")
    shown = [step.expect.contains for step in found if isinstance(step, Verify)]
    assert shown == [("oak",) if each else (), ("oak",)]


@pytest.mark.parametrize(
    ("command", "words", "expected"),
    [
        ("ls a.py", "should not exist", Expect(exit="nonzero")),
        ("ls a.py", "`a.py` no longer exists", Expect(exit="nonzero")),
        ("cat a.py", "The file must be gone.", Expect(exit="nonzero")),
        ("ls a.py", "`a.py` exists", Expect()),
        ("make ships", "the exit code is not 0", Expect(exit="nonzero")),
        ("make ships", "exits with 1 or 2", Expect(exit=(1, 2))),
        ("make ships", "it must not print `mast`", Expect(absent=("mast",))),
        ("make ships", "Doesn't show `mast`.", Expect(absent=("mast",))),
    ],
)
def test_what_is_denied_is_not_to_be_so(command: str, words: str, expected: Expect) -> None:
    reading = read_expected(words, None, facts(command))
    assert reading == Reading(replace(expected, prose=words), True)


@pytest.mark.parametrize(
    ("behind", "outcome"),
    [
        (" (expected: FAIL)", "fail"),
        (" — expected: FAIL", "fail"),
        (" (expect a failure)", "fail"),
        (" — should fail.", "fail"),
        (" (must pass)", "pass"),
        (" (on two masts)", "pass"),
    ],
)
def test_what_stands_behind_a_title_says_how_its_command_ends(behind: str, outcome: str) -> None:
    (check,) = steps(f"**Step 2: Run the test**{behind}\n\n```bash\npytest test_oar.py\n```\n")
    assert isinstance(check, Verify)
    assert check.expect.tests == TestsExpectation(outcome)  # type: ignore[arg-type]


def test_an_order_behind_a_title_stays_one() -> None:
    (work,) = steps("**Step 2: Change it** (must keep the oars)\n\nMake the ship faster.\n")
    assert isinstance(work, Manual)
    assert "must keep the oars" in work.instructions


@pytest.mark.parametrize(
    ("line", "exit_status"),
    [
        ("Expected FAIL (red): `E42`.", "nonzero"),
        ("Expected (FAIL): `E42`.", "nonzero"),
        ("Expected FAIL before the change.", "nonzero"),
        ("Expected to fail with `E42`.", "nonzero"),
        ("Expected compile error: `E42`.", "nonzero"),
        ("**Expected FAIL:**\n\n```\nE42 mast\n```", "nonzero"),
        ("Expect PASS (green).", None),
        ("Expected (all of it): ok", None),
    ],
)
def test_a_verdict_behind_expected_is_what_is_expected(line: str, exit_status: str | None) -> None:
    """It was a remark, and the check one that passes."""
    (step,) = steps(f"**Step 1: Build it**\n\nRun: `make ship`\n{line}\n")
    assert isinstance(step, Verify)
    assert step.expect.exit == exit_status
    assert step.expect.prose


def test_words_that_begin_so_without_a_command_are_none() -> None:
    (step,) = steps("**Step 1: Mend `ship.py`**\n\nMend it. Expected failures are in `ship.md`.\n")
    assert isinstance(step, Manual)


def test_tests_that_may_be_skipped_are_run() -> None:
    (check,) = steps(
        "**Step 1: Test**\n\nRun: `pytest test_oar.py`\nExpected: PASS (or skip if it is calm).\n"
    )
    assert isinstance(check, Verify)
    assert check.expect.tests == MAY_SKIP


@pytest.mark.parametrize(
    ("command", "words", "shown"),
    [
        ("go get sea/oars", "`go.mod` gains `sea/oars`.", ()),
        ("bash look.sh", "`/tmp/sea.env` contains `OARS=4`", ()),
        ("bash look.sh", "the file now includes `OARS=4`", ()),
        ("make ships", "`ships.csv` lists `oar`", ()),
        ("npm i oar", "`package.json` `devDependencies` now has `oar`", ()),
        ("cat sea.env", "`sea.env` contains `OARS=4`", ("OARS=4",)),
        ("grep -n OARS sea.env", "`sea.env` shows `OARS=4`", ("OARS=4",)),
        ("ship list", "`ship` shows `OARS=4`", ("OARS=4",)),
        ("ship list", "`OARS=4`, in capitals", ("OARS=4",)),
    ],
)
def test_what_a_file_has_is_no_output(command: str, words: str, shown: tuple[str, ...]) -> None:
    assert read(command, words).contains == shown


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        ("FAIL — `cannot find function sail`", "error[E0425]: cannot find function `sail` in this"),
        (
            "FAIL with `no method named 'row' found`",
            "no method named `row` found for struct `Ship`",
        ),
        ("FAIL with `no field 'oars' on type 'Ship'`", "no field `oars` on type `Ship`"),
        ("FAIL, `no method named 'row' found`.", "no method named `row` found for `Ship`"),
        ("FAIL with `unresolved import crate::oar`", "unresolved import `crate::oar`"),
    ],
)
def test_a_message_of_rustc_is_found_with_its_quotes(words: str, printed: str) -> None:
    expect = read("cargo test sea::", words)
    assert (expect.exit, expect.contains) == ("nonzero", ())
    assert re.search(expect.matches[0], printed)
    assert read("make ships", words).matches == ()


def test_ticked_names_of_tests_are_not_looked_for() -> None:
    shown = "\u2713 Ship > floats\n\u2713 Ship > sinks\n"
    assert read_expected("", shown, facts("npx vitest run")).expect.contains == ()
    shown += "Tests 2 passed\n"
    assert read_expected("", shown, facts("npx vitest run")).expect.contains == ("Tests 2 passed",)
    assert read_expected("", "\u2713 afloat\n", facts("./sail")).expect.contains == (
        "\u2713 afloat",
    )


def test_a_name_behind_a_failure_is_no_message() -> None:
    expect = read("cargo test", "FAIL, `sail` is not there")
    assert (expect.exit, expect.contains, expect.matches) == ("nonzero", (), ())


def test_what_a_later_step_makes_of_a_check_is_no_failure_now() -> None:
    words = "build error after Step 3 (once `sea.go` changes)."
    assert read("go test ./sea", words).exit == (0, 1, 2, 101)
    for words in ("build error until Step 3.", "FAIL (it goes after Step 3)."):
        assert read("go test ./sea", words).exit == "nonzero"
    assert read("go test ./sea", "No errors after the sail is added.").exit is None


@pytest.mark.parametrize(
    "more", ["If that is not possible here, use:", "If it fails, run:", "Otherwise:"]
)
def test_another_way_behind_an_expectation_is_a_persons(more: str) -> None:
    found = steps(
        f"**Step 1: Go on**\n{block('make a' + chr(10), 'bash')}Expected: made. {more}"
        f"{block('make b' + chr(10), 'bash')}"
    )
    assert not any(isinstance(each, Verify) and each.command == "make b" for each in found)
    assert any(isinstance(each, Manual) and "make b" in each.instructions for each in found)


def test_an_order_behind_an_expectation_leads_to_the_block() -> None:
    block_ = block("def row():\n    return 2\n")
    head = "**Files:**\n- Modify: `a.py`\n\n**Step 1: Go on**\n\n"
    text = f"{head}Run: `pytest`\nExpected: PASS. Then add to `a.py`:{block_}"
    check, made = steps(text, {"a.py": "import os\n"})
    assert isinstance(check, Verify)
    assert check.expect == Expect(tests=PASS, prose="PASS.")
    assert isinstance(made, Edit)


@pytest.mark.parametrize(
    ("said", "printed", "found"),
    [
        ('`{ "data": [] }`', '{"data":[]}', True),
        ('`{"ok":true,"at":"..."}`', '{"ok": true, "at": "now"}', True),
        ('`{"data":[1]}`', '{"data":[]}', False),
        ('`{"a b":1}`', '{"ab":1}', False),
    ],
)
def test_json_is_looked_for_however_it_is_spaced(said: str, printed: str, found: bool) -> None:
    expect = read("curl -s localhost", f"returns {said}.")
    assert expect.contains == ()
    assert all(re.search(each, printed) for each in expect.matches) is found


def test_json_that_is_shown_is_looked_for_as_a_whole() -> None:
    shown = '{\n  "sails": 2,\n  "oars": 4\n}\n'
    expect = read_expected("", shown, facts("curl -s localhost")).expect
    assert re.search(expect.matches[0], '{"sails":2,"oars":4}')
    assert expect.contains == ()


def test_what_is_said_of_a_search_is_not_of_the_tests_beside_it() -> None:
    expect = read("vendor/bin/phpunit --filter Ship", "no matches; both suites PASS.")
    assert replace(expect, prose=None) == Expect()


def test_a_title_that_says_it_fails_is_heard_over_a_remark_behind_the_command() -> None:
    (step,) = steps("**Step 2: Run → fail** — `swift test --filter Ship` (undefined).\n")
    assert isinstance(step, Verify)
    assert step.expect.exit == "nonzero"


def test_an_exit_status_under_the_output_belongs_to_it() -> None:
    said = f"Expected output:\n{block('Error: no ship' + chr(10), '')}Expected exit code: 1\n"
    (step,) = steps(f"**Step 1: Run it**\n\nRun: `node ship.js`\n{said}")
    assert isinstance(step, Verify)
    assert (step.expect.exit, step.expect.contains) == ((1,), ("Error: no ship",))


@pytest.mark.parametrize(
    ("command", "words", "status"),
    [
        ("npm run ships", "Pass (all are there) or fail (lists those missing).", (0, 1, 2, 101)),
        ("make test", "Everything passes apart from the mast.", (0, 1, 2, 101)),
        ("make test", "All tests but the mast's pass.", (0, 1, 2, 101)),
        ("make test", "failure is fine", (0, 1, 2, 101)),
        ("rg -n 'hull|keel' sea", "- no wooden hull remains `hull`\n- no keel is left", (0, 1)),
    ],
)
def test_what_may_be_either_way_demands_neither(
    command: str, words: str, status: tuple[int, ...]
) -> None:
    reading = read_expected(words, None, facts(command))
    assert (reading.expect.exit, reading.classified) == (status, False)


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("PASS (no tests yet)", (0,)),
        ("compiles, 0 tests", (0,)),
        ("PASS; no test for this yet", (0,)),
        ("PASS, no test fails", None),
        ("PASS, no test failures", None),
        ("the same count as before: this phase adds no tests.", None),
        ("all pass. No tests yet exercise the new sails.", None),
    ],
)
def test_a_test_program_that_is_to_run_no_test_is_asked_for_its_status(
    words: str, status: tuple[int, ...] | None
) -> None:
    (step,) = steps(f"Run: `cargo test ship`\nExpected: {words}\n")
    assert isinstance(step, Verify)
    assert step.expect.exit == status


@pytest.mark.parametrize(
    ("command", "words", "expected"),
    [
        ("npm run ships | grep error", "no errors", Expect(exit=(1,))),
        ("npm run ships | grep -E 'error|warn' | head", "clean", Expect(exit=(0, 1), empty=True)),
        ("npx tsc | grep sea/ | head", "no errors in the sea", Expect(exit=(0, 1))),
        ("npm run ships | grep -v error | head", "no errors", Expect(exit=(0, 1))),
        ("npm run ships | grep error | head", "", Expect(exit=(0, 1))),
        ("npm run ships | tail", "no errors", Expect()),
        ("npm run ships | grep landed | head", "", Expect()),
        ("rg 'sail' sea", "0 sails outside the sea", Expect(exit=(0, 1))),
        ("rg 'sail' sea", "0 Aufrufer außerhalb der eigenen Datei", Expect(exit=(0, 1))),
        ("rg 'sail' sea", "0 Treffer", Expect(exit=(1,))),
        ("curl -s localhost:1", "connection refused", Expect(exit="nonzero")),
        ("pytest || true", "", Expect()),
        ("pytest || true", "PASS", Expect(tests=PASS)),
    ],
)
def test_what_finds_nothing_where_all_is_well_need_not_find_anything(
    command: str, words: str, expected: Expect
) -> None:
    assert replace(read(command, words), prose=None) == expected


@pytest.mark.parametrize(
    "words",
    [
        "all PASS (`it sails` is known to be red — if this one fails, that is expected)",
        "alle PASS (falls nur `it sails` fehlschlägt, ist das erwartet; alle anderen grün)",
    ],
)
def test_where_a_test_may_fail_neither_is_demanded(words: str) -> None:
    assert read("make test", words).exit == (0, 1, 2, 101)

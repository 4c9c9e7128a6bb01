"""Where plans say what they expect of a command, and where a commit is more than one."""

from __future__ import annotations

import pytest
from planning import STEP, steps

from runbook.core.model.model import (
    Commit,
    Count,
    Expect,
    Manual,
    TestsExpectation,
    Verify,
)

FAIL = TestsExpectation(outcome="fail")


def checks(text: str) -> list[Verify]:
    """The checks of a plan's step that is nothing but checks."""
    found = steps(text)
    assert all(isinstance(each, Verify) for each in found), found
    return [each for each in found if isinstance(each, Verify)]


@pytest.mark.parametrize(
    "text",
    [
        "Run: `pytest ships`\nExpected: FAIL\n",
        "Run: `pytest ships`\n\n**Expected:** FAIL\n",
        "Run: `pytest ships`\n\nObserved: FAIL\n",
        "`pytest ships`\n\nExpected: FAIL\n",
        "1. `pytest ships`\n   Expected: FAIL\n",
        "`pytest ships` → FAIL\n",
        "- `pytest ships` → FAIL\n",
        "Run `pytest ships` (expect FAIL)\n",
        "```\nRun: pytest ships\nExpected: FAIL\n```\n",
        "```bash\npytest ships\n# Expected: FAIL\n```\n",
        "```bash\n# Expected: FAIL\npytest ships\n```\n",
        "```bash\npytest ships  # Expected: FAIL\n```\n",
    ],
)
def test_what_is_expected_belongs_to_the_command(text: str) -> None:
    (check,) = checks(STEP + text)
    assert (check.command, check.expect.tests, check.expect.prose) == ("pytest ships", FAIL, "FAIL")
    assert check.note is None


@pytest.mark.parametrize(
    "words", ["and confirm it fails because there is no mast.", "Verify that it fails."]
)
def test_words_after_a_title_that_is_a_command_are_what_is_expected(words: str) -> None:
    (check,) = checks(f"- [ ] **Step 2: Run `npx vitest run mast.test.ts`** {words}\n")
    assert (check.command, check.expect.exit) == ("npx vitest run mast.test.ts", "nonzero")
    assert check.expect.prose is not None
    assert check.expect.prose.startswith("it fails")


RUN = "```bash\npytest ships\n```\n\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("It should fail with an error.", "It should fail with an error."),
        ("This will fail, because there is no mast.", "This will fail, because there is no mast."),
        ("Note: This will fail.", "This will fail."),
        ("You should see 1 failed.", "You should see 1 failed."),
        ("Confirm that it fails.", "it fails."),
        ("The new tests must still fail.", "The new tests must still fail."),
        ("→ FAIL (no mast)", "→ FAIL (no mast)"),
        ("Fails: there is no mast.", "Fails: there is no mast."),
        ("Result: FAIL", "Result: FAIL"),
        ("Der Test muss fehlschlagen.", "Der Test muss fehlschlagen."),
        ("Le test doit échouer.", "Le test doit échouer."),
    ],
)
def test_a_sentence_behind_a_command_says_what_is_expected(words: str, said: str) -> None:
    for text in (f"{RUN}{words}\n", f"Run: `pytest ships`\n{words}\n"):
        (check,) = checks(STEP + text)
        assert (check.expect.tests, check.expect.prose, check.note) == (FAIL, said, None)


@pytest.mark.parametrize(
    "words",
    [
        "It should be moved to the masts later.",
        "You should know that ships have masts.",
        "This takes a minute.",
        "If it fails, the mast is missing.",
        "Falls der Test fehlschlägt, fehlt der Mast.",
        "Tests should be short.",
    ],
)
def test_other_words_behind_a_command_say_nothing_of_it(words: str) -> None:
    check, *rest = steps(f"{STEP}{RUN}{words}\n")
    assert isinstance(check, Verify)
    assert check.expect == Expect(tests=TestsExpectation())
    assert check.note == words or isinstance(rest[0], Manual)


def test_a_label_says_more_than_a_sentence_before_it() -> None:
    (check,) = checks(f"{STEP}{RUN}It should pass now.\n\nExpected: 3 passed\n")
    assert check.expect.tests == TestsExpectation(passed=Count("==", 3))
    assert check.expect.prose == "3 passed\nIt should pass now."


def test_what_is_shown_under_such_a_sentence_is_looked_for() -> None:
    for label in ("You should see:", "Output:", "It will print:"):
        (check,) = checks(f"{STEP}Run: `make ships`\n\n{label}\n\n```\ntwo masts\n```\n")
        assert (check.expect.contains, check.expect.exit) == (("two masts",), None)


def test_comments_of_a_script_judge_the_command_above_them() -> None:
    script = "make mast\n# Expected: FAIL\nmake ship\n# Expected: exit code 3\n# Look there\n"
    found = checks(f"{STEP}```bash\n{script}```\n")
    assert [(each.command, each.expect.exit) for each in found] == [
        ("make mast", "nonzero"),
        ("make ship", (3,)),
    ]


def test_comments_at_the_end_of_commands_say_what_these_show() -> None:
    found = checks(
        f"{STEP}```bash\npytest ships  # 3 passed\nls a.py  # no such file\n"
        "grep a b  # no matches\nmake a  # exits 2\nmake b  # masts\n```\n"
    )
    assert found[0].expect.tests == TestsExpectation(passed=Count("==", 3))
    assert [each.expect.exit for each in found[1:]] == ["nonzero", (1,), (2,), None]
    assert found[-1].note == "masts"


def test_a_mark_of_a_comment_in_quotes_is_none() -> None:
    (check,) = checks(f"{STEP}```bash\necho 'a # Expected: FAIL'\n```\n")
    assert check.command == "echo 'a # Expected: FAIL'"
    assert check.expect.exit is None


def test_code_that_is_no_command_is_not_run_for_what_is_expected() -> None:
    found = steps(f"{STEP}`ship.mast` or `src/ship.py`\n\nExpected: three of them\n")
    assert not any(isinstance(each, Verify) for each in found)


def test_an_arrow_to_anything_else_is_no_verdict() -> None:
    found = steps(f"{STEP}- `make ship` → `make boat`\n- `old name` → new name\n")
    assert not any(isinstance(each, Verify) for each in found)


def test_an_output_with_gaps_is_looked_for_in_parts_and_without_times() -> None:
    shown = "```\n18:  mast\n... sail of linen\ndone in 0.31s\n```\n"
    (check,) = checks(f"{STEP}Run: `make ships`\n\nExpected output must include:\n\n{shown}")
    assert check.expect.contains == ("18:  mast", "sail of linen")


@pytest.mark.parametrize(
    "label",
    ["Expected output includes a line like:", "Expected output contains the following:"],
)
def test_a_label_may_say_how_the_output_is_shown(label: str) -> None:
    (check,) = checks(f"{STEP}Run: `make ships`\n\n{label}\n\n```\ntwo masts\n```\n")
    assert check.expect.contains == ("two masts",)


def test_a_sentence_of_the_expected_output_is_one() -> None:
    (check,) = checks(
        f"{STEP}Run: `make ships`\n\nExpected output includes `two masts` with no errors.\n"
    )
    assert check.expect.contains == ("two masts",)
    assert check.expect.prose == "includes `two masts` with no errors."


def test_a_title_that_is_more_than_a_commit_is_a_persons() -> None:
    title = "Stage the files, audit them, commit as `feat: mast`, append a line, release the lock."
    (step,) = steps(f"- [ ] **Step 5: {title}**\n")
    assert isinstance(step, Manual)
    assert step.instructions.strip() == title
    (step,) = steps("- [ ] **Step 5: Commit the slice as `feat: mast`**\n")
    assert isinstance(step, Commit)


@pytest.mark.parametrize("added", ["<modified files>", "<any mended ships> src/", "src/..."])
def test_files_to_be_filled_in_are_those_of_the_steps_before(added: str) -> None:
    body = "Run: `make ships`\n\n```bash\n"
    found = steps(f'{STEP}{body}git add {added}\ngit commit -m "fix: x"\n```\n')
    assert isinstance(found[-1], Commit)
    assert not any("<" in str(each) or "..." in str(each) for each in found[-1].files or ())

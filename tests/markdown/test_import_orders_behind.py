"""Orders behind a command, or behind what is expected of it, are nobody's expectation."""

import pytest
from planning import steps

from runbook.core.model.model import Commit, Manual, Verify


@pytest.mark.parametrize(
    ("words", "order"),
    [
        ("Run: `make test`\nExpected: PASS. Then delete `mast.py`.", "Then delete `mast.py`."),
        ("Run: `make test`\nExpected: PASS\nThen delete `mast.py`.", "Then delete `mast.py`."),
        ("Run: `make test` (must pass). Finally commit everything.", "Finally commit everything."),
        ("Run: `make test`. It must pass. Then commit all.", "Then commit all."),
        (
            "Run `make test`, which passes. After that, remove the mast.",
            "After that, remove the mast.",
        ),
        ("Run: `make test` → PASS. Commit with message `x: y`.", "Commit with message `x: y`."),
        ("Run: `make test`\nExpected: PASS. Remove `mast.py`.", "Remove `mast.py`."),
        ("Run: `make test`\nExpected: `OK`. Then move `a.py`.", "Then move `a.py`."),
        ("Run: `make test`\n\nIt passes; commit the result.", "It passes; commit the result."),
        ("Run: `make test`. Then update the log.\nExpected: PASS", "Then update the log."),
        ("Run: `make test`\n\nIt must fail. Update `mast.py`.", "Update `mast.py`."),
        ("Run: `make test`\n\nIt must fail.\nUpdate `mast.py`.", "Update `mast.py`."),
        ("Run: `make test`\nExpected: all green. Commit.", "Commit."),
        ("Run: `make test`\nExpected: all green, then commit.", "then commit."),
        ("- [ ] `make test` → pass. Commit.", "Commit."),
        ("- [ ] Run `make test` → pass. Commit.", "Commit."),
    ],
)
def test_an_order_behind_a_check_is_work(words: str, order: str) -> None:
    check, work = steps(words)
    assert isinstance(check, Verify)
    assert isinstance(work, Manual)
    assert work.instructions.strip() == order
    assert order not in f"{check.expect.prose}\n{check.note}"


@pytest.mark.parametrize(
    "words",
    [
        'Run: `make test`\nExpected: PASS. Then commit with `git commit -m "fix: mend it"`.',
        'Run: `make test` → PASS. Commit: `git add a.py && git commit -m "fix: mend it"`',
        'Run: `make test` → PASS。提交 `git commit -m "fix: mend it"`.',
        'Run: `make test`。提交 `git commit -m "fix: mend it"`。',
    ],
)
def test_a_commit_that_stands_behind_a_check_is_made(words: str) -> None:
    check, commit = steps(f"- [ ] **Step 1:** {words}\n")
    assert isinstance(check, Verify)
    assert "commit" not in f"{check.expect.prose}\n{check.note}"
    assert isinstance(commit, Commit)
    assert commit.message == "fix: mend it"


@pytest.mark.parametrize(
    "words",
    ['PASS; do not `git commit -m "a: b"`.', 'PASS. It shows what `git commit -m "a: b"` does.'],
)
def test_a_commit_that_is_only_spoken_of_is_none(words: str) -> None:
    found = steps(f"- [ ] **Step 1:** Run: `make test`\n  Expected: {words}\n")
    assert not any(isinstance(each, Commit) for each in found)


def test_an_order_to_commit_in_another_language_is_work() -> None:
    check, work = steps("- [ ] **Step 1:** Run: `make test`。提交。\n")
    assert isinstance(check, Verify)
    assert check.note is None
    assert isinstance(work, Manual)


def test_a_commit_behind_a_check_that_has_a_line_of_its_own_is_one() -> None:
    _, commit = steps("Run: `make test`\n\nCommit it with the message `x: y`.")
    assert isinstance(commit, Commit)
    assert commit.message == "x: y"


def test_a_commit_that_a_later_step_makes_is_not_made_twice() -> None:
    commit = "- [ ] **Step 2: Commit**\n\n```bash\ngit commit -am 'feat: ash'\n```\n"
    for expected in ("all green. Commit.", "all green, then commit."):
        check = f"- [ ] **Step 1: Test**\n\nRun: `make test`\nExpected: {expected}\n\n"
        made = steps(f"**Files:**\n- Modify: `a.py`\n\n{check}{commit}")
        assert [type(step) for step in made] == [Manual, Verify, Commit]
        assert "ommit" not in str(made[0])


@pytest.mark.parametrize(
    "title",
    ["In `mast.py`, replace `oak` with `ash`.", "Delete `mast.py`.", "Update the log of the mast"],
)
def test_a_title_that_orders_a_change_is_work_before_its_commit(title: str) -> None:
    """It was the title of the commit, and what a person was to do was the task's."""
    script = "```bash\ngit commit -am 'feat: ash'\n```\n"
    work, commit = steps(f"- [ ] {title}\n\n{script}")
    assert isinstance(work, Manual)
    assert title.rstrip(".") in f"{work.instructions}{work.title}"
    assert isinstance(commit, Commit)
    for of_a_commit in ("Add and commit", "Commit the change", "変更をコミット"):
        made = steps(f"- [ ] {of_a_commit}\n\n{script}")
        assert [type(step) for step in made] == [Commit]


@pytest.mark.parametrize(
    "expected",
    [
        "PASS. If it fails, fix the import.",
        "FAIL. Implement it in step 3.",
        "FAIL. Fix the import in the next step.",
        "two lines.\nadd 3\nremove 2",
        "PASS. Nothing else changes.",
        "PASS\n\nThe commit history stays as it is.",
        "the output ends with `. Then delete it`",
    ],
)
def test_what_only_explains_stays_with_the_check(expected: str) -> None:
    made = steps(f"Run: `make test`\nExpected: {expected}")
    assert [type(step) for step in made] == [Verify]


@pytest.mark.parametrize(
    ("words", "second", "prose"),
    [
        ("Run: `make test`\nExpected: PASS. Then `make all`.", "make all", None),
        ("Run: `make test` → PASS, then run `make all` → PASS.", "make all", "PASS."),
        ("Run `make test`. Expected: PASS. Then `make all` — OK.", "make all", "OK."),
    ],
)
def test_a_command_behind_what_is_expected_is_run(words: str, second: str, prose: str) -> None:
    first, then = steps(words)
    assert isinstance(first, Verify)
    assert isinstance(then, Verify)
    assert (first.command, then.command, then.expect.prose) == ("make test", second, prose)


def test_what_a_push_waits_for_is_not_said_of_it() -> None:
    check, push = steps("Run `make test` → pass, then `git push`.")
    assert isinstance(check, Verify)
    assert check.expect.prose == "pass"
    assert isinstance(push, Manual)


@pytest.mark.parametrize(
    "words", ["Then `make all` before the sail.", "Then `mast` is there.", "Then `row` sinks."]
)
def test_a_name_behind_what_is_expected_is_no_command(words: str) -> None:
    assert len(steps(f"Run: `make test`\nExpected: PASS. {words}")) == 1

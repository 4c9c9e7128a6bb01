"""Manual steps of an import can be passed: their files, and what is no step at all."""

from __future__ import annotations

import pytest
from planning import block, imported, steps

from runbook.core.model.model import Commit, Confirm, Edit, Manual, Run, Step, Verify
from runbook.core.model.operations import Glob, Target

FILES = "**Files:**\n- Modify: `ship.py`\n- Modify: `sail.py`\n- Test: `tests/test_ship.py`\n\n"
COMMIT = "**Commit:** `feat: x`\n"
ADDED = "**Step 9: Commit**\n\n```bash\ngit add {}\ngit commit -m 'feat: x'\n```\n"
CHECK = "**Step 2: Check**\n\nRun: `pytest {}`\nExpected: PASS\n\n"


def work(words: str, title: str = "Make the ship faster") -> str:
    return f"**Step 1: {title}**\n\n{words}\n\n"


def files_of(body: str, head: str = FILES) -> tuple[tuple[Target, ...], tuple[Target, ...] | None]:
    """The files of the only manual step, and of the commit after it."""
    found = steps(head + body)
    (manual,) = (each for each in found if isinstance(each, Manual))
    (commit,) = (each for each in found if isinstance(each, Commit))
    return manual.files, commit.files


def test_a_manual_step_names_what_its_words_name() -> None:
    assert files_of(work("Change the hull in `ship.py`.") + COMMIT) == (("ship.py",), None)
    assert files_of(work("Change the hull.", "Update `sail.py`") + COMMIT) == (("sail.py",), None)
    assert files_of(work("Write its log in `sea/log.py`.") + COMMIT) == (("sea/log.py",), None)


def test_a_manual_step_whose_words_name_nothing_is_passed_by_running_again() -> None:
    every = ("ship.py", "sail.py", "tests/test_ship.py")
    assert files_of(work("Change what is needed.") + COMMIT) == ((), every)


def test_a_bare_name_is_of_all_files_of_the_task_that_are_called_so() -> None:
    head = "**Files:**\n- Create: `sea/ship.toml`\n- Modify: `ship.toml`\n- Modify: `a.py`\n\n"
    body = work("Make it short.", "Shorten ship.toml") + COMMIT
    assert files_of(body, head)[0] == ("sea/ship.toml", "ship.toml")
    # What is created is the new one.
    body = work("Write a short one.", "Create ship.toml") + COMMIT
    assert files_of(body, head)[0] == ("sea/ship.toml",)


def test_a_file_that_is_only_read_is_none_that_is_waited_for() -> None:
    files, _ = files_of(work("Make it like `lib/boat.py`.") + COMMIT)
    assert files == ()


def test_a_manual_step_names_what_its_commit_adds() -> None:
    found = files_of(work("Change what is needed.") + ADDED.format("ship.py tests/"))
    assert found == (("ship.py", Glob("tests/**")), None)
    # What the words name comes first; a commit of everything names nothing.
    found = files_of(work("Change `sail.py`.") + ADDED.format("ship.py"))
    assert found == (("sail.py", "ship.py"), ("ship.py",))
    assert files_of(work("Change it.") + ADDED.format("-A"))[0] == ()


def test_a_block_names_the_only_file_that_it_can_be_of() -> None:
    head = "**Files:**\n- Modify: `ship.py`\n- Modify: `guide.md`\n\n"
    body = work("Somewhere in the middle:" + block("x = 1\n")) + COMMIT
    assert files_of(body, head)[0] == ("ship.py",)
    body = work("Somewhere:" + block("# sea/log.py\nx = 1\n")) + COMMIT
    assert files_of(body, "**Files:**\n- Modify: `sea/log.py`\n- Modify: `a.py`\n\n")[0] == (
        "sea/log.py",
    )


def test_a_new_test_that_the_check_runs_is_of_the_commit() -> None:
    head = "**Files:**\n- Modify: `ship.py`\n\n"
    check = CHECK.format("tests/test_new.py::test_it -v")
    files, committed = files_of(work("Cover the hull.", "Write the tests") + check + COMMIT, head)
    assert files == ("tests/test_new.py",)
    assert committed == ("tests/test_new.py", "ship.py")
    # Other work may leave it alone.
    files, committed = files_of(work("Paint it.", "Paint") + check + COMMIT, head)
    assert files == ()
    assert committed == ("tests/test_new.py", "ship.py")


def test_a_file_that_is_created_without_a_word_is_of_the_work_before_its_commit() -> None:
    head = "**Files:**\n- Create: `log.py`\n- Create: `tests/__init__.py`\n- Modify: `ship.py`\n\n"
    asked = work("Test what `log.py` is to write.", "Write the tests")
    made = ("log.py", "tests/__init__.py")
    assert files_of(asked + COMMIT, head) == (made, None)
    # Each commit with what it has: here it leaves that file out.
    assert files_of(asked + ADDED.format("log.py"), head) == (("log.py",), None)


@pytest.mark.parametrize(
    ("named", "files"),
    [
        ("Modify: `ship/hull/` and `sail.py`", (Glob("ship/hull/**"), "sail.py")),
        ("None — no changes to `ship/hull.py`", (Glob("**"),)),
        ("Nonetheless: `sail.py`", ("sail.py",)),
        ("Move: `old/hull/` → `new/hull/`", (Glob("old/hull/**"), Glob("new/hull/**"))),
        ("Move: `hull.py` → `new/hull.py`", ("hull.py", "new/hull.py")),
    ],
)
def test_a_folder_of_a_files_block_is_all_below_it(named: str, files: tuple[Target, ...]) -> None:
    assert files_of(work("Change what is needed.") + COMMIT, f"**Files:** {named}\n\n")[1] == files


def test_a_test_that_is_there_is_not_new() -> None:
    head = "### Task 1: X\n\n**Files:**\n- Modify: `ship.py`\n\n"
    text = head + work("Paint it.", "Paint") + CHECK.format("tests/test_old.py") + COMMIT
    (task,) = imported(text, {"tests/test_old.py": "", "ship.py": ""}).phase.tasks
    assert task.steps[-1] == Commit("feat: x", ("ship.py",))


@pytest.mark.parametrize(
    ("path", "pattern"),
    [
        ("db/XXXX_add.py", "db/*_add.py"),
        ("db/<timestamp>_add.sql", "db/*_add.sql"),
        ("db/YYYYMMDDHHMMSS_add.sql", "db/*_add.sql"),
        ("db/{timestamp}_add.rb", "db/*_add.rb"),
        ("db/<hash>/up.sql", "db/*/up.sql"),
    ],
)
def test_a_path_with_a_part_to_be_filled_in_is_a_pattern(path: str, pattern: str) -> None:
    head = f"**Files:**\n- Create: `{path}`\n- Modify: `ship.py`\n\n"
    body = work(f"Create `{path}`:" + block("x = 1\n", "")) + COMMIT
    files, _ = files_of(body, head)
    assert files == (Glob(pattern),)
    _, committed = files_of(work("Write it.") + COMMIT, head)
    assert committed == (Glob(pattern), "ship.py")


@pytest.mark.parametrize(
    "path", ["app/[slug]/page.tsx", "app/(shop)/a.ts", "a/${x}.py", "src/{{name}}/a.py", "XL/a.py"]
)
def test_other_marks_in_a_path_are_its_name(path: str) -> None:
    from runbook.markdown.importing.words.filelist import as_target

    assert as_target(path) == path


def kinds(body: str) -> list[type[Step]]:
    return [type(each) for each in steps(FILES + body)]


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Verify the ship", "Read `ship.py` again. Confirm:\n- the hull is there\n- no rust"),
        ("Look at the ship", "It should float."),
        ("Manual check", "1. Start the engine\n2. Navigate to the harbour\n3. See the ship"),
        ("Review", "Open `ship.py`, and check that it is painted."),
        ("Run it, confirm it fails", "— FAIL, no mast"),
        ("Verification", "Visual inspection of `ship.py`."),
        ("Smoke test", "Click the horn. Listen."),
        ("Verify the mast exists", "See whether `ship.py` has one. If not, we'll need to add it."),
        ("Read the ship and identify what to remove", "Look in `ship.py` for what is rusty."),
        ("Dry-run the voyage", "Trace it in `ship.py`. Confirm: it leaves, write in the log."),
        ("Read the current hull", "The hull of `ship.py` is:\n\n```python\nhull = 1\n```"),
    ],
)
def test_what_only_is_looked_at_waits_for_no_file(title: str, words: str) -> None:
    (step, commit) = steps(FILES + work(words, title) + COMMIT)
    assert isinstance(step, Confirm) or (isinstance(step, Manual) and step.files == ())
    assert isinstance(commit, Commit)


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Check the ship", "Check `ship.py` and fix the hull."),
        ("Verify the ship", "Confirm it floats, then update `ship.py`."),
        ("Review", "Review `ship.py`. Remove the rust."),
        ("Find the mast", "Find the mast in `ship.py`. Replace it."),
    ],
)
def test_what_is_looked_at_and_changed_is_work(title: str, words: str) -> None:
    (step, _) = steps(FILES + work(words, title) + COMMIT)
    assert isinstance(step, Manual)
    assert step.files == ("ship.py",)


def test_what_is_looked_at_leaves_a_file_known() -> None:
    old, new = "hull = 1\n", "hull = 2\n"
    text = f"### Task 1: X\n\n{FILES}" + work("Look at `ship.py`.", "Look") + (
        f"**Step 2: Change**\n\nIn `ship.py`, change from:{block(old)}To:{block(new)}"
    )  # fmt: skip
    (result,) = imported(text, {"ship.py": old}).tasks
    assert (result.exact, result.by_form) == (1, 0)


@pytest.mark.parametrize(
    "words",
    [
        "Do not commit yet.",
        "Don't commit — the next task does.",
        "No code change needed: it is in place.",
        "If failures occur, investigate.",
        "If anything fails, stop and report it.",
        "Example good output:\n\n```\n3 ships\n```",
        "The output should look like:\n\n```text\n3 ships\n```",
        "Check the ships",
    ],
)
def test_words_that_change_nothing_are_a_note(words: str) -> None:
    body = f"**Step 1: Check the ships**\n\nRun: `make ships`\n\n{words}\n"
    (step,) = steps(body)
    assert isinstance(step, Verify)
    if words != "Check the ships":
        assert words.split("\n")[0] in (step.note or "")


def test_what_is_read_first_stands_above_the_step_that_it_prepares() -> None:
    step, after = steps(
        FILES + "**Step 1: Read the ship**\n\nRead `ship.py` in full. Identify the mast.\n\n"
        "**Step 2: Look**\n\nRun: `make ships`\n\n**Step 3: Change it**\n\nPaint `ship.py`.\n"
    )
    assert isinstance(step, Verify)
    assert step.note == ("**Read the ship**\n\nRead `ship.py` in full. Identify the mast.")
    assert isinstance(after, Manual)


def test_a_search_for_the_place_of_a_change_prepares_that() -> None:
    (step,) = steps(
        FILES + "**Step 1: Identify the mast**\n\nSearch for `mast` to find its exact file.\n\n"
        "**Step 2: Look**\n\nRun: `make ships`\n"
    )
    assert isinstance(step, Verify)
    assert "Search for `mast`" in (step.note or "")


@pytest.mark.parametrize(
    "place",
    [
        "Insert after line 398 (after `hull`):",
        "In the `hull` function:",
        "Add below the imports:",
    ],
)
def test_a_sentence_that_announces_a_place_is_of_the_block_after_it(place: str) -> None:
    old, new = block("hull = 1\n"), block("hull = 2\n")
    change = f"In `ship.py`, change from:{old}To:{new}"
    (step,) = steps(f"{FILES}{place}\n\n**Step 1: Change it**\n\n{change}")
    assert isinstance(step, Edit)
    assert place.rstrip(":") in (step.note or "")
    (step,) = steps(f"{FILES}{place}\n\n**Step 1: Change it**\n\n```python\nx = 1\n```\n")
    assert isinstance(step, Manual)
    assert place in step.instructions


STEPS = (
    "**Step 1: Write the log**\n\nWrite its head in `ship.py`.\n\n"
    "**Step 2: Look**\n\nRun: `make ships`\n"
)


@pytest.mark.parametrize(
    "words",
    [
        "Create the log that each ship writes.",
        "Add a log to `ship.py`.",
        "**Goal:** Update what sailors read.",
    ],
)
def test_what_a_task_is_for_is_a_note_above_its_steps(words: str) -> None:
    (task,) = imported(f"### Task 1: Log\n\n{FILES}{words}\n\n{STEPS}").phase.tasks
    assert [type(each) for each in task.steps] == [Manual, Verify]
    assert words in (task.note or "")


@pytest.mark.parametrize(
    "words",
    [
        "Create the log, and add `boat.py`.",
        "Remove the anchor.",
        "To do:\n\n- Add the mast.\n- Write the log.",
    ],
)
def test_what_no_step_says_at_the_head_of_a_task_is_work(words: str) -> None:
    found = steps(f"{FILES}{words}\n\n{STEPS}")
    assert [type(each) for each in found] == [Manual, Manual, Verify]
    assert isinstance(found[0], Manual)
    assert words.split("\n")[0] in found[0].instructions


@pytest.mark.parametrize(
    ("goal", "needs", "leads"),
    [
        ("## Background and goal", "## Dependencies", "## Steps"),
        ("## Goal", "## Depends on", "## Implementation steps"),
        ("## 背景与目标", "## 依赖", "## 步骤"),
    ],
)
def test_what_a_task_is_for_and_needs_is_a_note_above_its_steps(
    goal: str, needs: str, leads: str
) -> None:
    head = (
        f"{goal}\n\nCreate the log.\n\n**Output:**\n- `log.py`\n\n{needs}\n\n- Task 1\n\n{leads}\n"
    )
    words = f"{head}\n{STEPS.replace('**Step', '### Step').replace('**', '')}"
    (task,) = imported(f"# Task 2: Log\n\n{words}").phase.tasks
    assert [type(each) for each in task.steps] == [Manual, Verify]
    assert "Create the log." in (task.note or "")
    (task,) = imported(f"# Task 2: Log\n\n{words.replace('Task 1', 'Add `oar.py`')}").phase.tasks
    assert len(task.steps) == 3


def test_a_step_that_says_it_is_none_stands_above_the_next() -> None:
    words = "No automated tests exist for it. Manual verification is required."
    (step,) = steps(FILES + work(words, "Write the test") + work("Paint `ship.py`.", "Paint"))
    assert isinstance(step, Manual)
    assert step.files == ("ship.py",)
    assert words in step.instructions
    body = (
        "**Step 1: Look**\n\nRun: `make ships`\n\n**Step 2: Weigh**\n\nNot applicable to ships.\n"
    )
    body += "\n**Step 3: No commit (verification only)**\n\nThis task produces no file changes.\n"
    assert [type(each) for each in steps(body)] == [Verify]


LOOK = "**Step 1: Look**\n\nRun: `make ships`\nExpected: PASS\n\n"


def test_work_that_only_the_files_block_says_is_a_step_before_the_commit() -> None:
    (step, check, commit) = steps(FILES + LOOK + COMMIT)
    assert isinstance(step, Manual)
    assert "Modify: `ship.py`" in step.instructions
    assert step.files == ("ship.py", "sail.py", "tests/test_ship.py")
    assert isinstance(check, Verify)
    assert commit == Commit("feat: x")
    # Without such a block, the plan commits nothing.
    assert [type(each) for each in steps(LOOK + COMMIT)] == [Verify, Commit]


@pytest.mark.parametrize(
    "step",
    [
        "**Step 1: Rebuild the sails**\n\nRun: `make ships`\nExpected: PASS\n\n",
        "**Step 1: Go on**\n\nRun: `make ships`\nExpected: No errors, updates sail.py\n\n",
    ],
)
def test_what_a_check_makes_for_the_commit_is_a_run_with_its_files(step: str) -> None:
    head = "**Files:**\n- Modify: `sail.py`\n\n"
    (run, commit) = steps(head + step + COMMIT)
    assert isinstance(run, Run)
    assert (run.command, run.files) == ("make ships", ("sail.py",))
    assert commit == Commit("feat: x")
    # Where something else is changed, it is a check of that.
    (_, check, _) = steps(head + work("Paint `sail.py`.", "Paint") + step + COMMIT)
    assert isinstance(check, Verify)


def test_a_command_that_is_left_to_a_person_waits_for_no_file() -> None:
    (step, commit) = steps(f"{FILES}**Step 1: Push**\n\nRun: `git push`\n\n{COMMIT}")
    assert isinstance(step, Manual)
    assert step.files == ()
    assert isinstance(commit, Commit)
    assert commit.files == ("ship.py", "sail.py", "tests/test_ship.py")


@pytest.mark.parametrize(
    "words",
    [
        "This already works. No change is needed in `ship.py`.",
        "**Status:** Completed 2024-05-06\n\nRemoved the old hull from `ship.py`.",
        "`ship.py` の変更は不要。",
    ],
)
def test_words_that_leave_nothing_to_change_wait_for_no_file(words: str) -> None:
    assert files_of(work(words, "The hull") + COMMIT)[0] == ()


def test_a_title_under_which_nothing_is_to_change_waits_for_no_file() -> None:
    titled = work("The hull in `ship.py` uses a `Mast`, which is still valid.", "Update ship.py")
    assert files_of(titled + COMMIT)[0] == ()
    assert files_of(work("The hull is old.", "Update ship.py") + COMMIT)[0] == ("ship.py",)


@pytest.mark.parametrize(
    "words",
    [
        "In `ship.py`, insert a new hull. The old one stays unchanged below.",
        "Update the hull in `ship.py`. No changes are needed in `sail.py`.",
    ],
)
def test_what_is_changed_beside_what_is_not_waits_for_its_file(words: str) -> None:
    assert "ship.py" in files_of(work(words, "The hull") + COMMIT)[0]


@pytest.mark.parametrize(
    "words",
    [
        "Rationale:\n- `ship.py` must not depend on the tide.\n",
        "Only the hull in `ship.py` is removed; the mast stays.\n",
        "Changes:\n1. `a` → `b` in `ship.py`, so that it becomes lighter.\n",
        f"The mast in `ship.py` is unchanged:{block('mast = 1')}",
    ],
)
def test_words_that_explain_an_edit_wait_for_no_file(words: str) -> None:
    edit = f"Append to `ship.py`:{block('hull = 1' + chr(10))}"
    found = steps(f"{FILES}{work(edit)}{words}\n{COMMIT}")
    assert isinstance(found[0], Edit)
    assert all(each.files == () for each in found if isinstance(each, Manual))
    # More of the same is work.
    found = steps(f"{FILES}{work(edit)}The same change goes into `sail.py`.\n\n{COMMIT}")
    assert [each.files for each in found if isinstance(each, Manual)] == [("sail.py",)]


def test_tests_that_are_written_are_not_waited_for_again() -> None:
    said = "**Testing:**\n\nTests must verify each of these:\n- Test that it floats\n\n"
    first = work("Write `tests/test_ship.py`: it floats.", "Write the tests")
    manuals = [each for each in steps(FILES + first + said + COMMIT) if isinstance(each, Manual)]
    assert [each.files for each in manuals] == [("tests/test_ship.py",), ()]
    # Where only the ship was built, they are to be written.
    manuals = [
        each
        for each in steps(FILES + work("Change `ship.py`.") + said + ADDED.format("ship.py tests/"))
        if isinstance(each, Manual)
    ]
    assert manuals[1].files != ()


def test_commands_that_may_be_a_text_wait_for_no_file() -> None:
    head = "**Files:**\n- Modify: `bin/ship.sh`\n\n"
    shell = block("shipyard --launch ship\n", "bash")
    assert files_of(work(f"See that it floats.{shell}", "Launch the ship") + COMMIT, head)[0] == ()
    assert files_of(work(f"Add this line:{shell}", "Ship") + COMMIT, head)[0] == ("bin/ship.sh",)


def test_a_later_task_commits_what_an_earlier_one_left_open() -> None:
    first = f"### Task 1: Paint\n\n{FILES}{work('Paint it.')}"
    second = f"### Task 2: Log\n\n**Files:**\n- Modify: `log.py`\n\n{work('Change `log.py`.')}"
    tasks = imported(f"{first}{second}{COMMIT}").phase.tasks
    assert tasks[1].steps[-1] == Commit(
        "feat: x", ("log.py", "ship.py", "sail.py", "tests/test_ship.py")
    )


def test_a_verification_waits_for_no_file() -> None:
    found = imported(
        f"### Task 1: X\n\n{FILES}{work('Paint `ship.py`.')}\n"
        "## Verification\n\n1. Change the tide in `sea.py`\n2. Look\n"
    )
    assert [each.files for each in found.phase.verification if isinstance(each, Manual)] == [()]


def test_a_name_without_its_folder_is_of_any_folder() -> None:
    head = "**Files:**\n- Modify: `ship.py`\n\n"
    files, committed = files_of(work("Write down its speed in `log.txt`.") + COMMIT, head)
    assert files == (Glob("**/log.txt"),)
    assert committed is None
    (step, _) = steps(head + work("Create `log.py`:" + block("x = 1\n")) + COMMIT)
    assert isinstance(step, Manual)
    assert Glob("**/log.py") in step.files


def test_what_may_be_changed_is_committed_beside_what_the_plan_adds() -> None:
    files, commit = files_of(work("If it leaks, change `ship.py`.") + ADDED.format("sail.py"))
    assert files == ()
    assert commit == ("sail.py", "ship.py")
    # What a person commits, what is new, and what the plan adds anyway is none of it.
    head = "**Files:**\n- Modify: `ship.py`\n- Create: `sea/.env`\n\n"
    own = "If it leaks, change `ship.py`, and then:" + block("git commit -am x\n", "bash")
    found = imported(f"### Task 1: A\n\n{head}{work(own)}### Task 2: B\n\n{ADDED.format('a.py')}")
    (commits,) = (each for each in found.phase.tasks[1].steps if isinstance(each, Commit))
    assert commits.files == ("a.py",)
    assert files_of(work("If needed, change `sea/.env`.") + ADDED.format("a.py"), head)[1] == (
        "a.py",
    )
    assert files_of(work("If it leaks, change `ship.py`.") + ADDED.format("."), head)[1] is not None


def test_what_a_task_without_a_commit_may_change_is_of_the_next_one() -> None:
    found = imported(
        f"### Task 1: A\n\n{FILES}{work('If it leaks, change `ship.py`.')}"
        f"### Task 2: B\n\n{work('Change `a.py`.')}{ADDED.format('a.py')}"
    )
    commit = found.phase.tasks[1].steps[-1]
    assert isinstance(commit, Commit)
    assert commit.files == ("a.py", "ship.py")


@pytest.mark.parametrize(
    ("then", "kind"),
    [
        ("If not, we'll need to add it in Task 4.", Confirm),
        ("If not, add it.", Manual),
        ("If not, we'll need to add it now.", Manual),
    ],
)
def test_what_another_task_does_is_no_work_of_the_one_that_looks_for_it(
    then: str, kind: type
) -> None:
    title = "**Step 1: Verify that the mast exists**\n\n"
    (step,) = steps(f"{title}Check if `mast` exists in the yard. {then}\n")
    assert isinstance(step, kind)

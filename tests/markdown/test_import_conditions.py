"""What a plan makes depend on something, or gives as one of several ways, is a person's to do."""

from __future__ import annotations

import pytest
from planning import STEP, block, imported, steps

from runbook.core.model.model import Commit, Edit, Manual, Run, Step, Verify
from runbook.core.model.operations import Glob
from runbook.markdown.importing.commands.orders import orders
from runbook.markdown.importing.words.conditions import (
    conditional,
    conditional_script,
    conditional_title,
)
from runbook.markdown.importing.words.ways import label

FILES = "**Files:**\n- Modify: `ship.py`\n- Delete: `old.py`\n\n"
SHELL = block("rm old.py\n", "bash")
MOVE = block("git mv old.py new.py\n", "bash")
APPEND = block("def row():\n    pass\n")
APPENDED = f"Append to `ship.py`:{APPEND}"


def kinds(body: str) -> list[type[Step]]:
    return [type(each) for each in steps(FILES + body)]


def manual(body: str) -> Manual:
    """The only step that these words become, which is a person's and waits for no file."""
    (step,) = steps(FILES + body)
    assert isinstance(step, Manual)
    assert step.files == ()
    return step


@pytest.mark.parametrize(
    "text",
    [
        f"Option A: Delete it{SHELL}Option B: Keep it, and empty it\n",
        f"**Option A (recommended):** delete it{SHELL}**Option B:**\n\n{APPENDED}",
        f"#### Option 1: Delete{SHELL}#### Option 2: Append\n\n{APPENDED}",
        f"- Branch A — it is empty:{SHELL}- Branch B — it is not:\n\n  Leave it.\n",
        f"**Approach 1:** Append\n\n{APPENDED}**Approach 2:** Delete{SHELL}",
        f"Path A: nothing uses it.{SHELL}Path B: something does.\n\n{APPENDED}",
        f"Delete it:{SHELL}Alternatively, append to it:{APPEND}",
        f"Delete it:{SHELL}Or, to keep it:{APPEND}",
        f"Run:{SHELL}Otherwise:{block('touch old.py', 'bash')}",
        "Either delete `old.py` or empty it.\n",
        f"Either run this:{SHELL}or this:{block('git rm old.py', 'bash')}",
        f"Choose one of these:{SHELL}{block('git rm old.py', 'bash')}",
        "Run: `make ships`. Alternatively, run `make boats`.\n",
        f"Variant A: delete{SHELL}Variant B: move{MOVE}",
        f"Choose one:\n\n**Delete**{SHELL}**Move**{MOVE}",
        f"There are two options:\n\n1. Delete it{SHELL}2. Move it{MOVE}",
        f"Two ways to do this:\n\n**a) Delete**{SHELL}**b) Move**{MOVE}",
        f"Run one of these commands:{SHELL}{MOVE}",
        f"Use whichever applies:{SHELL}{MOVE}",
        f"On macOS:{SHELL}On Linux:{MOVE}",
        f"**macOS / Linux:**{SHELL}**Windows:**{MOVE}",
        f"With npm:{SHELL}With yarn:{MOVE}",
        f"- **Yes** → delete it:{SHELL}- **No** → move it:{MOVE}",
        f"Strategy 1: delete{SHELL}Strategy 2: move{MOVE}",
        f"Scenario A: it is empty.{SHELL}Scenario B: it is not.{MOVE}",
        f"Delete it:{SHELL}or\n{MOVE}",
        f"Delete it:{SHELL}**OR**{MOVE}",
        f"Delete it:{SHELL}If you prefer, move it:{MOVE}",
        f"Delete it:{SHELL}Instead, you can move it:{MOVE}",
        f"Delete it:{SHELL}Another option is to move it:{MOVE}",
        f"(a) Delete it:{SHELL}(b) Or move it:{MOVE}",
        f"Preferred:{SHELL}A simpler alternative:{MOVE}",
        f"Case 1: it is empty.{SHELL}Case 2: it is not.{MOVE}",
        f"**Scenario 1 — empty:**\n\n{APPENDED}**Scenario 2 — full:**{MOVE}",
        f"First option: delete{SHELL}Second option: move{MOVE}",
        f"**Preferred way:** delete{SHELL}**Fallback:** move{MOVE}",
        f"Recommended: delete it{SHELL}Not recommended: move it{MOVE}",
        f"Recommended:\n\n{APPENDED}Not recommended:{MOVE}",
        f"Delete it:{SHELL}If that fails, move it:{MOVE}",
        f"Delete it:{SHELL}Failing that:{MOVE}",
        f"Delete it:{SHELL}Fallback if that does not work:{MOVE}",
        f"With Docker:{SHELL}Without Docker:{MOVE}",
        f"In CI:\n\n{APPENDED}Locally:{MOVE}",
        f"Delete it (macOS):{SHELL}Delete it (Linux):{MOVE}",
        f"If it passes, delete it:{SHELL}If it fails, move it:{MOVE}",
        f"Fresh clones:{SHELL}Clones from last year:{MOVE}",
        f"Harbours of the north:{SHELL}Harbours of the south:{MOVE}",
        f"Pick whichever you like:{SHELL}{MOVE}",
        f"Select the one for your system:{SHELL}{MOVE}",
        f"One of:{SHELL}{MOVE}",
        f"Delete it, or move it:{SHELL}{MOVE}",
        "Run `make ships` or `make boats`.\n",
        "Run: `make ships` (or `make boats`)\n",
        "Run: `make ships` on macOS, `make boats` on Linux\n",
        "**Branch A** — old\n\n```bash\ngit commit -m 'feat: a'\n```\n\n**Branch B** — new\n\n"
        "```bash\ngit commit -m 'feat: b'\n```\n",
    ],
)
def test_alternatives_are_one_step_of_a_person(text: str) -> None:
    words = manual(STEP + text).instructions
    for line in text.split("\n"):
        assert line.strip() in words


@pytest.mark.parametrize(
    "text",
    [
        f"If nothing uses it:{SHELL}",
        f"If you have no local harbour, delete it instead:{SHELL}",
        f"If you have no local harbour,\ndelete it instead:{SHELL}",
        f"Delete it only if nothing uses it:{SHELL}",
        f"Delete it unless something uses it:{SHELL}",
        f"Delete it when needed:{SHELL}",
        f"Optional: delete it{SHELL}",
        f"Optionally, delete it:{SHELL}",
        f"(only if it is empty){SHELL}",
        f"Delete the old one (if it is empty):{SHELL}",
        f"**If it is empty:**\n\nDelete it.{SHELL}",
        f"This step is optional. Delete the old one.{SHELL}",
        f"Skip this step if something uses it.{SHELL}",
        f"If it is empty, do the following.\n\nDelete it:{SHELL}",
        "Run `rm old.py` if nothing uses it.\n",
        "Run: `make ships` (if there are any)\n",
        "If there are ships, run `make ships`.\n",
        "Run: `make ships` only when the tide is in.\n",
        f"If the ship is old:\n\n{APPENDED}",
        f"If KEPT, append to `ship.py`:{APPEND}",
        f"Append to `ship.py` if it is missing:{APPEND}",
        f"In case it is missing, append to `ship.py`:{APPEND}",
        block("# If it exists\nrm old.py\n", "bash"),
        block("rm old.py  # only if nothing uses it\n", "bash"),
        block("# Optional: see the ships\nmake ships\n", "bash"),
        block("rm old.py\n# Or:\ngit mv old.py new.py\n", "bash"),
        block("# Option A\nrm old.py\n# Option B\ngit mv old.py new.py\n", "bash"),
        block("# if nothing is left to keep:\nrm old.py\n\n# or a stub:\ntouch old.py\n", "bash"),
        "1. If nothing uses it:\n\n   ```bash\n   rm old.py\n   ```\n",
        "如果没有使用:\n\n```bash\nrm old.py\n```\n",
        f"You may also delete it:{SHELL}",
        f"Feel free to delete it:{SHELL}",
        f"Consider deleting it:{SHELL}",
        f"As a fallback, delete it:{SHELL}",
        f"Nice to have:{SHELL}",
        f"Only run this when nothing uses it:{SHELL}",
        f"Run this only after the release is out:{SHELL}",
        f"As long as nothing uses it, delete it:{SHELL}",
        f"Should it be unused, delete it:{SHELL}",
        f"If it does not work, delete it:{SHELL}",
        f"For users of v1 only:{SHELL}",
        f"On Windows:{SHELL}",
        f"Is it empty? If so:{SHELL}",
        f"Check whether it is empty; if so, delete it:{SHELL}",
        f"> If nothing uses it:\n{SHELL}",
        block("# macOS\nrm old.py\n# Linux\ngit mv old.py new.py\n", "bash"),
        block("# with npm\nrm old.py\n# with yarn\ngit mv old.py new.py\n", "bash"),
        block("# choose one\nrm old.py\ngit mv old.py new.py\n", "bash"),
        block("# If the above fails:\nrm old.py\n", "bash"),
        block("# only needed once\nrm old.py\n", "bash"),
        block("# Windows: use its own shell\nrm old.py\n", "bash"),
        block("# macOS only\nrm old.py\n", "bash"),
        block("# Case 1: empty\nrm old.py\n# Case 2: full\ngit mv old.py new.py\n", "bash"),
        block("# Recommended\nrm old.py\n# Not recommended\ngit mv old.py new.py\n", "bash"),
        block("rm old.py\n# alternative: git mv old.py new.py\n", "bash"),
        block("# To undo\nrm old.py\n", "bash"),
        f"Where nothing uses it, delete it:{SHELL}",
        f"Where it is missing, append to `ship.py`:{APPEND}",
        f"Is it empty? Then delete it:{SHELL}",
        f"Is it missing?\n\n{APPENDED}",
        f"Should `make` fail, delete it:{SHELL}",
        f"Given that nothing uses it, delete it:{SHELL}",
        f"Except on Windows, delete it:{SHELL}",
        f"Upon approval, delete it:{SHELL}",
        f"After the release is out, delete it:{SHELL}",
        f"Append to `ship.py` once nothing uses it:{APPEND}",
        f"Delete it at your discretion:{SHELL}",
        f"Delete it, optionally:{SHELL}",
        f"Up to you:{SHELL}",
        f"If the harbour is closed, at least look at the ships:{block('make ships', 'bash')}",
        f"Rollback:\n\n{APPENDED}",
        f"To undo this:{SHELL}",
        f"Do not run this:{SHELL}",
        f"❌ {SHELL}",
        "Run: `make ships` optionally\n",
        "Delete `old.py`?\n",
    ],
)
def test_what_depends_on_something_is_a_persons(text: str) -> None:
    words = manual(STEP + text).instructions
    for line in text.split("\n"):
        assert line.strip() in words


@pytest.mark.parametrize(
    ("words", "ordered"),
    [
        ("Delete it:", True),
        ("Now delete the old one:", True),
        ("2. Then, from the root, clean up:", True),
        ("Ships are made by a generator. Generate them anew:", True),
        ("It is made by running this:", True),
        ("After the edit, run:", True),
        ("Once all tests pass, delete it:", True),
        ("Commands:", True),
        ("Exécuter :", True),
        ("Windows:", False),
        ("Users will then run:", False),
        ("CI runs:", False),
        ("Previously it was deleted by:", False),
        ("For reference:", False),
        ("Something like:", False),
        ("With nothing using it:", False),
        ("Maybe delete it:", False),
        ("Try to delete it:", False),
        ("Ideally, delete it:", False),
        ("Later, delete it:", False),
        ("Delete it after the release:", False),
        ("Get approval, then delete it:", False),
        ("Delete it. Only if nothing uses it.", False),
        ("Never run this:", False),
        ("In production, run:", False),
    ],
)
def test_only_what_is_ordered_is_changed_by_commands(words: str, ordered: bool) -> None:
    assert kinds(f"{STEP}{words}{SHELL}") == [Edit if ordered else Manual]
    # What only looks may stand under any words that are no condition.
    assert orders(words) == ordered


@pytest.mark.parametrize(
    "words",
    [
        "Users can then run:", "CI will run:", "The reviewer runs:", "Ask the user to run:",
        "On the server:", "In production:", "Inside the container:", "In another terminal:",
        "Terminal 2:", "As root:", "In the REPL:", "Previously:", "Before (old way):",
        "Instead of:", "This replaces:", "Output:", "You should see:", "Quick reference:",
        "To debug failures:", "Manual verification:", "Verify it by hand:", "Deploy:", "Later:",
        "First-time setup:", "Rationale:", "Prompt:",
    ],
)  # fmt: skip
def test_what_is_run_by_others_or_elsewhere_is_not_even_looked_at(words: str) -> None:
    assert kinds(f"{STEP}{words}{block('make ships' + chr(10), 'bash')}") == [Manual]


@pytest.mark.parametrize(
    ("comment", "kind"),
    [
        ("On the server:", Manual), ("On remote host (ada@ships):", Manual),
        ("In another terminal:", Manual), ("As root:", Manual),
        ("On the server side, hulls count", Verify), ("Expected output:", Verify),
        ("In the server package:", Verify),
    ],
)  # fmt: skip
def test_a_comment_above_a_command_may_lead_elsewhere(comment: str, kind: type) -> None:
    script = f"# {comment}\nmake ships\n"
    assert kinds(f"{STEP}Run:{block(script, 'bash')}") == [kind]


@pytest.mark.parametrize(
    "words",
    [
        "Server tests:", "Old tests still pass:", "Previous tests:", "In the server package:",
        "Before you commit:", "Before committing, run:",
        "Release build:", "In `web/`:", "The tests:", "Prerequisites:", "Backend:",
        "From the root:",
    ],
)  # fmt: skip
def test_what_only_looks_is_run_under_other_words(words: str) -> None:
    assert kinds(f"{STEP}{words}{block('make ships' + chr(10), 'bash')}") == [Verify]


@pytest.mark.parametrize("label", ["Expected output:", "Expected:", "**Expected output:**"])
def test_commands_that_are_expected_are_what_is_shown(label: str) -> None:
    text = f"Run:{block('make ships' + chr(10), 'bash')}{label}{block('ships' + chr(10), 'bash')}"
    (step,) = steps(FILES + STEP + text)
    assert isinstance(step, Verify)
    assert step.command == "make ships"


@pytest.mark.parametrize(
    "title",
    [
        "Delete it (if nothing uses it)", "Delete it (optional)", "Optional: delete it",
        "Optional — delete it", "If nothing uses it, delete it", "Delete it if nothing uses it",
        "Delete it, if needed", "Clean up as needed", "Delete it unless it is used",
        "(Optional) Delete it", "Alternatively, delete it", "Delete it (only when empty)",
        "Delete it (skip if used)", "Delete it (conditional)", "Rollback", "On Windows", "macOS",
        "(Windows only)", "Delete it (Linux)", "If that fails", "Fallback: delete it", "Delete it?",
        "Delete it, or move it", "After approval: delete it", "Once released, delete it",
        "After the merge", "Later: delete it", "Human decision: delete it", "Delete it once unused",
        "Maybe delete it", "Do not do this", "Delete it, optionally",
    ],
)  # fmt: skip
def test_a_title_makes_all_of_its_step_depend(title: str) -> None:
    assert conditional_title(title)
    step = manual(f"**Step 1: {title}**\n\n{APPENDED}Run: `make ships`\nExpected: PASS\n")
    assert step.title == title
    assert "make ships" in step.instructions


@pytest.mark.parametrize(
    "title",
    [
        "Test that it fails if it is empty", "Return nothing if it is empty", "Add ships",
        "Verify it works if it is empty", "Check if it exists", "Add the option A to the menu",
        "Run it (will skip if there is no ship)", "Add an optional argument", "Either way, go on",
        "Add a check to skip what is empty if asked", "Commit if all tests pass", "Or",
        "Add the optional parameter `x`", "Run the tests if all of them pass", "Add the fallback",
        "Conditional rendering of ships", "Make it work on Windows", "Add a manual mode",
        "Roll out the sails", "Undo the last move of a ship", "Retry once",
    ],
)  # fmt: skip
def test_a_title_that_says_what_a_program_does_is_no_condition(title: str) -> None:
    assert not conditional_title(title)


@pytest.mark.parametrize(
    "text",
    [
        f"If the list is empty it returns None.\n{APPENDED}",
        f"{APPENDED}If the list is empty, it returns None.\n",
        f"{APPENDED}It returns None when the ship is empty.\n",
        f"A ship sinks if it leaks.\n{APPENDED}",
        f"When the tide is in, ships leave.\n{APPENDED}",
        "Append to `ship.py`:" + block("# If it exists, or only if asked\nif row:\n    pass\n"),
        f"Even if it is empty, the ship is counted.\n{APPENDED}",
        f"Once all tests pass:\n{APPENDED}",
        f"The parser has two options: strict and lax.\n\n{APPENDED}",
        f"There are two ways a ship sinks, and both are counted.\n\n{APPENDED}",
        f"The Windows build is not touched.\n\n{APPENDED}",
        f"On Linux this is fast.\n\n{APPENDED}",
        f"You may see a warning.\n\n{APPENDED}",
        f"You can now append:\n\n{APPENDED}",
        f"Consider the empty ship: it has no rows.\n\n{APPENDED}",
        f"Add the fallback:\n\n{APPENDED}",
        f"For users the list is sorted.\n\n{APPENDED}",
        f"As long as it floats it is a ship.\n\n{APPENDED}",
        f"Only the first row is read:\n\n{APPENDED}",
        f"No rows are lost.\n\n{APPENDED}",
        f"Why? Because ships sink.\n\n{APPENDED}",
        f"On failure it returns None.\n\n{APPENDED}",
        f"Case 1: empty\n\n{APPENDED}",
        f"Delete the Windows version:{SHELL}",
        f"Nothing uses it now. Delete it:{SHELL}",
        f"Delete it, as nothing uses it:{SHELL}",
        f"a) Delete it:{SHELL}b) Then this:{MOVE}",
        block("# remove the optional module\nrm old.py\n", "bash"),
        block("# use git, not npm\nrm old.py\n", "bash"),
    ],
)
def test_behaviour_that_is_described_is_no_condition_of_an_edit(text: str) -> None:
    assert Edit in kinds(STEP + text)


@pytest.mark.parametrize(
    "text",
    [
        "Run: `make ships`\nExpected: PASS if there are ships\n",
        "Run: `make ships`\nExpected: FAIL, or PASS only if the tide is in\n",
        "Run: `make ships`\nExpected: PASS\n\nIf it fails, look into the hold.\n",
        "Run: `make ships`\nExpected: PASS\n\nIf any test fails: stop and ask.\n",
        "Run the tests to see if they pass:\n\n```bash\nmake ships\n```\n",
        "When all of them pass:\n\n```bash\nmake ships\n```\n",
        "```bash\n# Should print nothing if it is empty\nmake ships\n```\n",
        "```bash\n# Checks whether it is there\nmake ships\n```\n",
        "```bash\nmake ships  # fails if there are none\n```\n",
        "```bash\nmake ships -m 'if needed # or not'\n```\n",
    ],
)
def test_what_is_expected_is_no_condition_of_a_check(text: str) -> None:
    (step,) = steps(STEP + text)
    assert isinstance(step, Verify)


def test_a_text_given_to_a_command_has_no_comments() -> None:
    assert not conditional_script("cat > a.py <<'EOF'\n# If it exists\nx = 1\nEOF")
    assert conditional_script("cat > a.py <<'EOF'\nx = 1\nEOF\n# If it exists\nrm b.py")


@pytest.mark.parametrize(
    "words",
    [
        "Option A", "**Option A:** Delete", "Branch B — none", "Approach 2: Move", "1. Path C: x",
        "Alternative 1 (fast)", "Route #2: go",
    ],
)  # fmt: skip
def test_a_way_is_told_by_its_label(words: str) -> None:
    assert label(words) is not None


@pytest.mark.parametrize(
    "words",
    ["Option A is used here", "Options:", "Path handling: new", "Branch main", "Case study: x"],
)
def test_other_words_are_no_label_of_a_way(words: str) -> None:
    assert label(words) is None


def test_a_single_label_is_no_alternative() -> None:
    assert Edit in kinds(f"{STEP}Option A: delete it{SHELL}")


def test_what_is_to_be_done_where_a_count_is_another_is_no_step() -> None:
    check = "Run: `grep -c row ship.py`\n\nExpected: `14`\n\n"
    repair = "If less than 14, find the missing rows and add them again.\n"
    assert kinds(f"{STEP}{check}{repair}") == [Verify]
    assert kinds(f"{STEP}{repair}") == [Manual]
    assert kinds(f"{STEP}{check}If the ship is old, find its rows and add them.\n")[1:] == [Manual]


def test_what_is_to_be_done_where_a_check_fails_leaves_the_check_alone() -> None:
    text = f"Run: `make ships`\nExpected: PASS\n\nIf that fails, delete it:{SHELL}"
    assert kinds(STEP + text) == [Verify, Manual]
    assert kinds(f"{STEP}Delete it:{SHELL}To undo this:{MOVE}") == [Edit, Manual]


def test_ways_that_are_only_thought_about_hold_nothing_back() -> None:
    text = f"{APPENDED}Options:\n\n1. Keep it.\n2. Drop it.\n\nWe keep it.\n"
    assert Edit in kinds(STEP + text)


def test_what_is_done_after_announced_ways_is_not_one_of_them() -> None:
    text = f"Choose one:\n\n**Delete**{SHELL}**Move**{MOVE}Then run:{block('make ships', 'bash')}"
    assert kinds(STEP + text) == [Manual, Verify]


def test_steps_that_are_alternatives_become_one() -> None:
    (step,) = steps(
        f"{FILES}**Step 1: Option A — delete it**{SHELL}"
        f"**Step 2: Option B — append to it**\n\n{APPENDED}"
    )
    assert isinstance(step, Manual)
    assert "rm old.py" in step.instructions
    assert "def row()" in step.instructions
    found = kinds(f"**Step 1: Delete it**{SHELL}**Step 2: Alternatively, append**\n\n{APPENDED}")
    assert found == [Manual]


def test_what_follows_alternatives_in_another_step_is_done() -> None:
    found = steps(
        f"{FILES}{STEP}Option A:{SHELL}Option B: nothing\n\n**Step 2: Append**\n\n{APPENDED}"
        "**Step 3: Commit**\n\n```bash\ngit commit -m 'feat: x'\n```\n"
    )
    assert [type(each) for each in found] == [Manual, Edit, Commit]
    # What may have been changed is in the commit, and nobody waits for it.
    assert isinstance(found[2], Commit)
    assert found[2].files == ("ship.py", "old.py")


def test_only_what_stands_under_a_condition_depends_on_it() -> None:
    text = f"{APPENDED}If nothing uses the old one:{SHELL}Run: `make ships`\n"
    assert kinds(STEP + text) == [Edit, Manual, Verify]
    text = "- If it is there:\n\n  ```bash\n  rm old.py\n  ```\n\n"
    text += "- Then run:\n\n  ```bash\n  ls\n  ```\n"
    assert kinds(STEP + text) == [Manual, Verify]


@pytest.mark.parametrize(
    "head",
    [
        "### Task 1: Count (optional)\n\n",
        "### Task 1: Optional: count\n\n",
        "### Task 1: Delete if there are no ships\n\n",
        "### Task 1: Count\n\nThis task is optional.\n\n",
        "### Task 1: Count\n\nSkip this task if there are no ships.\n\n",
        "### Task 1: Count\n\nOnly do this task if there are ships.\n\n",
    ],
)
def test_all_of_a_task_may_depend_on_something(head: str) -> None:
    body = (
        f"**Step 1: Append**\n\n{APPENDED}**Step 2: Commit**\n\n```bash\ngit commit -m 'x'\n```\n"
    )
    found = imported(head + FILES + body)
    (task,) = found.phase.tasks
    (step,) = task.steps
    assert isinstance(step, Manual)
    assert step.files == ()
    assert "git commit -m 'x'" in step.instructions
    assert found.tasks[0].commits == 1


def test_tasks_that_are_alternatives_are_a_persons_each() -> None:
    found = imported(
        f"### Task 1: Branch A — keep\n\n{FILES}**Step 1: Append**\n\n{APPENDED}"
        f"### Task 2: Branch B — delete\n\n{FILES}**Step 1: Delete**{SHELL}"
        "### Task 3: Look\n\n**Step 1: Look**\n\nRun: `make ships`\n"
    )
    assert [[type(s) for s in t.steps] for t in found.phase.tasks] == [[Manual], [Manual], [Verify]]


@pytest.mark.parametrize(
    ("words", "leads", "runs", "is_one"),
    [
        ("If the list is empty, return None:", True, False, False),
        ("Add `load`. If no name is given, use the default:", True, False, False),
        ("Run the migration. If there is no base, use push:", True, True, True),
        ("If it is missing, create it:", True, False, True),
        ("When done, run:", True, True, False),
        ("If the user is signed out, they see nothing.", False, False, False),
        ("Set it up. If needed, add `x`.", False, False, True),
        ("It is checked if the file exists", False, False, False),
        ("Otherwise it is None.", False, False, False),
        ("Or so it seems.", False, False, False),
        ("Alternatively, `row` could be used, which is slower.", False, False, False),
    ],
)
def test_a_condition_is_one_of_what_is_to_be_done(
    words: str, leads: bool, runs: bool, is_one: bool
) -> None:
    assert conditional(words, leads=leads, runs=runs) == is_one


def test_a_condition_that_holds_back_a_commit_keeps_its_files_open() -> None:
    found = steps(f"{FILES}{STEP}If you like, add a line.\n\n**Commit:** `feat: x`\n\n")
    *work, commit = found
    assert all(isinstance(each, Manual) and not each.files for each in work)
    assert isinstance(commit, Commit)
    assert commit.files in (("ship.py", "old.py"), (Glob("**"),))
    assert not any(isinstance(each, Run) for each in found)


@pytest.mark.parametrize("title", ["Do not apply this one", "Don't change the mast", "不要修改"])
def test_what_stands_under_a_title_that_forbids_it_is_not_made(title: str) -> None:
    shown = "```diff\n-mast = 1\n+mast = 2\n```"
    (step,) = steps(
        f"**Files:**\n- Modify: `ship.py`\n\n**Step 1: {title}**\n\n{shown}\n",
        {"ship.py": "mast = 1\n"},
    )
    assert isinstance(step, Manual)
    assert step.files == ()


def test_a_title_that_reminds_of_something_forbids_nothing() -> None:
    shown = "```diff\n-mast = 1\n+mast = 2\n```"
    (step,) = steps(
        f"**Files:**\n- Modify: `ship.py`\n\n**Step 1: Don't forget the mast**\n\n{shown}\n",
        {"ship.py": "mast = 1\n"},
    )
    assert isinstance(step, Edit)


def test_what_is_not_to_be_changed_is_not_waited_for() -> None:
    shown = "```python\ndef sail():\n    return 0\n```"
    (step,) = steps(
        "**Files:**\n- Modify: `ship.py`\n\n**Step 1: Sail**\n\n"
        f"Do not change `sail` to:\n\n{shown}\n",
        {"ship.py": "def sail():\n    return 1\n"},
    )
    assert isinstance(step, Manual)
    assert step.files == ()


def test_a_file_with_at_least_what_is_shown_is_a_persons() -> None:
    for words in ("Create `ship.yaml` with at least:", "Create `ship.yaml` (at a minimum):"):
        (step,) = steps(
            "**Files:**\n- Create: `ship.yaml`\n\n**Step 1: Ship**\n\n"
            f"{words}\n\n```yaml\nmast: 1\n```\n",
            {},
        )
        assert isinstance(step, Manual), words

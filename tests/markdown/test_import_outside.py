"""What changes no file of the repository, or says only what a step is for, waits for none."""

from __future__ import annotations

import pytest
from planning import steps

from runbook.core.model.model import Commit, Confirm, Edit, Manual, Run, Step
from runbook.core.model.operations import Create, Target
from runbook.markdown.importing.words.outside import outside, without_references
from runbook.markdown.importing.words.vocabulary import plain

FILES = "**Files:**\n- Create: `sea/ship.py`\n- Modify: `sail.py`\n\n"
CREATE = "**Step 2: Create `sea/ship.py`**\n\n```python\nMASTS = 2\n```\n\n"
COMMIT = (
    "**Step 3: Commit**\n\n```bash\ngit add sea/ship.py sail.py\ngit commit -m 'feat: x'\n```\n"
)

OUTSIDE = [
    "Branch off from main.",
    "Create a feature branch `feat/ship` from `main`.",
    "Check out the `develop` branch.",
    "Switch to a new worktree.",
    "Rebase onto `upstream/main`.",
    "Pull the latest changes.",
    "Stash your changes.",
    "Tag the release.",
    "Bring up the database: `docker compose up -d`",
    "Start Postgres.",
    "In a second terminal, start the dev server.",
    "Kill the running server.",
    "Reset the test database.",
    "Activate the virtual environment.",
    "Set `SHIP_URL` in your shell.",
    "Export the token.",
    "Create a GitHub issue for the masts.",
    "Add a label to the pull request.",
    "Assign the ticket to yourself.",
    "Request a review.",
    "Tell the team.",
    "Generate an API key in the admin console.",
    "Configure branch protection in the repository settings.",
    "Apply the migration.",
    "Log in to the registry.",
]
WORK = [
    "Add a branch to the parser for empty ships.",
    "Start the loop at 1.",
    "Create a server for ships.",
    "Stop the loop at the first mast.",
    "Tag each ship with its harbour.",
    "Send a mail to the team when a ship leaves.",
    "Merge the two tables.",
    "Pull the helper out of the loop.",
    "Create the issue tracker's client.",
    "Set the variable in the constructor.",
    "Assign the mast to the ship.",
    "Reset the server's counter after each ship.",
    "Apply the migration helper to each table.",
    "Notify the harbour whenever a ship leaves.",
    "Record each ship in the log.",
]


@pytest.mark.parametrize("words", OUTSIDE)
def test_an_order_outside_of_the_files_is_told(words: str) -> None:
    assert outside(plain(words))


@pytest.mark.parametrize("words", WORK)
def test_an_order_of_the_code_that_sounds_alike_is_work(words: str) -> None:
    assert not outside(plain(words))


def before_the_edit(step: str) -> list[Step]:
    found = list(steps(FILES + step + CREATE + COMMIT))
    assert isinstance(found[-2], Edit)
    assert isinstance(found[-1], Commit)
    return found[:-2]


def waits_for(found: list[Step]) -> list[Target]:
    return [file for each in found if isinstance(each, Manual) for file in each.files]


@pytest.mark.parametrize("words", OUTSIDE)
@pytest.mark.parametrize("form", ["**Step 1: {}**\n\n", "**Step 1: Prepare**\n\n{}\n\n"])
def test_what_is_done_outside_waits_for_no_file(form: str, words: str) -> None:
    found = before_the_edit(form.format(words.rstrip(".")))
    assert len(found) == 1
    assert isinstance(found[0], Manual | Confirm)
    assert not waits_for(found)


@pytest.mark.parametrize("words", [each for each in WORK if " loop at " not in each])
def test_work_waits_for_what_is_committed(words: str) -> None:
    assert waits_for(before_the_edit(f"**Step 1: {words}**\n\n")) == ["sail.py"]


@pytest.mark.parametrize(
    ("words", "files"),
    [
        ("Install the packages.", []),
        ("Run the generator of the harbour.", []),
        ("Read the harbour's rules, and start the server.", []),
        # What its own words name is waited for.
        ("Install the packages into `sail.py`.", ["sail.py"]),
        ("Install the packages, and add the new one to the list.", ["sail.py"]),
    ],
)
def test_what_is_only_run_waits_for_the_files_that_it_names(words: str, files: list[str]) -> None:
    assert waits_for(before_the_edit(f"**Step 1: Prepare**\n\n{words}\n\n")) == files


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("Branch `feat/ship` from `origin/main`.", "Branch `` from ``."),
        ("Rebase onto `up/main`, edit `sea/ship.py`.", "Rebase onto ``, edit `sea/ship.py`."),
        ("Check out `sea/ship.py`.", "Check out `sea/ship.py`."),
        ("On the `fix/mast` branch, edit `sea/ship`.", "On the `` branch, edit `sea/ship`."),
    ],
)  # fmt: skip
def test_a_branch_is_no_file_though_it_is_named_like_one(words: str, left: str) -> None:
    assert without_references(words) == left


def test_a_branch_is_waited_for_by_no_step() -> None:
    step = "**Step 1: Begin**\n\nCreate a branch `feat/ship`, and add a mast to `sail.py`.\n\n"
    assert waits_for(before_the_edit(step)) == ["sail.py"]


GOALS = [
    "**Purpose:** Add ships to the harbour.",
    "**Goal:** Create `sea/ship.py`, so that ships can sail.",
    "**Why:** Ships sink. Replace them before that.",
    "Objective: Make `sail.py` shorter.",
    "**Background**: Extend what was there.",
    "**Outcomes:**\n\n- Add ships\n- Replace boats",
    "**Acceptance criteria:**\n\n- Add no dependency",
    "**目的:** `sea/ship.py` を追加する。",
]


@pytest.mark.parametrize("goal", GOALS)
def test_a_label_that_says_what_for_is_a_note_of_the_task(goal: str) -> None:
    found = steps(f"{goal}\n\n{FILES}{CREATE}{COMMIT}")
    assert [type(each) for each in found] == [Edit, Commit]


@pytest.mark.parametrize("goal", GOALS)
def test_a_label_that_says_what_for_is_a_note_of_its_step(goal: str) -> None:
    titled, _, block = CREATE.partition("\n\n")
    first, _ = steps(f"{FILES}{titled}\n\n{goal}\n\n{block}{COMMIT}")
    assert isinstance(first, Edit)
    assert isinstance(first.changes[0], Create)
    assert (first.note or "").startswith(goal.partition("\n")[0])


def test_a_command_under_a_label_that_says_what_for_is_run() -> None:
    first, _ = steps(
        "**Step 1: Make the folder**\n\n**Purpose:** Add a place for ships.\n\n"
        "```bash\nmkdir -p sea\n```\n\n**Commit:** `feat: x`\n"
    )
    assert isinstance(first, Run)
    assert first.note == "**Purpose:** Add a place for ships."


def test_a_label_with_an_order_below_it_is_work() -> None:
    words = "**Purpose:** Ships sail.\nAdd a mast to `sail.py`."
    first, _ = steps(f"{FILES}**Step 1: Masts**\n\n{words}\n\n{COMMIT}")
    assert isinstance(first, Manual)
    assert first.files == ("sail.py", "sea/ship.py")


def test_a_label_alone_under_a_title_is_what_a_person_is_told_to_do() -> None:
    first, _ = steps(f"{FILES}**Step 1: Add masts to `sail.py`**\n\n{GOALS[0]}\n\n{COMMIT}")
    assert isinstance(first, Manual)
    assert GOALS[0] in first.instructions


@pytest.mark.parametrize("head", [GOALS[0], f"{GOALS[0]}\n\n**Approach:** Use masts."])
def test_a_task_whose_head_is_all_that_it_says_is_a_persons_work(head: str) -> None:
    found = steps(f"{head}\n\n**Commit:** `feat: x`\n")
    assert isinstance(found[0], Manual)
    assert GOALS[0] in found[0].instructions


def test_what_stands_above_the_steps_waits_only_for_what_it_names() -> None:
    head = (
        "**Rules:**\n\n1. Read the harbour's rules, and follow them.\n\n"
        "Replace what isn't counted.\n\n"
    )
    first, second = before_the_edit(f"{head}**Step 1: Paint `sail.py`**\n\n")
    assert isinstance(first, Manual)
    assert "Replace what" in first.instructions
    assert first.files == ()
    assert isinstance(second, Manual)
    assert second.files == ("sail.py",)


def test_a_files_block_is_none_of_the_words_around_it() -> None:
    head = "**Source:** `old/ship.rb`, 12 lines.\n\n"
    api = "**What is public:**\n\n- `sail(ship)`\n- `MASTS`\n\n"
    found = steps(f"{head}{FILES}{api}{CREATE}{COMMIT}")
    assert [type(each) for each in found] == [Edit, Commit]


def test_a_file_that_a_later_step_creates_is_not_waited_for() -> None:
    only = COMMIT.replace(" sail.py", "")
    first, edit, commit = steps(f"{FILES}**Step 1: Add what ships need**\n\n{CREATE}{only}")
    assert isinstance(first, Manual)
    assert first.files == ()
    assert isinstance(edit, Edit)
    assert isinstance(commit, Commit)


def test_a_file_that_was_created_before_may_be_changed_by_a_person() -> None:
    edit, second, _ = steps(
        "**Files:**\n- Create: `sea/ship.py`\n\n"
        f"{CREATE}**Step 3: Fill it**\n\nAdd the other masts.\n\n"
        "```bash\ngit add sea/ship.py\ngit commit -m 'feat: x'\n```\n"
    )
    assert isinstance(edit, Edit)
    assert isinstance(second, Manual)
    assert second.files == ("sea/ship.py",)


@pytest.mark.parametrize("words", ["branch off and add ", "after a, ", "branch `a/b` from `c/d` "])
def test_words_over_and_over_are_read_soon(words: str) -> None:
    assert steps(f"{FILES}**Step 1: Do it**\n\n{words * 4000}\n\n{COMMIT}")


@pytest.mark.parametrize(
    "head",
    [
        "**Deliverables:**\n\n- Create `sea/ship.py`\n- Update the masts",
        "**Key changes:**\n\n- Add `Ship`\n- Remove `Boat`",
        "#### Overview\n\nAdd ships to the harbour, and remove boats.",
    ],
)
def test_what_lists_the_outcome_above_a_step_is_a_note(head: str) -> None:
    for steps_below in (CREATE, f"{CREATE.partition('**Step 3')[0]}{COMMIT}"):
        found = steps(f"{head}\n\n{FILES}{steps_below}{COMMIT}")
        assert isinstance(found[0], Edit)


REMARKS = [
    "**Important:** Do not change `sail.py`.",
    "**Warning:** Never edit `sail.py` by hand; it is generated.",
    "**Tip:** Use two masts.",
    "**Reference:** Follow `boat.py`.",
]


@pytest.mark.parametrize("remark", REMARKS)
def test_a_remark_above_a_block_is_its_note(remark: str) -> None:
    titled, _, block = CREATE.partition("\n\n")
    first, _ = steps(f"{FILES}{titled}\n\n{remark}\n\n{block}{COMMIT}")
    assert isinstance(first, Edit)
    assert first.note == remark


def test_a_remark_that_orders_something_is_work() -> None:
    remark = "**Important:** Update `sail.py` as well."
    found = steps(f"{FILES}**Step 1: Masts**\n\n{remark}\n\n{COMMIT}")
    assert isinstance(found[0], Manual)
    assert remark.partition("** ")[2] in found[0].instructions


@pytest.mark.parametrize(
    "words", ["Add masts. Do not change `sail.py`.", "Add masts without touching `sail.py`."]
)
def test_a_file_that_is_not_to_be_changed_is_not_waited_for(words: str) -> None:
    only = COMMIT.replace(" sail.py", "")
    first, _ = steps(f"{FILES}**Step 1: Masts**\n\n{words}\n\n{only}")
    assert isinstance(first, Manual)
    assert first.files == ("sea/ship.py",)


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/home/ada/docks/dock.py", Manual), ("../docks/dock.py", Manual), ("dock.py", Commit)],
)
def test_what_is_elsewhere_is_committed_there(path: str, kind: type) -> None:
    *_, last = steps(
        f"**Files:**\n- Modify: `{path}`\n\n**Step 1: Mend**\n\nMend the dock.\n\n"
        "**Commit:** `fix: mend the dock`\n"
    )
    assert isinstance(last, kind)

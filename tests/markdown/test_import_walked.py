"""Imports walked by someone who has only the screen: each step can be passed, and none harms."""

from __future__ import annotations

import pytest
from planning import block, steps

from runbook.core.matching.texts import Text
from runbook.core.model.model import Commit, Confirm, Edit, Manual, Run, Step, Verify
from runbook.core.model.operations import Create, Delete, Glob, Target
from runbook.markdown.importing.words.filelist import parse_path

FILES = "**Files:**\n- Modify: `sea/ship.py`\n- Modify: `sail.py`\n- Test: `tests/test_ship.py`\n\n"
COMMIT = "**Commit:** `feat: x`\n"
ANY_B = Glob("**/b.yml")


def work(words: str, title: str = "Make it faster") -> str:
    return f"**Step 1: {title}**\n\n{words}\n\n"


def manual_files(body: str, head: str = FILES) -> tuple[Target, ...]:
    (manual,) = (each for each in steps(head + body) if isinstance(each, Manual))
    return manual.files


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("a/b.py:12", (12, 12)),
        ("a/b.py:~12-20", (12, 20)),
        ("a/b.py#L12-L20", (12, 20)),
        ("a/b.py:2881+", None),
        ("a/b.py:12ff", None),
    ],
)
def test_lines_behind_a_path_are_none_of_its_name(code: str, lines: tuple[int, int] | None) -> None:
    found = parse_path(code)
    assert found is not None
    path, ranges = found
    assert path == "a/b.py"
    assert [(each.first, each.last) for each in ranges] == ([lines] if lines else [])


@pytest.mark.parametrize(
    ("words", "files"),
    [
        ("Write tests for `sea/ship.py`.", ()),
        ("Add more coverage of `sea/ship.py` to `tests/test_ship.py`.", ("tests/test_ship.py",)),
        ("Build it like `sea/ship.py`, in `sail.py`.", ("sail.py",)),
        ("Follow the pattern in `sea/ship.py`.", ()),
        ("Copy the hull from `sea/ship.py` into `sail.py`.", ("sail.py",)),
        # What is taken away from a file changes it, and what is moved may.
        ("Remove the hull from `sea/ship.py`.", ("sea/ship.py",)),
        ("Move the hull from `old/boat.py` into `sail.py`.", ("sail.py", "old/boat.py")),
        ("Move the hull from `old/boat.py`.", ()),
        ("Add the imports to `sail.py`.", ("sail.py",)),
        ("Update all imports of `sea/ship.py`.", ()),
        ("Change all references to `sea/ship.py` in `sail.py`.", ("sail.py",)),
        ("Copy `sea/ship.py` to `sail.py`.", ("sail.py",)),
        # Several are named in one go.
        ("Update `old/a.yml` and `old/b.yml`.", ("old/a.yml", "old/b.yml")),
        ("Add masts to `sail.py`, `old/a.yml` and/or `b.yml`.", ("sail.py", "old/a.yml", ANY_B)),
        # It may be the other.
        ("Change `sail.py` or create a new module for it.", ()),
    ],
)
def test_a_file_that_is_only_followed_or_tested_is_not_waited_for(
    words: str, files: tuple[Target, ...]
) -> None:
    assert manual_files(work(words) + COMMIT) == files


def test_the_only_file_of_a_task_is_what_its_words_are_about() -> None:
    head = "**Files:**\n- Modify: `tests/test_ship.py`\n\n"
    words = "Add cases. Follow the patterns in `tests/test_ship.py`."
    assert manual_files(work(words) + COMMIT, head) == ("tests/test_ship.py",)


@pytest.mark.parametrize(
    "words",
    [
        "Audit each part of `sea/ship.py` and ensure that one of these holds:\n\n1. It sails.",
        "Walk through `sea/ship.py`, and make sure that each mast is counted.",
        "`tests/test_ship.py` already covers these:\n\n- sailing\n- anchoring",
    ],
)
def test_what_may_be_right_as_it_is_waits_for_no_change(words: str) -> None:
    assert manual_files(work(words, "Implementation") + COMMIT) == ()


FIELDS = """\
**Spec Coverage:** R-1, R-2
**Task Outcome:** Ships are counted in `sea/ship.py`.
**Plan Constraints:**
- Create no second list.
- Add nothing to `sail.py` that is not counted.
**Open Questions:** none

"""


def test_fields_above_the_steps_are_a_note() -> None:
    first, second = steps(
        FIELDS
        + FILES
        + "- [ ] **Step 1: Change `sea/ship.py`**\n\n- [ ] **Step 2: Paint `sail.py`**\n"
    )
    assert isinstance(first, Manual)
    assert first.files == ("sea/ship.py",)
    assert isinstance(second, Manual)


def run(command: str, commit: str = "api") -> Step:
    body = f"**Step 1: Clean up**\n\nRun: `{command}`\n\n"
    body += f"```bash\ngit add {commit}\ngit commit -m 'chore: x'\n```\n"
    return steps("**Files:**\n- Delete: `old/a.py`\n\n" + body)[0]


@pytest.mark.parametrize("command", ["rm -rf notes", "cd web && rm -rf old2", "rm -r ship data"])
def test_a_folder_of_which_the_task_says_nothing_else_is_removed_by_a_person(command: str) -> None:
    step = run(command)
    assert isinstance(step, Manual)
    assert step.files == ()
    assert command in step.instructions


@pytest.mark.parametrize(
    "command",
    ["rm -rf old", "rm -rf api/v*/", "rm -rf dist && make", "rm -rf web/.next", "rm old/b.txt"],
)
def test_a_folder_that_the_task_names_or_builds_is_removed(command: str) -> None:
    assert not isinstance(run(command), Manual)


@pytest.mark.parametrize(
    "command",
    ["npx shadcn@latest add https://ui.example/r/a.json", "uvx --from git+https://x.example/a b"],
)
def test_what_is_fetched_by_its_address_is_run_by_a_person(command: str) -> None:
    assert isinstance(run(command), Manual)


def test_a_command_that_writes_what_it_likes_may_write_what_is_committed() -> None:
    step, _ = steps(
        "**Step 1: Regenerate**\n\nRun: `cd docs && node scripts/generate-pages.js`\n\n"
        "```bash\ngit add content/api\ngit commit -m 'docs: x'\n```\n"
    )
    assert isinstance(step, Run)
    assert step.files == (Glob("docs/**"), Glob("content/api/**"))


def test_a_command_whose_files_are_known_writes_no_others() -> None:
    step, commit = steps(
        "**Step 1: Prepare**\n\nRun: `mkdir -p docs/new`\n\n"
        "```bash\ngit add content/api\ngit commit -m 'docs: x'\n```\n"
    )
    assert isinstance(step, Run)
    assert step.files == (Glob("docs/new/**"),)
    assert isinstance(commit, Commit)


def seen(body: str) -> list[type[Step]]:
    return [type(each) for each in steps(FILES + body)]


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Verify in the browser", "Open the harbour page. The ships should be listed."),
        ("Implementation", "Restart the editor. Open `sea/ship.py` and see the new hull."),
        ("Review", "Review the output."),
        ("Hand over", "Ask the user whether the colour is right."),
        ("The hull", "In the harbour view: verify that `sea/ship.py` floats."),
        ("Look at it", "Make sure that the page loads."),
        ("Launch", "Look at the page, and make sure that no error appears."),
        ("Verify it", "Confirm the mast stands.\n\n**No commit** — verification only."),
        ("Verification", "Visual inspection of `sail.py`."),
        ("Harbour checklist", "- [ ] Ships are listed\n- [ ] The page loads"),
    ],
)
def test_what_has_someone_look_and_judge_asks_for_a_yes(title: str, words: str) -> None:
    assert seen(work(words, title)) == [Confirm]


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Go on", "Restart the server."),
        ("Decide", "Decide by what the check results say."),
        (
            "Testing",
            "Test class: `TestShip` in `tests/test_ship.py`. Tests must verify that it floats.",
        ),
        ("Check it", "Search for old masts in `sail.py`. These would need updating too."),
        ("Verify it", "Check `sail.py` and fix any errors."),
        ("Refresh the list in `sail.py`", "It should be short."),
        ("Start", "Open http://localhost:8000.\n\nRun: `npm run dev`"),
    ],
)
def test_what_is_to_be_done_is_no_question(title: str, words: str) -> None:
    assert set(seen(work(words, title))) == {Manual}


def test_uat_steps_are_a_question_in_the_plans_own_words() -> None:
    (step,) = steps(FILES + "**UAT Steps:**\n\n1. [ ] Open the page\n2. [ ] See the ships\n")
    assert isinstance(step, Confirm)
    assert step.question == "1. [ ] Open the page\n2. [ ] See the ships\n"


@pytest.mark.parametrize(
    "words",
    [
        "If failures occur, investigate whether they are of this change.",
        "The helpers are covered by the tests of phase 3.",
        "**Design note:** the hull is counted once, because masts are counted twice.",
        "**Rationale:** masts must be counted first.",
    ],
)
def test_what_asks_for_nothing_is_a_note(words: str) -> None:
    found = steps(FILES + work("Run: `make ship`", "Check") + f"**Step 2: Outcome**\n\n{words}\n")
    assert len(found) == 1
    assert isinstance(found[0], Verify)
    assert words.split("**")[-1].strip() in (found[0].note or "")


def test_a_command_behind_a_dash_or_in_a_title_is_run() -> None:
    (step,) = steps("- [ ] **Step 1: Run the check** — `make check -q` (all). Expected: PASS.\n")
    assert isinstance(step, Verify)
    assert (step.command, step.expect.prose) == ("make check -q", "PASS.")
    (step,) = steps("**Step 1: Run the tests: `make test -q`**\n")
    assert isinstance(step, Verify)
    assert step.command == "make test -q"
    # Other steps may show code behind a dash.
    (step,) = steps("- [ ] **Step 1: Write the check** — `make check -q` is to pass.\n")
    assert isinstance(step, Manual)


def test_what_is_looked_at_before_a_commit_of_nothing_else_may_be_changed() -> None:
    first, commit = steps(FILES + work("Open the page. It should load.", "Try it") + COMMIT)
    assert isinstance(first, Manual)
    assert first.files == ()
    assert isinstance(commit, Commit)
    edit = work("Change `sail.py`.") + "**Step 2: Try it**\n\nOpen the page. It should load.\n\n"
    assert [type(each) for each in steps(FILES + edit + COMMIT)] == [Manual, Confirm, Commit]


ADDED = "**Step 3: Commit**\n\n```bash\ngit add a.py sail.py\ngit commit -m 'feat: x'\n```\n"


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Get approval", "Share the drawing with the user and wait for approval."),
        ("Record the baseline", "Note the current count: it is needed in step 4."),
        ("Clean up", "Delete the temporary files that were made."),
        ("Deploy", "Deploy to staging and verify that the page loads."),
        ("Screenshots", "Take screenshots of the harbour for the PR."),
        ("Stop here", "Stop and report to the user. Do not continue until they confirm."),
        ("Validate it", "Validate that `sail.py` has the key; add it if it is missing."),
        ("Sails", "Keep `sail.py` as it is."),
        ("Commit", "Commit the changes with a good message."),
        ("Open the PR", "Push the branch. Open a PR and wait for CI."),
    ],
)
def test_what_happens_elsewhere_or_may_be_nothing_waits_for_no_file(title: str, words: str) -> None:
    edit = work("Change `sail.py`.")
    step = f"**Step 2: {title}**\n\n{words}\n\n"
    found = [each for each in steps(FILES + edit + step + ADDED) if not isinstance(each, Commit)]
    assert isinstance(found[0], Manual)
    # Or it is a note.
    assert all(isinstance(each, Confirm) or getattr(each, "files", 0) == () for each in found[1:])


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Deploy script", "Deploy to staging in `sail.py` by the new name."),
        ("Send the mail", "Send a mail when a ship leaves."),
        ("Push notifications", "Add push notifications."),
        ("Clean up `sail.py`", "Remove the old sail."),
        ("Show the banner", "Show a banner in `sail.py` where the ship is late."),
    ],
)
def test_features_called_like_that_are_work(title: str, words: str) -> None:
    step = f"**Step 2: {title}**\n\n{words}\n\n"
    (manual, _) = steps(FILES + step + ADDED)
    assert isinstance(manual, Manual)
    assert manual.files


BLOCK = (
    "\n\n```python\nfor each in ()\n```\n\n"
    "```bash\ngit add sail.py && git commit -m 'feat: x'\n```\n"
)


@pytest.mark.parametrize(
    "lead",
    [
        "In `sail.py`, replace:",
        "In `sail.py` change the loop:",
        "Inside `hoist()` in `sail.py`, add:",
        "It is slow. Now, in `sail.py`, remove:",
    ],
)
def test_a_change_before_a_commit_is_never_lost_as_a_note(lead: str) -> None:
    made = steps(f"{lead}{BLOCK}")
    assert not all(isinstance(each, Commit) for each in made), made


@pytest.mark.parametrize("lead", ["In `sail.py`, the loop is slow:", "For now it looks like this:"])
def test_what_explains_the_commit_after_it_is_a_note(lead: str) -> None:
    assert not any(isinstance(each, Manual) for each in steps(f"{lead}{BLOCK}"))


def test_a_name_that_a_list_shows_is_expected_of_the_list() -> None:
    both = "```bash\nls -la sea/\ncat sea/ship.py\n```\n\n"
    listed, shown = steps(f"**Step 1: Look**\n\n{both}Expected: See `ship.py` and `boat.py`.\n")
    assert isinstance(listed, Verify)
    assert listed.expect.contains == ("ship.py", "boat.py")
    assert isinstance(shown, Verify)
    assert shown.expect.contains == ()
    # Something else is what the last one shows.
    listed, shown = steps(f"**Step 1: Look**\n\n{both}Expected: See `MASTS = 2`.\n")
    assert isinstance(shown, Verify)
    assert shown.expect.contains == ("MASTS = 2",)


RUN = "Run: `make ship`\n\n"


@pytest.mark.parametrize(
    "words",
    [
        "This only looks. The ship was painted in task 1.\n\n1. Verify the ship:",
        "The hull is next.\n\nCheck it:",
    ],
)
def test_words_that_lead_to_a_command_are_its_note(words: str) -> None:
    (step,) = steps(FILES + work(f"{words}\n\n{RUN}", "Verification"))
    assert isinstance(step, Verify)
    assert (step.note or "").startswith(words.partition("\n")[0])


@pytest.mark.parametrize(
    "words",
    [
        "1. In `sail.py`, remove the masts.\n\n2. Verify the ship:",
        "The old masts must be replaced in `sail.py`.\n\nCheck it:",
    ],
)
def test_an_order_above_words_that_lead_to_a_command_is_work(words: str) -> None:
    manual, step = steps(FILES + work(f"{words}\n\n{RUN}", "Implementation"))
    assert isinstance(manual, Manual)
    assert isinstance(step, Verify)


@pytest.mark.parametrize(
    "title",
    ["Live smoke test (manual)", "Manual test — new harbour", "Sail it (by hand, once)"],
)
def test_commands_of_a_manual_test_are_a_persons(title: str) -> None:
    (step,) = steps(FILES + work(RUN, title))
    assert isinstance(step, Manual)
    assert step.files == ()
    assert "make ship" in step.instructions


@pytest.mark.parametrize("title", ["Update the manual", "Replace manual steps", "Test it"])
def test_other_titles_leave_commands_to_the_run(title: str) -> None:
    assert any(isinstance(each, Verify) for each in steps(FILES + work(RUN, title)))


def test_a_step_of_which_nothing_is_needed_is_a_note() -> None:
    words = "The masts are counted elsewhere, so no local verification is needed."
    (step,) = steps(FILES + work(RUN, "Check") + f"**Step 2: Masts should be no-ops**\n\n{words}\n")
    assert isinstance(step, Verify)
    assert words in (step.note or "")


def test_what_announces_the_change_below_it_is_no_work_of_its_own() -> None:
    change = "```python\nmast = 1\n```\n\nWith:\n\n```python\nmast = 2\n```\n\n"
    words = (
        "Apply the same change as in task 1 to all three places.\n\nReplace each occurrence of:\n\n"
    )
    (edit,) = steps("**Files:**\n- Modify: `sail.py`\n\n" + work(f"{words}{change}"))
    assert isinstance(edit, Edit)
    assert edit.note == "Apply the same change as in task 1 to all three places."
    # Words that name another file are more than that.
    found = steps(
        FILES
        + work(f"Apply the same change to `sea/ship.py`.\n\nIn `sail.py`, replace:\n\n{change}")
    )
    assert isinstance(found[0], Manual)


def test_what_else_is_done_in_the_file_is_work_beside_the_change_below_it() -> None:
    words = "In `sail.py`, add a mast to the line that counts them."
    change = f"Insert after `mast = 1`:{block('mast += 1')}"
    found = steps("**Files:**\n- Modify: `sail.py`\n\n" + work(f"{words}\n\n{change}"))
    assert [type(each) for each in found] == [Manual, Edit]


@pytest.mark.parametrize(
    "words",
    [
        "If this prints nothing (e.g. on a fresh clone), stop: the plan needs it.",
        "If there are fewer, investigate.",
        "If it shows more, investigate.",
    ],
)
def test_what_to_do_where_a_count_is_off_is_a_note_of_the_check(words: str) -> None:
    (step,) = steps(FILES + work(f"Run: `wc -l sail.py`\n\nExpected: `14`\n\n{words}", "Count"))
    assert isinstance(step, Verify)
    assert words in (step.note or "")


def test_what_depends_on_a_count_is_still_a_persons() -> None:
    words = "Run: `make masts`"
    found = steps(
        FILES
        + work("Run: `wc -l sail.py`", "Count")
        + f"**Step 2: If there are fewer, make them**\n\n{words}\n"
    )
    assert isinstance(found[1], Manual)


def test_a_file_of_another_project_is_not_waited_for() -> None:
    shown = "Create a test file `.ship.json` in any workspace:\n\n```json\n{}\n```\n\nOpen it.\n\n"
    found = steps(FILES + work("Change `sail.py`.") + f"**Step 2: Try it**\n\n{shown}" + COMMIT)
    assert [each.files for each in found if isinstance(each, Manual)] == [("sail.py",), ()]


_DELETES = "**Files:**\n- Delete: `old.py`{remark}\n- Modify: `a.py`\n\n"
_CHANGES = "**Step 1: Go**\n\nIn `a.py`, change `mast = 1` to `mast = 2`.\n\n"
_COMMITS = "```bash\ngit commit -am 'feat: a'\n```\n"


def test_a_file_that_only_the_files_block_deletes_goes_before_the_commit() -> None:
    files = {"a.py": "mast = 1\n", "old.py": "1\n"}
    _, gone, commit = steps(_DELETES.format(remark="") + _CHANGES + _COMMITS, files)
    assert isinstance(gone, Edit)
    assert gone.targets == ("old.py",)
    assert gone.changes == (Delete(),)
    assert isinstance(commit, Commit)


def test_what_is_deleted_beside_a_persons_work_is_theirs_and_not_waited_for() -> None:
    files = {"a.py": "mast = 1\n", "old.py": "1\n"}
    by_hand = "**Step 1: Go**\n\nUpdate the mast of `a.py`.\n\n**Step 2: Commit**\n\n"
    for text in (
        _DELETES.format(remark="") + by_hand + _COMMITS,
        _DELETES.format(remark=" (once unused)") + _CHANGES + _COMMITS,
    ):
        found = steps(text, files)
        (told,) = (each for each in found if isinstance(each, Manual) and "old.py" in repr(each))
        assert "old.py" in told.instructions
        assert not any(isinstance(each, Edit) and "old.py" in each.targets for each in found)


def test_what_a_step_speaks_of_or_is_not_there_is_not_deleted_again() -> None:
    said = "**Step 1: Go**\n\nSee what `old.py` had.\n\n"
    for text, files in (
        (_DELETES.format(remark="") + said + _COMMITS, {"a.py": "", "old.py": ""}),
        (_DELETES.format(remark="") + _CHANGES + _COMMITS, {"a.py": "mast = 1\n"}),
        (_DELETES.format(remark="").replace("old.py", "old.py:1-2") + _CHANGES, {"old.py": ""}),
    ):
        assert "Delete what" not in repr(steps(text, files))
        assert not any(
            isinstance(each, Edit) and each.changes == (Delete(),) for each in steps(text, files)
        )


_ORDERS = "**Files:**\n- Create: `oar.rs`\n- Modify: `lib.rs` {}\n\n"
_OAR = "**Step 1: Create `oar.rs`**\n\n```rust\n//! Oars.\n```\n\n"
_CHECKED = "Run: `cargo test`\n\n" + COMMIT


@pytest.mark.parametrize(
    ("remark", "kinds"),
    [
        ("— add `pub mod oar;`", [Edit, Edit, Verify, Commit]),
        ("(add the oars to the list)", [Edit, Manual, Verify, Commit]),
        # Nothing is ordered, or not for sure, or a step says it.
        ("(line 12)", [Edit, Verify, Commit]),
        ("— adds the oars", [Edit, Verify, Commit]),
        ("(register it if needed)", [Edit, Verify, Commit]),
    ],
)
def test_what_only_the_files_block_orders_is_done_before_the_check(
    remark: str, kinds: list[type]
) -> None:
    body = _ORDERS.format(remark) + _OAR + _CHECKED
    found = steps(body, {"lib.rs": "pub mod sea;\n"})
    assert [type(each) for each in found] == kinds
    if Manual in kinds:
        assert isinstance(found[1], Manual)
        assert found[1].instructions == "In `lib.rs`, add the oars to the list"
        assert "lib.rs" in found[1].files


def test_what_stands_below_an_order_of_the_files_block_is_told_with_it() -> None:
    listed = "— add a list that\n  - has the oars\n  - is sorted"
    found = steps(_ORDERS.format(listed) + _OAR + _CHECKED, {"lib.rs": "\n"})
    (work,) = (each for each in found if isinstance(each, Manual))
    assert work.instructions == "In `lib.rs`, add a list that\n  - has the oars\n  - is sorted\n"


def test_what_a_step_says_of_a_file_is_not_ordered_again_by_its_files_block() -> None:
    wired = "**Step 2: Wire**\n\nWire the oars up in `lib.rs`.\n\n"
    found = steps(_ORDERS.format("— add `mod oar;`") + _OAR + wired + _CHECKED, {"lib.rs": "\n"})
    assert [type(each) for each in found] == [Edit, Manual, Verify, Commit]


def test_what_may_be_meant_by_a_persons_work_is_not_waited_for_again() -> None:
    files = "**Files:**\n- Modify: `sea.rs`\n- Modify: `lib.rs` — add the oars to the list\n\n"
    body = files + "**Step 1: Row**\n\nMake the oars of `sea.rs` longer.\n\n" + _CHECKED
    found = [each for each in steps(body, {"lib.rs": "\n"}) if isinstance(each, Manual)]
    assert [each.files for each in found] == [("sea.rs",), ()]


_EMPTY = "**Files:**\n- Create: `sea/__init__.py`{}\n- Create: `sea/oar.py`\n\n"


@pytest.mark.parametrize(
    ("remark", "words"),
    [
        (" (empty)", ""),
        ("", "**Step 1: Create `sea/__init__.py`**\n\nEmpty file (just like `bay/oar.py`).\n\n"),
        ("", "**Step 1: Create `sea/__init__.py` (empty file)**\n\n"),
        ("", "**Step 1: Begin**\n\nCreate an empty `sea/__init__.py`.\n\n"),
        (
            "",
            "**Step 1: Begin**\n\nCreate `sea/__init__.py` — initially empty, will hold oars.\n\n",
        ),
    ],
)
def test_an_empty_file_is_made(remark: str, words: str) -> None:
    oar = "**Step 2: Create `sea/oar.py`**\n\n```python\nimport sea\n```\n\n"
    found = steps(_EMPTY.format(remark) + words + oar + COMMIT, {})
    made = {each.targets[0]: each.changes[0] for each in found if isinstance(each, Edit)}
    assert set(made) == {"sea/__init__.py", "sea/oar.py"}
    assert made["sea/__init__.py"] == Create(Text("", False))
    there = steps(_EMPTY.format(remark) + words + oar + COMMIT, {"sea/__init__.py": "import a\n"})
    assert [each.targets for each in there if isinstance(each, Edit)] == [("sea/oar.py",)]

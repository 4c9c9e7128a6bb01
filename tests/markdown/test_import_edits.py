"""Edits of plans: exact where the plan is, and left to a person where it is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from planning import imported, steps
from planning import made as of_plan

from runbook.core.matching.texts import LineRange, Text
from runbook.core.model.model import Edit, Manual, Run, Step, Verify
from runbook.core.model.operations import (
    Append,
    Create,
    Delete,
    Insert,
    Operation,
    Prepend,
    Remove,
    Replace,
    ReplaceRange,
    RewriteFile,
)
from runbook.markdown.importing.words.filelist import as_target

FILES = """\
**Files:**
- Modify: `ship.py`
- Test: `tests/test_ship.py`
- Create: `guide.md`
- Create: `run.sh`
- Create: `data.json`

"""
STEP = "**Step 1: Change it**\n\n"
OLD = "sails = 1\noars = 2\n"
NEW = "sails = 3\n"


def block(text: str, language: str = "python") -> str:
    return f"\n\n```{language}\n{text}```\n\n"


def lines(text: str) -> Text:
    return Text(text, True)


def made(body: str, files: Mapping[str, str] | None = None, head: str = FILES) -> tuple[Step, ...]:
    return steps(head + STEP + body, files)


def edit(path: str, change: Operation) -> Edit:
    return Edit((path,), (change,), "Change it")


@pytest.mark.parametrize(
    ("before", "between"),
    [
        ("Change the sails from:", "To:"),
        ("Replace:", "With:"),
        ("In `ship.py`, find this block:", "Replace it with:"),
        ("Find:", "and replace with:"),
        ("Update the class. Change:", "To:"),
        ("**Before:**", "**After:**"),
        ("Current code:", "Replace with:"),
        ("The current line:", "Change to:"),
        ("Locate the line in `ship.py`:", "Change it to:"),
        ("変更前:", "変更後:"),
        ("`ship.py` の以下の行を:", "以下に修正:"),
        ("and replace the sails:", "with:"),
    ],
)
def test_old_and_new_text_is_a_replacement(before: str, between: str) -> None:
    (step,) = made(before + block(OLD) + between + block(NEW))
    # A sentence before the order is kept as a note.
    assert replace(step, note=None) == edit("ship.py", Replace(lines(OLD), lines(NEW)))


def test_lines_that_the_words_or_the_files_block_name_are_a_hint() -> None:
    (step,) = made("Change lines 4-5 from:" + block(OLD) + "To:" + block(NEW))
    assert step == edit("ship.py", Replace(lines(OLD), lines(NEW), lines=LineRange(4, 5)))
    head = FILES.replace("ship.py", "ship.py:7-9")
    (step,) = made("Change the sails from:" + block(OLD) + "To:" + block(NEW), head=head)
    assert step == edit("ship.py", Replace(lines(OLD), lines(NEW), lines=LineRange(7, 9)))


def test_every_occurrence_is_meant_where_it_is_said() -> None:
    (step,) = made("Replace each occurrence of:" + block(OLD) + "with:" + block(NEW))
    assert step == edit("ship.py", Replace(lines(OLD), lines(NEW), "all"))


@pytest.mark.parametrize(
    ("body", "path", "change"),
    [
        (
            "Create `guide.md`:" + block("# Guide\n", "markdown"),
            "guide.md",
            Create(lines("# Guide\n")),
        ),
        (
            "Create `run.sh` (mode 755):" + block("#!/bin/sh\n", "bash"),
            "run.sh",
            Create(lines("#!/bin/sh\n"), 0o755),
        ),
        (
            "Replace the entire contents of `ship.py` with:" + block(NEW),
            "ship.py",
            RewriteFile(lines(NEW)),
        ),
        ("Append to `ship.py`:" + block(NEW), "ship.py", Append(lines(NEW))),
        ("Add to the end of the file `ship.py`:" + block(NEW), "ship.py", Append(lines(NEW))),
        (
            "`ship.py` の末尾（帆のあと）に以下 1 行を追加:" + block(NEW),
            "ship.py",
            Append(lines(NEW)),
        ),
        ("Add to end of `ship.py`:" + block(NEW), "ship.py", Append(lines(NEW))),
        (
            "In `ship.py`, change the sails from `1` to `3` in line 7:" + block(NEW),
            "ship.py",
            Replace(lines("sails = 1\n"), lines(NEW), lines=LineRange(7, 7)),
        ),
        (
            "In `ship.py`, replace `1` with `3`:" + block(NEW),
            "ship.py",
            Replace(lines("sails = 1\n"), lines(NEW)),
        ),
        ("At the beginning of `ship.py`, add:" + block(NEW), "ship.py", Prepend(lines(NEW))),
        ("Remove from `ship.py`:" + block(OLD), "ship.py", Remove(lines(OLD))),
        (
            "In `ship.py`, insert after `import os`:" + block(NEW),
            "ship.py",
            Insert("after", lines("import os\n"), lines(NEW)),
        ),
        (
            "Insert after `import os` in `ship.py`:" + block(NEW),
            "ship.py",
            Insert("after", lines("import os\n"), lines(NEW)),
        ),
        (
            "In `ship.py`, after:" + block(OLD) + "Insert:" + block(NEW),
            "ship.py",
            Insert("after", lines(OLD), lines(NEW)),
        ),
        (
            "In `ship.py`, find this line:" + block(OLD) + "Insert above it:" + block(NEW),
            "ship.py",
            Insert("before", lines(OLD), lines(NEW)),
        ),
        (
            "In `ship.py`, replace everything from:" + block(OLD) + "Through:" + block("end = 1\n")
            + "With:" + block(NEW),
            "ship.py",
            ReplaceRange(lines(OLD), lines("end = 1\n"), lines(NEW)),
        ),
        (
            "Change `ship.py`:" + block(" oars = 2\n-sails = 1\n+sails = 3\n", "diff"),
            "ship.py",
            Replace(lines("oars = 2\nsails = 1\n"), lines("oars = 2\nsails = 3\n")),
        ),
    ],
)  # fmt: skip
def test_what_is_said_exactly_is_an_edit(body: str, path: str, change: Operation) -> None:
    assert made(body) == (edit(path, change),)


@pytest.mark.parametrize(
    "body",
    [
        # Which file, or where in it, is not said.
        "Add to `ship.py`:" + block(NEW),
        "Add the import:" + block("import os\n"),
        "In `ship.py`, change `1` to `3`:" + block("sails = 33\n"),
        "In `ship.py`, change `1` to `3`:" + block("sails = 3 + 1\n"),
        "In `ship.py`, change `1` to `3`:" + block("sails = 3\noars = 2\n"),
        "In `ship.py`, change every `1` to `3`:" + block(NEW),
        "Add to the end of `Ship`:" + block(NEW),
        "Add the imports at the top of the file:" + block("import os\n"),
        "Change `ship.py` and `tests/test_ship.py` from:" + block(OLD) + "To:" + block(NEW),
        "Change `other.py` from:" + block(OLD) + "To:" + block(NEW),
        "Insert after `sail`:" + block(NEW),
        "Insert after `def sail(self):`:" + block(NEW),
        "Insert after `sail()`:" + block(NEW),
        "Add a helper below `sail()`:" + block(NEW),
        "Insert after the `## Sails` heading:" + block(NEW),
        "In `ship.py`, insert after `import os`:" + block("import os\nimport re\n"),
        "Append to the `Ship` class in `ship.py`:" + block(NEW),
        "Append to `ship.py`:" + block("    indented = 1\n"),
        "Replace the contents of `### Sails` with:" + block(NEW),
        "Replace the body of `ship.py` with:" + block(NEW),
        "Replace `ship.py` with:" + block(NEW),
        # What is shown is not all, or not just that.
        "Change the sails from:" + block("sails = 1\n# ... more\n") + "To:" + block(NEW),
        "Change the sails from:" + block(OLD) + "To:" + block("sails = 3\n# existing code\n"),
        "Change the sails from:" + block("hoist(sails, 3, ...)\n") + "To:" + block(NEW),
        "Change the sails from:" + block(OLD) + "To:" + block('sails = ["a", "b", ...]\n'),
        "Change the sails from:" + block("# OLD\nsails = 1\n") + "To:" + block(NEW),
        "Change the sails from:" + block(OLD) + "To:" + block("sails = 3  # <-- new\n"),
        "Find the row currently reading approximately:" + block(OLD) + "To:" + block(NEW),
        "For example, change from:" + block(OLD) + "To:" + block(NEW),
        "Remove all of these:" + block(OLD),
        "Create `guide.md` with sections:" + block("# Guide\n", "markdown")
        + "Then add a section for each ship.\n",
        "Create a file with helpers:" + block("# Guide\n", "markdown"),
        "Add a remark after the front matter:" + block("> Note\n", "markdown"),
        # It is something else.
        "Create `guide.md` with this structure:" + block("guide\n", "text"),
        "Append to `data.json`:" + block('"a": 1\n', "json"),
        "Option A: change from:" + block(OLD) + "To:" + block(NEW),
        "The helper looks like:" + block(NEW),
        "Recommended shape:" + block(NEW),
        "Add the class:" + block(OLD) + "To use it:" + block(NEW),
        "Insert before the loop:" + block(OLD) + "With tests:" + block(NEW),
        "Create `ship.py`:" + block("SELECT 1;\n", "sql"),
    ],
)  # fmt: skip
def test_what_is_not_said_exactly_is_a_persons(body: str) -> None:
    found = made(body)
    assert [type(step) for step in found] == [Manual]
    (manual,) = found
    assert isinstance(manual, Manual)
    assert "```" in manual.instructions


def test_a_persons_work_keeps_the_plans_words_and_files() -> None:
    (step,) = made("Add to `ship.py`:" + block(NEW) + "Mind the wind.\n")
    assert step == Manual(
        "Add to `ship.py`:\n\n```python\nsails = 3\n```\n\nMind the wind.\n",
        ("ship.py",),
        "Change it",
    )


def test_a_file_that_only_the_words_name_is_changed_and_not_made() -> None:
    (step,) = made("Add to `sea/log.py`:" + block(NEW), head="**Files:**\n- Create: `a.py`\n\n")
    assert isinstance(step, Manual)
    assert step.files == ("sea/log.py",)


@pytest.mark.parametrize("side", ["before", "after"])
def test_blank_lines_at_the_ends_of_a_block_are_kept(side: str) -> None:
    text = "\nFair winds.\n\n"
    (step,) = made(f"In `guide.md`, insert {side} `count = 1`:" + block(text, "markdown"))
    assert isinstance(step, Edit)
    (insert,) = step.changes
    assert isinstance(insert, Insert)
    assert insert.text == lines(text)


def test_an_explanation_is_a_note_and_an_instruction_a_persons_work() -> None:
    change = "Change the sails from:" + block(OLD) + "To:" + block(NEW)
    for words in ("The oars are no longer needed.", "The oars stay. Do not change them here."):
        (step,) = made(f"{change}**Note:** {words}\n")
        assert isinstance(step, Edit)
        assert step.note == words
    (step,) = made(change + "Note: The oars are no longer needed.\n")
    assert isinstance(step, Edit)
    assert step.note == "The oars are no longer needed."
    first, second = made(change + "Also update the logbook.\n")
    assert isinstance(first, Edit)
    assert second == Manual("Also update the logbook.")


CHANGED = "Change the sails from:" + block(OLD) + "To:" + block(NEW)


@pytest.mark.parametrize(
    "words",
    [
        "3. The oars in `row()` (lines 9-12), too.\n",
        "Same change in `row()` (lines 9-12).\n",
        "The old `row()` is deleted.\n",
        "The row's last cell, now `v1`, also bumps to `v2`.\n",
        "`row()` becomes `pull()`.\n",
        "Likewise for the oars.\n",
        "> **Mate's note:** update the import of `oars`.\n",
        "> Update the import of `oars`.\n",
        "**Log:** update the logbook.\n",
        "Note: update the import of `oars` from `a` to `b`.\n",
        "Note: The oars are idle. Remove them.\n",
        "**Note:** The oars are idle. Do not forget to remove them.\n",
        "注意: 櫂の数も調整する。\n",
        "L9 の表も更新:\n",
    ],
)
def test_what_is_left_to_do_after_an_edit_does_not_become_its_note(words: str) -> None:
    first, second = made(CHANGED + words)
    assert isinstance(first, Edit)
    assert first.note is None
    assert isinstance(second, Manual)
    assert words.strip() in second.instructions


@pytest.mark.parametrize(
    "words",
    [
        "> The oars were renamed last year.\n",
        "With one sail, no list is needed.\n",
        "| sail | oars |\n|---|---|\n| one | two |\n",
    ],
)
def test_what_explains_an_edit_is_its_note(words: str) -> None:
    (step,) = made(CHANGED + words)
    assert step.note == words.strip().removeprefix("> ")


def test_a_new_test_is_known_by_a_folder_that_is_called_in_capitals() -> None:
    head = "**Files:**\n- Modify: `Sources/Ship.swift`\n- Test: `Tests/ShipTests/Sail.swift`\n\n"
    body = head + "**Step 1: Write the failing test**" + block("struct Sail {}\n", "swift")
    (step,) = steps(body, {"Sources/Ship.swift": "struct Ship {}\n"})
    assert isinstance(step, Edit)
    assert step.targets == ("Tests/ShipTests/Sail.swift",)


def test_a_test_is_no_change_of_what_it_tests() -> None:
    head = "**Files:**\n- Create: `ship.ts`\n- Create: `ship.test.ts`\n\n"
    body = "**Step 1: Write the failing test for `ship.ts`**" + block("test('x');\n", "ts")
    assert [type(step) for step in steps(head + body)] == [Manual]
    text = "// ./ship.test.ts\ntest('x');\n"
    (step,) = steps(head + "**Step 1: Write the failing test for `ship.ts`**" + block(text, "ts"))
    assert isinstance(step, Edit)
    assert step.targets == ("ship.test.ts",)


def test_a_file_is_made_once() -> None:
    first, second = steps(
        FILES + "**Step 1: Create `guide.md`**" + block("# Guide\n", "markdown")
        + "**Step 2: Create `guide.md`**" + block("# More\n", "markdown")
    )  # fmt: skip
    assert isinstance(first, Edit)
    assert isinstance(second, Manual)


def test_a_file_that_more_belongs_to_is_not_made_of_one_block() -> None:
    head = "**Files:**\n- Create: `ship.rs`\n\n"
    tests = "**Step 1: Write the test**" + block("#[cfg(test)]\nmod tests {}\n", "rust")
    found = steps(head + tests + "**Step 2: Implement it**" + block("//! Ships.\n", "rust"))
    assert [type(step) for step in found] == [Manual, Manual]
    found = steps(
        "**Files:**\n- Create: `ship.py` (or add to the old module)\n\n"
        "**Step 1: Create `ship.py`**" + block("import os\n")
    )
    assert [type(step) for step in found] == [Manual]


# Against a repository

SHIP = "import os\n\n\nclass Ship:\n    sails = 1\n    oars = 2\n"


def test_what_stands_there_once_is_exact() -> None:
    old = "    sails = 1\n    oars = 2\n"
    new = "    sails = 3\n"
    (step,) = made("Change from:" + block(old) + "To:" + block(new), {"ship.py": SHIP})
    assert step == edit("ship.py", Replace(lines(old), lines(new)))
    # As it stands there it would leave no Python.
    (step,) = made("Change from:" + block(old) + "To:" + block(NEW), {"ship.py": SHIP})
    assert isinstance(step, Manual)


@pytest.mark.parametrize(
    ("path", "there", "old", "new"),
    [
        ("ship.json", '{\n  "a": 1,\n  "b": 2\n}\n', '  "a": 1,\n', '  "a": 2\n'),
        ("ship.toml", "a = 1\nb = 2\n", "a = 1\n", "a = \n"),
        ("ship.ts", "row(1);\nsail();\n", "row(1);\n", "const = ;\n"),
    ],
)
def test_what_would_break_a_file_that_can_be_read_is_left_to_a_person(
    path: str, there: str, old: str, new: str
) -> None:
    words = f"In `{path}`, change from:{block(old, '')}To:{block(new, '')}"
    assert of_plan(path, there, words) is None
    better = new.replace("2\n", "2,\n").replace("= \n", "= 2\n").replace("const", "oars")
    better = better.replace("= ;", "= 2;")
    made = of_plan(path, there, words.replace(new, better))
    assert made == there.replace(old, better)


def test_what_stands_there_with_other_indentation_says_so() -> None:
    found = imported(
        "### Task 1: Ship\n\n" + FILES + STEP + "Change from:" + block(OLD) + "To:" + block(NEW),
        {"ship.py": SHIP},
    )
    (step,) = found.phase.tasks[0].steps
    assert step == edit("ship.py", Replace(lines(OLD), lines(NEW), match="indent"))
    assert (found.tasks[0].exact, found.tasks[0].anchored) == (0, 1)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("x = 1\n", "ship.py: the text to replace is not in the file"),
        (OLD + OLD, "ship.py: the text to replace is to be found once and stands 2 times"),
        (None, "ship.py: the file does not exist"),
    ],
)
def test_what_does_not_apply_is_a_persons(text: str | None, why: str) -> None:
    found = imported(
        "### Task 1: Ship\n\n" + FILES + STEP + "Change from:" + block(OLD) + "To:" + block(NEW),
        {} if text is None else {"ship.py": text},
    )
    assert [type(step) for step in found.phase.tasks[0].steps] == [Manual]
    (remark,) = found.tasks[0].manual
    assert remark.text.startswith(why)


def test_edits_are_tried_in_order() -> None:
    found = made(
        "Change from:" + block(OLD) + "To:" + block(NEW)
        + "Then change from:" + block(NEW) + "To:" + block("sails = 4\n"),
        {"ship.py": OLD},
    )  # fmt: skip
    assert [type(step) for step in found] == [Edit, Edit]


def test_lines_that_do_not_hold_are_told() -> None:
    found = imported(
        "### Task 1: Ship\n\n" + FILES + STEP + "Change line 40 from:" + block("sails = 1\n")
        + "To:" + block(NEW),
        {"ship.py": "sails = 1\n"},
    )  # fmt: skip
    (remark,) = found.tasks[0].warnings
    assert remark.text == "the plan says line 40; the text stands in line 1"


def test_a_whole_function_is_looked_up() -> None:
    text = "import os\n\n\ndef sail():\n    x = 1\n    return x\n\n\ndef row():\n    return 2\n"
    new = "def sail():\n    return 3\n"
    (step,) = made("Replace the entire function:" + block(new), {"ship.py": text})
    assert step == edit(
        "ship.py", ReplaceRange(lines("def sail():\n"), lines("    return x\n"), lines(new))
    )
    assert [type(step) for step in made("Replace the entire function:" + block(new))] == [Manual]
    twice = text + "\n\ndef sail():\n    return 1\n"
    assert [
        type(step) for step in made("Replace the entire function:" + block(new), {"ship.py": twice})
    ] == [Manual]


def test_after_a_person_a_file_is_not_known() -> None:
    found = imported(
        "### Task 1: Ship\n\n" + FILES + STEP + "Add to `ship.py`:" + block(NEW)
        + "**Step 2: More**\n\nChange from:" + block("y = 1\n") + "To:" + block("y = 2\n"),
        {"ship.py": "x = 1\n"},
    )  # fmt: skip
    assert [type(step) for step in found.phase.tasks[0].steps] == [Manual, Manual]
    assert found.tasks[0].manual[-1].text == (
        "ship.py: its old text is neither in the file nor in the steps before"
    )


@pytest.mark.parametrize(("shown", "text"), [("y = 1\n", "y = 1\n"), ("z = 1\n", "x = 1\n")])
def test_an_edit_that_could_not_be_tried_counts_as_none_that_was(shown: str, text: str) -> None:
    found = imported(
        "### Task 1: Ship\n\n" + FILES + STEP + "Add to `ship.py`:" + block(shown)
        + "**Step 2: More**\n\nChange from:" + block(text) + "To:" + block("y = 2\n"),
        {"ship.py": "x = 1\n"},
    )  # fmt: skip
    (task,) = found.tasks
    assert [type(step) for step in found.phase.tasks[0].steps] == [Manual, Edit]
    assert (task.exact, task.anchored, task.by_form) == (0, 0, 1)
    assert task.warnings[0].text == "ship.py may be changed by a step before"


def test_a_new_file_that_is_there_is_a_persons() -> None:
    found = made("Create `guide.md`:" + block("# Guide\n", "markdown"), {"guide.md": "# Old\n"})
    assert [type(step) for step in found] == [Manual]


# Changes said in a line


def inside(path: str, old: str, new: str, line: int | None = None) -> Edit:
    hint = None if line is None else LineRange(line, line)
    return Edit((path,), (Replace(Text(old, False), Text(new, False), lines=hint),))


@pytest.mark.parametrize(
    "body",
    [
        "Change `sails = 1` to `sails = 3`.\n",
        "Replace `sails = 1` with `sails = 3`\n",
        "- Change `sails = 1` to `sails = 3`\n",
        "In `ship.py`, change `sails = 1` to `sails = 3`.\n",
        "In `ship.py`:\n\n- `sails = 1` → `sails = 3`\n",
        "Apply these replacements:\n\n- `sails = 1` → `sails = 3`\n",
    ],
)
def test_a_change_said_in_a_line_is_an_edit(body: str) -> None:
    (step,) = made(body)
    assert step == Edit(
        ("ship.py",), inside("ship.py", "sails = 1", "sails = 3").changes, "Change it"
    )


def test_a_list_of_changes_is_an_edit_each() -> None:
    first, second = made(
        "1. Change `sails = 1` to `sails = 3` (line 5)\n2. Change `oars = 2` to `oars = 4`\n"
    )
    assert isinstance(first, Edit)
    assert first.changes == inside("ship.py", "sails = 1", "sails = 3", 5).changes
    assert second == inside("ship.py", "oars = 2", "oars = 4")


@pytest.mark.parametrize(
    "body",
    [
        "Change `sails` to `oars`.\n",
        "Change `sails = 1` to `sails = 3` where it makes sense.\n",
        "Change `sails = 1` to `sails = 3`, and mind the wind.\n",
        "- Change `sails = 1` to `sails = 3`\n- Paint the ship\n",
        "- Line 4: `sails = 1` → `sails = 3`\n- Line 9: `sails = 1` → `sails = 3`\n",
        "In `other.py`, change `sails = 1` to `sails = 3`.\n",
        "Change `src/a_ship.py` to `src/b_ship.py`.\n",
        "Change `sails = ...` to `sails = 3`.\n",
    ],
)
def test_a_line_that_leaves_something_open_is_a_persons(body: str) -> None:
    assert [type(step) for step in made(body)] == [Manual]


def test_changes_of_which_one_does_not_apply_are_all_a_persons() -> None:
    body = "- Change `sails = 1` to `sails = 3`\n- Change `oars = 9` to `oars = 4`\n"
    assert [type(step) for step in made(body, {"ship.py": OLD})] == [Manual]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("Change from:" + block("...\n") + "To:" + block(NEW), "its block leaves something out"),
        ("Something like:" + block(NEW), "its block is an example, or not meant exactly"),
        ("Add to `ship.py`:" + block(NEW), "it is not said exactly where its block goes"),
        (
            "In `a.py` and `b/b.py`, add:" + block(NEW),
            "it is not said which one file its block belongs to",
        ),
        ("Look at the wind.\n", "it is said in words only"),
    ],
)
def test_what_is_left_open_is_told(body: str, why: str) -> None:
    found = imported("### Task 1: Ship\n\n" + FILES + STEP + body)
    assert [remark.text for remark in found.tasks[0].manual] == [why]


def test_what_is_shown_before_a_check_explains_it() -> None:
    found = steps(
        FILES + "**Step 1: Verify the import**\n\nThe ship is imported as:" + block("import ship\n")
        + "Run: `python -c 'import ship'`\n"
    )  # fmt: skip
    assert [type(step) for step in found] == [Verify]


@pytest.mark.parametrize(
    "lead",
    ["**File:** `src/mast.py`\n\n", "**GREEN: implement the mast.** Put it above the tests:"],
)
def test_what_a_check_is_of_is_given_before_it(lead: str) -> None:
    found = imported(
        f"### Task 1: Mast\n\n**Step 1: Mast**\n\n{lead}{block('class Mast: ...' + chr(10))}\n"
        "**Run:** `make check` \u2014 PASSES.\n"
    ).phase.tasks[0]
    assert "class Mast: ..." in repr(found.steps[0])
    assert [type(step) for step in found.steps[1:]] == [Verify]


def test_a_spread_is_no_gap() -> None:
    text = "export const a = (props) => ({\n  ...props,\n})\n"
    (step,) = steps("**Files:**\n- Create: `a.ts`\n\n**Step 1: Create `a.ts`**" + block(text, "ts"))
    assert isinstance(step, Edit)


def test_an_indented_block_is_not_shifted_with_its_anchor() -> None:
    body = "In `ship.py`, insert after `return self.oars`:" + block("    def row(self): ...\n")
    text = "class Ship:\n    def pull(self):\n        return self.oars\n"
    assert [type(step) for step in made(body, {"ship.py": text})] == [Manual]
    plain = body.replace("    def row(self): ...", "\nlength = 1")
    (step,) = made(plain, {"ship.py": text})
    assert isinstance(step, Edit)
    (insert,) = step.changes
    assert isinstance(insert, Insert)
    assert insert.match == "indent"


def test_an_anchor_that_begins_one_line_is_that_line() -> None:
    text = "x = 1\n# ---- summary ------\nsay(x)\n"
    body = "In `ship.py`, insert before `# ---- summary`:" + block("x = 2\n")
    (step,) = made(body, {"ship.py": text})
    anchor = lines("# ---- summary ------\n")
    assert step == edit("ship.py", Insert("before", anchor, lines("x = 2\n")))
    assert [type(s) for s in made(body, {"ship.py": text + text})] == [Manual]


@pytest.mark.parametrize(
    "text",
    [
        "x = base \\\n    + more\n",
        "x = base + (\n1)\n",
        "x = base + [  # all\n1]\n",
        "x = base if y else \\\nmore\n",
        "x = base of\n  more\n",
    ],
)
def test_an_anchor_that_begins_a_line_is_none_where_that_goes_on(text: str) -> None:
    body = "In `ship.py`, insert after `x = base`:" + block("y = 2\n")
    assert [type(step) for step in made(body, {"ship.py": text})] == [Manual]
    (step,) = made(body, {"ship.py": "x = base + more  # of it\n"})
    assert isinstance(step, Edit)


def test_a_bare_append_may_have_a_remark() -> None:
    head = "**Files:**\n- Modify: `ship.py`\n\n"
    (step,) = made("Append (it needs no `oars`):" + block(NEW), head=head)
    assert isinstance(step, Edit)
    assert step.changes == (Append(lines(NEW)),)
    (step,) = made("Append (to the class `Ship`):" + block(NEW), head=head)
    assert isinstance(step, Manual)


def test_an_anchor_is_looked_for_in_no_file_named_before() -> None:
    body = (
        "In `ship.py`, change from:" + block(OLD) + "To:" + block(NEW)
        + "Then insert after `import os`:" + block("import re\n")
    )  # fmt: skip
    first, second = made(body, head="**Files:**\n- Modify: `ship.py`\n- Modify: `pier.py`\n\n")
    assert isinstance(first, Edit)
    assert isinstance(second, Manual)


@pytest.mark.parametrize(
    "lead",
    [
        "Remove the old sails and replace with these:",
        "Remove the old sails, replacing them with:",
        "Delete the old sails and add this one:",
        "Remove the `flag` argument from this function:",
    ],
)
def test_a_block_that_comes_instead_is_not_what_is_removed(lead: str) -> None:
    (step,) = made(lead + block(OLD))
    assert isinstance(step, Manual)


@pytest.mark.parametrize(
    "lead",
    [
        "Remove these lines:",
        "Remove these lines from `ship.py`:",
        "Remove these three `case`s from the `switch` block:",
        "In `ship.py`, remove these lines:",
        "In `ship.py`, remove the following:",
        "In `ship.py`, delete the two lines:",
    ],
)
def test_lines_that_are_said_to_go_are_removed(lead: str) -> None:
    (step,) = made(lead + block(OLD))
    assert step == edit("ship.py", Remove(lines(OLD)))


def test_signs_of_a_text_are_none_of_its_diff() -> None:
    there = "-- sails\nsails = 1\n"
    head = "diff --git a/ship.py b/ship.py\n--- a/ship.py\n+++ b/ship.py\n@@ -1,2 +1,2 @@\n"
    for before in (head, head.partition("\n")[2], ""):
        code = f"{before}--- sails\n+++sails\n sails = 1\n"
        (step,) = made(f"Change `ship.py`:{block(code, 'diff')}", {"ship.py": there})
        assert isinstance(step, Edit)
        (change,) = step.changes
        assert isinstance(change, Replace)
        assert (change.search.value, change.replacement.value) == (there, "++sails\nsails = 1\n")


@pytest.mark.parametrize(
    "lead",
    [
        "Remove this complete hunk from `SHIP_PATCH`:",
        "Insert this hunk before the last one:",
        "Change `SHIP_PATCH` so:",
    ],
)
def test_a_diff_that_is_itself_in_the_file_is_not_applied(lead: str) -> None:
    (step,) = made(lead + block("-sails = 1\n+sails = 2\n", "diff"))
    assert isinstance(step, Manual)


def test_a_path_with_the_word_everywhere_means_one_place() -> None:
    head = FILES.replace("ship.py", "everywhere/ship.py", 1)
    lead = "In `everywhere/ship.py`, replace (line 7):"
    (step,) = made(lead + block(OLD) + "with:" + block(NEW), head=head)
    change = Replace(lines(OLD), lines(NEW), lines=LineRange(7, 7))
    assert step == edit("everywhere/ship.py", change)


def test_a_change_whose_sentence_goes_on_in_the_next_line_is_one() -> None:
    (step,) = made("In `ship.py`, change `sails = 1` to\n`sails = 2`.")
    assert step == edit("ship.py", Replace(Text("sails = 1", False), Text("sails = 2", False)))


@pytest.mark.parametrize("words", ["Delete `old.py`.", "Remove the file `old.py` entirely."])
def test_a_file_that_the_files_block_deletes_too_is_deleted(words: str) -> None:
    (step,) = made(words, head="**Files:**\n- Delete: `old.py`\n\n")
    assert step == edit("old.py", Delete())
    (step,) = made(words, head="**Files:**\n- Modify: `old.py`\n\n")
    assert isinstance(step, Manual)


def test_the_indentation_of_what_is_not_known_any_more_is_that_of_the_file_before() -> None:
    found = made(
        "Add to `ship.py`:" + block("x = 1\n") + "**Step 2: More**\n\nChange from:" + block(OLD)
        + "To:" + block(NEW),
        {"ship.py": SHIP},
    )  # fmt: skip
    assert isinstance(found[1], Edit)
    (change,) = found[1].changes
    assert isinstance(change, Replace)
    assert change.match == "indent"


def test_a_line_without_what_is_to_go_is_what_remains() -> None:
    text = 'if name == "sail":\n    go()\nland()\n'
    block_ = block('if name == "sail":\n    go()\n')
    assert of_plan("a.py", text, f'Remove the `or name == "oar"` clause:{block_}') is None
    assert of_plan("a.py", text, f'Remove the `name == "sail"` check:{block_}') == "land()\n"
    assert of_plan("a.py", text, f"Remove:{block_}") == "land()\n"


def test_a_path_that_leaves_folders_out_is_no_file() -> None:
    body = f"**Step 1: Add it**\n\nAppend to `src/.../a.py`:{block('x = 1' + chr(10))}"
    for text in (body, f"**Step 1: Load**\n\n```bash\nmake fmt\n```\n\n{body}"):
        left = [each for each in steps(text, {"src/sea/a.py": ""}) if not isinstance(each, Run)]
        assert [type(each) for each in left] == [Manual]
    assert str(as_target("src/.../a.py")) == "src/**/a.py"


def test_what_would_spoil_a_file_goes_into_none_that_may_be_changed() -> None:
    ship = "pub struct Ship {\n    sails: u8,\n    oars: u8,\n}\n"
    new = "pub enum Wind {\n    Calm,\n}\n\npub struct Ship {\n    sails: u8,\n    wind: Wind,\n}\n"
    files = "**Files:**\n- Modify: `ship.rs`\n\n"
    for before in ("", "**Step 1: Mend the ship**\n\nMend the hull of `ship.rs`.\n\n"):
        lead = f"{files}{before}**Step 2: Wind**\n\nAdd a wind to `Ship`:{block(new, 'rust')}"
        assert not any(isinstance(each, Edit) for each in steps(lead, {"ship.rs": ship}))


def test_a_box_behind_an_edit_is_more_to_do() -> None:
    found = imported(
        "### Task 1: Ship\n\n" + FILES + "**Step 1: Add it**\n\n- [ ] Append to `ship.py`:"
        + block("y = 1\n") + "- [ ] Full build: `make ships`\n- [ ] Commit: `feat: y`\n",
        {"ship.py": "x = 1\n"},
    )  # fmt: skip
    made, left = found.phase.tasks[0].steps
    assert isinstance(made, Edit)
    assert isinstance(left, Manual)
    assert "`make ships`" in left.instructions
    assert "`feat: y`" in left.instructions

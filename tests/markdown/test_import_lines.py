"""Places that a plan names by a line of the file: a row of a table, a call, a block it shows."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from planning import block, steps
from planning import made as of_plan

from runbook.core.edit.edits import apply
from runbook.core.matching.results import Applied
from runbook.core.matching.texts import Text
from runbook.core.model.model import Edit, Manual, Run, Step
from runbook.core.model.operations import Insert

FILES = "**Files:**\n- Modify: `ship.py`\n- Modify: `guide.md`\n\n**Step 1: Change it**\n\n"
SHIP = """\
import os

load_winds()

if os.environ:
    hoist()
    if sails:
        wait()
    leave()

# ---- the end ----
"""
ROW = "| `/sail` | With the wind |"
NEW_ROWS = "| `/row` | Without `wind` |\n| `/pull` | Ashore |\n"


def made(body: str, files: Mapping[str, str] | None = None) -> tuple[Step, ...]:
    return steps(FILES + body, {"ship.py": SHIP} if files is None else files)


def after(body: str) -> str:
    (step,) = made(body)
    assert isinstance(step, Edit)
    assert step.targets == ("ship.py",)
    (change,) = step.changes
    assert isinstance(change, Insert)
    result = apply(SHIP, change)
    assert isinstance(result, Applied)
    assert result.text is not None
    return result.text


# Rows


@pytest.mark.parametrize(
    ("lead", "side"),
    [
        (f"After the row `{ROW}`:", "after"),
        (f"Find the row `{ROW}` and insert AFTER it:", "after"),
        (f"Insert the two rows below the table row `{ROW}`:", "after"),
        (f"Before the row `{ROW}`, add these rows:", "before"),
    ],
)
def test_rows_stand_beside_a_row_that_is_quoted(lead: str, side: str) -> None:
    (step,) = steps(
        "**Files:**\n- Modify: `guide.md`\n\n**Step 1: Add rows**\n\n" + lead + block(NEW_ROWS, "")
    )
    assert isinstance(step, Edit)
    (change,) = step.changes
    assert isinstance(change, Insert)
    assert (change.side, change.anchor) == (side, Text(ROW + "\n", True))
    assert change.text == Text(NEW_ROWS, True)


@pytest.mark.parametrize(
    ("lead", "rows"),
    [
        (f"Find the row `{ROW}`:", NEW_ROWS),
        (f"After the row `{ROW}` and the next:", NEW_ROWS),
        ("After the row `/sail`:", NEW_ROWS),
        (f"After the row `{ROW}`:", "Some text\n"),
        (f"After the row `{ROW}`:", NEW_ROWS + "...\n"),
    ],
)
def test_rows_of_which_the_place_is_open_are_a_persons(lead: str, rows: str) -> None:
    body = "**Files:**\n- Modify: `guide.md`\n\n**Step 1: Add rows**\n\n" + lead + block(rows, "")
    assert [type(step) for step in steps(body)] == [Manual]


# Lines


@pytest.mark.parametrize(
    ("lead", "code", "line"),
    [
        (
            "At the top of the file after imports (line 3, after `load_winds()`), add:",
            "wind = 1\n",
            "load_winds()\n",
        ),
        ("In `ship.py`, insert after `leave()`:", "    wind = 1\n", "    leave()\n"),
        (
            "After the existing imports (approximately line 1, after `import os`), add to "
            "`ship.py`:",
            "import re\n",
            "import os\n",
        ),
    ],
)
def test_a_block_stands_after_a_line_that_is_quoted(lead: str, code: str, line: str) -> None:
    assert after(lead + block(code)) == SHIP.replace(line, line + code)


def test_a_block_stands_before_a_line_or_a_comment_that_begins_so() -> None:
    body = "In `ship.py`, add before `load_winds()`:" + block("wind = 1\n\n")
    assert after(body) == SHIP.replace("load", "wind = 1\n\nload")
    body = "Insert before `# ---- the end` in `ship.py`:" + block("wind = 1\n")
    assert after(body) == SHIP.replace("# ----", "wind = 1\n\n# ----", 1)


@pytest.mark.parametrize(
    ("lead", "code"),
    [
        # The line is not there, or it goes on.
        ("In `ship.py`, insert after `anchor()`:", "wind = 1\n"),
        ("In `ship.py`, insert after `if os.environ:`:", "wind = 1\n"),
        ("In `ship.py`, insert after `if sails:`:", "    wind = 1\n"),
        # It stands elsewhere than the block would.
        ("In `ship.py`, insert after `hoist()`:", "wind = 1\n"),
        # It is said of more, or of less.
        ("In `ship.py`, insert after `load_winds()` or `leave()`:", "wind = 1\n"),
        ("In `ship.py`, insert after `load_winds()` if it is there:", "wind = 1\n"),
        ("In `ship.py`, insert after `load_winds()` and remove it:", "wind = 1\n"),
        ("In `leave()`, insert after `load_winds()`:", "wind = 1\n"),
        ("Look at `ship.py` after `load_winds()`:", "wind = 1\n"),
    ],
)
def test_a_line_that_leaves_the_place_open_is_a_persons(lead: str, code: str) -> None:
    assert [type(step) for step in made(lead + block(code))] == [Manual]


def test_a_line_that_stands_twice_is_no_place() -> None:
    body = "In `ship.py`, insert after `load_winds()`:" + block("wind = 1\n")
    assert [type(step) for step in made(body, {"ship.py": SHIP + SHIP})] == [Manual]
    nested = SHIP + "if sails:\n    load_winds()\n"
    assert [type(step) for step in made(body, {"ship.py": nested})] == [Manual]


def test_a_block_stands_beside_one_that_is_shown() -> None:
    shown = "    if sails:\n        wait()\n"
    body = "In `ship.py`, after the existing sail check:" + block(shown) + "add a second check:"
    new = "    if oars:\n        wait()\n"
    assert after(body + block(new)) == SHIP.replace(shown, shown + new)
    assert [type(step) for step in made(body + block("if oars:\n    wait()\n"))] == [Manual]
    other = body.replace("sails:", "masts:")
    assert [type(step) for step in made(other + block(new))] == [Manual]


@pytest.mark.parametrize(
    ("side", "shown", "below"),
    [
        ("after", "    if sails:\n        wait()\n", "    else:\n        leave()\n"),
        ("after", "    if sails:\n        wait()\n", "\n    elif oars:\n        leave()\n"),
        ("after", "    if sails:\n        wait()\n", "        leave()\n"),
        ("after", "    try:\n        wait()\n", "    finally:\n        leave()\n"),
        ("before", "    else:\n        wait()\n", "    leave()\n"),
    ],
)
def test_nothing_stands_beside_a_part_of_a_statement(side: str, shown: str, below: str) -> None:
    body = f"In `ship.py`, {side} the existing check:" + block(shown) + "add a second check:"
    body += block("    if oars:\n        wait()\n")
    above = "if day:\n" + ("    if sails:\n        hoist()\n" if side == "before" else "")
    assert [type(step) for step in made(body, {"ship.py": above + shown + below})] == [Manual]


def test_nothing_stands_between_a_decorator_and_what_it_decorates() -> None:
    body = "In `ship.py`, before the existing helper:" + block("def sail():\n    wait()\n")
    body += "add a second helper:" + block("def row():\n    wait()\n\n\n")
    for above, kind in (("@slow\n", Manual), ("", Edit)):
        files = {"ship.py": f"import os\n\n\n{above}def sail():\n    wait()\n"}
        assert [type(step) for step in made(body, files)] == [kind]


def test_a_call_with_an_else_below_is_no_place() -> None:
    text = "if sails: hoist()\nelse: row()\n"
    for lead in ("insert after `if sails: hoist()`:", "insert before `else: row()`:"):
        body = f"In `ship.py`, {lead}" + block("wind = 1\n")
        assert [type(step) for step in made(body, {"ship.py": text})] == [Manual]


def test_a_command_that_sets_permissions_leaves_a_file_known() -> None:
    body = (
        "```bash\n{} ship.py\n```\n\n**Step 2: More**\n\nIn `ship.py`, insert after `load_winds()`:"
    )
    code = block("wind = 1\n")
    found = made(body.format("chmod +x") + code)
    assert [type(step) for step in found] == [Run, Edit]
    assert [type(step) for step in made(body.format("touch") + code)] == [Run, Manual]


# Keys

PLUGIN = '{\n  "name": "ship",\n  "version": "1.0.0",\n  "ships": [{"build": "1.0.0"}]\n}\n'


@pytest.mark.parametrize(
    "words",
    [
        "Update `ship.json`'s `version` field from `1.0.0` to `1.1.0`.",
        'In `ship.json`, change the `"version"` field from `"1.0.0"` to `"1.1.0"`.',
        'Edit `ship.json`: change `"version": "1.0.0"` to `"version": "1.1.0"`.',
        "Bump the `version` in `ship.json` from `1.0.0` to `1.1.0`. The `build` stays.",
        "Bump the version in `ship.json` from 1.0.0 to 1.1.0.",
        "Update `ship.json` version to `1.1.0`.",
    ],
)
def test_a_key_gets_the_new_value_that_words_say(words: str) -> None:
    body = f"**Files:**\n- Modify: `ship.json`\n\n**Step 1: Bump**\n\n{words}\n"
    (step,) = steps(body, {"ship.json": PLUGIN})
    assert isinstance(step, Edit)
    result = apply(PLUGIN, step.changes[0])
    assert isinstance(result, Applied)
    assert result.text == PLUGIN.replace('version": "1.0', 'version": "1.1')


@pytest.mark.parametrize(
    "words",
    [
        "Update `ship.json`'s `version` field from `1.0` to `1.1`.",  # it is another one
        "Update `ship.json`'s `name` field from `1.0.0` to `1.1.0`.",
        "Update `ship.json`'s `version` field from `1.0.0` to `1.1.0`. Do the same in `boat.json`.",
        "Update every `version` field from `1.0.0` to `1.1.0`.",
        "Set the `ships` in `ship.json` to `1.1.0`.",  # its value is a list
        "Set the `version` in `ship.json` to `1.0.0`.",  # it is
    ],
)
def test_a_key_that_has_not_the_old_value_or_is_not_all_is_left(words: str) -> None:
    body = f"**Files:**\n- Modify: `ship.json`\n\n**Step 1: Bump**\n\n{words}\n"
    assert [type(step) for step in steps(body, {"ship.json": PLUGIN})] == [Manual]


def test_a_value_of_several_words_is_not_set_by_its_first_one() -> None:
    for value, sets in (("go", True), ("go on", False), ('"go"', True), ('"go on"', False)):
        there = f"name: {value}\nsails: 1\n"
        found = of_plan("ship.yml", there, "Set the `name` in `ship.yml` to `stay`.")
        assert (found == there.replace("go", "stay")) == sets


def test_a_list_of_several_replacements_may_say_what_they_are() -> None:
    body = (
        "**Files:**\n- Modify: `guide.md`\n\n**Step 1: Renumber**\n\nApply these two heading "
        "replacements (each is unique in the file):\n\n- `### Step 3: Sail` → `### Step 4: Sail`\n"
        "- `### Step 4: Land` → `### Step 5: Land`\n"
    )
    made = steps(body, {"guide.md": "### Step 3: Sail\n\n### Step 4: Land\n"})
    assert [type(step) for step in made] == [Edit, Edit]

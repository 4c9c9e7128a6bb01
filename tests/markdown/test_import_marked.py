"""Blocks whose own comments say what their lines are: old and new text, or what is to go."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from planning import block, steps

from runbook.core.matching.texts import LineRange, Text
from runbook.core.model.model import Edit, Manual, Step
from runbook.core.model.operations import Operation, Remove, Replace

FILES = "**Files:**\n- Modify: `ship.py`\n- Modify: `pier.py`\n\n**Step 1: Change it**\n\n"
OLD = "sails = 1\noars = 2\n"
NEW = "sails = 3\n"


def made(body: str, files: Mapping[str, str] | None = None) -> tuple[Step, ...]:
    return steps(FILES + body, files)


def change_of(step: Step, path: str = "ship.py") -> Operation:
    assert isinstance(step, Edit)
    assert step.targets == (path,)
    (change,) = step.changes
    return change


def replaced(lines: LineRange | None = None) -> Replace:
    return Replace(Text(OLD, True), Text(NEW, True), lines=lines)


@pytest.mark.parametrize(
    ("lead", "old", "new"),
    [
        ("In `ship.py`, the sails change:", "# BEFORE:", "# AFTER:"),
        ("In `ship.py`, set the sails:", "# Before", "# After"),
        ("Change the sails in `ship.py`:", "# From:", "# To:"),
        ("Change `ship.py`:", "# Old code:", "# New code:"),
        ("Set the sails:", "# In ship.py, change:", "# To:"),
        ("Set the sails of `ship.py`:", "// CURRENT (from the yard):", "// UPDATED:"),
    ],
)
def test_old_and_new_text_in_one_block(lead: str, old: str, new: str) -> None:
    (step,) = made(lead + block(f"{old}\n{OLD}\n{new}\n{NEW}"))
    assert change_of(step) == replaced()


def test_the_lines_that_the_comment_names_are_a_hint() -> None:
    text = f"# BEFORE (lines 4-5):\n{OLD}# AFTER (line 4):\n{NEW}"
    (step,) = made("In `ship.py`, change the sails:" + block(text))
    assert change_of(step) == replaced(LineRange(4, 5))


def test_old_and_new_text_in_a_block_each() -> None:
    (step,) = made(
        "In `ship.py`, the sails stand at line 7:" + block(f"# BEFORE:\n{OLD}") + "Change to:"
        + block(f"# AFTER:\n{NEW}")
    )  # fmt: skip
    assert change_of(step) == replaced(LineRange(7, 7))


def test_the_file_is_that_of_the_bold_line_above() -> None:
    text = f"# BEFORE:\n{OLD}# AFTER:\n{NEW}"
    (step,) = made("**File 2: `pier.py`**\n\nAt line 1, change the sails:" + block(text))
    assert change_of(step, "pier.py") == replaced(LineRange(1, 1))


def test_the_file_is_the_only_one_that_has_the_old_text() -> None:
    text = block(f"# BEFORE:\n{OLD}# AFTER:\n{NEW}")
    (step,) = made("Change the sails:" + text, {"ship.py": "x = 1\n", "pier.py": OLD})
    assert change_of(step, "pier.py") == replaced()
    for files in (None, {"ship.py": OLD, "pier.py": OLD}, {"ship.py": "", "pier.py": "x = 1\n"}):
        assert [type(step) for step in made("Change the sails:" + text, files)] == [Manual]


def test_what_is_to_be_removed_is_said_on_it() -> None:
    text = f"# REMOVE these lines:\n{OLD}"
    (step,) = made("Remove from `ship.py` lines 4-5 (the sails):" + block(text))
    assert change_of(step) == Remove(Text(OLD, True), lines=LineRange(4, 5))


@pytest.mark.parametrize(
    ("lead", "text"),
    [
        # It says more than the block does.
        ("In `ship.py`, remove the import and set the sails:", f"# Before\n{OLD}# After\n{NEW}"),
        # One of many places, or an example.
        ("In each class of `ship.py`, set the sails:", f"# Before\n{OLD}# After\n{NEW}"),
        ("For example, in `ship.py`:", f"# Before\n{OLD}# After\n{NEW}"),
        # The comments don't say it.
        ("In `ship.py`, set the sails:", f"# After:\n{NEW}# Before:\n{OLD}"),
        ("In `ship.py`, set the sails:", f"# Before:\n{OLD}# After:\n{NEW}# After:\n{NEW}"),
        ("In `ship.py`, set the sails:", f"{OLD}# After:\n{NEW}"),
        ("In `ship.py`, set the sails:", f"# Before:\n{OLD}# After:\n# (removed)\n"),
        ("In `ship.py`, set the sails:", f"# Before:\n{OLD}...\n# After:\n{NEW}"),
        ("In `ship.py`, set the sails:", f"# New\n{OLD}# From here on\n{NEW}"),
        ("Remove from `ship.py`:", f"# REMOVE all of these:\n{OLD}"),
        ("Look at `ship.py`:", f"# REMOVE these lines:\n{OLD}"),
    ],
)
def test_what_the_comments_leave_open_is_a_persons(lead: str, text: str) -> None:
    assert [type(step) for step in made(lead + block(text))] == [Manual]


def test_words_that_say_no_more_than_what_is_removed_are_a_note() -> None:
    text = "Remove from `ship.py`:" + block(f"# REMOVE this test:\n{OLD}")
    (step,) = made("It checks nothing. Remove the entire test.\n\n" + text)
    assert isinstance(step, Edit)
    assert step.note == "It checks nothing. Remove the entire test."
    found = made("Remove the entire test. Rename the other.\n\n" + text)
    assert [type(each) for each in found] == [Manual, Edit]

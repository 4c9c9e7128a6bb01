"""What only shows something is no edit, and a block goes to the file that its words go on to."""

from __future__ import annotations

import pytest
from planning import block, steps

from runbook.core.model.model import Edit, Manual
from runbook.core.model.operations import Append

TWO = "**Files:**\n- Modify: `a.py`\n- Modify: `b.py`\n\n"
OLD, NEW = block("go(3)\n"), block("go(4)\n")


def targets(body: str, title: str = "Change the calls", files: str = TWO) -> list[object]:
    """The files of the edits, `None` for what is left to a person."""
    found = steps(f"{files}**Step 1: {title}**\n\n{body}")
    return [each.targets[0] if isinstance(each, Edit) else None for each in found]


BOXES = (
    ("+------+\n| Menu |\n+------+\n", "+------+------+\n| Menu | Body |\n+------+------+\n"),
    ("┌────┐\n│ A  │\n└────┘\n", "┌────┬───┐\n│ A  │ B │\n└────┴───┘\n"),
    ("sea/\n├── a.py\n└── b.py\n", "sea/\n├── a.py\n├── c.py\n└── b.py\n"),
)


@pytest.mark.parametrize(("old", "new"), BOXES)
def test_a_drawing_is_an_edit_of_documents_only(old: str, new: str) -> None:
    body = f"Before:{block(old, '')}After:{block(new, '')}"
    assert targets(body, files="**Files:**\n- Modify: `page.tsx`\n\n") == [None]
    assert targets(body, files="**Files:**\n- Modify: `page.md`\n\n") == ["page.md"]


def test_code_with_bars_and_arrows_is_no_drawing() -> None:
    old = block("a = b | c\n| d\nx -> y\n", "")
    assert targets(f"In `a.py`, change from:{old}To:{NEW}") == ["a.py"]


@pytest.mark.parametrize(
    "label",
    ["**Pattern A** (with a loop):", "Example 1:", "**Sample 2 — short:**", "Usage pattern B:"],
)
def test_counted_examples_are_left_to_a_person(label: str) -> None:
    assert targets(f"{label}\n\nReplace:{OLD}With:{NEW}", "Apply in `a.py`") == [None]


def test_following_a_pattern_makes_no_example() -> None:
    body = f"Do as pattern A of the guide says.\n\nIn `a.py`, change from:{OLD}To:{NEW}"
    assert targets(body) == ["a.py"]


@pytest.mark.parametrize(
    "old",
    [
        "x = foo(...)",
        "const f = () => { ... }",
        "if (x) {...}",
        "<div ...>",
        "a.b(…).c()",
        "f(a, …",
    ],
)
def test_code_that_is_cut_off_in_brackets_is_no_old_text(old: str) -> None:
    assert targets(f"In `a.py`, change from:{block(old + chr(10))}To:{NEW}") == [None]
    files = "**Files:**\n- Modify: `a.md`\n\n"
    assert targets(f"In `a.md`, change from:{block(old + chr(10), 'md')}To:{NEW}", files=files)


@pytest.mark.parametrize(
    "old", ["x: int = Field(...)", "a = [...b, c]", "print('wait...')", "def f(*, a: X = Q(...)):"]
)
def test_dots_that_are_code_are_old_text(old: str) -> None:
    assert targets(f"In `a.py`, change from:{block(old + chr(10))}To:{NEW}") == ["a.py"]


@pytest.mark.parametrize(
    "words",
    [
        "Then open `b.py`.\n\nReplace:",
        "**`b.py`**\n\nReplace:",
        "The same in `b.py`:\n\nChange from:",
        "2. Now edit `b.py` (lines 3-4).\n\nReplace:",
    ],
)
def test_a_block_is_of_the_file_that_the_words_go_on_to(words: str) -> None:
    first = f"In `a.py`, change from:{block('go(1)' + chr(10))}To:{block('go(2)' + chr(10))}"
    found = targets(f"{first}{words}{OLD}With:{NEW}")
    assert found == ["a.py", "b.py"]
    assert targets(f"{words}{OLD}With:{NEW}", "Change the calls in `a.py`") == ["b.py"]


def test_a_file_that_is_only_mentioned_is_not_gone_on_to() -> None:
    body = f"`b.py` calls it with three.\n\nReplace:{OLD}With:{NEW}"
    assert targets(body, "Change the calls in `a.py`")[-1] == "a.py"


def test_what_is_ordered_below_the_name_of_a_file_is_no_note_of_the_block_after_it() -> None:
    body = f"In `b.py`:\n\n1. Change how it sails.\n\n2. Replace:{OLD}With:{NEW}"
    assert targets(body) == [None, "b.py"]


SHIP = "**Files:**\n- Modify: `ship.py`\n- Test: `tests/test_ship.py`\n\n"


def test_tests_go_to_the_file_of_tests() -> None:
    code = block("def test_sail():\n    assert sail()\n\n\ndef test_row():\n    assert row()\n")
    body = f"Append to the end of the file:{code}"
    assert targets(body, "Add the function", SHIP) == ["tests/test_ship.py"]
    assert targets(body, "Add the function", "**Files:**\n- Modify: `ship.py`\n\n") == [None]
    # Where the words name a file, it is that one.
    (step,) = steps(f"{SHIP}**Step 1: Add it**\n\nAppend to `ship.py`:{code}")
    assert isinstance(step, Edit)
    assert step.targets == ("ship.py",)
    assert isinstance(step.changes[0], Append)


def test_other_code_goes_where_it_went() -> None:
    code = block("def sail():\n    return 1\n")
    assert targets(f"Append to the end of the file:{code}", "Add the function", SHIP) == ["ship.py"]
    (step,) = steps(f"{SHIP}**Step 1: Add it**\n\nSomewhere:{code}")
    assert isinstance(step, Manual)

"""Rows, list items and badges that are named by what stands in them, and lines by their numbers."""

from __future__ import annotations

import pytest
from planning import block, steps

from runbook.core.edit.edits import apply
from runbook.core.matching.results import Applied
from runbook.core.model.model import Edit, Manual

GUIDE = """\
# Ships

![sail](https://img.example/sail.svg)
![mast](https://img.example/mast.svg)

## Commands

| Command | Says |
|---|---|
| `sail` | goes out |
| `moor` | comes in |

## Crew

- **cook** boils
  and fries
- **mate** steers

```text
- **mate** in a fence
```

## Watch

1. Wake.
2. Look.
"""
HEAD = "**Files:**\n- Modify: `guide.md`\n\n**Step 1: {}**\n\n"
ROW = "| `row` | goes on |\n"


def kinds(lead: str, code: str, text: str = GUIDE, title: str = "Do it") -> list[type]:
    body = HEAD.format(title) + lead + block(code, "markdown")
    return [type(step) for step in steps(body, {"guide.md": text})]


def after(lead: str, code: str, text: str = GUIDE, title: str = "Do it") -> str:
    (step,) = steps(HEAD.format(title) + lead + block(code, "markdown"), {"guide.md": text})
    assert isinstance(step, Edit), step
    (change,) = step.changes
    made = apply(text, change)
    assert isinstance(made, Applied)
    assert made.text is not None
    return made.text


@pytest.mark.parametrize(
    "lead",
    [
        "After the `sail` row, add:",
        "Insert this row directly after the existing `sail` row (line 11):",
        "In the table of `guide.md`, add a new row for rowing below the `sail` row:",
        "Add a row after the `sail` row in `guide.md`:",
    ],
)
def test_a_row_goes_beside_the_one_that_is_named(lead: str) -> None:
    assert after(lead, ROW) == GUIDE.replace("goes out |\n", f"goes out |\n{ROW}")


def test_a_row_goes_above_the_one_that_is_named() -> None:
    made = after("Add a row before the `moor` row:", ROW)
    assert made == GUIDE.replace("| `moor`", f"{ROW}| `moor`")


def test_an_item_goes_behind_all_of_the_one_that_is_named() -> None:
    made = after("Add a bullet after the `cook` bullet:", "- **boy** peels\n")
    assert made == GUIDE.replace("and fries\n", "and fries\n- **boy** peels\n")
    # What stands in a fence is no item.
    made = after('Insert below the "mate" item:', "- **boy** peels\n")
    assert made == GUIDE.replace("mate** steers\n", "mate** steers\n- **boy** peels\n")


def test_a_badge_goes_beside_the_one_that_is_named() -> None:
    badge = "![hull](https://img.example/hull.svg)\n"
    made = after("Add a new badge immediately after the existing `sail` badge:", badge)
    assert made == GUIDE.replace("sail.svg)\n", f"sail.svg)\n{badge}")


def test_a_numbered_item_goes_on_from_the_last_one() -> None:
    made = after('Add after the "Look" item:', "3. Tell.\n")
    assert made == f"{GUIDE}3. Tell.\n"


@pytest.mark.parametrize(
    ("lead", "code"),
    [
        ("After the `steer` row, add:", ROW),  # none is called so
        ("After the `Command` row, add:", ROW),  # between the head and its line
        ("After the `sail` row, add:", "| `row` | goes | on |\n"),  # other columns
        ("After the `sail` row, add:", "- `row`\n"),
        ("Add something like this after the `sail` row:", ROW),
        ("Add it after the `sail` row and update the list:", ROW),
        ('Add after the "Wake" item:', "2. Tell.\n"),  # those below would count anew
        ('Add after the "Look" item:', "4. Tell.\n"),
        ("After the `moor` row, add:", "| `sail` | goes out |\n"),  # it is there
    ],
)
def test_what_has_no_place_of_its_own_is_a_persons(lead: str, code: str) -> None:
    assert kinds(lead, code) == [Manual]


def test_a_name_that_two_rows_have_is_a_persons() -> None:
    text = GUIDE.replace("goes out", "as `moor`")
    assert kinds("After the `moor` row, add:", ROW, text) == [Manual]


def test_words_behind_a_block_that_place_it_leave_it_to_a_person() -> None:
    body = HEAD.format("Do it") + "After the `sail` row, add:" + block(ROW, "markdown")
    made = steps(body + "Place it between the two rows.\n", {"guide.md": GUIDE})
    assert [type(step) for step in made] == [Manual]


# A row given anew

NEW = "| `sail` | goes far out |\n"


def test_a_row_that_is_shown_about_as_it_is_is_given_anew() -> None:
    found = "Find the row currently reading approximately:" + block(
        "| `sail` | goes … |\n", "markdown"
    )
    assert after(found + "Replace with:", NEW) == GUIDE.replace("goes out", "goes far out")
    other = found.replace("`sail`", "`moor`")
    assert kinds(other + "Replace with:", NEW) == [Manual]


# The only table or list under a heading


def test_rows_and_items_go_to_the_only_table_or_list_of_a_section() -> None:
    made = after("Add to the Commands table (after line 12):", ROW)
    assert made == GUIDE.replace("comes in |\n", f"comes in |\n{ROW}")
    made = after("Add a bullet to the `## Crew` list:", "- **boy** peels\n")
    assert made == GUIDE.replace("mate** steers\n", "mate** steers\n- **boy** peels\n")


@pytest.mark.parametrize("lead", ["Add to the Oars table:", "Add to the Crew table:"])
def test_a_section_without_such_a_table_is_a_persons(lead: str) -> None:
    assert kinds(lead, ROW) == [Manual]


# Lines by their numbers


@pytest.mark.parametrize("lead", ["Replace line 11 with:", "In `guide.md`, replace line 11:"])
def test_a_line_is_given_anew_where_it_is_the_most_like_its_new_text(lead: str) -> None:
    made = after(lead, "| `moor` | comes in slowly |\n")
    assert made == GUIDE.replace("comes in", "comes in slowly")


def test_lines_are_given_anew_where_each_is_the_most_like_its_new_text() -> None:
    made = after(
        "Replace lines 10-11 with:", "| `sail` | goes far out |\n| `moor` | comes back in |\n"
    )
    assert made == GUIDE.replace("goes out", "goes far out").replace("comes in", "comes back in")


@pytest.mark.parametrize(
    ("lead", "code"),
    [
        ("Replace line 10 with:", "| `moor` | comes in slowly |\n"),  # the next one is more like it
        ("Replace line 10 with:", "All of it goes.\n"),
        ("Replace line 10 with:", "| `sail` | goes out |\n"),  # nothing would change
        ("Replace line 99 with:", "| `sail` | goes far out |\n"),
        ("Replace lines 10-11 with:", "| `sail` | goes far out |\n"),
    ],
)
def test_lines_that_may_be_others_are_a_persons(lead: str, code: str) -> None:
    assert kinds(lead, code) == [Manual]

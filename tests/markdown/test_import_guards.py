"""What is added to a script goes above the guard that ends it."""

from __future__ import annotations

import pytest
from planning import steps

from runbook.core.edit.edits import apply
from runbook.core.matching.results import Applied
from runbook.core.model.model import Edit, Manual
from runbook.core.model.operations import Append, Insert

HEAD = "**Files:**\n- Create: `test_ship.py`\n\n"
MADE = (
    "import ship\n\n\nclass TestSail:\n    pass\n\n\nif __name__ == '__main__':\n    ship.sail()\n"
)
MORE = "class TestRow:\n    pass\n"


def written(text: str) -> str:
    return f"**Step 1: Create `test_ship.py`**\n\n```python\n{text}```\n\n"


def appended(text: str) -> str:
    return f"**Step 2: More**\n\nAppend to `test_ship.py`:\n\n```python\n{text}```\n"


def test_an_append_goes_above_the_guard_of_a_file_that_the_plan_makes() -> None:
    first, second = steps(HEAD + written(MADE) + appended(MORE))
    assert isinstance(first, Edit)
    assert isinstance(second, Edit)
    (insert,) = second.changes
    assert isinstance(insert, Insert)
    result = apply(MADE, insert)
    assert isinstance(result, Applied)
    assert result.text == MADE.replace("\n\n\nif", f"\n\n\n{MORE}\n\nif")
    # Blank lines that the block begins with are those that stand there.
    *_, apart = steps(HEAD + written(MADE) + appended("\n\n" + MORE))
    assert isinstance(apart, Edit)
    assert apart.changes == second.changes


@pytest.mark.parametrize(
    "more",
    [
        "else:\n    ship.row()\n",
        "elif ship:\n    ship.row()\n\n# The end\n",
        "    say('''\nat the margin\n''')\n",
    ],
)
def test_what_the_guard_has_below_it_is_part_of_it(more: str) -> None:
    text = MADE + more
    (step,) = steps(appended(MORE), {"test_ship.py": text})
    assert isinstance(step, Edit)
    result = apply(text, step.changes[0])
    assert isinstance(result, Applied)
    assert result.text == text.replace("\n\n\nif", f"\n\n\n{MORE}\n\nif")


def test_a_file_with_a_slip_is_read_by_its_lines() -> None:
    slip = MADE.replace("    pass\n", "    def test(once)(self):\n        pass\n", 1)
    _, step = steps(HEAD + written(slip) + appended(MORE))
    assert isinstance(step, Edit)
    assert isinstance(step.changes[0], Insert)
    result = apply(slip, step.changes[0])
    assert isinstance(result, Applied)
    assert result.text == slip.replace("\n\n\nif", f"\n\n\n{MORE}\n\nif")


def test_an_append_goes_above_the_guard_after_a_persons_work_too() -> None:
    vague = "**Step 2: Change it**\n\nAdd to `test_ship.py`:\n\n```python\nx = 1\n```\n\n"
    *_, last = steps(HEAD + written(MADE) + vague + appended(MORE))
    assert isinstance(last, Edit)
    assert isinstance(last.changes[0], Insert)


GUARD = '`if __name__ == "__main__":`'


@pytest.mark.parametrize(
    "words",
    [
        f"Append to `test_ship.py`, before the {GUARD} block:",
        f"Add to the end of the file `test_ship.py` (above {GUARD}):",
        f"`test_ship.py` のファイル末尾（{GUARD} の直前）に以下を追加:",
    ],
)
def test_a_guard_that_the_plan_quotes_is_the_anchor(words: str) -> None:
    head = "**Files:**\n- Modify: `test_ship.py`\n\n"
    (step,) = steps(f"{head}**Step 1: More**\n\n{words}\n\n```python\n{MORE}```\n")
    assert isinstance(step, Edit)
    (insert,) = step.changes
    assert isinstance(insert, Insert)
    assert (insert.side, insert.anchor.value) == ("before", f"{GUARD[1:-1]}\n")
    assert insert.text.value == f"{MORE}\n\n"


@pytest.mark.parametrize("there", [None, "import ship\n"])
def test_a_guard_that_is_not_known_makes_no_edit(there: str | None) -> None:
    words = "`test_ship.py` の末尾（`if __name__` の前）に追加："
    body = f"{HEAD}**Step 1: More**\n\n{words}\n\n```python\n{MORE}```\n"
    (step,) = steps(body, None if there is None else {"test_ship.py": there})
    assert isinstance(step, Manual)


@pytest.mark.parametrize(
    "text",
    [
        MADE.partition("if ")[0],
        MADE + "\n\nrow = 1\n",
        MADE.replace("import ship", "if __name__ == '__main__':\n    import ship"),
    ],
)
def test_where_no_guard_ends_the_file_it_is_an_append(text: str) -> None:
    *_, last = steps(appended(MORE), {"test_ship.py": text})
    assert isinstance(last, Edit)
    assert isinstance(last.changes[0], Append)

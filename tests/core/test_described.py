"""Steps, and what an edit has changed, in short."""

from __future__ import annotations

import pytest

from runbook.core.model.model import Manual
from runbook.core.record.described import describe, written
from runbook.core.record.stepevents import EditApplied

TOLD = {
    "a.py, line 2": EditApplied("s", ("a.py",), (), "2", places=1, added=1, removed=1),
    "a.py, 2 changes, lines 1 and 9, +2 -2": EditApplied(
        "s", ("a.py",), (), "1 and 9", places=2, added=2, removed=2
    ),
    "a.py, b.py: 2 files, 2 places, +2 -2": EditApplied(
        "s", ("a.py", "b.py"), (), "1", places=2, added=2, removed=2
    ),
    "a.py, deleted": EditApplied("s", ("a.py",), (), places=1, removed=9, how="deleted"),
    "a.py, b.py, c.py and 1 more: 4 files deleted": EditApplied(
        "s", ("a.py", "b.py", "c.py", "d.py"), (), places=4, removed=9, how="deleted"
    ),
    "a.py, moved to src/a.py": EditApplied("s", ("a.py", "src/a.py"), (), how="moved"),
}


@pytest.mark.parametrize("told", TOLD)
def test_an_edit_is_told_in_short(told: str) -> None:
    assert written(TOLD[told]) == told


@pytest.mark.parametrize(
    ("instructions", "told"),
    [
        ("Move it.\nAnd more.\n", "Move it."),
        ("```bash\ngit push\n```\n", "git push"),
        ("\n~~~\n\ngit push\n~~~\n", "git push"),
        ("```\n```\n", "```"),
    ],
)
def test_work_by_hand_is_told_by_its_first_line_that_says_something(
    instructions: str, told: str
) -> None:
    assert describe(Manual(instructions)) == ("manual", told)

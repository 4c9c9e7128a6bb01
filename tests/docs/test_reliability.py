"""Every test that the page on reliability names is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reliability.md"
# Those of the fault matrix that are about kills, git and the user's work.
ROWS = [
    *range(1, 13),
    *range(14, 18),
    *range(19, 22),
    27,
    28,
    31,
    32,
    "35b",
    40,
    *range(45, 51),
    *range(56, 63),
]


def test_every_row_names_tests_that_are_there() -> None:
    page = PAGE.read_text(encoding="utf-8")
    rows = dict(re.findall(r"(?m)^\| (\d+b?) \| .* \| (.*) \|$", page))
    assert [*rows] == [str(row) for row in ROWS]
    defined = {
        name
        for module in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"def (test_\w+)", module.read_text(encoding="utf-8"))
    }
    for row, tests in rows.items():
        named = re.findall(r"`(test_\w+)`", tests)
        assert named
        assert not set(named) - defined, row

"""What makes tests say nothing, seen in code that is no test."""

from __future__ import annotations

import pytest

from runbook.core.handover.weakening import frauds

ANY = "from unittest import mock\nRESULT = mock.ANY\n"


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("src/calc.py", ANY, ["src/calc.py: something that equals everything is used"]),
        ("src/calc.pyi", ANY, ["src/calc.pyi: something that equals everything is used"]),
        (
            "hidden.pth",
            "import runbook_probe\n",
            ["hidden.pth: what says how tests ended is touched"],
        ),
        ("tests/test_calc.py", ANY, []),
        ("docs/mocks.md", ANY, []),
    ],
)
def test_what_nobody_needs_in_code(path: str, text: str, found: list[str]) -> None:
    assert list(frauds(path, None, text)) == found
    # What was there before is nobody's doing.
    assert list(frauds(path, text, text)) == []

"""The places of what findings are about."""

from __future__ import annotations

import pytest

from runbook.core.position import Position
from runbook.phasefile.locate import locate


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("  - verify: a || true", (1, 15)),
        ('  - "verify": a || true', (1, 17)),
        ("  - {timeout: 1s, 'verify': a || true}", (1, 31)),
        ("  - x: y", (1, 5)),
    ],
)
def test_a_key_may_stand_in_quotes(line: str, found: tuple[int, int]) -> None:
    at, _ = locate([line], Position("p", 1, 5), "verify", "|| true")
    assert (at.line, at.column) == found

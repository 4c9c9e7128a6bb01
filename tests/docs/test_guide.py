"""docs/guide.md as a new user follows it."""

from __future__ import annotations

from pathlib import Path

from replaying import replay
from scenario import Scenario

GUIDE = (Path(__file__).parents[2] / "docs" / "guide.md").read_text(encoding="utf-8")


def test_the_guide_replays(scenario: Scenario) -> None:
    done = replay(scenario, GUIDE)
    assert len(done) == 11
    assert scenario.subjects() == [
        "Orders and their report",
        "Plan the currency",
        "refactor: total is total_of",
        "feat: reports say the currency",
        'Revert "feat: reports say the currency"',
    ]
    assert scenario.status() == ""

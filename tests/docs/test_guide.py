"""docs/guide.md and docs/from-a-plan.md as a new user follows them."""

from __future__ import annotations

from pathlib import Path

from replaying import replay
from scenario import Scenario

DOCS = Path(__file__).parents[2] / "docs"


def test_the_guide_replays(scenario: Scenario) -> None:
    done = replay(scenario, (DOCS / "guide.md").read_text(encoding="utf-8"))
    assert len(done) == 11
    assert scenario.subjects() == [
        "Orders and their report",
        "Plan the currency",
        "refactor: total is total_of",
        "feat: reports say the currency",
        'Revert "feat: reports say the currency"',
    ]
    assert scenario.status() == ""


def test_the_way_from_a_plan_replays(scenario: Scenario) -> None:
    done = replay(scenario, (DOCS / "from-a-plan.md").read_text(encoding="utf-8"))
    assert len(done) == 11
    assert scenario.subjects()[-2:] == [
        "refactor: name the rate of the tax",
        "fix: round prices to cents",
    ]
    assert scenario.status() == ""

"""A phase whose file is named by another number."""

import pytest
from scenario import GREETING, Scenario

from runbook.core.lint.numbers import misnumbered
from runbook.core.model.model import Phase


@pytest.mark.parametrize(
    ("name", "number", "other"),
    [
        ("phase-1", 1, 2), ("phase-01", 1, 10), ("1", 1, 2), ("01-doors", 1, 2), ("phase-0", 0, 1),
        ("phase_3-doors", 3, 4), ("harbour-phase-03-doors", 3, 4), ("phase3", 3, 1),
    ],
)  # fmt: skip
def test_a_number_in_a_name_is_the_phases(name: str, number: int, other: int) -> None:
    assert not list(misnumbered(Phase(name, "", (), number)))
    assert not list(misnumbered(Phase(name, "", (), None)))
    (found,) = misnumbered(Phase(name, "", (), other))
    assert f"named as phase {number}" in found.message


@pytest.mark.parametrize(
    "name",
    ["doors", "py3", "2026-03-01-doors", "phase-3.5", "task-1", "v2.0", "doors-2", "phases-3"],
)
def test_numbers_of_other_things_are_no_phases(name: str) -> None:
    assert not list(misnumbered(Phase(name, "", (), 7)))


def test_check_points_at_the_number(scenario: Scenario) -> None:
    scenario.app("# The first.\n" + GREETING.replace("phase: 1", "phase: 2"))
    scenario.run("check").says(
        1,
        "phases/phase-1.yaml:2:8: RB117: `phase: 2` stands in a file that is named as phase 1",
        "    2 | phase: 2\n      |        ^\n      = hint: write `phase: 1`, or rename the file",
    )
    text = scenario.read("phases/phase-1.yaml")
    scenario.phase(text.replace("phase: 2", "phase: 2  # runbook: ignore RB117 it is so"))
    assert "RB117" not in scenario.run("check").stdout

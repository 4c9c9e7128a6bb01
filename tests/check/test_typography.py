"""RB122: signs of a text in a command, as they come with what is copied from one."""

from __future__ import annotations

import pytest
from scenario import Scenario

PHASE = """\
phase: 1
goal: Test.
tasks:
  - title: Test
    steps:
      - verify: {command}
        expect: {{contains: passed}}
"""


@pytest.mark.parametrize(
    ("command", "column", "said"),
    [
        ("“make test”", 17, "U+201C"),
        ("\u2018make\u2019 test", 17, "U+2018"),
        ("NAME=“a b” make", 17, "U+201C"),
        ("make test –k", 27, "U+2013"),
        ("make test —keep", 27, "U+2014"),
        ("cd web && make\u00a0test", 27, "U+00A0"),
        ("bash -c 'make “test”'", 31, "U+201C"),
    ],
)
def test_signs_of_a_text(scenario: Scenario, command: str, column: int, said: str) -> None:
    scenario.phase(PHASE.format(command=command))
    scenario.begin()
    place = f"phases/phase-1.yaml:6:{column}: RB122: bash takes `"
    scenario.run("check").says(1, place, f"({said}) for a letter", "hint: write ")


@pytest.mark.parametrize(
    "command",
    [
        'make "“test”"',
        "make 'a – b'",
        "make test-–-k",
        "grep -c “passed” log.txt",
        "echo “passed”",
        "make prüfen",
        "make 'a\u00a0b'",
        "make -- –",
    ],
)
def test_signs_that_are_meant(scenario: Scenario, command: str) -> None:
    scenario.phase(PHASE.format(command=command))
    scenario.begin()
    assert "RB122" not in scenario.run("check").raw

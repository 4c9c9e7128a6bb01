"""RB114: a check of where tests run, where nothing heeds their groups."""

from __future__ import annotations

import pytest
from scenario import Scenario

MARKED = "import pytest\n\n@pytest.mark.xdist_group('db')\ndef test_it(): ...\n"
PHASE = """\
phase: 1
goal: Look.
tasks:
  - title: Look
    steps:
      - verify: pytest -n 4 test_app.py
        expect: {tests: {workers: ">=2"}}
"""
SAID = "phases/phase-1.yaml:6:9: RB114: without `--dist loadgroup` the marker `xdist_group` means"
SET = """\
      - edit: pytest.ini
        create: |
          [pytest]
          addopts = --dist loadgroup
"""


def test_a_marker_that_means_nothing_is_told(scenario: Scenario) -> None:
    scenario.app(PHASE)
    scenario.write("test_app.py", MARKED)
    scenario.git("commit", "-qam", "Mark")
    scenario.run("check").says(1, SAID, "hint: run it with `--dist loadgroup`, or leave `workers`")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("-n 4", "-n 4 --dist loadgroup"),
        ("goal: Look.", "goal: Look.\nenv: {PYTEST_ADDOPTS: --dist=loadgroup}"),
        ("    steps:\n", f"    steps:\n{SET}"),
        ("    steps:\n", "    steps:\n      - run: make settings\n        files: pytest.ini\n"),
        ('{workers: ">=2"}', "pass"),
        ("pytest -n 4", "make tests #"),
    ],
)
def test_what_heeds_it_or_may_is_not(scenario: Scenario, before: str, after: str) -> None:
    scenario.app(PHASE.replace(before, after))
    scenario.write("test_app.py", MARKED)
    scenario.git("commit", "-qam", "Mark")
    assert "RB114" not in str(scenario.run("check"))


def test_nor_are_tests_without_groups(scenario: Scenario) -> None:
    scenario.app(PHASE)
    assert "RB114" not in str(scenario.run("check"))
    scenario.write("pytest.ini", "[pytest]\naddopts = --dist loadgroup\n")
    scenario.write("test_app.py", MARKED)
    scenario.git("add", "pytest.ini")
    scenario.git("commit", "-qam", "Mark")
    assert "RB114" not in str(scenario.run("check"))

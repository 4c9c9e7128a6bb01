"""RB123: a carried environment in which the checkout itself is installed in place."""

from pathlib import Path

import pytest
from scenario import CHECKED, Scenario

SITE = ".venv/lib/python3.11/site-packages"
SAID = "RB123: .venv has the project installed in place: in a scratch worktree as well, what is"


def install(scenario: Scenario, folder: Path | str) -> None:
    scenario.write(f"{SITE}/_project.pth", f"import other_things\n{folder}\n")


def test_what_is_imported_is_the_checkout(scenario: Scenario) -> None:
    scenario.write(".gitignore", ".venv/\n")
    scenario.series("title: Mine\ncarry: [.env, .venv]")
    scenario.app(CHECKED)
    scenario.run("check").says(0)
    install(scenario, scenario.root / "src")
    scenario.run("check").says(
        1, f"phases/runbook.yaml:2:15: {SAID} imported is src of your checkout"
    )
    # It is done as it says, or is so for a reason.
    scenario.series("setup: uv sync")
    scenario.run("check").says(0)
    scenario.series("title: Mine")
    scenario.phase(CHECKED + "carry: .venv\n")
    scenario.run("check").says(1, f"phases/phase-1.yaml:12:8: {SAID}")
    scenario.phase(CHECKED + "# runbook: ignore RB123 the tests import nothing\ncarry: .venv\n")
    scenario.run("check").says(0)


@pytest.mark.parametrize(
    ("folder", "settings", "more"),
    [
        ("src", "[pytest]\npythonpath = src\n", ""),
        ("src", "", "env: {PYTHONPATH: src}\n"),
        (".", "", ""),  # the tests of most such projects begin where they are
        ("../elsewhere", "", ""),
    ],
)
def test_what_says_otherwise_is_believed(
    scenario: Scenario, folder: str, settings: str, more: str
) -> None:
    scenario.write(".gitignore", ".venv/\n")
    install(scenario, (scenario.root / folder).resolve())
    if settings:
        scenario.write("pytest.ini", settings)
    scenario.app(f"{CHECKED}carry: .venv\n{more}")
    scenario.run("check").says(0)

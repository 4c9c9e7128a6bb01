"""This repository's own series as people read it: nothing of it is carried out here."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from example import copied
from scenario import PROGRAM, Scenario

from runbook.core.model.model import Commit, Confirm, Edit, FailsAt, Manual, Step, Verify
from runbook.core.model.operations import (
    Create,
    EnsureImport,
    Insert,
    Patch,
    Remove,
    Rename,
    Replace,
    SetValues,
    Structural,
    UnsetValues,
)
from runbook.phasefile.loader import load_series

ROOT = Path(__file__).parents[2]

# Of each phase a text that it looks for or expects, and that text with a mistake in it.
MISTAKES = {
    "phase-1": ("after: asyncio_mode", "after: asyncio"),
    "phase-0": ("-    return CANARY", "-    return BIRD"),
    "phase-2": ("async with get_session()", "async with get_sessions()"),
    "phase-3": ('reason="TEST_DATABASE_URL not set', 'reason="DATABASE_URL not set'),
    "phase-4": ("edit: tests/integration/test_course_service.py", "edit: tests/test_course.py"),
    "phase-5": ("fails-at: task", "fails-at: yesterday"),
    "phase-6": ("retries: 1", "retry: 1"),
}


def steps() -> list[Step]:
    phases = load_series(ROOT / "phases").phases
    return [step for phase in phases for task in phase.every_task for step in task.steps]


def test_its_plans_are_not_stale() -> None:
    done = subprocess.run(
        [*PROGRAM, "plan", "--all", "-o", "examples/plans", "--check"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    plans = {path.stem for path in (ROOT / "examples" / "plans").iterdir()}
    assert plans == {phase.id for phase in load_series(ROOT / "phases").phases}


def test_its_phases_come_in_the_order_of_what_they_require() -> None:
    phases = load_series(ROOT / "phases").phases
    assert [phase.number for phase in phases] == [1, 0, 2, 3, 4, 5, 6]
    # The README's first command.
    assert [phase.requires for phase in phases if phase.number == 3] == [()]


def test_it_shows_the_words_of_the_format() -> None:
    edits = [step for step in steps() if isinstance(step, Edit)]
    changes = {type(change) for edit in edits for change in edit.changes}
    assert changes >= {
        Create, EnsureImport, Insert, Patch, Remove, Rename, Replace, SetValues, Structural,
        UnsetValues,
    }  # fmt: skip
    checks = [step for step in steps() if isinstance(step, Verify)]
    assert any(isinstance(check.fails_at, FailsAt) and check.fails_at.tests for check in checks)
    assert {check.fails_in for check in checks} >= {"task", "phase", "series"}
    assert any(check.retries for check in checks)
    assert any(check.expect.tests and check.expect.tests.fails_with for check in checks)
    (manual,) = [step for step in steps() if isinstance(step, Manual)]
    assert manual.delegate is not None
    assert manual.delegate.run is not None
    assert (ROOT / "examples" / "workspaces" / manual.delegate.run.split()[-1]).is_file()
    assert sum(isinstance(step, Confirm) for step in steps()) == 1
    assert sum(isinstance(step, Commit) for step in steps()) == 10


@pytest.mark.parametrize("phase", MISTAKES)
def test_a_mistake_in_any_phase_is_found_before_anything_runs(
    scenario: Scenario, phase: str
) -> None:
    copied(scenario)
    text = scenario.read(f"phases/{phase}.yaml")
    right, wrong = MISTAKES[phase]
    assert right in text
    scenario.write(f"phases/{phase}.yaml", text.replace(right, wrong))
    found = scenario.run("check")
    assert found.status in (1, 2), str(found)
    assert f"phases/{phase}.yaml:" in found.stdout + found.stderr


def test_without_a_mistake_nothing_is_found(scenario: Scenario) -> None:
    copied(scenario).run("check").says(0, "phases/phase-6.yaml: 2 tasks, 3 steps, no mistakes")

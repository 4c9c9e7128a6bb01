"""The plan that phases/phase-3.yaml was written by hand from, imported."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from corpus import SEED

from runbook.core.model.model import Commit, Edit, Expect, Phase, Step, Verify
from runbook.markdown.importing.importer import import_plan
from runbook.markdown.importing.sharing import share
from runbook.phasefile.loader import load_series

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(not SEED.exists(), reason=f"there is no {SEED}")


def plain(step: Step) -> Step:
    """A step without what only a person can know: that a check is a guard, sharper evidence."""
    if isinstance(step, Verify):
        prose = step.expect.prose
        return replace(step, expect=Expect(prose=prose), guard=False, fails_at=None)
    return step


def by_hand() -> Phase:
    return next(each for each in load_series(ROOT / "phases").phases if each.id == "phase-3")


def test_it_is_the_phase_that_was_written_by_hand() -> None:
    found = import_plan(SEED.read_text(encoding="utf-8"), SEED.stem)
    _, (phase,) = share((found,), None)
    wanted = by_hand()
    assert found.complete
    assert [task.title for task in phase.tasks] == [task.title for task in wanted.tasks]
    for task, other in zip(phase.tasks, wanted.tasks, strict=True):
        assert (task.id, task.group) == (other.id, other.group)
        assert tuple(map(plain, task.steps)) == tuple(map(plain, other.steps))
    assert tuple(map(plain, phase.verification)) == tuple(map(plain, wanted.verification))
    assert replace(phase.notes[0], text=phase.notes[0].text) == wanted.notes[0]
    assert phase.settings.co_authored_by == wanted.settings.co_authored_by
    assert phase.settings.worktree == wanted.settings.worktree
    for name in ("id", "number", "of", "goal", "tech_stack", "verified"):
        assert getattr(phase, name) == getattr(wanted, name)
    assert (phase.architecture or "").split() == (wanted.architecture or "").split()


def test_it_checks_what_the_plan_says() -> None:
    found = import_plan(SEED.read_text(encoding="utf-8"), SEED.stem)
    kinds = [type(step) for task in found.phase.tasks for step in task.steps]
    assert kinds == [Edit, Verify, Commit, Edit, Verify, Commit, Verify, Verify]
    checks = [step for task in found.phase.tasks for step in task.steps if isinstance(step, Verify)]
    assert all(step.expect.tests is not None for step in checks)
    assert checks[2].expect.absent == ("Future attached to different loop",)

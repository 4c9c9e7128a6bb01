"""The main job, for real: this repository's own series on its example, with PostgreSQL and uv.

Every run of the suite carries phase 3 out. All phases in their order take a sixth of the time of
the whole suite; they, their audit and kills are on demand:

    RUNBOOK_ON_DEMAND=1 tests/run -s tests/end_to_end/test_series_for_real.py
    RUNBOOK_KILLS=20 tests/run -s tests/end_to_end/test_series_for_real.py -k killed
"""

from __future__ import annotations

import os
import random
import re
import signal
import time

import pytest
from example import BRANCH, TESTS, carried_out, databases_of, example, has_phase_3
from ondemand import ON_DEMAND, SEED, on_demand
from scenario import Scenario

PHASE_3 = [
    "refactor(tests): remove xdist_group from test_workspace_crud",
    "refactor(tests): remove xdist_group from test_workspace_persistence",
]
BEFORE_IT = [
    "test: store a canary at the start of each session",
    "test: add db_session, a session that keeps no connection",
    "test: begin every run with empty tables",
    "test: take the canary out when the tests are over",
    "test: remove the test of the pool",
    "test: give the core database tests db_session",
]
AFTER_IT = [
    "test: remove xdist_group from the tests of courses",
    "docs(tests): say why reset_db_engine_per_test is needed",
]
# Skipped tests are no passed tests; carried out where the others were, so nothing is installed.
WITHOUT_SERVICE = """\
phase: 7
goal: See what tests without a database prove.
services: []
tasks:
  - title: Run them
    steps:
      - verify: uv run pytest tests/integration/test_workspace_crud.py
        expect: {tests: pass}
"""
PHASES = ["phase-1", "phase-0", "phase-2", "phase-3", "phase-4", "phase-5", "phase-6"]


@pytest.fixture
def clone(scenario: Scenario) -> Scenario:
    return example(scenario)


def carry_phase_3_out(clone: Scenario) -> None:
    """The README's first command, in a fresh clone."""
    head = clone.git("rev-parse", "HEAD")
    carried_out(clone, "run", "phase-3").says(
        0,
        "14 passed",
        "8 passed",
        "22 passed, on 4 workers",
        "at the phase's start: 22 passed, on 1 worker",
        "as it must",
        "phase-3 is complete: 2 commits",
    )
    assert (clone.git("rev-parse", "HEAD"), clone.status()) == (head, "")
    has_phase_3(clone, head)
    assert databases_of(clone) == []


def test_phase_3_is_carried_out(clone: Scenario) -> None:
    carry_phase_3_out(clone)
    clone.run("run", "phase-3").says(0, "phase-3 is complete: there is nothing to do")
    clone.phase(WITHOUT_SERVICE, "phase-7")
    skipped = "no test ran: all 14 skipped", "TEST_DATABASE_URL not set"
    carried_out(clone, "run", "phase-7").says(1, *skipped)
    assert databases_of(clone) == []


@on_demand
def test_the_series_is_carried_out(clone: Scenario) -> None:
    head = clone.git("rev-parse", "HEAD")
    assert [each["phase"] for each in clone.json("list")] == PHASES
    carry_phase_3_out(clone)
    done = carried_out(clone, "run", "--all", "--yes")
    done.says(
        0,
        "and fails at the task's start",
        "service postgres is ready",
        "phase-3 is complete: there is nothing to do",
        "manual  step-4: attempt 1 of 1 by python3 tools/explain_reset.py",
        "at the series' start: 37 passed, on 1 worker",
        "all 7 phases are complete, 8 commits",
        "nobody looked: phase-6/task-2/step-2",
    )
    # How many tests each worker ran, before and after.
    spread = re.search(r"36 passed, on 4 workers: (\d+), (\d+), (\d+), (\d+) ", done.stdout)
    assert spread is not None
    assert sum(map(int, spread.groups())) == 36
    assert (clone.git("rev-parse", "HEAD"), clone.status()) == (head, "")
    assert clone.subjects(f"{head}..{BRANCH}") == PHASE_3 + BEFORE_IT + AFTER_IT
    conftest = clone.git("show", f"{BRANCH}:{TESTS}/conftest.py")
    assert "RuntimeError: Event loop is closed" in conftest
    assert "autouse=True" in conftest
    assert clone.git("grep", "xdist_group", BRANCH, "--", TESTS, check=False) == ""
    assert databases_of(clone) == []
    clone.run("status", "--check").says(0)
    clone.run("run", "--all").says(0, "phase-6 is complete: there is nothing to do")
    clone.run("undo", "phase-4").says(0)
    assert "xdist_group" in clone.git("show", f"{BRANCH}:{TESTS}/test_course_service.py")
    assert databases_of(clone) == []


@on_demand
def test_what_is_left_of_it_holds(clone: Scenario) -> None:
    carried_out(clone, "run", "--all", "--yes").says(0)
    carried_out(clone, "audit", "--all").says(0, "checks of 7 phases hold")
    carried_out(clone, "undo", "phase-4", "--verify").says(0)
    assert databases_of(clone) == []


KILLS = int(os.environ.get("RUNBOOK_KILLS", "0"))
LONGEST = float(os.environ.get("RUNBOOK_KILLS_WITHIN", "20"))  # seconds


@pytest.mark.skipif(not (KILLS or ON_DEMAND), reason="RUNBOOK_KILLS=1 runs it")
def test_killed_at_random_moments_it_makes_the_same_commits(clone: Scenario) -> None:
    choice = random.Random(f"{SEED} series")
    head = clone.git("rev-parse", "HEAD")
    for kill in range(KILLS or 3):
        moment = choice.uniform(0.2, LONGEST)
        print(f"RUNBOOK_SEED={SEED}, kill {kill}: after {moment:.1f} s")
        process = clone.start("run", "--all", "--yes")
        time.sleep(moment)
        # The whole group: the runner, and git where it is at work.
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    carried_out(clone, "run", "--all", "--yes").says(0)
    subjects = clone.subjects(f"{head}..{BRANCH}")
    assert subjects == BEFORE_IT + PHASE_3 + AFTER_IT
    carried_out(clone, "audit", "--all").says(0, "checks of 7 phases hold")
    clone.until(lambda: not databases_of(clone))

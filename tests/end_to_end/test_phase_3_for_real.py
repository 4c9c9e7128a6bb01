"""Phase 3 of this repository's own series: the plan it was written from, and what it proves.

It is carried out with the others in test_series_for_real.py. What of this carries anything out is
on demand:

    RUNBOOK_ON_DEMAND=1 tests/run tests/end_to_end/test_phase_3_for_real.py
"""

from __future__ import annotations

import json
import os
import random
import signal
import time

import pytest
from corpus import SEED as PLAN
from example import BRANCH, carried_out, databases_of, example, has_phase_3
from ondemand import ON_DEMAND, SEED, on_demand
from scenario import Scenario

# What the plan leaves out: that the checks can fail.
WITHOUT_FIXTURE = """\
phase: 5
goal: See that the fixture is needed, and the marker groups.
worktree: .worktrees/without-fixture
tasks:
  - title: Take the fixture away
    steps:
      - verify: uv run pytest tests/integration -n 4
        expect: {tests: {passed: 37, workers: 1}}
      - edit: tests/integration/conftest.py
        from: |
          @pytest.fixture(autouse=True)
        through: |2
              await close_db()
        with: |
          @pytest.fixture(autouse=True)
          def without_reset(database: None) -> None:
              "Leave the engine as it is."
      - verify: uv run pytest tests/integration
        expect:
          tests: {fails-with: attached to a different loop}
"""


@pytest.fixture
def clone(scenario: Scenario) -> Scenario:
    return example(scenario)


@pytest.fixture
def imported(clone: Scenario) -> Scenario:
    """The clone with the plan that the phase was written from in the phase's place."""
    if not PLAN.exists():
        pytest.skip(f"there is no {PLAN}")
    written = clone.root / "phases" / "phase-3.yaml"
    for each in written.parent.glob("phase-*.yaml"):
        # The others wait for it, or it for them.
        each.unlink()
    said = clone.run("import", str(PLAN), "--repo", "examples/workspaces", "--strict")
    said.says(0, "phases/phase-3.yaml written", "All of it is exact.")
    text = written.read_text(encoding="utf-8")
    # What the series file says already.
    assert not any(key in text for key in ("worktree:", "co-authored-by:", "\nof:"))
    return clone


def test_the_plan_it_was_written_from_can_be_carried_out(imported: Scenario) -> None:
    says = [
        f"refactor(tests): remove xdist_group from test_workspace_{name}"
        for name in ("crud", "persistence")
    ]
    imported.run("run", "phase-3", "--dry-run").says(0, *says)


@on_demand
def test_the_plan_it_was_written_from_is_carried_out(imported: Scenario) -> None:
    clone = imported
    head = clone.git("rev-parse", "HEAD")
    carried_out(clone, "run", "phase-3").says(0, "phase-3 is complete: 2 commits")
    has_phase_3(clone, head)


@on_demand
def test_what_its_checks_prove(clone: Scenario) -> None:
    head = clone.git("rev-parse", "HEAD")

    result = carried_out(clone, "check", "--prove", "phase-3")
    result.says(0, "phase-3: 5 checks: 3 guard, 2 prove")
    crud, persistence = (
        f"uv run pytest tests/integration/test_workspace_{name}.py -v"
        for name in ("crud", "persistence")
    )
    for still_pass in (crud, persistence):
        assert f": guards: {still_pass}\n    passes at the phase's start" in result.stdout
    both = "uv run pytest tests/integration/test_workspace_crud.py tests/integration/"
    distribution = f": proves: {both}test_workspace_persistence.py -n 4 -v\n"
    assert f"{distribution}    fails at the phase's start" in result.stdout
    assert (clone.git("rev-parse", "HEAD"), clone.status()) == (head, "")
    # Without it the marker means nothing, and tests are spread before as well.
    settings = clone.read("examples/workspaces/pyproject.toml")
    assert "--dist loadgroup" in settings
    clone.write(
        "examples/workspaces/pyproject.toml", settings.replace("--dist loadgroup", "--dist load")
    )
    clone.git("commit", "-q", "-am", "Spread tests anyhow")
    result = carried_out(clone, "check", "--prove", "phase-3")
    result.says(1, "phase-3: 5 checks: 3 guard, 2 vacuous")
    assert distribution.replace("proves", "vacuous") in result.stdout
    assert databases_of(clone) == []


@on_demand
def test_its_checks_can_fail(clone: Scenario) -> None:
    clone.phase(WITHOUT_FIXTURE, "phase-5")
    carried_out(clone, "run", "phase-5").says(0, "37 passed, on 1 worker", "failed", "as expected")
    assert databases_of(clone) == []


# RUNBOOK_KILLS=10 tests/run -s tests/end_to_end/test_phase_3_for_real.py -k killed
# kills ten runs, each once at a random moment; on demand without it, one run is killed twice.
KILLS = int(os.environ.get("RUNBOOK_KILLS", "0"))
LONGEST = float(os.environ.get("RUNBOOK_KILLS_WITHIN", "15"))  # seconds


@pytest.mark.skipif(not (KILLS or ON_DEMAND), reason="RUNBOOK_KILLS=1 runs it")
@pytest.mark.parametrize("trial", range(KILLS or 1))
def test_killed_at_random_moments_it_still_proves_all_of_it(clone: Scenario, trial: int) -> None:
    choice = random.Random(f"{SEED} {trial}")
    head = clone.git("rev-parse", "HEAD")
    for _ in range(1 if KILLS else 2):
        moment = choice.uniform(0.2, LONGEST)
        print(f"RUNBOOK_SEED={SEED}, trial {trial}: killed after {moment:.1f} s")
        process = clone.start("run", "phase-3")
        time.sleep(moment)
        # The whole group: the runner, and git where it is at work.
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    carried_out(clone, "run", "phase-3").says(0, "phase-3 is complete: 2 commits")
    assert clone.subjects(f"{head}..{BRANCH}") == [
        "refactor(tests): remove xdist_group from test_workspace_crud",
        "refactor(tests): remove xdist_group from test_workspace_persistence",
    ]
    (journal,) = (clone.root / ".git/runbook").glob("*/journal.jsonl")
    records = [json.loads(line) for line in journal.read_text().splitlines()]
    passed = {record["step"] for record in records if record["event"] == "VerifyPassed"}
    ended = {
        record["step"]: record["tests"]
        for record in records
        if record["event"] == "CommandEnded" and not record["state"]
    }
    shown = sorted(ended[step].partition(",")[0] for step in passed)
    # Whatever a kill interrupted was run again, and no test was skipped or missing.
    assert shown == ["14 passed", "22 passed", "22 passed", "22 passed", "8 passed"]
    clone.until(lambda: not databases_of(clone))

"""The main job, for real: this repository's own phase on its example, with PostgreSQL and uv.

It needs the registry that uv installs from; where there is no uv at all it is skipped. Every run of
the suite carries the phase out once; what its checks prove, and its kills, are on demand:

    RUNBOOK_ON_DEMAND=1 tests/run tests/end_to_end/test_phase_3_for_real.py
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from corpus import SEED as PLAN
from ondemand import ON_DEMAND, SEED, on_demand
from scenario import Result, Scenario

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / ".venv" / "tools"
UV = shutil.which("uv") or shutil.which("uv", path=str(TOOLS))
LIMIT = 600.0  # seconds: a first run downloads the example's packages
TESTS = "examples/workspaces/tests/integration"
BRANCH = "database-test-nullpool"

SKIPIF = """\
pytestmark = pytest.mark.skipif(
    not os.environ.get("TEST_DATABASE_URL"),
    reason="TEST_DATABASE_URL not set - skipping database integration tests",
)
"""
MESSAGE = """\
refactor(tests): remove xdist_group from {name}

With reset_db_engine_per_test disposing engine after each test, and
xdist workers being separate processes, clustering is no longer needed.

Co-Authored-By: Claude Opus 4.5 <noreply@anthropic.com>
"""

# What the plan leaves out: that the checks can fail. Each in a worktree of its own.
WITHOUT_SERVICE = """\
phase: 4
goal: See that skipped tests are no passed tests.
worktree: .worktrees/without-service
services: []
tasks:
  - title: Run them without a database
    steps:
      - verify: uv run pytest tests/integration/test_workspace_crud.py
        expect: {tests: pass}
"""
WITHOUT_FIXTURE = """\
phase: 5
goal: See that the fixture is needed, and the marker groups.
worktree: .worktrees/without-fixture
tasks:
  - title: Take the fixture away
    steps:
      - verify: uv run pytest tests/integration -n 4
        expect: {tests: {passed: 22, workers: 1}}
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
    """A repository that holds what this one does, with uv on PATH and nothing of ours."""
    if UV is None:
        pytest.skip("no uv on PATH, nor beside the launcher")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=True,
    ).stdout  # fmt: skip
    for name in filter(None, os.fsdecode(listed).split("\0")):
        if name.startswith(("examples/", "phases/", ".gitignore")) and (ROOT / name).is_file():
            target = scenario.root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target)
    (scenario.bin / "uv").symlink_to(UV)
    # uv's cache, and where certificates and mirrors are named.
    kept = ("HOME", "UV_", "SSL_", "PIP_", "XDG_", "http", "no_proxy", "HTTP", "NO_PROXY")
    scenario.env |= {name: text for name, text in os.environ.items() if name.startswith(kept)}
    scenario.env["PATH"] += os.pathsep + os.environ["PATH"]
    scenario.env.pop("TEST_DATABASE_URL", None)
    return scenario.begin()


def carried_out(clone: Scenario, phase: str) -> Result:
    process = clone.start("run", phase)
    stdout, stderr = process.communicate(timeout=LIMIT)
    return Result(process.returncode, clone.normal(stdout), clone.normal(stderr), stdout + stderr)


def databases_of(clone: Scenario) -> list[str]:
    """Processes of PostgreSQL that the clone's worktrees have started."""
    found = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=False)
    return [line for line in found.stdout.splitlines() if f"{clone.root}/" in line]


def test_the_phase_is_carried_out(clone: Scenario) -> None:
    head = clone.git("rev-parse", "HEAD")
    carried_out(clone, "phase-3").says(
        0,
        "14 passed",
        "8 passed",
        "22 passed, on 4 workers",
        "at the phase's start: 22 passed, on 1 worker",
        "as it must",
        "phase-3 is complete: 2 commits",
    )
    assert (clone.git("rev-parse", "HEAD"), clone.status()) == (head, "")
    assert clone.git("rev-parse", f"{BRANCH}~2") == head
    for commit, name in (
        (f"{BRANCH}~1", "test_workspace_crud"),
        (BRANCH, "test_workspace_persistence"),
    ):
        assert f"{clone.message(commit)}\n" == MESSAGE.format(name=name)
        assert clone.paths(commit) == [f"{TESTS}/{name}.py"]
        text = clone.git("show", f"{BRANCH}:{TESTS}/{name}.py")
        assert f"\n{SKIPIF}" in text
        assert "xdist_group" not in text
    assert databases_of(clone) == []
    clone.run("run", "3").says(0, "phase-3 is complete: there is nothing to do")
    assert clone.git("rev-parse", f"{BRANCH}~2") == head


@pytest.fixture
def imported(clone: Scenario) -> Scenario:
    """The clone with the plan that the phase was written from in the phase's place."""
    if not PLAN.exists():
        pytest.skip(f"there is no {PLAN}")
    written = clone.root / "phases" / "phase-3.yaml"
    written.unlink()
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
    carried_out(clone, "phase-3").says(0, "phase-3 is complete: 2 commits")
    assert clone.git("rev-parse", f"{BRANCH}~2") == head
    for commit, name in (
        (f"{BRANCH}~1", "test_workspace_crud"),
        (BRANCH, "test_workspace_persistence"),
    ):
        assert f"{clone.message(commit)}\n" == MESSAGE.format(name=name)
        assert clone.paths(commit) == [f"{TESTS}/{name}.py"]
        assert f"\n{SKIPIF}" in clone.git("show", f"{BRANCH}:{TESTS}/{name}.py")


@on_demand
def test_what_its_checks_prove(clone: Scenario) -> None:
    head = clone.git("rev-parse", "HEAD")

    def proved() -> Result:
        process = clone.start("check", "--prove", "phase-3")
        stdout, stderr = process.communicate(timeout=LIMIT)
        return Result(process.returncode, clone.normal(stdout), clone.normal(stderr), stdout)

    result = proved()
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
    result = proved()
    result.says(1, "phase-3: 5 checks: 3 guard, 2 vacuous")
    assert distribution.replace("proves", "vacuous") in result.stdout
    assert databases_of(clone) == []


def test_skipped_tests_are_no_passed_tests(clone: Scenario) -> None:
    clone.phase(WITHOUT_SERVICE, "phase-4")
    carried_out(clone, "phase-4").says(
        1, "no test ran: all 14 skipped", "TEST_DATABASE_URL not set"
    )
    assert databases_of(clone) == []


@on_demand
def test_its_checks_can_fail(clone: Scenario) -> None:
    clone.phase(WITHOUT_FIXTURE, "phase-5")
    carried_out(clone, "phase-5").says(0, "22 passed, on 1 worker", "failed", "as expected")
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
    carried_out(clone, "phase-3").says(0, "phase-3 is complete: 2 commits")
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

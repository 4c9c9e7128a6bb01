"""This repository's own series in a clone, carried out for real: with PostgreSQL, xdist and uv.

It needs the registry that uv installs from; where there is no uv at all it is skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from scenario import Result, Scenario

ROOT = Path(__file__).parents[1]
TOOLS = ROOT / ".venv" / "tools"
UV = shutil.which("uv") or shutil.which("uv", path=str(TOOLS))
LIMIT = 1800.0  # seconds: a first run downloads packages, and the machine may be busy
TESTS = "examples/workspaces/tests/integration"
BRANCH = "database-test-nullpool"
# uv's cache, and where certificates and mirrors are named.
KEPT = ("HOME", "UV_", "SSL_", "PIP_", "XDG_", "http", "no_proxy", "HTTP", "NO_PROXY")

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


def copied(scenario: Scenario) -> Scenario:
    """A repository that holds the example and its phases as this one does."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=True,
    ).stdout  # fmt: skip
    for name in filter(None, os.fsdecode(listed).split("\0")):
        if name.startswith(("examples/", "phases/", ".gitignore")) and (ROOT / name).is_file():
            target = scenario.root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target)
    return scenario.begin()


def example(scenario: Scenario) -> Scenario:
    """Such a repository, with uv on PATH."""
    if UV is None:
        pytest.skip("no uv on PATH, nor beside the launcher")
    (scenario.bin / "uv").symlink_to(UV)
    scenario.env |= {name: text for name, text in os.environ.items() if name.startswith(KEPT)}
    scenario.env["PATH"] += os.pathsep + os.environ["PATH"]
    scenario.env.pop("TEST_DATABASE_URL", None)
    # As a user has it: to compile all packages for each command takes longer than most of them.
    scenario.env.pop("PYTHONDONTWRITEBYTECODE", None)
    return copied(scenario)


def carried_out(clone: Scenario, *arguments: str) -> Result:
    """A call that takes its time."""
    process = clone.start(*arguments)
    stdout, stderr = process.communicate(timeout=LIMIT)
    return Result(process.wait(), clone.normal(stdout), clone.normal(stderr), stdout + stderr)


def databases_of(clone: Scenario) -> list[str]:
    """Processes of PostgreSQL that the clone's worktrees have started."""
    found = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=False)
    return [line for line in found.stdout.splitlines() if f"{clone.root}/" in line]


def has_phase_3(clone: Scenario, head: str) -> None:
    """See that the branch has the commits of phase 3 on top of `head`, and nothing else."""
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

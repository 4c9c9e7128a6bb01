"""The tests of a project are run by its own pytest, which may be an older one than ours."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from ondemand import on_demand
from scenario import Scenario

TOOLS = Path(__file__).parents[2] / ".venv" / "tools"


def installed(folder: Path, version: str) -> Path:
    """A virtual environment with that pytest, and xdist; skips where nothing can be installed."""
    environment = {**os.environ, "PATH": f"{os.environ['PATH']}:{TOOLS}"}
    for arguments in (
        ["venv", "-q", str(folder)],
        ["pip", "install", "-q", "--python", str(folder), f"pytest=={version}", "pytest-xdist"],
    ):
        done = subprocess.run(
            ["uv", *arguments], env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode != 0 and "error sending request" in done.stderr:
            pytest.skip("there is no network to install it from")
        assert done.returncode == 0, done.stderr
    return folder / "bin" / "pytest"


@pytest.mark.parametrize(
    "version",
    ["7.0.1", "9.0.3", *(pytest.param(v, marks=on_demand) for v in ("7.4.4", "8.0.2", "8.4.2"))],
)
def test_an_older_pytest_is_understood(scenario: Scenario, version: str) -> None:
    program = installed(scenario.folder / "venv", version)
    scenario.app(
        f"""\
phase: 1
goal: Look.
tasks:
  - title: Look
    steps:
      - verify: {program} -q test_app.py
        expect: {{tests: {{passed: 1}}}}
      - verify: {program} -q -n 2 test_app.py
        expect: {{tests: {{passed: 1, workers: 1}}}}
"""
    )
    scenario.run("run").says(0, "phase-1 is complete")


def test_a_pytest_that_is_too_old_runs_unseen(scenario: Scenario) -> None:
    program = installed(scenario.folder / "venv", "6.0.2")
    # Its own rewriting of assertions is too old for the Pythons of today.
    command = f"{program} -q --assert=plain -p no:xdist test_app.py"
    scenario.app(
        f"""\
phase: 1
goal: Look.
tasks:
  - title: Look
    steps:
      - verify: {command}
      - verify: {command} --color=no
        expect: {{tests: pass}}
"""
    )
    scenario.run("run").says(1, "as expected", "no evidence that pytest ran", "pytest before 6.1")

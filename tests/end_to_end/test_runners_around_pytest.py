"""The probe is heard behind whatever starts pytest."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from scenario import Scenario

TOX = """\
[tox]
skipsdist = true
envlist = t

[testenv:t]
skip_install = true
allowlist_externals = pytest
commands = pytest -q test_ok.py
"""
NOX = """\
import nox

nox.options.default_venv_backend = "none"


@nox.session
def t(session):
    session.run("pytest", "-q", "test_ok.py", external=True)
"""
SCRIPT = "set -e\npytest -q test_ok.py\npython -m pytest -q test_ok.py\n"
# The command, the program it needs, what stands in files, and how many tests pass.
RUNNERS: dict[str, tuple[str, str, dict[str, str], int]] = {
    "make": ("make -s t", "make", {"Makefile": "t:\n\tpytest -q test_ok.py\n"}, 1),
    "a script": (
        "sh run.sh", "sh", {"run.sh": SCRIPT}, 2,
    ),
    "xargs": ("echo test_ok.py | xargs pytest -q", "xargs", {}, 1),
    "a time limit": ("timeout 50 pytest -q test_ok.py", "timeout", {}, 1),
    "side by side": ("pytest -q test_ok.py & pytest -q test_ok.py & wait", "sh", {}, 2),
    "another folder": ("cd / && pytest -q $OLDPWD/test_ok.py", "sh", {}, 1),
    "nox": ("nox", "nox", {"noxfile.py": NOX}, 1),
    "tox": ("tox -q", "tox", {"tox.ini": TOX}, 1),
    "tox with overrides": (
        "TOX_OVERRIDE=\"testenv.set_env=A=B;$TOX_OVERRIDE\" tox -q", "tox", {"tox.ini": TOX}, 1,
    ),
}  # fmt: skip


@pytest.mark.parametrize("runner", RUNNERS)
def test_what_pytest_did_is_known(scenario: Scenario, runner: str) -> None:
    command, program, files, passed = RUNNERS[runner]
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not installed")
    scenario.env["PATH"] += f":{Path(found).parent}:/usr/bin:/bin"
    for name, text in files.items():
        scenario.write(name, text)
    scenario.write(".gitignore", ".tox/\n.nox/\n")
    scenario.write("test_ok.py", "def test_ok():\n    pass\n")
    scenario.phase(
        f"""
        phase: 1
        goal: Test.
        tasks:
          - title: Test
            steps:
              - verify: |
                  {command}
                expect:
                  tests: {{passed: {passed}}}
        """
    )
    scenario.begin()
    scenario.run("run").says(0, f"{passed} passed")


@pytest.mark.parametrize(
    "command",
    [
        "PYTHONPATH=. pytest -q test_ok.py",
        "python -I -m pytest -q test_ok.py",
        "bash -c 'export PYTHONPATH=.; pytest -q test_ok.py'",
    ],
)
def test_a_pytest_with_a_path_of_its_own_runs_where_nobody_asks_what_it_did(
    scenario: Scenario, command: str
) -> None:
    scenario.write("test_ok.py", "def test_ok():\n    pass\n")
    phase = f"""
        phase: 1
        goal: Test.
        tasks:
          - title: Test
            steps:
              - verify: {command}
        """
    scenario.phase(phase)
    scenario.begin()
    scenario.run("run").says(0, "as expected")
    asking = (
        phase.rstrip().replace("phase: 1", "phase: 2") + "\n                expect: {tests: pass}\n"
    )
    scenario.phase(asking, "phase-2")
    stopped = scenario.run("run", "phase-2")
    stopped.says(1, "pytest did not find what is to see what it does", "keep what it held before")
    assert stopped.stdout.count("keep what it held before") == 1  # it helps against all of it


def test_a_makefile_with_a_path_of_its_own_is_told_to_keep_the_other(scenario: Scenario) -> None:
    if shutil.which("make") is None:
        pytest.skip("make is not installed")
    scenario.env["PATH"] += ":/usr/bin:/bin"
    scenario.write("Makefile", "t:\n\tPYTHONPATH=. pytest -q test_ok.py\n")
    scenario.write("test_ok.py", "def test_ok():\n    pass\n")
    scenario.phase(
        """
        phase: 1
        goal: Test.
        tasks:
          - title: Test
            steps:
              - verify: make -s t
        """
    )
    scenario.begin()
    scenario.run("run").says(1, "exit status 2", "`PYTHONPATH=src:$PYTHONPATH`")

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

"""What the rules over commands find in single ones, and what they pass over."""

from __future__ import annotations

import subprocess

import pytest

from runbook.core.lint.phase import lint
from runbook.core.lint.trailers import trailers
from runbook.core.model.model import Commit, Expect, Phase, Settings, Task, TestsExpectation, Verify


def found(command: str, expect: Expect | None = None) -> list[str]:
    """The codes that a check of this command gets."""
    step = Verify(command, expect or Expect())
    task = Task("phase-1/task-1", "Look", (step,))
    phase = Phase("phase-1", "Look.", (task,), settings=Settings(env=(), secrets=()))
    return [finding.code for finding in lint(phase, {})]


@pytest.mark.parametrize(
    ("command", "hint"),
    [
        ("PYTHONPATH=. pytest", "keep what runbook sets there: `PYTHONPATH=src:$PYTHONPATH`"),
        ("export PYTEST_ADDOPTS=-x; pytest", '`PYTEST_ADDOPTS="$PYTEST_ADDOPTS -x"`'),
        ("env -i pytest", "let pytest have the variables that runbook sets"),
    ],
)
def test_how_pytest_keeps_what_it_needs(command: str, hint: str) -> None:
    step = Verify(command, Expect(tests=TestsExpectation()))
    task = Task("phase-1/task-1", "Look", (step,))
    phase = Phase("phase-1", "Look.", (task,), settings=Settings(env=(), secrets=()))
    assert [hint in (each.hint or "") for each in lint(phase, {}) if each.code == "RB104"] == [True]


@pytest.mark.parametrize(
    ("command", "codes"),
    [
        ("cat a | head -2", ["RB101"]),
        ("cat a | head -n 2", ["RB101"]),
        ("cat a | head -n -2", []),
        ("cat a | head -n-2", []),
        ("cat a | head --lines=-2", []),
        ("cat a | head -c -2", []),
        ("cat a | awk '/x/ {exit}'", ["RB101"]),
        ("cat a | awk '/x/ {f = 1} END {exit !f}'", []),
        ("bash -c 'cat a | tail -1'", ["RB101"]),
        ("bash -lc 'cat a | tail -1'", ["RB101"]),
        ("env X=1 bash -ec 'cat a | tail -1'", ["RB101"]),
        ("bash -o pipefail -c 'cat a | tail -1'", []),
        ("bash -lc 'set -o pipefail; cat a | tail -1'", []),
    ],
)
def test_pipes(command: str, codes: list[str]) -> None:
    assert found(command) == codes


@pytest.mark.parametrize(
    ("command", "codes"),
    [
        ("set -e; ls a; ls b", []),
        ("set -eu; ls a; ls b", []),
        ("set -o errexit; ls a; ls b", []),
        ("set -e; ls a; set +e; ls b; ls c", ["RB102"]),
        ("set -euo pipefail; ls a; set +eu; ls b; ls c", ["RB102"]),
        ("set -o errexit; set +o errexit; ls b; ls c", ["RB102"]),
        ("set +e; set -e; ls b; ls c", []),
    ],
)
def test_sequences(command: str, codes: list[str]) -> None:
    assert found(command) == codes


TESTS = Expect(tests=TestsExpectation("pass"))


@pytest.mark.parametrize(
    ("command", "codes"),
    [
        ("env -u PYTHONPATH pytest", ["RB104"]),
        ("env -uPYTHONPATH pytest", ["RB104"]),
        ("env --unset=PYTEST_ADDOPTS pytest", ["RB104"]),
        ("env -u HOME pytest", []),
        ("python -X dev -I -m pytest", ["RB104"]),
        ("python -Wd -X dev -sE -m pytest", ["RB104"]),
        ("python -Xdev -m pytest", []),
        ("python -B -m pytest -E 3", []),
        ("python run.py -I", []),
        ("npm test", ["RB104"]),
        ("cd web && npx -y jest", ["RB104"]),
        ("bash -c 'npm test'", ["RB104"]),
        ("./gradlew check", ["RB104"]),
        ("cargo +nightly test", ["RB104"]),
        ("cargo nextest run", ["RB104"]),
        ("uv run -m unittest", ["RB104"]),
        # What these run is not known, whatever it is called.
        ("make test-node", []),
        ("make playwright", []),
        ("tox -e node", ["RB104"]),  # for tox itself
        ("./run.sh --project node", []),
        ("cd node && make test", []),
        # Nor is what is started for a test that may run here.
        ("docker compose up -d && make test", []),
        ("sudo systemctl start postgresql && make test", []),
        ("docker compose run shop make test", ["RB104"]),
    ],
)
def test_evidence_of_tests(command: str, codes: list[str]) -> None:
    assert found(command, TESTS) == codes


@pytest.mark.parametrize(
    ("command", "codes"),
    [
        ("git -C web status", ["RB105"]),
        ("git --no-pager -c color.ui=never diff", ["RB105"]),
        ("git -C web diff --exit-code", []),
        ("git -C status rev-parse HEAD", []),
        ("uvx --resolution lowest ruff@0.8.4 check", []),
        ("uvx --constraint c.txt ruff@0.8.4 check", []),
        ("uvx --constraint c.txt ruff check", ["RB110"]),
        ("grep -c uvx README.md", []),
        ("echo run uvx ruff", []),
    ],
)
def test_git_and_tools(command: str, codes: list[str]) -> None:
    assert found(command) == codes


@pytest.mark.parametrize(
    ("last", "codes"),
    [
        ("Co-authored-by: Ada <a@b.org>", []),
        ("Fixes #12\nCo-authored-by: Ada <a@b.org>", ["RB115"]),
        # git takes a paragraph with a line of its own for trailers, if a quarter of it is.
        ("Fixes #12\nSigned-off-by: Ada <a@b.org>", []),
        ("(cherry picked from commit 1a2b3c4)\nSigned-off-by: Ada <a@b.org>", []),
        ("a\nb\nc\nd\nSigned-off-by: Ada <a@b.org>", ["RB115"]),
    ],
)
def test_trailers_are_those_that_git_sees(last: str, codes: list[str]) -> None:
    message = f"feat: x\n\nBody.\n\n{last}\n"
    assert [each.code for each in trailers(Commit(message))] == codes
    asked = ["git", "interpret-trailers", "--parse"]
    seen = subprocess.run(asked, input=message, capture_output=True, text=True, check=True).stdout
    assert bool(seen) == (not codes)

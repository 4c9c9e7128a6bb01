"""Work that a shell script takes over in place of a person, in a repository with a sum to mend."""

from __future__ import annotations

from scenario import Scenario

CALC = "def add(a, b):\n    return a - b\n"
TESTS = """\
from src import calc


def test_nothing():
    assert calc.add(0, 0) == 0


def test_one():
    assert calc.add(1, 0) == 1


def test_two():
    assert calc.add(1, 1) == 2
"""
PHASE = """
    phase: 1
    goal: Sums are right.
    delegate:
      run: bash ../agent.sh
      attempts: 1
      confine: false
    tasks:
      - title: Mend sums
        steps:
          - manual: Make `add` in `src/calc.py` add its arguments.
            files: [FILES]
          - verify: pytest -q tests
            expect: {tests: pass}
          - commit: "fix: sums"
"""


def searched(phase: str) -> str:
    """The phase judged by a search, where it is not about tests: that is quicker."""
    phase = phase.replace("pytest -q tests", "grep -q 'a + b' src/calc.py")
    return phase.replace("            expect: {tests: pass}\n", "")


SEARCHED = searched(PHASE)

COMMIT = "git -c user.name=A -c user.email=a@example.org commit -qam done"
MEND = "sed -i 's/a - b/a + b/' src/calc.py"


def handed_over(
    scenario: Scenario, agent: str, phase: str = PHASE, files: str = "src/calc.py", calc: str = CALC
) -> Scenario:
    """A repository with a phase of which `agent`, a script, may change some `files`."""
    scenario.write("src/calc.py", calc)
    scenario.write("src/other.py", "OTHER = 1\n")
    scenario.write("tests/test_calc.py", TESTS)
    scenario.write("conftest.py", "import sys\n")
    scenario.write("pytest.ini", "[pytest]\naddopts = -p no:cacheprovider\n")
    scenario.write("Makefile", "test:\n\tpytest\n")
    scenario.write(".gitignore", "build/\n*.log\nlocal/\n__pycache__/\n.pytest_cache/\n")
    scenario.phase(phase.replace("FILES", files))
    (scenario.folder / "agent.sh").write_text(agent)
    return scenario.begin()


def append(path: str, text: str) -> str:
    return f"cat >> {path} <<'END'\n{text}END\n"


def cut(scenario: Scenario, event: str) -> None:
    """Leave the journal as if the run had been killed once an event was recorded."""
    lines = scenario.journal.read_bytes().splitlines(keepends=True)
    ended = next(n for n, line in enumerate(lines, 1) if f'"{event}"'.encode() in line)
    scenario.journal.write_bytes(b"".join(lines[:ended]))


def refused_and_put_back(scenario: Scenario) -> None:
    """Run, with work handed over that is no good: all of the repository is as it was."""
    before = {
        path: path.read_bytes()
        for path in scenario.root.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(scenario.root).parts
    }
    staged = scenario.git("ls-files", "-s", "-v")
    result = scenario.run("run")
    assert result.status == 4, str(result)
    assert "the delegate did not do it in 1 attempt" in result.raw, str(result)
    assert "can't be put back" not in result.raw
    assert not {path: data for path, data in before.items() if path.read_bytes() != data}
    assert not [p for p in scenario.status().splitlines() if not p.endswith("worktree")]
    assert scenario.git("ls-files", "-s", "-v") == staged
    assert scenario.subjects() == ["Begin"]

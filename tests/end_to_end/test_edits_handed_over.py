"""Edits that do not match and checks that fail, which a delegate mends."""

from __future__ import annotations

import json

import pytest
from handing import CALC, MEND, cut, handed_over, searched
from scenario import Scenario

CHECKED = """
    phase: 1
    goal: Sums are right.
    delegate:
      run: bash ../agent.sh
      attempts: 1
      for: FOR
      confine: false
    tasks:
      - title: Mend sums
        steps:
          - edit: src/calc.py
            replace: a - b
            with: a * b
          - verify: pytest -q tests
            expect: {tests: pass}
          - commit: "fix: sums"
"""
REMEND = "sed -i 's/a [*] b/a + b/' src/calc.py"


def test_a_failed_check_can_be_handed_over(scenario: Scenario) -> None:
    handed_over(scenario, f"cat > ../brief; {REMEND}", CHECKED.replace("FOR", "[manual, check]"))
    result = scenario.run("run")
    assert result.status == 0, str(result)
    brief = (scenario.folder / "brief").read_text()
    assert "The check `pytest -q tests` fails" in brief
    assert "- src/calc.py" in brief
    assert scenario.git("show", "HEAD:src/calc.py") == CALC.replace("-", "+").rstrip("\n")


@pytest.mark.parametrize("cause", ["manual", "check"])
def test_a_failed_check_that_is_not_mended_is_a_failed_check(
    scenario: Scenario, cause: str
) -> None:
    phase = searched(CHECKED.replace("FOR", cause))
    handed_over(scenario, "echo '# x' >> src/calc.py", phase)
    result = scenario.run("run")
    assert result.status == 1, str(result)
    assert ("the delegate" in result.raw) == (cause == "check"), str(result)
    assert scenario.read("src/calc.py") == CALC.replace("-", "*")
    result = scenario.run("retry")
    assert result.status == 1, str(result)


def test_a_failed_check_that_is_killed_while_it_is_mended(scenario: Scenario) -> None:
    agent = f"if test ! -e ../again; then touch ../there; sleep 1000; fi; {REMEND}"
    handed_over(scenario, agent, searched(CHECKED.replace("FOR", "check")))
    process = scenario.start("run")
    scenario.until((scenario.folder / "there").exists)
    process.kill()
    scenario.end(process)
    (scenario.folder / "again").touch()
    result = scenario.run("run")
    assert result.status == 0, str(result)
    assert scenario.git("show", "HEAD:src/calc.py") == CALC.replace("-", "+").rstrip("\n")


UNMATCHED = """
    phase: 1
    goal: Sums are right.
    delegate:
      run: bash ../agent.sh
      attempts: 1
      for: FOR
      confine: false
    tasks:
      - title: Mend sums
        steps:
          - edit: src/other.py
            append: |
              MORE = 1
          - edit: src/calc.py
            replace: "    return first - second\\n"
            with: "    return first + second\\n"
          - verify: pytest -q tests
            expect: {tests: pass}
          - commit: "fix: sums"
"""


def unmatched(scenario: Scenario, agent: str, cause: str = "conflict", tests: bool = False) -> None:
    phase = UNMATCHED.replace("FOR", cause)
    # One that holds for a person's names, too.
    quick = searched(phase).replace("a + b", " + ")
    handed_over(scenario, agent, phase if tests else quick)


def test_an_edit_that_does_not_match_can_be_handed_over(scenario: Scenario) -> None:
    unmatched(scenario, f"cat > ../brief; {MEND}", "[conflict, manual]", tests=True)
    said = "edit    src/calc.py (handed to `bash ../agent.sh`)"
    scenario.run("run", "--dry-run").says(0, said, "the text to replace")
    assert scenario.run("next").status == 0
    scenario.run("status").says(0, "not begun; to begin: runbook run phase-1")
    result = scenario.run("run")
    result.says(0, "by the delegate: src/calc.py", "accepted")
    brief = (scenario.folder / "brief").read_text()
    assert "return first + second" in brief
    assert "-    return first - second\n+    return a - b" in brief
    assert "## Files that may change\n\n- src/calc.py\n" in brief
    assert "pytest -q tests" in brief
    assert scenario.paths() == ["src/calc.py", "src/other.py"]
    note = json.loads(scenario.git("notes", "--ref=runbook", "show", "HEAD"))
    assert [each["step"] for each in note["delegated"]] == ["phase-1/task-1/step-2"]
    assert note["by_hand"] == []


def test_an_edit_is_handed_over_only_where_it_is_said(scenario: Scenario) -> None:
    unmatched(scenario, MEND, "[manual, check]")
    result = scenario.run("run")
    result.says(1, "stopped at phase-1/task-1", "the nearest text")
    assert scenario.read("src/other.py") == "OTHER = 1\n"


@pytest.mark.parametrize(
    "agent", ["true", "sed -i 's/a - b/a * b/' src/calc.py", f"{MEND}; echo x > src/other.py"]
)
def test_an_edit_that_nobody_mends_is_a_conflict(scenario: Scenario, agent: str) -> None:
    unmatched(scenario, agent)
    result = scenario.run("run")
    result.says(1, "stopped at phase-1/task-1/step-2", "the delegate did not do it in 1 attempt")
    kept = "; its work is put back, and kept in <root>/.git/runbook/main/rescued/"
    assert (kept in result.stdout) == (agent != "true")
    assert scenario.read("src/calc.py") == CALC
    assert scenario.read("src/other.py") == "OTHER = 1\nMORE = 1\n"
    scenario.run("status").says(0, "A new run has `bash ../agent.sh` try it again.")
    # A person may do it: the edit then finds its text, or that it is made.
    scenario.write("src/calc.py", "def add(first, second):\n    return first - second\n")
    result = scenario.run("run")
    result.says(0, "changed by hand since, and kept: src/calc.py")


def test_an_edit_of_a_file_that_is_not_reached_is_nobodys(scenario: Scenario) -> None:
    unmatched(scenario, MEND)
    (scenario.root / "src/calc.py").unlink()
    (scenario.root / "src/calc.py").symlink_to("other.py")
    scenario.git("commit", "-qam", "Link")
    result = scenario.run("run")
    result.says(1, "stopped at phase-1/task-1")


@pytest.mark.parametrize("event", ["AttemptEnded", "Mended"])
def test_an_edit_that_is_mended_is_not_mended_again_after_a_kill(
    scenario: Scenario, event: str
) -> None:
    unmatched(scenario, f"echo x >> ../count; {MEND}")
    assert scenario.run("run").status == 0
    scenario.git("reset", "-q", "--soft", "HEAD~1")
    scenario.git("reset", "-q")
    scenario.git("update-ref", "-d", "refs/notes/runbook")
    cut(scenario, event)
    result = scenario.run("run")
    assert result.status == 0, str(result)
    assert "by hand" not in result.raw
    assert (scenario.folder / "count").read_text() == "x\n"

"""Commits that name files: those that are nowhere, and those that no step made."""

from __future__ import annotations

from textwrap import dedent

import pytest
from scenario import Scenario

PHASE = """
    phase: 1
    goal: Say good day.
    tasks:
      - title: Say it
        steps:
          - edit: app.py
            replace: return "hello"
            with: return "good day"
          - verify: grep -q good app.py
          - commit: "feat: say good day"
            files: [app.py, {other}]
"""
LOST = "is not there, and git has never had it"


def test_a_file_that_is_nowhere_is_a_mistake_of_the_plan(scenario: Scenario) -> None:
    scenario.app(PHASE.replace("{other}", "ap.py"))
    at = "phases/phase-1.yaml"
    scenario.run("check").says(1, f"{at}:11:25: conflict: ap.py {LOST}", "did you mean `app.py`?")
    scenario.run("run", "--dry-run").says(1, f"ap.py {LOST}")
    head = scenario.git("rev-parse", "HEAD")
    scenario.run("run").says(
        1, f"stopped at phase-1/task-1/step-3 ({at}:10:9): ap.py {LOST}", "did you mean `app.py`?"
    )
    assert scenario.git("rev-parse", "HEAD") == head
    scenario.run("status").says(0, f"ap.py {LOST}")
    scenario.phase(PHASE.replace("{other}", "test_app.py"))
    scenario.run("check").says(0)
    scenario.run("run").says(0, "1 commit")


@pytest.mark.parametrize(
    "step",
    [
        "run: 'true'\n            files: [other.txt]",
        "run: 'true'\n            files: [{glob: 'o*.txt'}]",
        "manual: Write other.txt, or leave it.",
    ],
)
def test_what_a_step_may_make_need_not_be_there(scenario: Scenario, step: str) -> None:
    text = PHASE.replace("{other}", "other.txt")
    scenario.app(text.replace("- verify:", f"- {step}\n          - verify:"))
    scenario.run("check").says(0)
    scenario.run("run")
    scenario.run("run").says(0)
    assert scenario.paths() == ["app.py"]


def test_what_git_had_once_is_known(scenario: Scenario) -> None:
    """Its deletion may be what is to be committed, and may be committed already."""
    scenario.app(PHASE.replace("{other}", "old.py"))
    scenario.write("old.py", "")
    scenario.git("add", "old.py")
    scenario.git("commit", "-q", "-m", "Old")
    scenario.git("rm", "-q", "old.py")
    scenario.git("commit", "-q", "-m", "No more")
    scenario.run("check").says(0)
    scenario.run("run").says(0, "1 commit")


def test_an_untracked_file_is_there(scenario: Scenario) -> None:
    scenario.app(PHASE.replace("{other}", "new.py"))
    scenario.write("new.py", "")
    scenario.run("check").says(0)
    scenario.run("run").says(1, "new.py is there, and is not committed")


def test_what_an_earlier_phase_makes_is_there_then(scenario: Scenario) -> None:
    make = "- run: touch other.txt\n            files: other.txt\n          - verify:"
    first = PHASE.replace("{other}", "other.txt").replace("- verify:", make)
    scenario.app(first)
    scenario.phase(
        PHASE.replace("phase: 1", "phase: 2")
        .replace('with: return "good day"', 'with: return "good evening"')
        .replace('return "hello"', 'return "good day"')
        .replace("grep -q good", "grep -q evening")
        .replace("{other}", "other.txt"),
        "phase-2",
    )
    scenario.run("check").says(0)
    scenario.run("run", "--all", "--dry-run").says(0, "phase-2: Say good day.")
    scenario.run("run", "--all").says(0)


def test_in_a_worktree_that_is_not_there_yet(scenario: Scenario) -> None:
    scenario.app("worktree: .worktrees/new\n" + dedent(PHASE).replace("{other}", "test_app.py"))
    scenario.run("check").says(0)
    scenario.run("run", "--dry-run").says(0)
    scenario.phase("worktree: .worktrees/new\n" + dedent(PHASE).replace("{other}", "tst_app.py"))
    scenario.run("check").says(1, f"tst_app.py {LOST}")
    scenario.run("run", "--dry-run").says(1, f"tst_app.py {LOST}")
    scenario.run("run").says(1, f"tst_app.py {LOST}")


def test_a_commit_of_what_nobody_made_says_so(scenario: Scenario) -> None:
    scenario.phase("""
        phase: 1
        goal: Write.
        tasks:
          - title: Write
            steps:
              - run: 'true'
                files: notes.txt
              - commit: "docs: notes"
    """)
    scenario.begin()
    shown = scenario.run("run")
    shown.says(0, "  commit  nothing to commit: none of its files was made\n")
    assert "already committed" not in shown.stdout
    scenario.run("report", "--format", "md").says(0)


@pytest.mark.parametrize("commits", [True, False])
def test_what_is_committed_is_written_while_its_check_runs(
    scenario: Scenario, *, commits: bool
) -> None:
    """Where a commit of it follows there is less to wait for after the check."""
    tries = 100 if commits else 5
    written = "git cat-file -e $(git hash-object app.py) 2>/dev/null"
    loop = f"for i in $(seq {tries}); do {written} && exit 0; sleep 0.05; done; exit 1"
    text = PHASE.replace(", {other}", "").replace("grep -q good app.py", loop)
    scenario.app(text if commits else text.partition("- commit")[0])
    scenario.run("run").says(0 if commits else 1)

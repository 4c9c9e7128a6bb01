"""Each commit carries its evidence, as a git note."""

from __future__ import annotations

import json
import shutil
import signal
from typing import Any

import pytest
from scenario import APP, CHECKED, GREETING, Scenario

TWO = (
    CHECKED
    + """\
  - title: Say more
    steps:
      - edit: more.txt
        create: "more"
      - verify: test -e more.txt
        fails-at: task
      - commit: "feat: say more"
"""
)


def note(scenario: Scenario, revision: str = "HEAD") -> dict[str, Any]:
    text = scenario.git("notes", "--ref=runbook", "show", revision)
    content: dict[str, Any] = json.loads(text)
    return content


def test_a_commit_carries_what_was_proved(scenario: Scenario) -> None:
    scenario.series("title: Greetings")
    scenario.app(TWO)
    scenario.run("run").says(0, "2 commits")
    first, second = note(scenario, "HEAD~1"), note(scenario)
    assert {
        key: first[key] for key in ("runbook", "series", "folder", "phase", "task", "step")
    } == {
        "runbook": 1,
        "series": "Greetings",
        "folder": "phases",
        "phase": "phase-1",
        "task": "phase-1/task-1",
        "step": "phase-1/task-1/step-3",
    }
    (check,) = first["checks"]
    assert check["duration"] > 0
    assert {key: check[key] for key in ("command", "exit", "counts", "passed", "dirty")} == {
        "command": "pytest -q test_app.py",
        "exit": 0,
        "counts": {"passed": 1},
        "passed": True,
        "dirty": [],
    }
    (check,) = second["checks"]
    assert (check["step"], check["counts"]) == ("phase-1/task-2/step-2", None)
    assert check["before"]["state"] == "task"
    assert check["before"]["commit"] == scenario.git("rev-parse", "HEAD~1")
    assert check["before"]["exit"] == 1
    # Who wants to see them tells git so; a plain `git log` is as it was.
    assert "runbook" not in scenario.git("log")
    assert "Notes (runbook):" in scenario.git("log", "--notes=runbook")


def test_what_was_dirty_while_a_check_ran_is_recorded(scenario: Scenario) -> None:
    scenario.write("kept.txt", "kept\n")
    scenario.app(TWO.replace("pytest -q", "echo more >> kept.txt; git checkout -q kept.txt; sh"))
    scenario.write("test_app.py", "echo '# by hand' >> other/mine.txt\n")
    scenario.write("other/mine.txt", "of the user\n")
    scenario.write("ignored.log", "")
    scenario.write(".gitignore", "*.log\n")
    scenario.phase(TWO.replace("pytest -q", "sh").replace("\n        expect: {tests: pass}", ""))
    scenario.git("commit", "-qam", "More")
    # One before the run, and one while the check runs.
    scenario.write("kept.txt", "changed by hand\n")
    scenario.write("test_app.py", "echo x > late.txt\n")
    scenario.run("run").says(0, "2 commits")
    (check,) = note(scenario, "HEAD~1")["checks"]
    assert check["dirty"] == ["kept.txt", "test_app.py", ".gitignore", "other/", "late.txt"]
    assert scenario.read("kept.txt") == "changed by hand\n"


def test_files_repaired_by_hand_are_recorded(scenario: Scenario) -> None:
    scenario.app(CHECKED.replace('with: return "good day"', 'with: return "go away"'))
    scenario.run("run").says(1)
    scenario.write("app.py", APP.replace("hello", "good day"))
    scenario.run("run").says(0)
    assert note(scenario)["by_hand"] == ["app.py"]


def test_what_one_task_had_repaired_by_hand_is_not_told_of_the_next(scenario: Scenario) -> None:
    again = """\
  - title: Say more
    steps:
      - edit: app.py
        append: |
          # polite
      - commit: "feat: say more"
"""
    scenario.app(CHECKED.replace('with: return "good day"', 'with: return "go away"') + again)
    scenario.run("run").says(1)
    scenario.write("app.py", APP.replace("hello", "good day"))
    scenario.run("run").says(0)
    assert note(scenario, "HEAD~1")["by_hand"] == ["app.py"]
    assert note(scenario)["by_hand"] == []


def test_tasks_without_a_commit_are_in_the_note_of_the_next(scenario: Scenario) -> None:
    scenario.app(
        """
        phase: 1
        goal: Say good day.
        tasks:
          - title: Edit
            steps:
              - edit: app.py
                replace: return "hello"
                with: return "good day"
              - verify: grep -q good app.py
          - title: Commit
            steps:
              - verify: grep -q day app.py
              - commit: Both
        """
    )
    scenario.run("run").says(0, "1 commit")
    content = note(scenario)
    assert [check["command"] for check in content["checks"]] == [
        "grep -q good app.py",
        "grep -q day app.py",
    ]
    assert [mark["task"] for mark in content["takes_along"]] == ["phase-1/task-1"]


def killing_git(scenario: Scenario, when: str, then: str) -> None:
    """A git that ends its caller when it is asked for a note."""
    real = shutil.which("git")
    scenario.program(
        "git",
        f'case " $* " in *" notes "*" {when} "*) {then};; esac\nexec {real} "$@"',
    )


@pytest.mark.parametrize("after", [False, True])
def test_killed_between_commit_and_note(scenario: Scenario, after: bool) -> None:
    scenario.app(TWO).by_git()
    kill = f"kill -9 $(cat {scenario.root}/.git/runbook/main/lock)"
    real = shutil.which("git")
    killing_git(scenario, "append", f'{real} "$@"; {kill}; exit' if after else f"{kill}; exit 1")
    assert scenario.run("run").status == -signal.SIGKILL
    (scenario.bin / "git").unlink()
    scenario.until(lambda: len(scenario.subjects()) == 2)
    scenario.run("run").says(0, "phase-1 is complete: 2 commits")
    assert scenario.subjects() == ["Begin", "feat: say good day", "feat: say more"]
    # Once each, whether git had it already or not.
    assert note(scenario, "HEAD~1")["step"] == "phase-1/task-1/step-3"
    assert note(scenario, "HEAD~1")["checks"][0]["counts"] == {"passed": 1}
    assert note(scenario)["step"] == "phase-1/task-2/step-3"


def test_a_note_that_git_refuses_stops_nothing(scenario: Scenario) -> None:
    scenario.app(TWO).by_git()
    killing_git(scenario, "append", "echo 'no room' >&2; exit 1")
    result = scenario.run("run")
    result.says(
        0,
        "  commit  <commit> feat: say good day\n"
        "          <commit> has no note of its evidence: no room\n",
        "phase-1 is complete: 2 commits",
    )
    assert scenario.git("for-each-ref", "refs/notes") == ""


def test_without_notes(scenario: Scenario) -> None:
    scenario.app(GREETING)
    scenario.run("run", "--no-notes").says(0, "1 commit")
    assert scenario.git("for-each-ref", "refs/notes") == ""


def test_signing_and_hooks_are_no_concern_of_a_note(scenario: Scenario) -> None:
    scenario.app(GREETING)
    scenario.git("config", "core.notesRef", "refs/notes/mine")
    scenario.git("config", "notes.rewriteRef", "refs/notes/*")
    scenario.program("gpg", "cat > /dev/null; echo '[GNUPG:] SIG_CREATED ' >&2; echo signature")
    scenario.git("config", "commit.gpgSign", "true")
    scenario.run("run").says(0, "1 commit")
    assert "gpgsig" in scenario.git("cat-file", "commit", "HEAD")
    assert note(scenario)["phase"] == "phase-1"


@pytest.mark.parametrize("mark", ["assume-unchanged", "skip-worktree"])
def test_so_is_what_the_index_hides(scenario: Scenario, mark: str) -> None:
    scenario.write("settings.py", "FAST = False\n")
    scenario.write("as_it_is.py", "X = 1\n")
    scenario.app(CHECKED)
    scenario.git("update-index", f"--{mark}", "settings.py", "as_it_is.py")
    scenario.write("settings.py", "FAST = True\n")
    scenario.run("run").says(0, "1 commit")
    (check,) = note(scenario)["checks"]
    assert check["dirty"] == ["settings.py"]

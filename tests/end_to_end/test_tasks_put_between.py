"""Tasks that are put before finished ones are done, and the finished ones are not done again."""

from __future__ import annotations

import shutil
from pathlib import Path

from scenario import Scenario

TASK = """\
  - title: {title}
    steps:
      - edit: app.py
        after: |
          {after}
        insert: |
          {title} = 1
      - commit: "feat: {title}"
"""
HEAD = "phase: 1\ngoal: Go on.\ntasks:\n"
A, B = TASK.format(title="a", after="x = 1"), TASK.format(title="b", after="a = 1")
LAST = "  - title: last\n    steps:\n      - verify: test -e done\n"
NEW = TASK.format(title="new", after="b = 1")


def test_a_task_before_finished_ones(tmp_path: Path) -> None:
    with Scenario(tmp_path) as scenario:
        scenario.write("app.py", "x = 1\n")
        scenario.phase(HEAD + A + B + LAST)
        scenario.begin()
        scenario.run("run").says(1, "stopped at phase-1/task-3/step-1")
        scenario.phase(HEAD + NEW + A.replace("title: a", "title: The first") + B + LAST)
        scenario.git("commit", "-qam", "Plan")
        scenario.run("status").says(0, "[ ] task-5: new", "[✓] task-1: The first", "[✓] task-2: b")
        scenario.run("check").says(0)
        wrong = NEW.replace("b = 1", "c = 1")
        scenario.phase(HEAD + wrong + A + B + LAST)
        scenario.run("check").says(1, "the anchor to insert after is not in the file")
        scenario.phase(HEAD + NEW + A.replace("title: a", "title: The first") + B + LAST)
        scenario.run("run", "--accept-head").says(
            1, "task-5: new", "stopped at phase-1/task-3/step-1"
        )
        assert scenario.read("app.py") == "x = 1\na = 1\nb = 1\nnew = 1\n"
        assert scenario.subjects() == ["Begin", "feat: a", "feat: b", "Plan", "feat: new"]
        scenario.write("done", "")
        scenario.run("run").says(0, "phase-1 is complete: 3 commits")
        scenario.run("status").says(0, "[✓] task-5: new", "complete")
        scenario.run("undo", "phase-1/task-5").says(0)
        assert scenario.read("app.py") == "x = 1\na = 1\nb = 1\n"


def test_a_stopped_task_that_is_mended_behind_a_new_one(tmp_path: Path) -> None:
    with Scenario(tmp_path) as scenario:
        scenario.write("app.py", "x = 1\n")
        check = "      - verify: grep -q {} app.py\n      - commit"
        stopped = A.replace("      - commit", check.format("b"))
        scenario.phase(HEAD + stopped)
        scenario.begin()
        scenario.run("run").says(1, "stopped at phase-1/task-1/step-2")
        first = LAST.replace("test -e done", "true")
        scenario.phase(HEAD + first + stopped.replace("grep -q b", "grep -q a"))
        scenario.run("status").says(0, "[ ] task-3: last", "[!] task-1: a")
        scenario.run("run").says(0, "task-1: a\n  goes on where it stopped", "feat: a")


def test_words_and_limits_of_finished_tasks(tmp_path: Path) -> None:
    """None of them changes what was done; the command of a check does."""
    check = "      - verify: grep -q 'a = 1' app.py\n"
    words = (
        "        title: See it\n        note: It is there.\n        timeout: 3m\n"
        "        retries: 1\n        guard: true\n        expect: {exit: 0, prose: It is found.}\n"
    )
    with Scenario(tmp_path) as scenario:
        scenario.write("app.py", "x = 1\n")
        checked = A.replace("      - commit", check + "      - commit")
        scenario.phase(HEAD + checked + LAST)
        scenario.begin()
        scenario.run("run").says(1, "stopped at phase-1/task-2/step-1")
        told = checked.replace(check, check + words)
        told = told.replace("title: a", "title: The first\n    id: first\n    group: A")
        scenario.phase(HEAD + told + LAST)
        scenario.run("status").says(0, "[✓] task-1: The first")
        scenario.run("run").says(1, "goes on: 1 of 2 tasks done before")
        other = told.replace("grep -q", "grep -qx").replace("    id: first\n", "")
        scenario.phase(HEAD + other + LAST)
        scenario.run("run").says(
            1, "this task was finished, and the phase file says something else"
        )
        assert scenario.subjects() == ["Begin", "feat: a"]


def test_a_task_put_into_a_complete_phase(tmp_path: Path) -> None:
    with Scenario(tmp_path) as scenario:
        scenario.write("app.py", "x = 1\n")
        scenario.phase(HEAD + A + B)
        scenario.begin()
        scenario.run("status").says(0, "not begun; to begin: runbook run phase-1")
        scenario.run("run").says(0, "phase-1 is complete")
        scenario.phase(HEAD + A + NEW + B)
        status = scenario.run("status")
        status.says(0, "1 of 3 tasks left; to go on: runbook run phase-1")
        assert "not begun" not in status.stdout


def test_in_a_clone_that_has_only_the_notes(tmp_path: Path) -> None:
    """Also where the tasks stand in another order than they were carried out in."""
    with Scenario(tmp_path) as scenario:
        scenario.write("app.py", "x = 1\n")
        scenario.phase(HEAD + A + B + LAST)
        scenario.begin()
        scenario.run("run").says(1, "stopped at phase-1/task-3/step-1")
        scenario.phase(HEAD + NEW + A + B + LAST)
        scenario.git("commit", "-qam", "Plan")
        clone = scenario.folder / "clone"
        scenario.git("clone", "-q", str(scenario.root), str(clone))
        notes = "refs/notes/runbook:refs/notes/runbook"
        scenario.git("fetch", "-q", "origin", notes, cwd=clone)
        told = ("[ ] task-5: new", "[✓] task-1: a", "[✓] task-2: b")
        scenario.run("status", cwd=clone).says(0, *told)
        scenario.run("check", cwd=clone).says(0)
        (clone / "done").write_text("")
        scenario.run("run", cwd=clone).says(0, "task-5: new", "phase-1 is complete: 3 commits")
        assert (clone / "app.py").read_text() == "x = 1\na = 1\nb = 1\nnew = 1\n"
        scenario.run("run", cwd=clone).says(0, "there is nothing to do")
        # And once more without the journal, with the tasks in another order.
        shutil.rmtree(clone / ".git/runbook")
        (clone / "phases/phase-1.yaml").write_text(HEAD + A + B + NEW + LAST)
        scenario.run("status", cwd=clone).says(0, "[✓] task-5: new", "[✓] task-2: b")

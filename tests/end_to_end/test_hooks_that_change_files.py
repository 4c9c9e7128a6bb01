"""What hooks make of the files of a commit is told, and checked as it is committed."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest
from scenario import Scenario

PHASE = """
phase: 1
goal: Try it.
tasks:
  - title: One
    steps:
      - edit: a.py
        replace: x=1
        with: x=2
      - verify: echo ran >> {log}; grep -Eq 'x ?= ?{wanted}' a.py
      - commit: "fix: y"{more}
  - title: Two
    steps:
      - edit: a.py
        append: "# two"
      - commit: "fix: z"
"""
RESTAGES = "sed -i 's/x=/x = /' a.py; git add a.py"
REFUSES = """
if grep -q 'x=' a.py; then
    sed -i 's/x=/x = /' a.py
    echo "files were modified by this hook"
    exit 1
fi
"""


def begin(scenario: Scenario, hook: str, *, wanted: str = "2", more: str = "") -> None:
    scenario.write("a.py", "x=1\n")
    log = scenario.folder / "ran"
    scenario.app(PHASE.format(log=log, wanted=wanted, more=more))
    scenario.hook("pre-commit", hook)


def ran(scenario: Scenario) -> int:
    return len((scenario.folder / "ran").read_text().split())


def note(scenario: Scenario, revision: str) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(scenario.git("notes", "--ref=runbook", "show", revision))
    return said


def test_what_a_hook_stages_again_is_checked_again(scenario: Scenario) -> None:
    begin(scenario, RESTAGES)
    said = scenario.run("run")
    said.says(0, "a hook changed what is committed: a.py", "+x = 2", "checked again as it is now")
    assert ran(scenario) == 2
    assert scenario.git("show", "HEAD~1:a.py") == "x = 2"
    (check,) = note(scenario, "HEAD~1")["checks"]
    assert check["passed"]
    scenario.run("audit", "1").says(0)


def test_a_check_that_does_not_hold_on_it_stops_the_run(scenario: Scenario) -> None:
    begin(scenario, "sed -i 's/x=2/x = 3/' a.py; git add a.py")
    said = scenario.run("run")
    said.says(1, "stopped at phase-1/task-1/step-2", "does not hold on what a hook has made")
    scenario.run("run").says(1, "stopped at phase-1/task-1/step-2")
    assert scenario.subjects() == ["Begin", "fix: y"]
    # The check is mended, and no second commit is made of what is committed.
    scenario.hook("pre-commit", "exit 0")
    scenario.phase(PHASE.format(log=scenario.folder / "ran", wanted="3", more=""))
    scenario.run("run").says(0, "2 commits")
    assert scenario.subjects() == ["Begin", "fix: y", "fix: z"]
    assert note(scenario, "HEAD~1")["checks"][0]["passed"]
    scenario.run("audit", "1").says(0)


def test_a_formatter_that_refuses_is_taken_up_by_itself(scenario: Scenario) -> None:
    begin(scenario, REFUSES)
    said = scenario.run("run")
    said.says(0, "refused by a hook that changed: a.py", "+x = 2", "checked again", "2 commits")
    assert ran(scenario) == 2
    assert scenario.git("show", "HEAD~1:a.py") == "x = 2"
    assert note(scenario, "HEAD~1")["by_hand"] == []
    assert note(scenario, "HEAD")["by_hand"] == []
    scenario.run("audit", "1").says(0)


def test_hooks_stop_stops_as_git_does(scenario: Scenario) -> None:
    begin(scenario, REFUSES, more="\n        hooks: stop")
    scenario.run("run").says(1, "git did not make the commit", "files were modified by this hook")
    assert scenario.subjects() == ["Begin"]
    # What the hook made is nobody's work by hand.
    again = scenario.run("run")
    again.says(0, "2 commits")
    assert "by hand" not in again.stdout
    assert ran(scenario) == 2
    assert note(scenario, "HEAD~1")["by_hand"] == []
    scenario.run("audit", "1").says(0)


def test_hooks_stop_of_the_series_gives_way_to_the_commit(scenario: Scenario) -> None:
    scenario.series("hooks: stop")
    begin(scenario, REFUSES, more="\n        hooks: retry")
    scenario.run("run").says(0, "2 commits")


def test_a_hook_that_never_ends_changing_is_tried_once_more(scenario: Scenario) -> None:
    begin(scenario, "echo '# again' >> a.py; exit 1")
    scenario.run("run").says(1, "refused by a hook that changed: a.py", "git did not make")
    assert ran(scenario) == 2
    scenario.hook("pre-commit", "exit 0")
    again = scenario.run("run")
    again.says(0, "2 commits")
    assert "by hand" not in again.stdout
    assert scenario.git("show", "HEAD~1:a.py") == "x=2\n# again\n# again"


def test_that_a_hook_made_a_file_executable_is_a_change(scenario: Scenario) -> None:
    begin(scenario, "chmod +x a.py; git add a.py")
    scenario.run("run").says(
        0, "a hook changed what is committed: a.py", "new mode 100755", "checked again as it is now"
    )
    assert ran(scenario) == 2
    scenario.run("audit", "1").says(0, "every check holds at its commit")


def test_a_formatter_that_makes_a_file_executable_is_taken_up(scenario: Scenario) -> None:
    begin(scenario, "test -x a.py || { chmod +x a.py; exit 1; }")
    scenario.run("run").says(0, "refused by a hook that changed: a.py", "new mode 100755")
    assert scenario.git("ls-tree", "HEAD~1", "a.py").startswith("100755")


def test_what_a_hook_leaves_in_no_commit_is_told(scenario: Scenario) -> None:
    begin(scenario, "exit 0")
    scenario.hook("post-commit", "echo '# more' >> app.py")
    said = scenario.run("run")
    said.says(0, "a hook changed what is in no commit: app.py", "+# more", "2 commits")
    assert said.stdout.count("in no commit") == 1  # it was so already at the second


def test_a_hook_that_changes_what_nobody_declares_is_not_taken_up(scenario: Scenario) -> None:
    begin(scenario, "sed -i 's/x=/x = /' a.py; echo '# more' >> app.py; exit 1")
    scenario.run("run").says(
        1,
        "git did not make the commit",
        "a hook changed what is in no commit: app.py",
        "+# more",
        "hint: a hook changed what is not in the commit: app.py. Undo that",
    )
    assert scenario.subjects() == ["Begin"]
    scenario.git("checkout", "-q", "app.py")
    scenario.hook("pre-commit", "exit 0")
    again = scenario.run("run")
    again.says(0, "2 commits")
    assert "by hand" not in again.stdout


def test_a_file_of_a_later_task_is_none_of_this_commit(scenario: Scenario) -> None:
    """It would be called changed by the user when its task comes."""
    begin(scenario, "sed -i 's/x=/x = /' a.py; echo '# more' >> later.py; exit 1")
    later = "  - title: Three\n    steps:\n      - edit: later.py\n        append: more\n"
    scenario.write("later.py", "y = 1\n")
    scenario.phase(PHASE.format(log=scenario.folder / "ran", wanted="2", more="") + later)
    scenario.git("add", "-A")
    scenario.git("commit", "-qm", "More", "--no-verify")
    scenario.run("run").says(1, "git did not make the commit", "in no commit: later.py")
    scenario.hook("pre-commit", "exit 0")
    scenario.run("run").says(1, "later.py has changes that a hook made, and this task changes it")
    scenario.git("checkout", "-q", "later.py")
    scenario.run("run").says(0, "2 commits")


def test_what_a_hook_stages_and_does_not_write_is_told(scenario: Scenario) -> None:
    begin(
        scenario,
        "id=$(echo 'x = 9' | git hash-object -w --stdin)\n"
        "git update-index --cacheinfo 100644,$id,a.py",
    )
    scenario.run("run").says(1, "a.py otherwise than the worktree", "git checkout HEAD -- FILE")


FULL = """
import errno, os, sys
from runbook.__main__ import main
sync = os.fsync
def fsync(number):
    if os.readlink(f"/proc/self/fd/{number}").endswith("/a.py"):
        raise OSError(errno.ENOSPC, "No space left on device")
    sync(number)
os.fsync = fsync
sys.argv[0] = "runbook"
sys.exit(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="there is no /proc")
def test_a_disk_that_is_full_while_what_a_hook_made_is_kept(scenario: Scenario) -> None:
    begin(scenario, REFUSES)
    said = scenario.scripted(FULL, "run")
    said.says(
        1, "a.py can't be synced: No space left on device", "When it is mended: runbook run phase-1"
    )
    assert scenario.subjects() == ["Begin"]
    scenario.run("run").says(0, "phase-1 is complete: 2 commits")
    assert scenario.git("show", "HEAD~1:a.py") == "x = 2"

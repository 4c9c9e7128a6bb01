"""Kills of others than the runner: of git, of its supervisor, of a hook, each alone."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest
from marked import alive
from scenario import GREETING, Result, Scenario

VICTIMS = ("git", "supervisor", "hook")

# It has made half of its work, and waits with a child of its own.
FORMATTER = """
    test -e {folder}/go && {{ sed -i 's/good day/good  day/' app.py; git add app.py; exit 0; }}
    echo '# half' >> app.py
    git add app.py
    touch {folder}/begun
    sleep {mark} && echo '# never' >> app.py
"""
COMMITTED = """
    test -e {folder}/go && exit 0
    touch {folder}/begun
    sleep {mark}
"""


def pids(scenario: Scenario, victim: str) -> list[int]:
    """The processes that are the victim; hooks and git work in the repository."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_bytes().decode(errors="replace")
            parent = (process / "stat").read_text().rpartition(")")[2].split()[1]
            above = Path(f"/proc/{parent}/cmdline").read_bytes().decode(errors="replace")
            here = (process / "cwd").readlink() == scenario.root
        except OSError:
            continue
        git = "commit\0-q" in line and here
        if victim == "supervisor" and git:
            found.append(int(parent))
        elif (victim == "git" and git) or (victim == "hook" and "commit\0-q" in above and here):
            found.append(int(process.name))
    return found


def run_and_kill(scenario: Scenario, victim: str, name: str, script: str, *more: str) -> Result:
    """Run with a hook that waits, and kill the victim alone then."""
    mark = f"444.{os.getpid()}"
    scenario.hook(name, script.format(folder=scenario.folder, mark=mark))
    process = scenario.start("run", *more)
    scenario.until((scenario.folder / "begun").exists)
    (pid,) = pids(scenario, victim)
    os.kill(pid, signal.SIGKILL)
    result = scenario.end(process)
    (scenario.folder / "go").touch()
    # Once git has ended well, what goes on is meant to.
    assert name == "post-commit" or not alive(f"sleep\0{mark}\0")
    locks = [path.name for path in (scenario.root / ".git").rglob("*.lock")]
    assert set(locks) <= {"notes.lock"}  # ours, which stays
    return result


@pytest.mark.parametrize("victim", VICTIMS)
@pytest.mark.parametrize("new", [False, True])
def test_row_47_what_a_hook_left_half_way_is_put_aside(
    scenario: Scenario, victim: str, new: bool
) -> None:
    phase = GREETING
    if new:
        more = "      - edit: new.txt\n        create: |\n          new\n      - commit"
        phase = phase.replace("      - commit", more)
    scenario.app(phase)
    result = run_and_kill(scenario, victim, "pre-commit", FORMATTER)
    result.says(
        1,
        "git was killed before it made the commit",
        "put back as they were before its hooks: app.py",
        "what the hooks left is kept in <root>/.git/runbook/main/rescued/",
        "stopped at phase-1/task-1/step-",
        "git did not make the commit",
    )
    assert scenario.read("app.py") == 'def greeting():\n    return "good day"\n'
    assert scenario.status() == " M app.py" + ("\n?? new.txt" if new else "")
    (rescued,) = (scenario.root / ".git/runbook/main/rescued").glob("*/app.py")
    assert "# half" in rescued.read_text()
    again = scenario.run("run")
    again.says(0, "1 commit")
    assert "by hand" not in again.stdout
    assert scenario.git("show", "HEAD:app.py") == 'def greeting():\n    return "good  day"'
    assert scenario.status() == ""


def test_a_repair_made_after_such_a_stop_is_taken_up(scenario: Scenario) -> None:
    scenario.app()
    run_and_kill(scenario, "git", "pre-commit", FORMATTER)
    scenario.write("app.py", 'def greeting():\n    return "good day"  # mine\n')
    scenario.run("run").says(0, "changed by hand since, and kept: app.py", "1 commit")
    assert "# mine" in scenario.git("show", "HEAD:app.py")


@pytest.mark.parametrize("victim", VICTIMS)
def test_row_49_a_commit_that_was_made_is_recorded_however_git_ended(
    scenario: Scenario, victim: str
) -> None:
    scenario.app()
    result = run_and_kill(scenario, victim, "post-commit", COMMITTED)
    # git itself takes no notice of how this hook ends.
    result.says(0, "commit", "" if victim == "hook" else "made, although git was killed")
    assert len(scenario.subjects()) == 2
    assert scenario.status() == ""
    scenario.run("run").says(0, "nothing to do")


def test_row_49_a_hook_after_the_commit_that_takes_too_long(scenario: Scenario) -> None:
    scenario.series("timeout: 1s")
    scenario.app()
    scenario.hook("post-commit", "echo waiting; sleep 60")
    said = "made, although git and its hooks did not end within <time>, and were killed"
    for arguments in (("run",), ("undo", "1")):
        scenario.run(*arguments).says(0, said, "| waiting")
        assert scenario.status() == ""
    assert len(scenario.subjects()) == 3


def test_row_49_git_killed_while_the_commit_is_read_back(scenario: Scenario) -> None:
    scenario.app()
    # Without hooks no process of git is started to read it back.
    scenario.hook("post-commit", "true")
    # The first git after the commit has moved the branch dies.
    git = scenario.git("--exec-path") + "/git"
    scenario.program(
        "git",
        f"""if test -e {scenario.folder}/armed && test "$(cat {scenario.folder}/armed)" != \\
    "$(cat {scenario.root}/.git/refs/heads/main)"; then rm {scenario.folder}/armed; kill -9 $$; fi
exec {git} "$@" """,
    )
    (scenario.folder / "armed").write_text(scenario.git("rev-parse", "HEAD"))
    scenario.run("run").says(1, "git failed", "git was killed (SIGKILL) before it answered")
    scenario.run("run").says(0, "made by the run that was killed, and recorded now", "1 commit")
    assert len(scenario.subjects()) == 2
    assert scenario.status() == ""


def test_the_git_that_serves_objects_may_be_killed(scenario: Scenario) -> None:
    """It lives as long as the run: whoever runs out of memory may take it."""
    serving = "$(grep -lzx cat-file /proc/[0-9]*/cmdline 2> /dev/null)"
    ours = f"$(grep -lz 'git-dir={scenario.root}/.git' {serving} | cut -d/ -f3)"
    kill = f"kill -9 {ours}"
    scenario.app(
        GREETING.replace("      - commit", f"      - verify: {json.dumps(kill)}\n      - commit", 1)
    )
    scenario.run("run").says(0, "1 commit")
    assert scenario.status() == ""


def test_what_a_failing_hook_has_started_as_a_service_of_its_own_goes_on(
    scenario: Scenario,
) -> None:
    scenario.app()
    scenario.hook(
        "pre-commit",
        "setsid sh -c 'sleep 1; touch ../later' > /dev/null 2>&1 &\n"
        "sh -c 'sleep 1; touch ../never' > /dev/null 2>&1 &\nsleep 0.2; exit 1",
    )
    scenario.run("run").says(1, "git did not make the commit")
    scenario.until((scenario.folder / "later").exists)
    assert not (scenario.folder / "never").exists()


def test_a_git_that_is_killed_over_a_note_leaves_no_lock(scenario: Scenario) -> None:
    scenario.app().by_git()
    real = f"{scenario.git('--exec-path')}/git"
    lock = scenario.root / ".git/refs/notes/runbook.lock"
    scenario.program(
        "git",
        f"""case "$*" in *" append "*) if ! test -e {scenario.folder}/go; then
    mkdir -p {lock.parent}; touch {lock} {scenario.folder}/go; kill -9 $$; fi;; esac
exec {real} "$@" """,
    )
    scenario.run("run").says(0, "has no note of its evidence: git was killed", "1 commit")
    assert not lock.exists()
    scenario.run("run").says(0, "nothing to do")
    assert "phase-1/task-1" in scenario.git("notes", "--ref=refs/notes/runbook", "show", "HEAD")

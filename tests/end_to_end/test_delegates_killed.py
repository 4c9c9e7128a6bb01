"""Attempts that are broken off: what they left is put back, and work that was accepted stays."""

from __future__ import annotations

import json
import signal
from collections.abc import Mapping

import pytest
from handing import CALC, MEND, PHASE, SEARCHED, cut, handed_over
from ondemand import ON_DEMAND, some
from scenario import Scenario

from runbook.world.files.journallock import ended_at

SLOW = """
if test ! -e ../again; then
    sed -i 's/a - b/half/' src/calc.py
    echo OTHER = 2 > src/other.py
    echo x > src/new.py
    echo theirs > mine.txt
    git tag t
    git add src/calc.py
    touch ../there
    sleep 1000
fi
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("where", ["in an attempt", "in its judgement"])
def test_an_attempt_that_is_broken_off_begins_anew(
    scenario: Scenario, where: str, how: signal.Signals
) -> None:
    phase, agent = SEARCHED, SLOW + MEND
    if where == "in its judgement":
        check = "grep -q 'a - b' src/calc.py || test -e {0}/again || (touch {0}/there; sleep 1000)"
        command = f"verify: {check.format(scenario.folder)}\n"
        phase, agent = PHASE.replace("verify: pytest -q tests\n", command), MEND
        phase = phase.replace("            expect: {tests: pass}\n", "")
    handed_over(scenario, agent, phase)
    scenario.write("mine.txt", "mine\n")
    process = scenario.start("run")
    scenario.until((scenario.folder / "there").exists)
    process.send_signal(how)
    result = scenario.end(process)
    if how != signal.SIGKILL:
        assert result.status == 128 + how, str(result)
        assert "broken off, and put back" in result.raw
        assert scenario.status() == "?? mine.txt"
        assert scenario.read("src/calc.py") == CALC
    path = scenario.root / "phases/phase-1.yaml"
    path.write_text(path.read_text().replace("Sums are right.", "Sums are right now."))
    (scenario.folder / "again").touch()
    result = scenario.run("run")
    assert result.status == 0, str(result)
    of_before = "phase-1/task-1/step-1: attempt 1 was killed with its run, and is put back"
    assert (of_before in result.raw) == (how == signal.SIGKILL)
    assert scenario.git("tag") == ""
    assert scenario.read("mine.txt") == "mine\n"
    assert scenario.status() == " M phases/phase-1.yaml\n?? mine.txt"
    assert scenario.paths() == ["src/calc.py"]
    assert scenario.git("show", "HEAD:src/calc.py") == CALC.replace("-", "+").rstrip("\n")


def test_work_that_was_not_accepted_is_nobodys_after_a_kill(scenario: Scenario) -> None:
    agent = "if [ -e ../right ]; then sed -i 's/a - b/a + b/' src/calc.py; "
    agent += "else sed -i 's/a - b/a * b/' src/calc.py; fi"
    handed_over(scenario, agent, SEARCHED)
    assert scenario.run("run").status == 4
    # Once the first attempt was judged.
    cut(scenario, "AttemptEnded")
    scenario.write("src/calc.py", CALC.replace("a - b", "a * b"))
    (scenario.folder / "right").touch()
    result = scenario.run("run")
    assert result.status == 0, str(result)
    assert "by hand" not in result.raw
    assert "a + b" in scenario.read("src/calc.py")


@pytest.mark.parametrize("gone", ["objects", "refs", "objects/*"])
def test_what_git_can_not_be_without_is_put_back_after_a_kill(
    scenario: Scenario, gone: str
) -> None:
    agent = f"test -e ../again || {{ rm -rf .git/{gone}; touch ../there; sleep 1000; }}\n{MEND}"
    killed(scenario, agent)
    shown = scenario.run("status")
    shown.says(0, "the last run was killed at phase-1/task-1/step-1", "What was done is kept.")
    assert "a run would stop" not in shown.raw
    scenario.run("run").says(0, "attempt 1 was killed with its run, and is put back", "1 commit")
    assert scenario.git("fsck", "--no-dangling") == ""


TRESPASS = """
if test ! -e ../again; then
    sed -i 's/a - b/half/' src/calc.py
    echo OTHER = 2 > src/other.py
    rm Makefile
    echo x > src/new.py
    git -c user.name=A -c user.email=a@example.org commit -qam done
    git notes --ref=runbook add -m x
    git tag t
    git rm -q --cached conftest.py
    echo x > .git/MERGE_HEAD
    mkdir .git/rebase-merge
    touch .git/index.lock ../there
    sleep 1000
fi
"""


def killed(scenario: Scenario, agent: str, untracked: Mapping[str, str] = {}) -> None:
    """A run that is killed in the attempt of a script, once that has touched `there`."""
    handed_over(scenario, agent, SEARCHED)
    for path, text in untracked.items():
        scenario.write(path, text)
    process = scenario.start("run")
    scenario.until((scenario.folder / "there").exists)
    process.kill()
    scenario.end(process)
    scenario.until(lambda: ended_at(scenario.journal.parent))
    (scenario.folder / "again").touch()


def test_what_a_killed_attempt_left_is_foreseen_as_put_back(scenario: Scenario) -> None:
    killed(scenario, TRESPASS + MEND)
    before = scenario.git("rev-parse", "HEAD~1")
    foreseen = scenario.run("run", "--dry-run")
    foreseen.says(0, "manual  Make `add`", "(handed to `bash ../agent.sh`)", "commit  fix: sums")
    status = scenario.run("status")
    status.says(0, "the last run was killed at phase-1/task-1/step-1")
    assert "a run would stop" not in status.stdout
    assert "waiting for" not in status.stdout
    following = scenario.run("next")
    following.says(0, "manual at phase-1/task-1/step-1", "A run hands it to: bash ../agent.sh")
    assert "taken as done" not in following.stdout
    assert scenario.git("rev-parse", "HEAD~1") == before
    result = scenario.run("run")
    assert result.status == 0, str(result)
    assert "by hand" not in result.raw
    assert scenario.git("rev-parse", "HEAD~1") == before
    assert scenario.git("tag") == ""
    assert scenario.paths() == ["src/calc.py"]
    assert scenario.status() == ""


PIPES = (
    "lib/HEAD", "lib/index", "lib/refs/heads/main", "lib/config", "index", "refs/heads/main",
    "config", "packed-refs", "info/exclude", "refs/tags/x", "commondir",
)  # fmt: skip


@pytest.mark.parametrize("number", range(len(PIPES) if ON_DEMAND else 3))
def test_a_pipe_at_which_git_would_wait_is_named(scenario: Scenario, number: int) -> None:
    place = some(PIPES, 3, "pipes")[number]
    print(place)
    file = f".git/{place.replace('lib/', 'modules/lib/')}"
    scenario.write("notes", "")
    scenario.begin()
    scenario.git("clone", "-q", ".", "../lib")
    scenario.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", "../lib", "lib")
    killed(
        scenario,
        f"test -e ../again || {{ rm -f {file}; mkfifo {file}; touch ../there; sleep 9; }}\n{MEND}",
    )
    by_run = place not in ("config", "packed-refs", "commondir")
    for verb in ("status", "next", "check", "run --dry-run", "retry"):
        told = f"<root>/{file} is a pipe, and git would wait at it for ever: "
        told += "`runbook run` puts back what was there" if by_run else "remove it"
        scenario.run(*verb.split()).says(2, told)
    if not by_run:
        scenario.run("run").says(2, "remove it")
        (scenario.root / file).unlink()
    scenario.run("run").says(0, "attempt 1 was killed with its run, and is put back", "1 commit")


def test_what_a_person_does_after_a_kill_is_theirs(scenario: Scenario) -> None:
    killed(scenario, SLOW.replace("git tag t", "git tag t\n    git branch b") + MEND)
    scenario.git("tag", "mine")
    scenario.git("notes", "add", "-m", "mine")
    scenario.git("config", "alias.mine", "status")
    scenario.git("update-ref", "refs/notes/runbook", "refs/notes/commits")
    scenario.write("mine.txt", "mine\n")
    (scenario.root / ".git/rebase-merge").mkdir()
    scenario.run("run").says(1, "a rebase is under way")
    (scenario.root / ".git/rebase-merge").rmdir()
    result = scenario.run("run")
    assert result.status == 0, str(result)
    assert scenario.git("tag") == "mine"
    assert scenario.git("branch") == "* main"
    assert scenario.git("notes", "show", "HEAD~1") == "mine"
    assert scenario.git("notes", "--ref=runbook", "show", "HEAD~1") == "mine"
    assert scenario.git("config", "alias.mine") == "status"
    assert scenario.status() == "?? mine.txt"
    assert scenario.paths() == ["src/calc.py"]


def test_a_plan_that_was_changed_before_a_kill_is_to_be_looked_at(scenario: Scenario) -> None:
    """By the attempt or by a person: nobody knows, and so it is not put back."""
    weaken = "sed -i 's/grep -q .*/true/' phases/phase-1.yaml"
    killed(scenario, SLOW.replace("git tag t", weaken) + MEND)
    result = scenario.run("run")
    assert result.status == 0, str(result)
    said = "phases/phase-1.yaml is not as it was when the delegate began, and stays so"
    assert f"to be looked at: {said}" in result.stdout, str(result)
    assert scenario.status() == " M phases/phase-1.yaml"


def test_a_file_that_a_person_mended_after_a_kill_is_theirs(scenario: Scenario) -> None:
    killed(scenario, SLOW + MEND)
    scenario.write("src/calc.py", CALC.replace("a - b", "b + a + 0 if True else a + b"))
    result = scenario.run("run")
    result.says(0, "changed by hand: src/calc.py")
    assert "b + a + 0" in scenario.git("show", "HEAD:src/calc.py")


def test_work_that_was_accepted_right_before_a_kill_is_the_delegates(scenario: Scenario) -> None:
    handed_over(scenario, f"echo x >> ../count; {MEND}", SEARCHED)
    assert scenario.run("run").status == 0
    scenario.git("reset", "-q", "--mixed", "HEAD~1")
    scenario.git("update-ref", "-d", "refs/notes/runbook")
    cut(scenario, "AttemptEnded")
    for command in (("run", "--dry-run"), ("status",), ("next",)):
        assert "by hand" not in scenario.run(*command).stdout
    result = scenario.run("run")
    assert result.status == 0, str(result)
    assert "by hand" not in result.raw
    assert (scenario.folder / "count").read_text() == "x\n"
    note = json.loads(scenario.git("notes", "--ref=runbook", "show", "HEAD"))
    assert note["by_hand"] == []
    assert [each["step"] for each in note["delegated"]] == ["phase-1/task-1/step-1"]


def test_what_is_known_of_a_kill_is_kept_over_a_run_that_is_refused(scenario: Scenario) -> None:
    killed(scenario, SLOW + MEND, {"mine.txt": "mine\n"})
    later = PHASE.replace("phase: 1", "phase: 2\n    requires: phase-1")
    scenario.phase(later.replace("FILES", "src/other.py"), "phase-2")
    scenario.write("notes.md", "what a person did since\n")
    scenario.run("run", "2").says(1, "phase-1 must be complete before phase-2")
    scenario.run("abort", "2").says(1, "phase-2 has not begun")
    scenario.run("run", "1").says(0, "phase-1 is complete")
    assert scenario.read("mine.txt") == "mine\n"
    assert scenario.read("src/other.py") == "OTHER = 1\n"
    assert scenario.read("notes.md") == "what a person did since\n"
    assert ended_at(scenario.journal.parent) is None, "all is settled"

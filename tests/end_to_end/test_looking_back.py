"""status, show and log: after every kind of stop, and without a journal."""

from __future__ import annotations

import shutil
import signal

import pytest
from scenario import APP, CHECKED, GREETING, Scenario

BROKEN = CHECKED.replace('with: return "good day"', 'with: return "go away"')


def before_commit(step: str) -> str:
    """The phase with one more step before its commit."""
    return GREETING.replace("      - commit", f"      - {step}\n      - commit")


STOPS = {
    "conflict": (CHECKED.replace('replace: return "hello"', "replace: nowhere"), 1),
    "unmet": (BROKEN, 1),
    "manual": (before_commit("manual: Look.\n        files: app.py"), 4),
    "failed": (before_commit("run: 'false'\n        files: app.py"), 1),
    "vacuous": (before_commit("verify: 'true'\n        fails-at: task"), 1),
    "service": (
        before_commit("verify: 'true'").replace(
            "tasks:", "services: [{name: db, run: exit 7, ready: never}]\ntasks:"
        ),
        1,
    ),
}


@pytest.mark.parametrize("kind", STOPS)
def test_status_says_what_run_said(scenario: Scenario, kind: str) -> None:
    """What stopped, where, and each command that was offered stand on both screens."""
    phase, exit = STOPS[kind]
    scenario.app(phase)
    run = scenario.run("run")
    assert run.status == exit, str(run)
    status = scenario.run("status")
    assert status.status == 0
    said = [line.strip() for line in run.stdout.split("\n")]
    (headline,) = [each for each in said if each.startswith("stopped at ")]
    assert f"\n  {headline}\n" in status.stdout
    offered = [each for each in said if each.startswith("runbook ") or "runbook run" in each]
    assert offered
    for each in offered:
        assert f"  {each}\n" in status.stdout, str(status)
    scenario.run("status", "--check").says(1, headline)
    (line,) = scenario.json("status")
    assert line["mark"] == "stopped"
    assert line["stopped"]["kind"] == kind
    assert scenario.json("list") == [line]
    (summary,) = scenario.json("log")
    assert (summary["exit"], summary["stopped_at"]) == (exit, line["stopped"]["where"])
    events = scenario.json("log", "last")
    assert events[0]["event"] == "RunBegan"
    assert {event["run"] for event in events} == {summary["run"]}
    # And what the run showed is told again, with times.
    log = scenario.run("log", summary["run"])
    assert [each[10:] for each in log.stdout.split("\n")] == [
        each.rstrip() for each in run.stdout.rstrip("\n").split("\n")
    ] + [""]


def test_a_task_looked_at_closely(scenario: Scenario) -> None:
    scenario.app(BROKEN)
    scenario.run("run").says(1)
    shown = """
        phase-1/task-1: Say it politely  (phases/phase-1.yaml:4:5)
          [✓] step-1  edit    app.py
          [!] step-2  verify  pytest -q test_app.py
                              1 failed, exit status 1 (<time>): not as expected
          [ ] step-3  commit  feat: say good day
          files: app.py
          stopped at phase-1/task-1/step-2 (phases/phase-1.yaml:9:9): the check failed
            - exit status 1, expected 0
            - tests: 1 failed; 0 passed
                test_app.py::test_greeting_is_polite  AssertionError: assert 'go away' in \
('hello', 'good day')
    """
    for name in ("phase-1/task-1", "1/1", "task-1"):
        scenario.run("show", name).shows(0, shown)
    scenario.write("app.py", APP.replace("hello", "good day"))
    scenario.run("run").says(0)
    done = """
        phase-1/task-1: Say it politely  (phases/phase-1.yaml:4:5)
          [✓] step-1  edit    app.py
          [✓] step-2  verify  pytest -q test_app.py
                              1 passed, exit status 0 (<time>): as expected
          [✓] step-3  commit  feat: say good day
                              <commit>
          files: app.py
          changed by hand: app.py
    """
    scenario.run("show", "1/1").shows(0, done)
    (line,) = scenario.json("show", "1/1")
    assert line["steps"][1]["check"]["counts"]["passed"] == 1
    # The notes of the commits say the same.
    shutil.rmtree(scenario.root / ".git" / "runbook")
    scenario.run("show", "1/1").shows(0, done)
    scenario.run("show", "phase-1").says(2, "`phase-1` is a phase; name a task of it")
    scenario.run("show", "1/verification").says(2, "phase-1 has no verification")


def test_status_from_notes(scenario: Scenario) -> None:
    scenario.app(
        CHECKED
        + "      - verify: test -e app.py\n"
        + "  - title: Look\n    steps:\n      - verify: test -e app.py\n"
        + "  - title: More\n    steps:\n      - edit: more.txt\n        create: x\n"
        + "verification:\n  - verify: test -e app.py\n"
    )
    scenario.run("run").says(0)
    shutil.rmtree(scenario.root / ".git" / "runbook")
    scenario.run("status").shows(
        0,
        """
        [ ] phase-1: Say good day.
            [ ] task-1: Say it politely  (<commit>)  to verify again
            [ ] task-2: Look
            [ ] task-3: More
            [ ] verification
          known from notes in git, not from a journal
          3 of 3 tasks left; to go on: runbook run phase-1
        """,
    )
    (scenario.root / "more.txt").unlink()
    scenario.run("run").says(0, "task-2: Look", "edit    more.txt", "is complete")


def test_status_says_what_git_says(scenario: Scenario) -> None:
    scenario.app(
        GREETING
        + "  - title: Again\n    steps:\n      - edit: app.py\n        append: '# Polite.'\n"
        "      - verify: test -e ok\n      - commit: 'feat: say it again'\n"
    )
    scenario.run("run").says(1)
    scenario.git("commit", "-q", "--allow-empty", "-m", "Of the user")
    scenario.run("status").says(
        0,
        "HEAD moved since the last run: it was on main at <commit> and is on main at <commit>\n"
        "  1 of 2 tasks left.\n"
        "  Go back there with git, then: runbook run phase-1\n"
        "  Or go on from where HEAD is: runbook run phase-1 --accept-head\n",
    )
    scenario.git("reset", "-q", "--hard", "HEAD~1")
    assert "HEAD moved" not in scenario.run("status").stdout
    scenario.git("reset", "-q", "--hard", "HEAD~1")
    scenario.run("status").shows(
        0,
        """
        [ ] phase-1: Say good day.
            [ ] task-1: Say it politely
            [ ] task-2: Again
          its commit <commit> is no longer in the branch
          not begun; to begin: runbook run phase-1
        """,
    )


def test_a_run_that_was_killed(scenario: Scenario) -> None:
    kill = f"kill -9 $(cat {scenario.root}/.git/runbook/main/lock); sleep 9"
    scenario.app(CHECKED.replace("pytest -q test_app.py", kill).replace("{tests: pass}", "{}"))
    assert scenario.run("run").status == -signal.SIGKILL
    # What watches the command ends with it, a moment later.
    scenario.until(lambda: "at work" not in scenario.run("status").stdout)
    scenario.run("status").shows(
        0,
        """
        [!] phase-1: Say good day.
            [!] task-1: Say it politely
          the last run was killed at phase-1/task-1/step-2 (phases/phase-1.yaml:9:9)
          1 of 1 task left.
          What was done is kept. To go on from here: runbook run phase-1
          Or instead:
            runbook retry phase-1: do task-1 again from the start; what its files hold is kept aside
            runbook skip phase-1/task-1 --reason "...": leave task-1 out, with its files put back
            runbook abort phase-1: put the files of task-1 back, as if it had not begun
        """,
    )
    scenario.run("log").says(0, "<run>  phase-1: was killed\n")
    scenario.run("show", "1/1").says(0, "[!] step-2  verify", "did not come to its end")


def test_the_output_of_commands(scenario: Scenario) -> None:
    scenario.app(before_commit(r"verify: printf 'a\033[31mb\n\377'; test -e ok"))
    assert scenario.run("log").stdout == "no run yet\n"
    scenario.run("log", "--output", "1/1/2").says(
        2, "no output of phase-1/task-1/step-2 is recorded (there are: none)"
    )
    scenario.run("run").says(1)
    first = scenario.json("log")[0]["run"]
    scenario.write("ok", "")
    scenario.phase(scenario.read("phases/phase-1.yaml").replace("printf '", "printf 'again "))
    scenario.run("run").says(0)
    step = "phase-1/task-1/step-2"
    assert scenario.run("log", "--output", step).raw == "again a\x1b[31mb\n\udcff"
    assert scenario.run("log", first, "--output", "1/1/2").raw == "a\x1b[31mb\n\udcff"
    scenario.run("log", "--output", "phase-1/task-1/step-9").says(
        2, "there is no step `phase-1/task-1/step-9`", f"{step}, phase-1/task-1/step-3)"
    )
    scenario.run("log", "--output", step, "--json").says(2, "and not JSON")
    scenario.run("log").says(0, "<run>  phase-1: done, 1 commit\n<run>  phase-1: exit status 1\n")
    scenario.run("log", "nothing").says(2, "there is no run `nothing`; to see all: runbook log")
    scenario.run("log", "Z-").says(2, "`Z-` may be any of these runs: ")


def test_the_evidence_of_a_commit(scenario: Scenario) -> None:
    scenario.series("title: Greetings")
    scenario.app(CHECKED)
    scenario.run("run").says(0)
    scenario.run("log", "--commit", "HEAD").shows(
        0,
        """
        <commit>: phase-1/task-1/step-3 (Say it politely)
          made by run <run> on main
          series: Greetings
          the task's digest: <commit>
          step-2: pytest -q test_app.py
              1 passed, exit status 0 (<time>): as expected
        """,
    )
    (line,) = scenario.json("log", "--commit", "HEAD")
    assert line["state"] == "CommitNote"
    scenario.run("log", "--commit", "HEAD~1").says(2, "<commit> carries no evidence")
    scenario.run("log", "--commit", "nothing").says(2, "there is no commit `nothing`")
    scenario.run("log", "last", "--commit", "HEAD").says(2, "--commit goes with neither")


def test_the_command_that_a_run_was_is_told(scenario: Scenario) -> None:
    scenario.app()
    for call in (["run"], ["audit"], ["undo", "1"], ["undo", "1"]):
        scenario.run(*call)
    scenario.run("log").says(
        0,
        """\
<run>  undo of phase-1: exit status 1
<run>  undo of phase-1: done
<run>  audit of phase-1: done
<run>  phase-1: done, 1 commit
""",
    )
    assert [each["verb"] for each in scenario.json("log")] == ["run", "audit", "undo", "undo"]

"""What a run would do next: told before it, by `status` and a dry run, as it then happens."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from scenario import CHECKED, GREETING, Result, Scenario

LOOK = """\
phase: {number}
goal: Look.
{requires}tasks:
  - title: Before the first edit
    steps:
      - manual: Look at {name}.txt.
      - edit: {name}.txt
        append: two
      - commit: "docs: two"
        files: {name}.txt
  - title: With files, and between edits
    steps:
      - edit: {name}.txt
        append: three
      - manual: Write notes of {name}.
        files: [{name}-notes.txt]
      - edit: {name}.txt
        append: four
      - commit: "docs: four"
      - manual: See what was committed.
verification:
  - verify: test -e {name}-notes.txt
  - manual: Look at it all.
"""


def test_a_series_with_work_by_hand_in_every_place_comes_to_its_end(scenario: Scenario) -> None:
    names = ("one", "two", "three")
    for number, name in enumerate(names, 1):
        scenario.write(f"{name}.txt", "one\n")
        requires = "" if number == 1 else f"requires: {number - 1}\n"
        text = LOOK.format(number=number, name=name, requires=requires)
        scenario.phase(text, f"phase-{number}")
    scenario.begin()
    for number, name in enumerate(names, 1):
        stops = []
        for _ in range(5):
            result = scenario.run("run", "--all")
            stop = re.search(
                r"^stopped at (\S+) .*: waiting for work by hand$", result.stdout, re.M
            )
            if stop is None:
                break
            assert result.status == 4
            stops.append(stop[1].removeprefix(f"phase-{number}/"))
            if "Write notes" in result.stdout:
                scenario.run("run", "--all").says(4, f"  not changed yet: {name}-")
                scenario.write(f"{name}-notes.txt", "noted\n")
            if stops[-1] == "verification/step-2" and number < 3:
                # The next run goes on with the phase after it.
                break
        assert stops == [
            "task-1/step-1", "task-2/step-2", "task-2/step-5", "verification/step-2",
        ]  # fmt: skip
    scenario.run("status", "--check").says(0)
    assert scenario.subjects()[1:] == ["docs: two", "docs: four"] * 3
    assert scenario.read("three.txt") == "one\ntwo\nthree\nfour\n"


def test_a_phase_begins_where_its_first_task_does(scenario: Scenario) -> None:
    """What the user commits after a refused run is no proof of the phase's."""
    scenario.write("app.py", "one\n")
    scenario.write("notes", "")
    scenario.phase("""
        phase: 1
        goal: A comment.
        tasks:
          - title: Comment
            steps:
              - edit: app.py
                prepend: |
                  # comment
              - verify: grep -q marker notes
                fails-at: phase
              - commit: "docs: a comment"
    """)
    scenario.begin()
    scenario.write("app.py", "one\ntwo\n")
    scenario.run("run").says(1, "app.py has changes of yours")
    scenario.write("notes", "marker\n")
    scenario.git("commit", "-q", "-am", "Mine, which makes the check pass")
    scenario.run("run").says(1, "the check was to fail at the start of the phase", "passed there")


def test_a_phase_begun_before_the_first_commit(scenario: Scenario) -> None:
    scenario.write("app.py", 'return "hello"\n')
    scenario.phase("""
        phase: 1
        goal: Say good day.
        tasks:
          - title: Say it
            steps:
              - edit: app.py
                replace: hello
                with: good day
              - verify: grep -q 'good day' app.py
                fails-at: phase
              - commit: "feat: say good day"
    """)
    scenario.run("check").says(1, "conflict: app.py: the file is there, and is not committed")
    needs = "`fails-at: phase` needs a commit, and the phase begins before the first one"
    scenario.run("check").says(1, f"phases/phase-1.yaml:10:19: conflict: {needs}", "first commit")
    scenario.run("check", "--prove").says(
        1, "there is no commit yet to prove anything on", "make a"
    )
    for arguments, how in ((("run",), "stopped"), (("run", "--dry-run"), "would stop")):
        scenario.run(*arguments).says(1, f"{how} at phase-1/task-1/step-2", needs, "first commit")
    scenario.run("status").says(0, needs)
    scenario.begin()
    scenario.run("run").says(0, "and fails at the phase's start", "phase-1 is complete: 1 commit")


def test_a_proof_before_the_first_commit_says_how_to_go_on(scenario: Scenario) -> None:
    scenario.phase("""
        phase: 1
        goal: Begin.
        tasks:
          - title: Begin
            steps:
              - edit: app.py
                create: hello
              - verify: grep -q hello app.py
              - commit: "feat: begin"
    """)
    needs = "a proof needs a commit to look at, and the phase's start is none"
    scenario.run("run", "--prove").says(1, needs, "hint: give `run` without --prove")
    scenario.run("run").says(0, "phase-1 is complete: 1 commit")


def committed_by_hand(scenario: Scenario) -> None:
    scenario.write("app.py", "good day\n")
    scenario.git("commit", "-q", "-am", "The work of the step")


def test_work_by_hand_that_was_committed_is_gone_on_from(scenario: Scenario) -> None:
    scenario.write("app.py", "hello\n")
    scenario.phase("""
        phase: 1
        goal: Say good day.
        tasks:
          - title: By hand
            steps:
              - manual: Say good day.
                files: [app.py]
              - commit: "feat: say good day"
    """)
    scenario.begin()
    scenario.run("run").says(4)
    committed_by_hand(scenario)
    shown = scenario.run("status").stdout
    assert "go back there" not in shown.lower()
    assert "What it stopped for is settled." in shown
    scenario.run("run", "--dry-run").says(0, "its work is taken as done")
    scenario.run("run").says(0, "phase-1 is complete")


TWO = """\
phase: 1
goal: Say good day.
tasks:
  - title: First
    steps:
      - edit: app.py
        replace: hello
        with: good day
      - verify: test -e ok
      - commit: First
  - title: Second
    steps:
      - edit: {glob: "*.txt"}
        replace: one
        with: two
      - edit: new.md
        create: new
      - commit: Second
"""


def dirty_by_glob(scenario: Scenario) -> tuple[str, ...]:
    scenario.write("a.txt", "one\nmine\n")
    return "--only", "task-2"


def another_is_unfinished(scenario: Scenario) -> tuple[str, ...]:
    scenario.run("run").says(1, "the check failed")
    return "--only", "task-2"


def nobody(scenario: Scenario) -> tuple[str, ...]:
    scenario.config.write_text("[user]\nuseConfigOnly = true\n[init]\ndefaultBranch = main\n")
    return ()


def outside_the_cone(scenario: Scenario) -> tuple[str, ...]:
    scenario.git("sparse-checkout", "set", "--no-cone", "/phases/", "/app.py")
    return "--only", "task-2"


def in_the_place_of_a_new_one(scenario: Scenario) -> tuple[str, ...]:
    scenario.write("new.md", "mine\n")
    return "--only", "task-2"


@pytest.mark.parametrize(
    "state",
    [dirty_by_glob, another_is_unfinished, nobody, outside_the_cone, in_the_place_of_a_new_one],
)
def test_a_dry_run_promises_nothing_that_is_refused(
    scenario: Scenario, state: Callable[[Scenario], tuple[str, ...]]
) -> None:
    scenario.write("app.py", "hello\n")
    scenario.write("a.txt", "one\n")
    scenario.phase(TWO)
    scenario.begin()
    arguments = state(scenario)
    dry = scenario.run("run", *arguments, "--dry-run")
    run = scenario.run("run", *arguments)
    assert (dry.status, run.status) == (1, 1), f"{dry}\n{run}"
    stop = run.stdout[run.stdout.index("stopped at ") :]
    assert stop.rstrip("\n") in dry.stdout.replace("would stop at", "stopped at")


def test_a_finished_task_that_says_something_else_is_not_complete(scenario: Scenario) -> None:
    scenario.app()
    scenario.run("run").says(0)
    words = GREETING.replace("Say it politely", "Say it as one should").replace(
        "goal: Say good day.", "goal: Be polite."
    )
    scenario.phase(words)
    scenario.run("status", "--check").says(0, "complete")
    scenario.run("run").says(0, "there is nothing to do")
    scenario.phase(GREETING.replace('"good day"', '"good evening"'))
    changed = "this task was finished, and the phase file says something else now"
    scenario.run("status", "--check").says(1, changed, "runbook repair phase-1")
    scenario.run("check").says(1, f"conflict: phase-1/task-1: {changed}")
    scenario.run("run", "--dry-run").says(1, changed)
    scenario.run("run").says(1, changed)


def test_new_words_for_work_by_hand_leave_it_done(scenario: Scenario) -> None:
    phase = """
        phase: 1
        goal: Look.
        tasks:
          - title: Look
            steps:
              - manual: Look.
              - verify: "true"
                timeout: 5m
    """
    scenario.phase(phase)
    scenario.begin()
    scenario.run("run").says(4)
    scenario.run("run").says(0)
    scenario.phase(phase.replace("manual: Look.", "manual: Look closely.").replace("5m", "6m"))
    scenario.run("status", "--check").says(0)
    scenario.run("run").says(0, "there is nothing to do")


DYING = CHECKED.replace("pytest -q test_app.py", "kill -9 $(cat .git/runbook/main/lock)")


def status_after_kill(scenario: Scenario) -> Result:
    """What `status` says once all of the run that was killed has ended."""
    scenario.run("run", "1")
    scenario.until(lambda: "is at work on it now" not in scenario.run("status").raw)
    status = scenario.run("status")
    status.says(0, "the last run was killed at phase-1/task-1/step-2", "[!] task-1")
    return status


def test_after_a_kill_there_are_the_choices_of_an_interrupt(scenario: Scenario) -> None:
    scenario.app(DYING)
    killed = status_after_kill(scenario).stdout
    scenario.phase(
        CHECKED.replace("pytest -q test_app.py", "kill -2 $(cat .git/runbook/main/lock); sleep 9")
    )
    scenario.run("run").says(130)
    interrupted = scenario.run("status").stdout
    ways = re.compile(r"^ +runbook .*$", re.M)
    assert ways.findall(killed) == ways.findall(interrupted) != []


@pytest.mark.parametrize("verb", [["abort"], ["retry"], ["skip", "1/1", "--reason", "x"], ["run"]])
def test_a_verb_that_is_refused_after_a_kill_leaves_it_told(
    scenario: Scenario, verb: list[str]
) -> None:
    scenario.app(DYING)
    status_after_kill(scenario)
    scenario.git("commit", "-q", "--allow-empty", "-m", "Mine")
    before = scenario.run("status")
    before.says(0, "the last run was killed at", "HEAD moved")
    refused = scenario.run(*verb)
    assert refused.status == 1, str(refused)
    assert scenario.run("status") == before
    scenario.git("reset", "-q", "--soft", "HEAD~1")
    scenario.run("status").says(0, "the last run was killed at", "go on from here: runbook run")
    scenario.run("abort").says(0)
    scenario.run("status").says(0, "not begun")


def test_a_kill_is_told_after_another_phase_was_carried_out(scenario: Scenario) -> None:
    scenario.phase(LOOK.format(number=2, name="b", requires=""), "phase-2")
    scenario.app(DYING)
    status_after_kill(scenario)
    assert scenario.run("run", "2").status == 4
    scenario.run("status", "1").says(0, "the last run was killed at phase-1/task-1/step-2")


def test_what_can_change_nothing_makes_nothing_unknown(scenario: Scenario) -> None:
    scenario.write("app.py", "hello\n")
    scenario.phase("""
        phase: 1
        goal: Look.
        tasks:
          - title: Look
            steps:
              - manual: Look.
        verification:
          - manual: Look again.
    """)
    scenario.phase(
        """
        phase: 2
        goal: Say good day.
        tasks:
          - title: Say it
            steps:
              - edit: app.py
                replace: nowhere
                with: good day
              - verify: grep -q day app.py
              - commit: "feat: say good day"
        """,
        "phase-2",
    )
    scenario.begin()
    scenario.run("check").says(1, "conflict: app.py: the text to replace is not in the file")


BOTH = """\
phase: 1
goal: One to two.
tasks:
  - title: First
    steps:
      - edit: a.txt
        replace: one
        with: two
      - verify: test -e ok
      - commit: First
"""

AFTER = """\
phase: 2
goal: By hand.
requires: [1]
tasks:
  - title: By hand
    steps:
      - edit: a.txt
        replace: two
        with: three
      - manual: Write b.txt.
        files: [b.txt]
      - commit: Second
"""


@pytest.fixture
def both(scenario: Scenario) -> Scenario:
    for name in ("a", "b"):
        scenario.write(f"{name}.txt", "one\n")
    scenario.write(".gitignore", "ok\n")
    scenario.phase(BOTH)
    scenario.phase(AFTER, "phase-2")
    return scenario.begin()


def test_work_committed_by_hand_is_known_after_a_phase_that_is_complete(both: Scenario) -> None:
    both.write("ok", "")
    both.run("run", "--all").says(4, "stopped at phase-2/task-1/step-2")
    both.write("b.txt", "two\n")
    both.git("commit", "-q", "-m", "Mine", "b.txt")
    both.run("run", "1").says(0, "there is nothing to do")
    both.run("status").says(0, "What it stopped for is settled.")
    both.run("run", "--all", "--dry-run").says(0, "its work is taken as done")
    both.run("run", "--all").says(0, "phase-2 is complete")


def test_a_mended_conflict_is_known_after_other_runs(both: Scenario) -> None:
    both.write("a.txt", "uno\n")
    both.git("commit", "-q", "-am", "Another word")
    both.run("run", "1").says(1, "the text to replace is not in the file")
    both.write("a.txt", "two\n")
    lock = both.root / ".git/index.lock"
    lock.touch()
    both.run("run", "1").says(1, "index.lock exists")
    lock.unlink()
    both.write("ok", "")
    both.run("run", "1").says(0, "changed by hand since, and kept: a.txt", "1 commit")


def test_nothing_is_put_back_while_git_is_at_work(both: Scenario) -> None:
    both.run("run", "1").says(1, "the check failed")
    lock = both.root / ".git/index.lock"
    lock.touch()
    both.run("status").says(0, "index.lock exists")
    assert "runbook skip" not in both.run("status").stdout
    for verb in (("retry",), ("skip", "1/1", "--reason", "why not"), ("abort",)):
        both.run(*verb).says(1, "index.lock exists", "Nothing was changed.")
    lock.unlink()
    both.write("ok", "")
    both.run("run", "1").says(0, "goes on where it stopped", "1 commit")


def test_a_deleted_file_is_a_change_by_hand(both: Scenario) -> None:
    both.run("run", "1").says(1)
    (both.root / "a.txt").unlink()
    both.write("ok", "")
    both.run("run", "1", "--dry-run").says(0, "changed by hand, and kept: a.txt")
    both.run("run", "1").says(0, "changed by hand since, and kept: a.txt", "-two")


def test_a_dry_run_over_phases_knows_what_those_before_commit(both: Scenario) -> None:
    both.run("run", "1").says(1)
    both.write("ok", "")
    both.run("run", "--all", "--dry-run").says(4, "would stop at phase-2/task-1/step-2")
    both.run("run", "--all").says(4, "stopped at phase-2/task-1/step-2")
    both.run("undo", "phase-2", "--verify")


def test_a_dry_run_over_phases_knows_what_those_before_leave(both: Scenario) -> None:
    both.write("ok", "")
    both.phase(BOTH.replace("      - commit: First\n", ""))
    both.git("commit", "-q", "-am", "Nothing is committed")
    wanted = "a.txt has changes of yours"
    both.run("run", "--all", "--dry-run").says(1, wanted)
    both.run("run", "--all").says(1, wanted)


def test_a_phase_that_was_undone_is_not_complete_in_a_dry_run(both: Scenario) -> None:
    both.write("ok", "")
    both.run("run", "1").says(0)
    both.run("undo", "1").says(0)
    for arguments in (("--dry-run",), ()):
        both.run("run", "--all", *arguments).says(1, "phase-1 must be complete before phase-2")


def test_a_dry_run_waits_for_a_run_that_is_at_work(both: Scenario) -> None:
    both.phase(BOTH.replace("test -e ok", "touch begun; sleep 30"))
    both.git("commit", "-q", "-am", "Slow")
    running = both.start("run", "1")
    both.until(lambda: (both.root / "begun").exists())
    both.run("run", "1", "--dry-run").says(1, "another run is under way")
    running.terminate()
    both.end(running)


class TestWorktree:
    def test_is_not_made_for_a_phase_that_cannot_begin(self, scenario: Scenario) -> None:
        scenario.series("worktree: .worktrees/there")
        scenario.phase(BOTH)
        scenario.begin()
        scenario.write("a.txt", "one\n")
        for _ in range(2):
            scenario.run("run").says(1, "a.txt: the file is there, and is not committed")
        assert not (scenario.root / ".worktrees").exists()
        scenario.write("ok", "")
        scenario.begin()
        scenario.run("run").says(0, "1 commit")
        assert (scenario.root / ".worktrees/there/a.txt").read_text() == "two\n"

    @pytest.mark.parametrize("name", [".worktrees/.hidden", ".worktrees/a b", "a.txt/there"])
    def test_that_cannot_be_made_is_refused_before(self, scenario: Scenario, name: str) -> None:
        scenario.series(f'worktree: "{name}"')
        scenario.write("a.txt", "one\n")
        scenario.phase(BOTH)
        scenario.begin()
        run = scenario.run("run")
        dry = scenario.run("run", "--dry-run")
        assert (run.status, dry.status) == (1, 1), f"{run}\n{dry}"
        stop = run.stdout[run.stdout.index("stopped at ") :].split("\n")[0]
        assert stop.replace("stopped", "would stop", 1) in dry.stdout


def test_who_only_looks_has_nothing_executed(scenario: Scenario) -> None:
    scenario.write(".gitattributes", "*.py filter=a=b diff=shown\n*.txt filter=long\n")
    scenario.write("notes.txt", "notes\n")
    scenario.app()
    seen = f"{scenario.folder}/seen"
    for key, program in (
        ("filter.a=b.clean", f"echo clean >> {seen}; cat"),
        ("filter.a=b.smudge", f"echo smudge >> {seen}; cat"),
        ("filter.long.process", f"echo process >> {seen}; false"),
        ("diff.shown.textconv", f"echo textconv >> {seen}; cat"),
        ("core.fsmonitor", f"{scenario.bin}/monitor"),
    ):
        scenario.git("config", "--global", key, program)
    scenario.git("config", "--global", "filter.a=b.required", "true")
    scenario.program("monitor", f"echo monitor >> {seen}; exit 1")
    # Of one size and another time, so that git has to look into them.
    for name in ("app.py", "test_app.py", "notes.txt"):
        os.utime(scenario.root / name, (1_700_000_000, 1_700_000_000))
    for command in (("status",), ("run", "--dry-run"), ("check",), ("list",), ("show", "1/1")):
        scenario.run(*command)
        assert not Path(seen).exists(), (command, Path(seen).read_text())
    # git itself asks them, and so does a run.
    scenario.git("status", check=False)
    assert "clean" in Path(seen).read_text()


def test_a_dry_run_names_the_files_of_a_pattern_as_the_run_does(scenario: Scenario) -> None:
    phase = GREETING.replace("edit: app.py", 'edit: {glob: "[ao]*.py"}')
    scenario.write("other.py", 'return "hello"\n')
    scenario.app(phase)
    said = "edit    app.py, other.py: 2 files, 2 places, +2 -2"
    scenario.run("run", "--dry-run").says(0, said)
    scenario.run("run").says(0, said)


def test_a_pattern_some_of_whose_files_do_not_hold_the_text_says_how(scenario: Scenario) -> None:
    scenario.write("other.py", "nothing = 1\n")
    scenario.app(GREETING.replace("edit: app.py", 'edit: {glob: "*.py"}'))
    hint = "say `where: contains` beside the `glob:`"
    scenario.run("check").says(
        1, "conflict: other.py: the text to replace is not in the file", hint
    )


CHAIN = """phase: 1
goal: Count.
tasks:
  - title: Two
    steps:
      - edit: n.txt
        replace: one
        with: two
      - commit: Two
  - title: Three
    steps:
      - edit: n.txt
        replace: two
        with: three
      - verify: test -e ok
      - commit: Three
"""


def test_what_an_edit_misses_may_be_what_was_undone(scenario: Scenario) -> None:
    scenario.write("n.txt", "one\n")
    scenario.phase(CHAIN)
    scenario.begin()
    scenario.run("run").says(1, "the check failed")
    scenario.run("abort").says(0)
    scenario.run("undo", "1/1").says(0)
    first = "runbook run phase-1 --restart: do first what was skipped or undone"
    for arguments, status in ((("run",), 1), (("status",), 0), (("run", "--dry-run"), 1)):
        scenario.run(*arguments).says(status, "the text to replace is not in the file", first)
    (said,) = scenario.json("next")
    again = next(way["argv"] for way in said["ways"] if way["choice"] == "restart")
    scenario.write("ok", "")
    scenario.run(*again).says(0, "phase-1 is complete: 2 commits")


def alike(scenario: Scenario, message: str) -> None:
    """The run, the dry run and `status` refuse in the same words."""
    scenario.run("run", "1").says(1, f"stopped at phase-1 (phases/phase-1.yaml:1:1): {message}")
    scenario.run("run", "1", "--dry-run").says(1, "would stop at phase-1 (", message)
    scenario.run("status", "1").says(0, "a run would stop at phase-1 (", message)


def test_a_task_that_was_begun_and_taken_out_of_the_file_is_not_forgotten(
    scenario: Scenario,
) -> None:
    scenario.write("n.txt", "one\n")
    scenario.phase(CHAIN)
    scenario.begin()
    scenario.run("run").says(1, "the check failed")
    shorter = CHAIN.partition("  - title: Three")[0]
    scenario.phase(shorter)
    message = "task-2 was begun, and the phase file does not have it any more"
    alike(scenario, message)
    assert "its edits are in n.txt: put the task back" in scenario.run("run").stdout
    scenario.phase(CHAIN)
    scenario.run("abort").says(0, "put back: n.txt")
    scenario.phase(shorter)
    scenario.run("run").says(0, "phase-1 is complete: 1 commit")


@pytest.mark.parametrize("settled", ["undone", "committed"])
def test_edits_that_were_settled_by_hand_are_nobodys(scenario: Scenario, settled: str) -> None:
    scenario.write("n.txt", "one\n")
    scenario.phase(CHAIN)
    scenario.begin()
    scenario.run("run").says(1, "the check failed")
    scenario.phase(CHAIN.partition("  - title: Three")[0])
    if settled == "undone":
        scenario.git("checkout", "-q", "n.txt")
        scenario.run("run").says(0, "phase-1 is complete")
    else:
        scenario.write("n.txt", "four\n")
        scenario.run("run").says(0, "phase-1 is complete")


def test_edits_of_another_phase_are_not_called_those_of_the_user(scenario: Scenario) -> None:
    scenario.write("n.txt", "one\n")
    scenario.phase(CHAIN)
    scenario.begin()
    scenario.run("run").says(1, "the check failed")
    other = CHAIN.replace("phase: 1", "phase: 2").replace("one", "three").replace("two", "four")
    scenario.phase(other, "phase-2")
    whose = "n.txt has edits of phase-1/task-2, which is unfinished, and this task changes it"
    scenario.run("run", "2").says(1, whose, "`runbook abort phase-1`")
    scenario.run("status", "2").says(0, whose)
    scenario.write("n.txt", "three and mine\n")
    scenario.run("run", "2").says(1, "n.txt has changes of yours, and this task changes it")

"""Checks that fail, and how a run goes on after them."""

import shutil

import pytest
from scenario import APP, CHECKED, GREETING, Scenario

BROKEN = CHECKED.replace('with: return "good day"', 'with: return "go away"')


def checking(command: str, expect: str = "{tests: pass}") -> str:
    """A phase of one check."""
    return (
        "phase: 1\ngoal: Look.\ntasks:\n  - title: Look\n    steps:\n"
        f"      - verify: |\n          {command}\n        expect: {expect}\n"
    )


def test_row_15_a_failing_test_is_named_and_repaired_by_hand(scenario: Scenario) -> None:
    scenario.app(BROKEN)
    first = scenario.run("run")
    first.says(
        1,
        """\
task-1: Say it politely
  edit    app.py, line 2
  verify  pytest -q test_app.py
          1 failed (<time>)

stopped at phase-1/task-1/step-2 (phases/phase-1.yaml:9:9): the check failed
  - exit status 1, expected 0
  - tests: 1 failed; 0 passed
      test_app.py::test_greeting_is_polite  AssertionError: assert 'go away' in \
('hello', 'good day')
""",
        "the end of the output:",
        "the whole output: <root>/.git/runbook/main/logs/<run>/phase-1--task-1--step-2.log",
        "The edits are kept, and are not committed yet. Fix it in <root>, "
        "or mend the phase file, then go on from here: runbook run phase-1",
    )
    assert scenario.subjects() == ["Begin"]
    assert '"go away"' in scenario.read("app.py")
    scenario.run("status").shows(
        0,
        """
        [!] phase-1: Say good day.
            [!] task-1: Say it politely
          stopped at phase-1/task-1/step-2 (phases/phase-1.yaml:9:9): the check failed
            - exit status 1, expected 0
            - tests: 1 failed; 0 passed
          1 of 1 task left.
          The edits are kept, and are not committed yet. Fix it in <root>, or mend the phase file, \
then go on from here: runbook run phase-1
          Or instead:
            runbook retry phase-1: do task-1 again from the start; what its files hold is kept aside
            runbook skip phase-1/task-1 --reason "...": leave task-1 out, with its files put back
            runbook abort phase-1: put the files of task-1 back, as if it had not begun
          To look closer: runbook show phase-1/task-1
          The whole output: runbook log --output phase-1/task-1/step-2
        """,
    )
    scenario.write("app.py", APP.replace("hello", "good day"))
    scenario.run("run").shows(
        0,
        """
        phase-1: Say good day.
          goes on: 0 of 1 task done before

        task-1: Say it politely
          changed by hand since, and kept: app.py
            --- app.py as edited
            +++ app.py now
            @@ -1,2 +1,2 @@
             def greeting():
            -    return "go away"
            +    return "good day"
          verify  pytest -q test_app.py
                  1 passed (<time>)
                  as expected
          commit  <commit> feat: say good day

        phase-1 is complete: 1 commit, <time>.
          task-1 mended by hand: `runbook adopt phase-1` writes it into the phase file
        """,
    )
    assert scenario.subjects() == ["Begin", "feat: say good day"]
    assert '"good day"' in scenario.git("show", "HEAD:app.py")
    assert scenario.status() == ""


def test_what_passed_and_what_is_done_is_not_done_again(scenario: Scenario) -> None:
    phase = """
        phase: 1
        goal: Say good day.
        tasks:
          - title: First
            steps:
              - edit: one.txt
                create: "one"
              - verify: echo first >> ../log
              - commit: First
          - title: Second
            steps:
              - edit: two.txt
                create: "two"
              - verify: echo second >> ../log
              - verify: test -e ok
              - commit: Second
          - title: Third
            steps:
              - edit: three.txt
                create: "three"
              - verify: echo third >> ../log
              - commit: Third
        verification:
          - verify: echo all >> ../log
    """
    scenario.app(phase)
    log = scenario.folder / "log"
    scenario.run("run").says(1, "stopped at phase-1/task-2/step-3", "exit status 1, expected 0")
    scenario.run("run", "phase-1").says(1, "goes on: 1 of 3 tasks done before")
    scenario.run("status").says(
        0, "[✓] task-1: First  (<commit>)", "[!] task-2", "[ ] task-3", "[ ] verification"
    )
    scenario.run("list").says(0, "[!] phase-1  Say good day.  (1 of 3 tasks done)")
    scenario.write("ok", "")
    scenario.run("run", "1").says(0, "phase-1 is complete: 3 commits")
    assert log.read_text().split() == ["first", "second", "third", "all"]
    assert scenario.subjects() == ["Begin", "First", "Second", "Third"]
    for revision, path in (("HEAD~2", "one"), ("HEAD~1", "two"), ("HEAD", "three")):
        assert scenario.paths(revision) == [f"{path}.txt"]


LONGER = CHECKED.replace('with: return "good day"', 'with: return "hello" and ""')
"""What this makes holds the text that it replaces."""

ADDED = """\
phase: 1
goal: Say more.
tasks:
  - title: Say more
    steps:
      - edit: app.py
        append: |
          WORDS = 1
      - verify: grep "WORDS = 2" app.py
      - commit: "feat: say more"
"""


RAN = """\
phase: 1
goal: Say more.
tasks:
  - title: Say more
    steps:
      - run: echo "WORDS = 1" >> app.py
        files: app.py
      - verify: grep "WORDS = 2" app.py
      - commit: "feat: say more"
"""
TOLD = {
    "missed": "app.py: the text to replace is not in the file",
    "edited": "app.py: the edit would be made on top of what this task made before",
    "ran": "app.py: the command would be run on what it made before",
    "left": "app.py: this task changed it, and no step of it does any more",
}
GONE = ADDED.replace("edit: app.py", "edit: test_app.py").replace('WORDS = 2" ', 'WORDS = 1" test_')
"""The edit is another file's now, and nothing of the task is about the first one any more."""


@pytest.mark.parametrize(
    ("first", "then", "why", "made"),
    [
        (BROKEN, CHECKED, "missed", APP.replace("hello", "good day")),
        (LONGER, LONGER.replace('and ""', 'or ""'), "edited", APP.replace('o"', 'o" or ""')),
        (ADDED, ADDED.replace("S = 1", "S = 2"), "edited", f"{APP}WORDS = 2\n"),
        (RAN, RAN.replace("S = 1", "S = 2"), "ran", f"{APP}WORDS = 2\n"),
        (ADDED, GONE, "left", APP),
    ],
    ids=["replaced", "found again", "appended", "run", "left"],
)
def test_a_step_changed_in_the_phase_file_does_not_come_on_top_of_itself(
    scenario: Scenario, first: str, then: str, why: str, made: str
) -> None:
    scenario.app(first)
    scenario.run("run").says(1, "stopped at phase-1/task-1/step-2")
    left = scenario.read("app.py")
    scenario.phase(then)
    hint = (
        "hint: app.py is as this task left it before the phase file was changed: "
        "`runbook retry` puts it back first"
    )
    on = "To put back what the task made, and do it again: runbook retry phase-1"
    for asked in ((), ("--dry-run",)):
        told = scenario.run("run", *asked)
        told.says(1, "at phase-1/task-1 (", TOLD[why], hint, on)
        assert "then: runbook run" not in told.stdout
    assert scenario.read("app.py") == left
    scenario.phase(first)
    scenario.run("status").says(0, "What it stopped for is settled", "here: runbook run phase-1")
    scenario.phase(then)
    scenario.run("next").says(0, TOLD[why], "do it again: runbook retry phase-1")
    scenario.run("retry").says(0, "phase-1 is complete: 1 commit")
    assert scenario.read("app.py") == made


def test_steps_put_before_one_that_is_done_are_no_edits_on_top(scenario: Scenario) -> None:
    scenario.app(ADDED)
    scenario.run("run").says(1, "stopped at phase-1/task-1/step-2")
    before = "      - edit: app.py\n        prepend: |\n          # WORDS = 2\n"
    scenario.phase(ADDED.replace("    steps:\n", f"    steps:\n{before}"))
    scenario.run("run").says(0, "phase-1 is complete: 1 commit")
    assert scenario.read("app.py") == f"# WORDS = 2\n{APP}WORDS = 1\n"


TWO_COMMITS = """\
phase: 1
goal: Say more.
tasks:
  - title: Say more
    steps:
      - edit: app.py
        append: |
          ONE = 1
      - commit: One
      - edit: app.py
        append: |
          TWO = 2
      - verify: test -e ready.txt
      - commit: Two
"""


@pytest.mark.parametrize(
    ("old", "new", "where", "why"),
    [
        ("ONE = 1", "ONE = 10", "task-1/step-1", "step-1 was committed, and the phase file says"),
        ("t: One", "t: First", "task-1/step-2", "step-2 was committed, and the phase file says"),
        (
            TWO_COMMITS[TWO_COMMITS.index("      - commit: One") :],
            "",
            "task-1",
            "step-2 was committed, and the phase file does not have it any more",
        ),
    ],
    ids=["edit", "commit", "gone"],
)
def test_what_an_unfinished_task_has_committed_is_not_done_again(
    scenario: Scenario, old: str, new: str, where: str, why: str
) -> None:
    scenario.write(".gitignore", "ready.txt\n")
    scenario.app(TWO_COMMITS)
    scenario.run("run").says(1, "stopped at phase-1/task-1/step-4")
    left = scenario.read("app.py")
    scenario.phase(TWO_COMMITS.replace(old, new))
    hint = "what is still to be done belongs into a new step behind that commit"
    for asked in (("run", "--dry-run"), ("run",), ("retry",), ("check",)):
        scenario.run(*asked).says(1, why, hint)
    part = "step" if "step" in where else "task"
    told = (f"at phase-1/{where} (", why, hint, f"Put the {part} back as it was")
    scenario.run("status").says(0, "a run would stop", *told)
    scenario.run("next").says(0, *told[:3])
    assert "repair" not in scenario.run("status").stdout
    assert scenario.read("app.py") == left
    scenario.phase(TWO_COMMITS)
    scenario.write("ready.txt", "")
    scenario.run("run").says(0, "phase-1 is complete: 2 commits")
    assert scenario.subjects() == ["Begin", "One", "Two"]


def test_what_notes_tell_of_an_unfinished_task_is_not_done_again(scenario: Scenario) -> None:
    scenario.app(TWO_COMMITS)
    scenario.run("run").says(1, "stopped at phase-1/task-1/step-4")
    scenario.git("checkout", "-q", "app.py")
    shutil.rmtree(scenario.root / ".git" / "runbook")
    scenario.run("run").says(1, "known from notes in git", "stopped at phase-1/task-1/step-4")
    scenario.phase(TWO_COMMITS.replace("ONE = 1", "ONE = 10"))
    scenario.run("run").says(1, "step-1 was committed, and the phase file says something else now")


def test_a_changed_phase_file(scenario: Scenario) -> None:
    phase = CHECKED + (
        "  - title: Say goodbye\n    steps:\n      - edit: app.py\n"
        "        replace: good day\n        with: goodbye\n"
        "      - verify: pytest -q test_app.py\n        expect: {tests: pass}\n"
        '      - commit: "feat: say goodbye"\n'
    )
    scenario.app(phase)
    scenario.run("run").says(1, "stopped at phase-1/task-2/step-2")
    # The failed task is planned anew, over what it left.
    scenario.phase(
        phase.replace(
            "replace: good day\n        with: goodbye", 'replace: "good day"\n        with: hello'
        )
    )
    scenario.run("run").says(1, "stopped at phase-1/task-2", "is not in the file")
    scenario.phase(
        phase.replace(
            "replace: good day\n        with: goodbye", "replace: goodbye\n        with: hello"
        )
    )
    scenario.run("run").says(0, "edit    app.py, line 2", "phase-1 is complete: 2 commits")
    assert scenario.read("app.py") == APP
    # A finished one is not done again.
    scenario.phase(phase.replace("feat: say good day", "feat: say it well"))
    scenario.run("run").shows(
        1,
        """
        phase-1: Say good day.

        stopped at phase-1/task-1 (phases/phase-1.yaml:4:5): this task was finished, and the \
phase file says something else now
          hint: what was done is not done again; what is still to be done belongs into a new task. \
With another `id` this is one

        Put the task back as it was, then: runbook run phase-1
        Or instead:
          runbook repair phase-1 --reason "...": accept the change as done; without --reason, see it
        """,
    )
    # Words that only people read may change, and a new task is carried out.
    scenario.phase(
        phase.replace(
            "replace: good day\n        with: goodbye", "replace: goodbye\n        with: hello"
        ).replace("Say it politely", "Say it very politely")
        + '  - title: More\n    steps:\n      - edit: more.txt\n        create: "more"\n'
        "      - commit: More\n"
    )
    scenario.run("run").says(0, "goes on: 2 of 3 tasks done before", "complete: 3 commits")
    assert scenario.subjects() == ["Begin", "feat: say good day", "feat: say goodbye", "More"]


MANY = "import pytest\n" + "".join(
    f"def test_{number}(): print('x' * 9999)\n" for number in range(60)
)

NEVER_A_PASS = {
    "behind head": (
        MANY,
        "pytest -v -s test_x.py 2>&1 | head -5",
        "not run: test_x.py::test_",
    ),
    "gone in the middle": (
        "import os\ndef test_a(): pass\ndef test_b(): os._exit(0)\ndef test_c(): pass\n",
        "pytest test_x.py",
        "pytest did not finish: 1 test of 3 collected ran, then it was gone",
    ),
    "all skipped": (
        "import pytest\npytestmark = pytest.mark.skip(reason='no database')\n"
        "def test_a(): pass\ndef test_b(): pass\n",
        "pytest test_x.py",
        "no test ran: all 2 skipped\n      2 skipped: no database",
    ),
    "skipped as it is collected": (
        "import pytest\npytest.importorskip('nothing_like_it')\n",
        "pytest test_y.py test_x.py",
        "no test of test_x.py ran: 1 skipped\n      1 skipped: could not import 'nothing_like_it'",
    ),
    "skipped in the second run": (
        "import unittest\nraise unittest.SkipTest('no server')\n",
        "pytest -q test_y.py && pytest -q test_x.py; true",
        "no test of test_x.py ran: 1 skipped\n      1 skipped: unittest.case.SkipTest: no server",
    ),
    "none collected": (
        "def tset_a(): pass\n",
        "pytest test_x.py; true",
        "no test ran\n      hint: pytest collected nothing: check paths and `-k`",
    ),
    "not collected": (
        "import nothing_of_that_name\n",
        "pytest test_x.py || true",
        "ModuleNotFoundError: No module named 'nothing_of_that_name'",
    ),
    "evidence lost": (
        "def test_a(): pass\n",
        'env -i PATH="$PATH" pytest test_x.py',
        "no evidence that pytest ran",
    ),
    "status lost": (
        "def test_a(): assert not 'right'\n",
        "pytest test_x.py || true",
        "test_x.py::test_a  AssertionError: assert not 'right'",
    ),
    "not started": ("", "pytset test_x.py", "the command `pytset` was not found"),
    "not pytest": ("", "echo 60 passed", "no evidence that pytest ran"),
}


@pytest.mark.parametrize("case", NEVER_A_PASS)
def test_is_never_taken_for_a_pass(scenario: Scenario, case: str) -> None:
    text, command, said = NEVER_A_PASS[case]
    scenario.write("test_x.py", text)
    scenario.write("test_y.py", "def test_y(): pass\n")
    scenario.phase(checking(command))
    scenario.begin()
    scenario.run("run").says(1, "the check failed", said)


def test_commands_of_a_check(scenario: Scenario) -> None:
    scenario.phase(checking("false | true", "{}"))
    scenario.begin()
    scenario.run("run").says(1, "exit status 1, expected 0")
    scenario.phase(checking("echo so far; sleep 1000", "{}").rstrip() + "\n        timeout: 1s\n")
    scenario.run("run").says(
        1,
        "it was stopped by its time-out after <time>",
        "hint: raise `timeout:` if it needs longer",
        "| so far",
    )
    scenario.phase(checking("echo asked; read answer && echo got", "{contains: got}"))
    scenario.run("run").says(
        1, "exit status 1, expected 0", 'the output does not contain "got"', "| asked"
    )
    scenario.phase(
        checking("echo hello; exit 3", "{exit: 3, absent: hello, prose: Nothing is said}")
    )
    scenario.run("run").says(
        1,
        'the output contains "hello", which was to be absent',
        "the plan says: Nothing is said",
    )
    scenario.phase(checking("echo hello; exit 3", "{exit: 3, contains: hello}"))
    scenario.run("run").says(0, "as expected", "phase-1 is complete: 0 commits")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (
            "pytest -q --collect-only test_app.py",
            "no test is run by a command with `--collect-only`",
        ),
        ("pytest -q test_odd.py", "test_odd.py::test_it  fixture 'nobody' not found"),
        ("pytest --odd test_app.py", "pytest did not begin: unrecognized arguments: --odd"),
        (
            "pytest -p nothing_like_it test_app.py",
            'pytest did not begin: Error importing plugin "nothing_like_it"',
        ),
        (
            "env -u X pytest_of_no_one",
            "the command `pytest_of_no_one` was not found",
        ),
    ],
)
def test_what_pytest_did_instead_is_named(scenario: Scenario, command: str, said: str) -> None:
    scenario.write("test_odd.py", "def test_it(nobody): ...\n")
    scenario.app(CHECKED.replace("pytest -q test_app.py", command))
    scenario.run("run").says(1, said)


def test_a_new_test_that_skips_itself_stops_the_task(scenario: Scenario) -> None:
    """Whatever else the suite runs: a dependency that is not there makes nothing green."""
    scenario.write("test_app.py", "def test_a(): pass\n")
    scenario.write("test_old.py", "import pytest\npytest.importorskip('nothing_like_it')\n")
    scenario.phase(
        """
        phase: 1
        goal: Test more.
        tasks:
          - title: Test
            steps:
              - edit: test_new.py
                create: |
                  import pytest
                  pytest.importorskip("no_such_module")
                  def test_new(): pass
              - verify: pytest -q
                expect: {tests: pass}
              - commit: "test: more"
        """
    )
    scenario.begin()
    scenario.run("run").says(
        1,
        "no test of test_new.py ran: 1 skipped",
        "1 skipped: could not import 'no_such_module'",
        "hint: install or start what they need, or say `skipped` under `tests` if they may be",
    )
    scenario.write("test_new.py", "def test_new(): pass\n")
    # What was skipped before the change as well is told, and stops nothing.
    scenario.run("run").says(
        0,
        "2 passed, 1 skipped (<time>)\n          1 skipped: could not import 'nothing_like_it'",
        "as expected",
    )


MENDED_BEHIND = (
    "Fix it in <root> and commit that, or mend the check in the phase file, then go on from here: "
    "runbook run"
)


def test_a_check_behind_the_commit_may_be_wrong_itself(scenario: Scenario) -> None:
    scenario.app(GREETING + "      - verify: grep -q evening app.py\n")
    scenario.run("run").says(1, f"{MENDED_BEHIND} phase-1")
    scenario.phase(GREETING + "      - verify: grep -q 'good day' app.py\n")
    scenario.run("run").says(0, "phase-1 is complete: 1 commit")
    assert scenario.status() == " M phases/phase-1.yaml"


def test_nothing_is_said_of_edits_where_there_are_none(scenario: Scenario) -> None:
    scenario.app(
        "phase: 1\ngoal: Look.\ntasks:\n  - title: Look\n    steps:\n      - verify: 'false'\n"
    )
    result = scenario.run("run")
    result.says(1, f"{MENDED_BEHIND} phase-1")
    assert "edits are kept" not in result.stdout


def test_a_pattern_in_place_of_a_file_is_called_one(scenario: Scenario) -> None:
    scenario.app(CHECKED.replace("edit: app.py", "edit: a*.py"))
    scenario.run("run").says(1, 'a path is literal; a pattern is written `{glob: "a*.py"}`')
    scenario.phase(GREETING.replace("edit: app.py", "edit: app.py, b.py"))
    scenario.run("run").says(1, "several files are a list: `[app.py, b.py]`")
    scenario.phase(GREETING.replace("edit: app.py", "edit: app.py test_app.py"))
    scenario.run("check").says(1, "several files are a list: `[app.py, test_app.py]`")


def test_a_check_that_was_stopped_says_nothing_of_how_long_it_takes(scenario: Scenario) -> None:
    wait = checking("until test -e go; do sleep 0.1; done; exit $(cat go)", "{}").rstrip()
    scenario.phase(f"{wait}\n        timeout: 1s\n")
    scenario.begin()

    def usual(status: int) -> float | None:
        lines = scenario.json("run", status=status)
        (began,) = (each for each in lines if each.get("event") == "CommandBegan")
        took: float | None = began["usual"]
        return took

    assert usual(1) is None
    assert usual(1) is None
    scenario.write("go", "1\n")
    assert usual(1) is None
    scenario.write("go", "0\n")
    assert usual(0) is not None


def test_a_pipe_that_a_check_leaves_in_the_place_of_a_file_keeps_nobody(
    scenario: Scenario,
) -> None:
    more = "      - verify: rm app.py && mkfifo app.py\n      - verify: ls\n      - commit"
    scenario.app(GREETING.replace("      - commit", more))
    scenario.run("run").says(1, "app.py: can only add regular files")
    scenario.run("retry").says(1, "app.py is not a regular file now")
    (scenario.root / "app.py").unlink()
    scenario.run("skip", "1/1", "--reason", "x").says(0)
    assert scenario.status() == ""


def test_a_check_that_wrote_nothing_has_no_output_to_look_at(scenario: Scenario) -> None:
    scenario.app(GREETING.replace("- commit", "- verify: grep -q evening app.py\n      - commit"))
    result = scenario.run("run")
    result.says(1, "  - exit status 1, expected 0\n  the command wrote nothing\n\n")
    assert "whole output" not in result.raw + scenario.run("status").raw


@pytest.mark.parametrize(
    "check", ["verify: grep -q evening app.py", "confirm: Is it polite?"], ids=["check", "confirm"]
)
def test_what_fails_behind_the_commit_is_mended_by_another(scenario: Scenario, check: str) -> None:
    scenario.app(GREETING + f"      - {check}\n")
    scenario.run("run")
    if check.startswith("verify"):
        for shown in (scenario.run("run"), scenario.run("status")):
            assert MENDED_BEHIND in shown.stdout
    scenario.write("app.py", APP.replace("hello", "good evening"))
    scenario.git("commit", "-qam", "Good evening")
    if check.startswith("confirm"):
        scenario.run("run").says(4, "goes on from main at ")
        scenario.run("done").says(0)
    scenario.run("run").says(0, "phase-1 is complete")


def test_what_fails_before_a_commit_is_in_that(scenario: Scenario) -> None:
    scenario.app(GREETING.replace("- commit", "- verify: grep -q evening app.py\n      - commit"))
    stopped = scenario.run("run")
    stopped.says(1, "Fix it in <root>, or mend the phase file, then go on from here")
    scenario.write("app.py", APP.replace("hello", "good evening"))
    scenario.git("commit", "-qam", "Good evening")
    scenario.run("run").says(1, "HEAD moved")


def test_where_every_task_was_skipped_nothing_is_counted(scenario: Scenario) -> None:
    scenario.app(GREETING + "      - verify: test -e polite\n")
    scenario.run("run")
    scenario.run("skip", "1/1", "--reason", "no")
    skipped = scenario.run("run")
    skipped.says(0, "passed over, skipped before: task-1", "phase-1 is complete: 1 commit")
    assert "0 of 0" not in skipped.stdout


def test_a_test_program_that_ran_no_test_stops_the_run(scenario: Scenario) -> None:
    scenario.write("ship.py", "")
    # It ends with 5 since Python 3.12.
    scenario.phase(checking("python3 -m unittest ship || test $? -eq 5", "{}"))
    scenario.run("run").says(
        1,
        "stopped at phase-1/task-1/step-1 (phases/phase-1.yaml:6:9): the check failed",
        "  - it ran no test, as its output says",
        "is the test named as the command does, and its file loaded? `exit: 0` if none is to run",
    )
    scenario.phase(checking("python3 -m unittest ship || test $? -eq 5", "{exit: 0}"))
    scenario.run("run").says(0, "phase-1 is complete")

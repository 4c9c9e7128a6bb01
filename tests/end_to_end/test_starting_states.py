"""`fails-at`: a check is seen to fail where its task, its phase or the plan began."""

import shutil
import signal
from pathlib import Path

from scenario import CHECKED, Scenario

STRICT = 'from app import greeting\n\n\ndef test_it():\n    assert greeting() == "good day"\n'


def proving(state: str, command: str = "pytest -q test_app.py", expect: str = "tests: pass") -> str:
    return CHECKED.replace("pytest -q test_app.py", command).replace(
        "expect: {tests: pass}", f"fails-at: {state}\n        expect: {{{expect}}}"
    )


def scratches(scenario: Scenario) -> list[Path]:
    return [p for p in (scenario.folder / "tmp").iterdir() if "scratch" in p.name]


def worktrees(scenario: Scenario) -> int:
    return scenario.git("worktree", "list", "--porcelain").count("worktree ")


def test_a_check_that_discriminates(scenario: Scenario) -> None:
    scenario.write("base.txt", "")
    scenario.begin()
    base = scenario.git("rev-parse", "HEAD")
    scenario.app(proving("task"))
    scenario.write("test_app.py", STRICT)
    scenario.git("commit", "-q", "-am", "Strict")
    scenario.run("run").shows(
        0,
        """
        phase-1: Say good day.

        task-1: Say it politely
          edit    app.py, line 2
          verify  pytest -q test_app.py
                  1 passed (<time>)
                  as expected
                  at the task's start: 1 failed (<time>)
                  and fails at the task's start (<commit>), as it must:
                    exit status 1, expected 0
                    tests: 1 failed; 0 passed
                    test_app.py::test_it  AssertionError: assert 'hello' == 'good day'
          commit  <commit> feat: say good day

        phase-1 is complete: 1 commit, <time>.
        """,
    )
    assert scratches(scenario) == []
    assert worktrees(scenario) == 1
    # At the base there is no such test at all, which proves nothing, unless it is carried there.
    carried = proving("{state: base, with: test_app.py}")
    scenario.phase(f"base: {base}\n" + carried, "phase-2")
    scenario.write(
        "phases/phase-2.yaml",
        (
            scenario.read("phases/phase-2.yaml")
            .replace("phase: 1", "phase: 2")
            .replace('replace: return "hello"', 'replace: "def greeting():"')
            .replace('with: return "good day"', 'with: "def greeting() -> str:"')
        ),
    )
    scenario.run("run", "2").says(0, "and fails at the base (")
    scenario.phase(
        "phase: 3\ngoal: Look.\nbase: nowhere\ntasks:\n  - title: Look\n    steps:\n"
        "      - verify: 'true'\n        fails-at: base\n",
        "phase-3",
    )
    scenario.run("run", "3").says(
        1, "`fails-at: base` needs a commit, and `base: nowhere` names none"
    )


def test_the_start_of_the_phase_is_before_its_first_task(scenario: Scenario) -> None:
    scenario.app(
        CHECKED + "  - title: Look\n    steps:\n      - verify: grep -q 'good day' app.py\n"
        "        fails-at: phase\n"
    )
    scenario.run("run").says(0, "and fails at the phase's start", "is complete: 1 commit")
    scenario.phase(
        CHECKED.replace("phase: 1", "phase: 2")
        .replace('replace: return "hello"', 'replace: "def greeting():"')
        .replace('with: return "good day"', 'with: "def greeting() -> str:"')
        + "  - title: Look\n    steps:\n      - verify: grep -q 'good day' app.py\n"
        "        fails-at: phase\n",
        "phase-2",
    )
    scenario.run("run", "phase-2").says(
        1,
        "stopped at phase-2/task-2/step-1",
        "the check was to fail at the start of the phase (<commit>), and it passed there too",
        "hint: a check that can't fail proves nothing: sharpen `expect:`, or say `guard: true` "
        "instead of `fails-at` if it is to pass before and after",
    )
    assert scratches(scenario) == []


def test_a_check_that_could_not_even_run_proves_nothing(scenario: Scenario) -> None:
    scenario.app(proving("task", "test -e .git/HEAD || no-such-command; pytest -q test_app.py"))
    scenario.write("test_app.py", STRICT)
    scenario.git("commit", "-q", "-am", "Strict")
    # Its status is pytest's: the test fails there for the right reason.
    scenario.run("run").says(0, "1 commit")
    scenario.phase(
        "phase: 2\ngoal: Look.\ntasks:\n  - title: Look\n    steps:\n"
        "      - verify: test -d .git || no-such-command\n        fails-at: task\n",
        "phase-2",
    )
    scenario.run("run", "2").says(1, "its command could not even be run there (exit status 127)")


def test_the_output_of_a_stop_is_that_of_the_starting_state(scenario: Scenario) -> None:
    """`status` names the command that shows it."""
    check = "test -d .git && echo here || echo there"
    scenario.app(proving("task", check, "exit: 0"))
    scenario.run("run").says(1, "it passed there too", "| there")
    scenario.run("status").says(0, "The whole output: runbook log --output phase-1/task-1/step-2")
    scenario.run("log", "--output", "phase-1/task-1/step-2").shows(0, "there")


def test_scratch_worktrees_of_a_killed_run_go_with_the_next(scenario: Scenario) -> None:
    scenario.app(proving("task", "test -d .git || sleep 1000; pytest -q test_app.py"))
    scenario.write("test_app.py", STRICT)
    scenario.git("commit", "-q", "-am", "Strict")
    process = scenario.start("run")
    scenario.until(lambda: any((each / "project/app.py").exists() for each in scratches(scenario)))
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert len(scratches(scenario)) == 1
    assert worktrees(scenario) == 2
    scenario.phase(CHECKED)
    scenario.run("run").says(0, "goes on: 0 of 1 task done before", "1 commit")
    assert scratches(scenario) == []
    assert worktrees(scenario) == 1


def test_the_start_of_the_series_is_that_of_its_first_phase(scenario: Scenario) -> None:
    scenario.app()
    scenario.phase(
        """
        phase: 2
        goal: See what all of it has changed.
        requires: phase-1
        tasks:
          - title: Look
            steps:
              - verify: grep -q "good day" app.py
                fails-at: series
        """,
        "phase-2",
    )
    before = scenario.git("rev-parse", "HEAD")[:9]
    result = scenario.run("run", "--all")
    result.says(
        0, "at the series' start: exit status 1", "and fails at the series' start (<commit>)"
    )
    assert f"the series' start ({before})" in result.raw
    scenario.run("check", "--prove", "2").says(0, "proves", "fails at the series' start (<commit>)")
    # What was so all along proves nothing.
    vacuous = scenario.read("phases/phase-2.yaml").replace("good day", "def greeting")
    scenario.write("phases/phase-3.yaml", vacuous.replace("phase: 2", "phase: 3"))
    scenario.run("run", "3").says(1, "to fail at the start of the series", "passed there too")


def test_the_start_of_the_series_is_known_without_the_journal(scenario: Scenario) -> None:
    scenario.app()
    begin = scenario.git("rev-parse", "HEAD")[:9]
    scenario.run("run").says(0)
    shutil.rmtree(scenario.root / ".git/runbook")
    scenario.phase(
        """
        phase: 2
        goal: See what all of it has changed.
        tasks:
          - title: Look
            steps:
              - verify: grep -q "good day" app.py
                fails-at: series
        """,
        "phase-2",
    )
    result = scenario.run("run", "2")
    result.says(0)
    assert f"the series' start ({begin})" in result.raw


def test_what_git_ignores_and_is_not_there_is_named(scenario: Scenario) -> None:
    scenario.app(proving("phase", "./tools/look", "exit: 0"))
    scenario.write(".gitignore", "tools/\n.env\n__pycache__/\n")
    scenario.git("add", ".gitignore")
    scenario.git("commit", "-q", "-m", "Ignore")
    scenario.write("tools/look", "#!/bin/sh\n")
    (scenario.root / "tools" / "look").chmod(0o755)
    scenario.write(".env", "SECRET=1\n")
    scenario.run("run").says(
        1,
        "its command could not even be run there (exit status 127)",
        "hint: what git ignores is not there: .env, tools; name what is needed under `carry:`",
    )
    # Tests that skip because of it are told so as well.
    scenario.write(
        "test_app.py",
        "import pytest, pathlib\n\n\n"
        "@pytest.mark.skipif(not pathlib.Path('.env').exists(), reason='no .env')\n"
        "def test_it(): ...\n",
    )
    scenario.git("commit", "-q", "-am", "Skip")
    scenario.phase(
        "phase: 2\ngoal: Look.\ntasks:\n  - title: Look\n    steps:\n"
        "      - edit: app.py\n        append: '# More.'\n"
        "      - verify: pytest -q test_app.py\n        fails-at: phase\n"
        "        expect: {tests: pass}\n      - commit: 'docs: more'\n",
        "phase-2",
    )
    scenario.run("abort", "1")
    scenario.run("run", "2").says(1, "hint: what git ignores is not there: .env, tools;")


def nested_submodules(scenario: Scenario) -> None:
    """`sub` with `sub/deep`, both checked out, each with a file."""
    allowed = ("-c", "protocol.file.allow=always", "submodule")
    for name in ("deep", "sub"):
        place = scenario.folder / name
        place.mkdir()
        scenario.git("init", "-q", cwd=place)
        (place / f"{name}.txt").write_text(f"{name}\n")
        if name == "sub":
            scenario.git(*allowed, "add", "-q", str(scenario.folder / "deep"), "deep", cwd=place)
        scenario.git("add", ".", cwd=place)
        scenario.git("commit", "-q", "-m", name, cwd=place)
    scenario.git(*allowed, "add", "-q", str(scenario.folder / "sub"), "sub")
    scenario.git(*allowed, "update", "-q", "--init", "--recursive")


def test_what_fails_for_want_of_a_submodule_proves_nothing(scenario: Scenario) -> None:
    nested_submodules(scenario)
    scenario.app(proving("phase", "cat sub/sub.txt sub/deep/deep.txt", "exit: 0"))
    scenario.run("run").says(1, "was to fail at the start of the phase", "it passed there too")


def test_a_submodule_is_as_the_starting_state_has_it(scenario: Scenario) -> None:
    nested_submodules(scenario)
    scenario.begin()
    base = scenario.git("rev-parse", "HEAD")
    sub = scenario.root / "sub"
    (sub / "sub.txt").write_text("later\n")
    scenario.git("commit", "-q", "-am", "Later", cwd=sub)
    text = proving("base", "grep later sub/sub.txt", "exit: 0")
    scenario.app(text.replace("goal:", f"base: {base}\ngoal:"))
    scenario.run("run").says(0, "and fails at the base")
    assert scenario.git("status", "--porcelain", cwd=sub) == ""


def test_a_setup_that_has_git_clone_submodules_is_in_nobodys_way(scenario: Scenario) -> None:
    nested_submodules(scenario)
    update = "git -c protocol.file.allow=always submodule update -q --init --recursive"
    scenario.series(f"setup: {update}")
    scenario.app(proving("phase", "cat sub/sub.txt sub/deep/deep.txt", "exit: 0"))
    scenario.run("run").says(1, "it passed there too")

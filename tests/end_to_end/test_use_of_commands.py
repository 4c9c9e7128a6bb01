"""How commands are given, and what they say when they are given wrongly."""

import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from scenario import GREETING, PROGRAM, SEARCHED, Scenario

THREE_MISTAKES = """\
phase: 1
gaol: Say good day.
tasks:
  - title: Say it politely
    steps:
      - edit: ../app.py
        replace: return "hello"
        with: return "good day"
      - verify: pytest  # all of them
"""

WITHOUT_PHASES = [
    *(["check"], ["check", "--json"], ["check", "--diff"], ["check", "1"], ["fmt", "1"]),
    *(["run"], ["run", "--all"], ["run", "1"], ["run", "--only", "1/1"], ["run", "--dry-run"]),
    *(["status"], ["status", "--check"], ["show", "1/1"], ["audit"], ["plan", "--all"]),
    *(
        ["retry"],
        ["abort"],
        ["undo", "1"],
        ["repair"],
        ["adopt"],
        ["skip", "1/1", "--reason", "no"],
    ),
]


@pytest.mark.parametrize("command", ["status", "run", "init", "fmt", "log"])
def test_in_a_folder_that_is_gone(scenario: Scenario, command: str) -> None:
    scenario.app(GREETING)
    done = subprocess.run(
        ["bash", "-c", 'mkdir gone; cd gone; rmdir ../gone; exec "$@"', "-", *PROGRAM, command],
        cwd=scenario.root, env=scenario.env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert "error: the folder that you are in is not there any more: `cd`" in done.stderr


def test_outside_of_a_repository(tmp_path: Path, scenario: Scenario) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    for command in ("run", "status", "check", "list", "clean"):
        scenario.run(command, cwd=outside).shows(
            2,
            "",
            "error: <folder>/outside is in no git repository: go to yours, or begin one with: "
            "git init",
        )


def test_in_gits_own_folder(scenario: Scenario) -> None:
    scenario.app(GREETING)
    inside = scenario.root / ".git/hooks"
    inside.mkdir(exist_ok=True)
    scenario.write(".git/hooks/plan.md", "### Task 1: Sail\n\nRun: `make sail`\n")
    before = sorted(inside.rglob("*"))
    for command in ("init", "run", "status", "check", "new 2", "clean"):
        scenario.run(*command.split(), cwd=inside).shows(
            2, "", "error: <root>/.git/hooks is git's own folder; give the command in <root>"
        )
    scenario.run("import", "plan.md", cwd=inside).says(2, "is git's own folder")
    assert sorted(inside.rglob("*")) == before


def test_without_phases(scenario: Scenario) -> None:
    for command in ("run", "status", "check", "list", "clean"):
        scenario.run(command).shows(
            2,
            "",
            "error: no folder `phases` here or above, up to <root>; make one with: runbook init, "
            "and then begin a phase with: runbook new phase-1",
        )
    (scenario.root / "phases").mkdir()
    none = "no phase files in <root>/phases yet; begin a phase with: runbook new phase-1"
    for arguments in WITHOUT_PHASES:
        scenario.run(*arguments).shows(2, "", f"error: {none}")
    scenario.run("list").shows(0, none)
    assert scenario.json("list") == []
    scenario.run("clean").says(0, "nothing to remove")
    scenario.run("fmt").says(0, "0 files left")


def test_an_unknown_phase(scenario: Scenario) -> None:
    scenario.phase(GREETING, "phase-1")
    scenario.phase(GREETING.replace("phase: 1", "phase: 2"), "phase-2-more")
    scenario.begin()
    scenario.run("run", "fase-1").shows(
        2,
        "",
        "error: there is no phase `fase-1` in <root>/phases; did you mean `phase-1`? "
        "(there are: phase-1, phase-2-more)",
    )
    scenario.run("status", "9").says(2, "there is no phase `9`")
    scenario.run("run").says(
        2, "error: name the phase to carry out", "(there are: phase-1, phase-2-more)"
    )
    scenario.run("status", "phases/phase-1.yaml").says(0, "[ ] phase-1")


def test_every_mistake_is_shown_and_nothing_is_touched(scenario: Scenario) -> None:
    scenario.series("worktree: .worktrees/x")
    scenario.app(THREE_MISTAKES)
    for command in ("check", "run", "status", "list", "clean"):
        result = scenario.run(command)
        assert result.status == 2
        assert result.stdout == ""
        places = re.findall(r"^(\S+): error: ", result.stderr, re.MULTILINE)
        assert [place for place in places if place != "phases/phase-1.yaml:1:1"] == [
            "phases/phase-1.yaml:2:1",
            "phases/phase-1.yaml:6:15",
            "phases/phase-1.yaml:9:25",
        ]
        assert "did you mean `goal`?" in result.stderr
        assert result.stderr.endswith("mistakes; nothing was touched.\n")
    assert not (scenario.root / ".worktrees").exists()
    assert not (scenario.root / ".git/runbook").exists()
    assert scenario.git("branch", "--format=%(refname:short)") == "main"


def test_looking_makes_and_runs_nothing(scenario: Scenario) -> None:
    scenario.series("worktree: .worktrees/x")
    scenario.app(SEARCHED.replace("grep", "touch ran; grep"))
    before = sorted(str(path) for path in scenario.root.rglob("*"))
    for status, arguments in (
        (1, ["check"]),
        (1, ["check", "--json"]),
        (0, ["check", "--diff"]),
        (0, ["status"]),
        (0, ["list"]),
        (0, ["plan", "1"]),
        (1, ["check", "phase-1"]),
        (0, ["--help"]),
        (0, ["run", "--help"]),
    ):
        scenario.run(*arguments).says(status)
    assert sorted(str(path) for path in scenario.root.rglob("*")) == before


def test_the_version(scenario: Scenario) -> None:
    from runbook import __version__

    scenario.run("--version").shows(0, f"runbook {__version__}")
    scenario.run("--version", cwd=Path("/")).shows(0, f"runbook {__version__}")


@pytest.mark.parametrize("command", ["run", "status", "list", "check", "plan", "clean"])
def test_every_command_has_help(scenario: Scenario, command: str) -> None:
    overview = scenario.run("--help")
    overview.says(0, "Usage: runbook", f"  {command}", "Begin with: runbook check")
    result = scenario.run(command, "-h")
    result.says(0, f"Usage: runbook {command}")
    assert result.stderr == ""


def test_wrong_options_and_commands(scenario: Scenario) -> None:
    scenario.app()
    scenario.run("rnu").says(2, "No such command 'rnu'")
    scenario.run("run", "--no").says(2, "No such option: --no")
    scenario.run("import").says(2, "Missing argument")
    scenario.run("plan").says(2, "name phases, or say --all")


@pytest.mark.parametrize("option", ["--events", "--junit"])
def test_a_dry_run_has_nothing_to_write(scenario: Scenario, option: str) -> None:
    scenario.app()
    scenario.run("run", "--dry-run", option, "out").says(2, "--dry-run has no events: give it")
    assert not (scenario.root / "out").exists()


@pytest.mark.parametrize("command", ["status", "list", "check", "log", "help"])
def test_nobody_who_reads_on(scenario: Scenario, command: str) -> None:
    """It is no finding of `check`, and no stop."""
    scenario.app()
    reader, writer = os.pipe()
    os.close(reader)
    ended = subprocess.run(
        [*PROGRAM, command], cwd=scenario.root, env=scenario.env, stdout=writer, check=False
    )
    os.close(writer)
    assert ended.returncode == 141


def test_in_a_folder_below(scenario: Scenario) -> None:
    scenario.write("deep/er/x.txt", "")
    scenario.app(SEARCHED.replace("phase: 1", "phase: 1\nworkdir: ."))
    below = scenario.root / "deep/er"
    scenario.run("check", cwd=below).shows(
        0, "../../phases/phase-1.yaml: 1 task, 3 steps, no mistakes"
    )
    scenario.run("run", cwd=below).says(0, "1 commit")


def test_a_work_folder_with_phases_of_its_own(scenario: Scenario) -> None:
    scenario.write("service/app.py", 'return "hello"\n')
    scenario.write("service/phases/phase-1.yaml", "workdir: service\n" + GREETING)
    scenario.begin()
    scenario.run("run", cwd=scenario.root / "service").says(0, "edit    app.py", "1 commit")
    assert scenario.paths() == ["service/app.py"]
    scenario.run("run").says(2, "no folder `phases` here", "one may be in another folder")


def test_on_a_branch_without_phases(scenario: Scenario) -> None:
    scenario.app(GREETING)
    scenario.run("run").says(0)
    scenario.git("checkout", "-q", "--orphan", "other")
    scenario.git("rm", "-rqf", ".")
    find = "git log --all --stat -1 -- '*phases/*.yaml'"
    scenario.run("status").says(2, f"or on another branch: {find}")
    assert "phases/phase-1.yaml" in scenario.git("log", *shlex.split(find)[2:])


def test_without_git_on_the_path(scenario: Scenario) -> None:
    scenario.app()
    scenario.run("status", PATH=str(scenario.bin)).says(0, "not begun")
    scenario.run("run", PATH=str(scenario.bin)).says(1, "there is no git on PATH")


def test_a_required_phase_comes_first(scenario: Scenario) -> None:
    scenario.phase(
        GREETING.replace("phase: 1", "phase: 2\nrequires: phase-1").replace("app.py", "two.py"),
        "phase-2",
    )
    scenario.write("two.py", 'return "hello"\n')
    scenario.app()
    scenario.run("run", "2").shows(
        1,
        """
        phase-2: Say good day.

        stopped at phase-2 (phases/phase-2.yaml:1:1): phase-1 must be complete before phase-2

        Carry out first what it waits for: runbook run phase-1
        Or all of it, in order: runbook run phase-1 phase-2
        """,
    )
    scenario.run("run", "1", "2").says(
        0, "phase-1 is complete: 1 commit", "phase-2 is complete: 1 commit"
    )
    scenario.run("list").shows(
        0,
        """
        [✓] phase-1  Say good day.  (1 of 1 task done)
        [✓] phase-2  Say good day.  (1 of 1 task done)
        0 of 2 phases left
        """,
    )


def test_the_plan_goes_to_a_file(scenario: Scenario) -> None:
    scenario.app()
    plan = scenario.run("plan", "1")
    plan.says(0, "**Goal:** Say good day.", "### Task 1", 'return "good day"')
    scenario.run("plan", "1", "-o", "plan.md").shows(0, "wrote plan.md")
    assert scenario.read("plan.md") == plan.stdout
    scenario.run("plan", "1", "-o", "no/such/plan.md").says(2, "no/such/plan.md")


def test_an_edit_that_does_not_apply_writes_nothing(scenario: Scenario) -> None:
    scenario.app(
        SEARCHED.replace(
            "      - verify",
            '      - edit: test_app.py\n        replace: "no such text"\n        with: ""\n'
            "      - verify",
        )
    )
    scenario.run("run").says(
        1,
        "stopped at phase-1/task-1 (phases/phase-1.yaml:10:9): test_app.py: ",
        "Nothing was written. Mend the phase file, or edit the file by hand in <root>, then: "
        "runbook run phase-1",
    )
    assert scenario.status() == ""
    # It is mended, and that the series changed is nothing to a commit.
    scenario.phase(SEARCHED)
    scenario.run("run").says(0, "phase-1 is complete: 1 commit")
    assert scenario.status() == " M phases/phase-1.yaml"


def test_a_full_disk_is_no_mistake_of_ours(scenario: Scenario) -> None:
    scenario.app()
    limited = ["bash", "-c", 'ulimit -f 0; exec "$@"', "bash", *PROGRAM, "run"]
    done = subprocess.run(
        limited, cwd=scenario.root, env=scenario.env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert scenario.normal(done.stderr) == (
        "error: <root>/.git/runbook/main/lock: File too large (errno 27); what was done so far is "
        "kept: mend it and run again\n"
    )
    assert 'return "hello"' in scenario.read("app.py")
    scenario.run("run").says(0, "1 commit")


COMMANDS = ["run --accept-head", "status", "check", "list", "show 1/1", "plan 1"]


@pytest.mark.parametrize("command", COMMANDS)
def test_an_interrupt_while_it_reads(scenario: Scenario, command: str) -> None:
    task = "  - title: Look\n    steps:\n      - verify: test -e app.py\n"
    scenario.app("phase: 1\ngoal: Look often.\ntasks:\n" + task * 20_000)
    size = (scenario.root / "phases/phase-1.yaml").stat().st_size
    process = scenario.start(*command.split())
    told = Path(f"/proc/{process.pid}/io")
    # It takes seconds to understand what it has read.
    scenario.until(lambda: int(told.read_text().split()[1]) > size)
    process.send_signal(signal.SIGINT)
    result = scenario.end(process)
    assert result.status == 130, str(result)
    assert "Traceback" not in result.raw


def test_where_the_cores_of_a_process_can_not_be_asked_for(scenario: Scenario) -> None:
    """As on macOS, where `auto` is as many as the machine has."""
    scenario.app(SEARCHED)
    scenario.env["AFRESH"] = "a process in which nothing is loaded yet"
    script = (
        "import os, sys; del os.sched_getaffinity\n"
        "from runbook.__main__ import main\n"
        "sys.argv[0] = 'runbook'; sys.exit(main())"
    )
    scenario.scripted(script, "run", "1", "--jobs", "auto").says(0, "phase-1 is complete: 1 commit")
    scenario.scripted(script, "audit").says(0, "phase-1: every check holds at its commit.")


def test_standard_output_may_be_another_stream() -> None:
    """As a program puts one in its place that calls ours, which has no encoding."""
    calling = (
        "import contextlib, io, sys\nfrom runbook.__main__ import main\n"
        "sys.argv = ['runbook', '--version']\nout = io.StringIO()\n"
        "with contextlib.redirect_stdout(out):\n    main()\nprint(out.getvalue())"
    )
    done = subprocess.run(
        [sys.executable, "-c", calling], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.startswith("runbook ")


def test_names_are_utf_8_whatever_the_locale(scenario: Scenario) -> None:
    """Python took them for those of the locale: of other files, or such as it could not write."""
    scenario.write("sägel/ü.txt", 'return "hello"\n')
    scenario.phase(GREETING.replace("app.py", "sägel/ü.txt").replace('"good day"', '"“grüß dich”"'))
    scenario.begin()
    env = {**scenario.env, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}

    def answer(*arguments: str, how: tuple[str, ...] = ()) -> bytes:
        # Without `-I`, with which Python would not look at these variables.
        command = [sys.executable, *how, "-m", "runbook", *arguments]
        done = subprocess.run(
            command, cwd=scenario.root, env=env, stdout=subprocess.PIPE, check=True, timeout=60
        )
        return done.stdout

    assert "edit    sägel/ü.txt, line 1".encode() in answer("run")
    assert scenario.read("sägel/ü.txt") == 'return "“grüß dich”"\n'
    assert scenario.git("ls-files", "-z", "sägel") == "sägel/ü.txt\0"
    env["PYTHONIOENCODING"] = "ascii"
    assert rb"s\xe4gel/\xfc.txt" in answer("show", "1/1")
    # Who asks Python for something else has it so.
    assert b"phase-1" in answer("list", how=("-X", "utf8=0"))

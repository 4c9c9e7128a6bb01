"""What a run looks like on a terminal, and that nothing shown there acts on it."""

import os
import re
from typing import Literal

import pytest
from scenario import CHECKED, SEARCHED, Scenario

from runbook.core.record.aheadevents import NotTakenAhead
from runbook.core.record.delegateevents import JudgedState, JudgementBegan
from runbook.core.record.stepevents import CommandBegan, CommandEnded, CommandOutput, Tally
from runbook.views.console import Console
from runbook.views.live import PlainLines

State = Literal["", "task", "phase", "series", "base", "commit"]

NASTY = (
    r"printf '\033]0;owned\007\033[2J\033[31mred\033[0m [red]markup[/red] [/] :smile: "
    r"a\342\200\256b \377\n'"
)


def on_terminal(scenario: Scenario, *arguments: str, columns: int = 200) -> tuple[int, str]:
    """The exit status of a call on a terminal, and all that it wrote there."""
    process, terminal = scenario.at_terminal(*arguments, columns=columns, COLUMNS=str(columns))
    shown = b""
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    status = process.wait()
    os.close(terminal)
    return status, shown.decode("utf-8", "replace")


def settled(shown: str) -> str:
    """What stands there at the end, on a terminal that is as wide as any line."""
    rows, row, column = [""], 0, 0
    for piece in re.split(r"(\x1b\[[0-9;?]*[A-Za-z]|[\r\n])", shown):
        if piece == "\n":
            row += 1
            rows += [""] * (row == len(rows))
        elif piece == "\r":
            column = 0
        elif piece.endswith("A") and piece.startswith("\x1b["):
            row -= int(piece[2:-1])
        elif piece == "\x1b[J":
            del rows[row + 1 :]
            rows[row] = rows[row][:column]
        elif not piece.startswith("\x1b["):
            rows[row] = rows[row][:column] + piece + rows[row][column + len(piece) :]
            column += len(piece)
    return "\n".join(line.rstrip() for line in rows)


def test_a_live_line_shows_what_runs_and_goes(scenario: Scenario) -> None:
    scenario.app(CHECKED.replace("pytest -q", "echo step one of it; sleep 0.6; pytest -q"))
    status, shown = on_terminal(scenario, "run")
    assert status == 0
    live = [piece for piece in re.split(r"\x1b\[J|\r", shown) if "echo step one of it" in piece]
    assert any(re.search(r"\d\.\d s", piece) for piece in live), shown
    assert "step one of it" in shown.replace("echo step one of it", "")
    assert "\x1b[?25l" in shown
    assert shown.rfind("\x1b[?25h") > shown.rfind("\x1b[?25l")
    assert "phase-1 is complete: 1 commit" in settled(shown)
    assert "verify  echo step one of it; sleep 0.6; pytest -q test_app.py" in settled(shown)


def test_a_commit_whose_hooks_take_long_is_seen_to_be_under_way(scenario: Scenario) -> None:
    scenario.app()
    hook = scenario.root / ".git/hooks/pre-commit"
    hook.write_text("#!/bin/sh\nsleep 0.6\n")
    hook.chmod(0o755)
    scenario.env.pop("GPG_TTY", None)
    status, shown = on_terminal(scenario, "run")
    assert status == 0
    assert re.search(r"0\.[3-9] s  git commit", shown), shown
    assert "git commit" not in settled(shown)
    scenario.git("reset", "-q", "--hard", "HEAD^")
    hook.write_text("#!/bin/sh\n")
    assert "git commit" not in on_terminal(scenario, "run")[1]  # it is there at once
    scenario.git("reset", "-q", "--hard", "HEAD^")
    hook.write_text("#!/bin/sh\nsleep 0.6\n")
    # The passphrase of a signature is asked for there.
    scenario.env["GPG_TTY"] = "/dev/pts/0"
    assert "git commit" not in on_terminal(scenario, "run")[1]


def test_nothing_that_is_shown_acts_on_the_terminal(scenario: Scenario) -> None:
    phase = (
        "phase: 1\ngoal: 'Look [red]here[/red]'\ntasks:\n  - title: 'Look [/] :smile:'\n"
        f"    steps:\n      - verify: |\n          {NASTY}; sleep 0.4; exit 1\n"
    )
    scenario.app(phase)
    status, shown = on_terminal(scenario, "run")
    assert status == 1
    assert "\x1b]0;" not in shown
    assert "\x1b[2J" not in shown
    assert "\x1b[31mred" not in shown
    assert "\u202e" not in shown
    assert "[red]markup[/red] [/] :smile:" in shown
    assert "phase-1: Look [red]here[/red]" in settled(shown)
    assert "task-1: Look [/] :smile:" in settled(shown)
    plain = scenario.run("run")
    assert "\x1b" not in plain.raw
    assert "\u202e" not in plain.raw
    assert "[red]markup[/red] [/] :smile: a" in plain.raw
    # The log holds the bytes as they were.
    (log, _) = sorted((scenario.journal.parent / "logs").rglob("*.log"))
    assert b"\x1b]0;owned\x07\x1b[2J\x1b[31mred" in log.read_bytes()


def test_controls_in_a_shown_command_are_escaped(scenario: Scenario) -> None:
    scenario.write(
        "phases/phase-1.yaml",
        "phase: 1\ngoal: Look.\ntasks:\n  - title: Look\n    steps:\n"
        '      - verify: "true # \\u202e txt.exe \\e[2J"\n',
    )
    scenario.begin()
    result = scenario.run("run")
    result.says(0, "verify  true # ")
    assert "\u202e" not in result.raw
    assert "\x1b" not in result.raw
    plan = scenario.run("status")
    assert "\u202e" not in plan.raw


def test_a_narrow_terminal_and_one_without_colours(scenario: Scenario) -> None:
    scenario.app(CHECKED.replace("pytest -q", f"echo {'long ' * 30}; sleep 0.4; pytest -q"))
    scenario.env["NO_COLOR"] = "1"
    status, shown = on_terminal(scenario, "run", columns=30)
    assert status == 0
    assert "\x1b" not in shown
    assert "phase-1 is complete: 1 commit," in shown.replace("\r\n", " ")
    # What stays is wrapped by the terminal, not by us: it can be copied.
    assert f"echo {'long ' * 30}; sleep 0.4; pytest -q test_app.py" in shown


def test_tests_that_are_to_fail_before_are_not_told_as_failures() -> None:
    noted: list[str] = []

    class Kept(PlainLines):
        def note(self, text: str, style: str) -> None:  # noqa: ARG002
            noted.append(text.split()[-1])

    console = Console(Kept(), {})
    states: tuple[tuple[State, str], ...] = (
        ("phase", "before"), ("", "now"), ("base", "before"), ("commit", "then"),
    )  # fmt: skip
    for state, test in states:
        console.show(CommandBegan("phase-1/task-1/step-1", "pytest", state))
        tally = Tally(1, 1, 1, (test,))
        console.show(CommandOutput("phase-1/task-1/step-1", "F", tally))
    # So are those by which the work of a delegate is judged, before it and on older code.
    judged: tuple[JudgedState, ...] = ("before", "after", "carried", "here", "originals")
    for where in judged:
        step = "phase-1/task-1/step-1"
        console.show(JudgementBegan(step, "phase-1/task-1/step-2", "pytest", where))
        console.show(CommandOutput(step, "F", Tally(1, 1, 1, (where,))))
    assert noted == ["now", "then", "after", "here"]


def test_a_check_that_is_run_again_in_its_turn_is_still_shown() -> None:
    shown: list[str] = []

    class Kept(PlainLines):
        def show(self, what: str, usual: float | None = None, after: float = 0.0) -> None:  # noqa: ARG002
            shown.append(what)

        def hide(self) -> None:
            shown.clear()

    console = Console(Kept(), {})
    step = "phase-1/task-1/step-1"
    console.show(CommandBegan(step, "pytest"))
    console.show(NotTakenAhead(step, "it left files: x"))
    assert shown == ["pytest"]
    console.show(CommandEnded(step, 0, 0.1, "", "log", ""))
    assert not shown


@pytest.mark.parametrize("command", ["run", "check --prove"])
def test_in_ci_and_on_a_dumb_terminal_lines_stay(scenario: Scenario, command: str) -> None:
    scenario.app(SEARCHED.replace("grep -q", "sleep 0.3; grep -q"))
    for name, value in (("CI", "true"), ("TERM", "dumb")):
        before = dict(scenario.env)
        scenario.env[name] = value
        status, shown = on_terminal(scenario, *command.split())
        assert status == (command != "run"), shown  # what a check proves is not enough
        assert "\x1b" not in shown
        scenario.env = before


def test_what_is_looked_at_has_the_colours_of_the_run(scenario: Scenario) -> None:
    scenario.app(CHECKED.replace("good day", "go away"))
    _, shown = on_terminal(scenario, "run", columns=70)
    assert "\x1b[1;31mstopped at phase-1/task-1/step-2" in shown
    for called in (("status",), ("show", "1/1"), ("log", "last")):
        _, looked = on_terminal(scenario, *called, columns=80)
        assert "\x1b[1;31m" in looked, called
        assert re.search(r"\x1b\[31m +- exit status 1, expected 0", looked), called
    # Beside its time a line hangs, and what a command wrote is whole.
    assert re.search(r"\n\x1b\[2m\d\d:\d\d:\d\d  \x1b\[0m\x1b\[1;31mstopped at ", looked)
    assert "\n\x1b[2m          \x1b[0m" in looked
    _, runs = on_terminal(scenario, "log")
    assert "\x1b[31mexit status 1\x1b[0m" in runs


PLAN = """\
# Harbour Implementation Plan

**Goal:** Ships are counted.

### Task 1: Count

**Step 1: Release it**

Run: `claude plugin tag -m "Release of all ships" --push`
Expected: Tag created and pushed.
"""


def test_every_command_breaks_its_lines_between_words(scenario: Scenario) -> None:
    scenario.app(SEARCHED)
    scenario.write("plan.md", PLAN)
    asked = (
        ("init",),
        ("run", "--dry-run", "--restart"),
        ("import", "plan.md"),
        ("run", "a-phase-that-is-not-there"),
        ("retry",),
        ("help",),
    )
    for called in asked:
        _, shown = on_terminal(scenario, *called, columns=44)
        # A path stands whole.
        wide = [line for line in shown.split("\r\n") if len(line) > 44 and " " in line.strip()]
        assert shown, called
        assert not wide, called


def test_the_caret_stands_below_what_it_means_on_a_narrow_terminal(scenario: Scenario) -> None:
    command = f"echo {'long ' * 20}# all"
    scenario.app(SEARCHED.replace("grep -q return app.py", command))
    _, shown = on_terminal(scenario, "check", columns=80)
    lines = shown.split("\r\n")
    (caret,) = (number for number, line in enumerate(lines) if line.endswith("^"))
    assert lines[caret - 1][lines[caret].index("^") :].startswith("# all")
    assert max(len(lines[caret - 1]), len(lines[caret])) <= 80
    scenario.phase(SEARCHED.replace("grep -q return app.py", f"{command[:-6]} && true | head -1"))
    _, shown = on_terminal(scenario, "check", columns=80)
    assert all(len(line) <= 80 for line in shown.split("\r\n") if " | " in line), shown


ODD = r"\u202e gnp.exe \u2067 \e[2J \e]0;owned\a \x9b2J"
ODD_PHASE = f"""\
phase: 1
goal: "Goal {ODD}"
title: "Title {ODD}"
delegate:
  run: "true # {ODD}"
  attempts: 1
  confine: false
notes:
  - heading: "Heading {ODD}"
    text: "Note {ODD}"
tasks:
  - title: "Task {ODD}"
    note: "About {ODD}"
    steps:
      - manual: "Work {ODD}"
        title: "Step {ODD}"
        files: ["a {ODD}.txt"]
      - verify: "true # {ODD}"
        expect: {{contains: "Seen {ODD}"}}
      - confirm: "Is it {ODD}?"
      - edit: app.py
        replace: hello
        with: "some {ODD}"
      - commit: "feat: {ODD}"
"""


def test_nothing_of_a_phase_file_acts_on_the_terminal(scenario: Scenario) -> None:
    scenario.app(ODD_PHASE)
    scenario.write(
        "plan.md", "# Plan\n\n## Task 1: \u202eturn \x1b[2J\n\nDo \u202eit in `app.py`.\n"
    )
    for command in (
        "plan phase-1", "plan phase-1 -o old.md --check", "check", "check --diff", "run --dry-run",
        "next", "run", "run phase-1/task-1 \u202e", "status", "list", "show phase-1/task-1",
        "log", "log last", "done", "skip phase-1/task-1 --reason \u202e", "import plan.md",
    ):  # fmt: skip
        _, shown = on_terminal(scenario, *command.split(" "))
        assert shown.strip(), command
        assert "Traceback" not in shown, shown
        found = re.search("[\u202e\u2067\x07\x9b]|\x1b\\[2J|\x1b\\]", shown)
        assert found is None, (command, shown)
    # What is read back by a program is as the phase file says it.
    assert "\u202e" in scenario.run("plan", "phase-1").raw

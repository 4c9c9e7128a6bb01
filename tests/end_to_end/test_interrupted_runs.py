"""Runs that are interrupted, and what is left of them."""

import json
import os
import pty
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from scenario import GREETING, PROGRAM, SEARCHED, Scenario

SLOW = SEARCHED.replace("grep -q", "test -e ok || { touch begun; sleep 1234.5; }; grep -q")


def alive(mark: str) -> list[str]:
    """The command lines of living processes that have `mark` in them."""
    if sys.platform != "linux":
        listed = subprocess.run(["ps", "-Ao", "args"], capture_output=True, text=True, check=True)
        return [line for line in listed.stdout.split("\n") if mark in line]
    found = []
    for folder in Path("/proc").iterdir():
        try:
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if mark in line:
            found.append(line)
    return found


@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
)
def test_rows_32_and_35b_a_signal_stops_the_run_and_it_goes_on(
    scenario: Scenario, number: signal.Signals, status: int
) -> None:
    mark = f"{1234 + os.getpid() % 1000}.{int(number)}{os.getpid()}"
    scenario.app(SLOW.replace("1234.5", mark))
    process = scenario.start("run")
    scenario.until((scenario.root / "begun").exists)
    scenario.until(lambda: alive(f"sleep {mark}"))
    process.send_signal(number)
    scenario.end(process).says(
        status,
        "stopped at phase-1/task-1/step-2",
        "What was done is kept. To go on from here: runbook run phase-1",
    )
    assert not [line for line in alive(mark) if "sleep" in line]
    assert scenario.subjects() == ["Begin"]
    assert not (scenario.root / ".git/index.lock").exists()
    scenario.run("status").says(0, "[!] task-1", "To go on from here: runbook run phase-1")
    scenario.write("ok", "")
    scenario.run("run").says(0, "goes on where it stopped", "1 commit")
    assert scenario.subjects() == ["Begin", "feat: say good day"]


def test_a_run_under_nohup_goes_on_when_its_terminal_is_closed(scenario: Scenario) -> None:
    scenario.app(SLOW.replace("sleep 1234.5", "until test -e go; do sleep 0.05; done"))
    started = subprocess.Popen(
        ["sh", "-c", 'trap "" HUP; exec "$@"', "sh", *PROGRAM, "run"],
        cwd=scenario.root,
        env=scenario.env,
        stdout=subprocess.PIPE,
        text=True,
    )
    scenario.until((scenario.root / "begun").exists)
    started.send_signal(signal.SIGHUP)
    scenario.write("go", "")
    shown, _ = started.communicate(timeout=60)
    assert started.returncode == 0, shown
    assert scenario.subjects() == ["Begin", "feat: say good day"]


def test_what_ended_in_time_while_the_runner_was_stopped_has_not_timed_out(
    scenario: Scenario,
) -> None:
    """Of several, because it depends on the very moment of being stopped what is seen first."""
    checks = [
        f"      - verify: touch begun{number}; sleep 0.3; touch ended{number}\n"
        "        timeout: 1s\n"
        for number in range(3)
    ]
    scenario.app(GREETING.replace("      - commit", f"{''.join(checks)}      - commit"))
    process = scenario.start("run")
    for number in range(len(checks)):
        scenario.until((scenario.root / f"begun{number}").exists)
        process.send_signal(signal.SIGSTOP)
        scenario.until((scenario.root / f"ended{number}").exists)
        time.sleep(1)
        process.send_signal(signal.SIGCONT)
    scenario.end(process).says(0, "as expected", "phase-1 is complete")


def test_control_c_on_a_terminal(scenario: Scenario) -> None:
    scenario.app(SLOW)
    process, terminal = scenario.at_terminal("run", columns=200)
    scenario.until((scenario.root / "begun").exists)
    os.write(terminal, b"\x03")
    shown = b""
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        shown += piece
    status = process.wait()
    os.close(terminal)
    assert status == 130, shown.decode()
    assert b"What was done is kept. To go on from here: runbook run phase-1" in shown
    assert b"Traceback" not in shown
    # The cursor is shown again.
    assert shown.rfind(b"\x1b[?25h") >= shown.rfind(b"\x1b[?25l")
    scenario.write("ok", "")
    scenario.run("run").says(0, "1 commit")


def test_a_signal_during_a_hook_lets_git_finish(scenario: Scenario) -> None:
    scenario.app(
        SEARCHED + "  - title: More\n    steps:\n      - verify: echo more\n      - commit: More\n"
    )
    scenario.hook("pre-commit", "touch begun; until test -e go; do sleep 0.05; done")
    process = scenario.start("run")
    scenario.until((scenario.root / "begun").exists)
    process.send_signal(signal.SIGINT)
    scenario.write("go", "")
    scenario.end(process).says(130, "commit  <commit> feat: say good day", "stopped at")
    assert scenario.subjects() == ["Begin", "feat: say good day"]
    scenario.run("run").says(1, "nothing is declared that this commit could contain")


def test_the_reader_of_its_output_goes_away(scenario: Scenario) -> None:
    scenario.app(SEARCHED)
    for command in ("status", "list", "run"):
        process = scenario.start(command)
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
        process.wait()
        assert "mistake" not in said
        assert "Traceback" not in said
    scenario.run("run").says(0, "phase-1")
    assert scenario.subjects() == ["Begin", "feat: say good day"]


UNREAD = """
    phase: 1
    goal: Say good day.
    tasks:
      - title: Greet
        steps:
          - edit: app.py
            replace: return "hello"
            with: return "good day"
          - verify: until test -e go; do sleep 0.05; done; echo $$ >> ran
          - verify: echo $$ >> ran; echo once more
          - commit: "feat: say good day"
"""


def test_a_terminal_that_is_closed(scenario: Scenario) -> None:
    mark = f"1234.8{os.getpid()}"
    scenario.app(SLOW.replace("1234.5", mark))
    process, terminal = scenario.at_terminal("run", columns=200, TERM="xterm")
    scenario.until((scenario.root / "begun").exists)
    shown = b""
    while b"sleep" not in shown:
        shown += os.read(terminal, 65536)
    os.close(terminal)
    assert process.wait() == 129
    assert not [line for line in alive(mark) if "sleep" in line]
    scenario.run("status").says(0, "interrupted", "To go on from here: runbook run phase-1")
    scenario.write("ok", "")
    scenario.run("run").says(0, "goes on where it stopped", "1 commit")


def test_control_z_leaves_the_terminal_as_it_was(scenario: Scenario) -> None:
    scenario.app(SLOW.replace("sleep 1234.5", "until test -e go; do sleep 0.05; done"))
    shell = shutil.which("bash")
    assert shell
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(scenario.root)
        os.execve(shell, [shell, "--norc", "-i"], {**scenario.env, "TERM": "xterm"})
    shown = b""

    def until(text: bytes) -> None:
        nonlocal shown
        while text not in shown:
            shown += os.read(terminal, 65536)

    os.write(terminal, f"{shlex.join([*PROGRAM, 'run'])}\n".encode())
    hidden, visible = b"\x1b[?25l", b"\x1b[?25h"
    until(hidden)
    os.write(terminal, b"\x1a")
    until(b"Stopped")
    assert shown.rindex(visible) > shown.rindex(hidden)
    shown = b""
    scenario.write("go", "")
    os.write(terminal, b"fg\n")
    until(b"phase-1 is complete")
    os.write(terminal, b"exit\n")
    os.waitpid(child, 0)
    os.close(terminal)
    assert scenario.subjects() == ["Begin", "feat: say good day"]


WRITING = """
import os, signal, threading, time
from runbook.views.terminal import Terminal
signal.alarm(30)
terminal, held, go_on = Terminal(), threading.Event(), threading.Event()
def hold():
    with terminal._writing:
        held.set()
        go_on.wait()
terminal.show("sleep")
threading.Thread(target=hold, daemon=True).start()
held.wait()
os.kill(os.getpid(), signal.SIGTSTP)
go_on.set()  # as a write that was interrupted comes to its end
while terminal._suspends:
    time.sleep(0.01)
time.sleep(0.5)
print("went on")
"""


def test_control_z_in_the_midst_of_writing_waits_for_that() -> None:
    """Whoever draws may wait for what was interrupted: each waited for the other, for good."""
    # In a group with somebody of its session above it, or Ctrl-Z would stop nothing (POSIX).
    with subprocess.Popen(
        [sys.executable, "-c", WRITING], stdout=subprocess.PIPE, text=True, process_group=0
    ) as process:
        _, status = os.waitpid(process.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status)
        process.send_signal(signal.SIGCONT)
        said, _ = process.communicate(timeout=60)
    assert said.endswith("went on\n")


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_a_run_whose_output_nobody_reads_stops_and_says_so(
    scenario: Scenario, form: tuple[str, ...]
) -> None:
    scenario.app(UNREAD)
    events = scenario.folder / "events.jsonl"
    process = scenario.start("run", *form, "--events", str(events))
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline()
    process.stdout.close()
    scenario.write("go", "")
    said = process.stderr.read()
    assert process.wait() == 141
    assert said == (
        "stopped: nobody reads the output any more; what was done is kept; "
        "how to go on: runbook status\n"
    )
    # One check may have been under way, and no other began.
    ran = scenario.root / "ran"
    assert not ran.exists() or ran.read_text().count("\n") == 1
    recorded = [json.loads(line) for line in events.read_text().splitlines()]
    (stopped,) = (each for each in recorded if each["event"] == "Stopped")
    assert stopped["message"] == "interrupted: nobody reads the output any more"
    assert recorded[-1]["event"] == "RunEnded"
    assert recorded[-1]["exit"] == 141
    scenario.run("status").says(0, "interrupted: nobody reads the output any more", "To go on")
    scenario.run("run").says(0, "phase-1 is complete: 1 commit")


def test_a_run_whose_events_nobody_reads_stops_and_shows_so(scenario: Scenario) -> None:
    """It ended in the middle, without a word and without an end of its record."""
    scenario.app(UNREAD)
    events = scenario.folder / "events"
    os.mkfifo(events)
    process = scenario.start("run", "--events", str(events))
    with events.open() as lines:
        assert "RunBegan" in lines.readline()
    scenario.write("go", "")
    done = scenario.end(process)
    assert done.status == 141
    assert done.stdout.count("phase-1: ") == 1
    assert "): interrupted: nobody reads the output any more\n" in done.stdout
    assert done.stderr.startswith("stopped: nobody reads the output any more")
    (*_, stopped, ended) = scenario.json("log", "last")
    assert (stopped["event"], ended["event"], ended["exit"]) == ("Stopped", "RunEnded", 141)


def test_what_nobody_reads_of_a_series_goes_on_where_it_stopped(scenario: Scenario) -> None:
    scenario.app()
    scenario.write("phases/phase-2.yaml", UNREAD.replace("phase: 1", "phase: 2"))
    scenario.git("add", "-A")
    scenario.git("commit", "-qm", "More")
    process = scenario.start("run", "--all")
    assert process.stdout is not None
    assert process.stderr is not None
    assert any("phase-2" in line for line in iter(process.stdout.readline, ""))
    process.stdout.close()
    scenario.write("go", "")
    assert process.stderr.read().endswith("; how to go on: runbook status\n")
    assert process.wait() == 141
    scenario.run("status").says(0, "To go on from here: runbook run phase-2")

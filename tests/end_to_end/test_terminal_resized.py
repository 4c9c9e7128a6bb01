"""What runs now, on a terminal that changes its width or is told to stop: nothing of it is left."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from scenario import GREETING, PROGRAM, Scenario

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="there is no tmux")

LONG = "a line that is longer than any of the terminals here are wide " * 4
TITLE = "Say it politely, in words that take more than one line where there are few columns"
SPEAKS = f"""\
      - verify: |
          # {LONG}
          echo {LONG}; until test -e go; do sleep 0.1; done
      - verify: |
          # {LONG}
          sleep 61
      - commit"""
RUNNING = re.compile(r"^ {8}\S \d.* s  |^ {10}a line", re.M)
"""The lines of what runs: its time with the command, and the last that it said."""


class Tmux:
    """A terminal of a server of its own, which hands its environment on."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self._called = ("tmux", "-u", "-f", "/dev/null", "-S", str(folder / "tmux"))
        # Nothing of the one that the tests run in: in CI nothing is drawn.
        self._env = env

    def __call__(self, *arguments: str) -> str:
        done = subprocess.run(
            [*self._called, *arguments],
            env=self._env,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        return done.stdout

    def screen(self, *how: str) -> str:
        return self("capture-pane", "-p", "-S", "-", *how)

    def resized(self, columns: int) -> None:
        self("resize-window", "-x", str(columns), "-y", "40")


@pytest.fixture
def tmux(scenario: Scenario) -> Iterator[Tmux]:
    unsaid = {"COLUMNS", "TERM"}
    found = Tmux(scenario.folder, {k: v for k, v in scenario.env.items() if k not in unsaid})
    scenario.app(GREETING.replace("      - commit", SPEAKS).replace("Say it politely", TITLE))
    found("new-session", "-d", "-x", "100", "-y", "40", "sleep 999")
    found("set-option", "-g", "default-size", "100x40")
    yield found
    found("kill-server")


def begun(scenario: Scenario, tmux: Tmux) -> str:
    """Run the phase in a window of its own; what is wrong on the screen, empty where nothing is."""
    command = shlex.join([*PROGRAM, "run"])
    place = ("-c", str(scenario.root))
    # Nothing is drawn before the window is as wide as it shall be.
    wide = 'until test "$(tput cols)" -eq 100; do sleep 0.1; done'
    tmux("new-window", *place, f"{wide}; {command}; echo ended; sleep 99")
    try:
        scenario.until(lambda: len(RUNNING.findall(tmux.screen())) == 2)
    except AssertionError:
        return f"what runs is not shown:\n{tmux.screen()}"
    return ""


def is_as_wide_as_it(tmux: Tmux, columns: int) -> bool:
    """Whether what runs was drawn since the terminal was resized."""
    return any(len(line) == columns - 1 for line in tmux.screen().split("\n") if "…" in line)


def resized_often(scenario: Scenario, tmux: Tmux) -> str:
    """What is wrong on the screen after one of some resizes; empty where nothing is."""
    for columns in (60, 45, 160, 60, 80):
        # Of two resizes within a quarter of a second tmux tells the second one late.
        time.sleep(0.5)
        tmux.resized(columns)
        try:
            scenario.until(partial(is_as_wide_as_it, tmux, columns))
        except AssertionError:
            return f"not {columns} columns wide:\n{tmux.screen()}"
        shown = tmux.screen()
        if len(RUNNING.findall(shown)) != 2 or "edit    app.py, line 2" not in shown:
            return shown
    return ""


def test_nothing_is_left_and_nothing_is_eaten(scenario: Scenario, tmux: Tmux) -> None:
    wrong = "never tried"
    # On a busy machine what is drawn and a resize may cross.
    for _ in range(4):
        wrong = begun(scenario, tmux) or resized_often(scenario, tmux)
        if not wrong:
            break
        print(wrong)
        tmux("kill-window")
        scenario.until(lambda: scenario.run("abort").status == 0)
    assert wrong == ""
    scenario.write("go", "")
    scenario.until(lambda: RUNNING.search(tmux.screen().partition("exit status 0")[2]))
    tmux("send-keys", "C-c")
    scenario.until(lambda: "ended" in tmux.screen())
    shown = tmux.screen()
    assert RUNNING.findall(shown) == [], shown
    assert "^C" not in shown
    assert "interrupted" in shown
    # All that stays is there once, whatever width it was written at.
    words = " ".join(tmux.screen("-J").split())
    for stays in ("app.py, line 2", "exit status 0", "go on from here"):
        assert words.count(stays) == 1, shown
    assert TITLE in words

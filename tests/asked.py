"""The program at a terminal, where its questions are answered one after the other."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import termios
from collections.abc import Callable

from scenario import PROGRAM, Scenario

PROMPTS = (b"[yes/no/show/quit] ", b"it is not) ")
COLUMNS = 200

Answer = bytes | Callable[[], bytes | None]
"""What is typed, or what is done to have it; nothing is typed where that is `None`."""


def asked(scenario: Scenario, arguments: list[str], *answers: Answer) -> tuple[int, str]:
    """Exit status (negative: of a signal) and screen of a call, without colours."""
    return _played(scenario, arguments, answers, lambda _: None)


def killed_when_asked(scenario: Scenario, arguments: list[str], *answers: Answer) -> str:
    """The screen of a call that is killed at the question after these answers."""
    last: list[int] = []

    def kill() -> None:
        os.kill(last[0], 9)

    status, shown = _played(scenario, arguments, (*answers, kill), last.append)
    assert status == -9, shown
    return shown


def _played(
    scenario: Scenario,
    arguments: list[str],
    answers: tuple[Answer, ...],
    started: Callable[[int], None],
) -> tuple[int, str]:
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(scenario.root)
        os.execve(PROGRAM[0], [*PROGRAM, *arguments], scenario.env)
    started(child)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, COLUMNS, 0, 0))
    shown = b""
    left = list(answers)
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        shown += piece
        if left and sum(map(shown.count, PROMPTS)) > len(answers) - len(left):
            answer = left.pop(0)
            typed = answer if isinstance(answer, bytes) else answer()
            if typed is not None:
                os.write(terminal, typed)
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    text = shown.decode().replace("\r\n", "\n")
    for style in ("1m", "0m", "32m", "33m", "1;31m", "1;32m", "1;33m"):
        text = text.replace(f"\x1b[{style}", "")
    return os.waitstatus_to_exitcode(status), scenario.normal(text)

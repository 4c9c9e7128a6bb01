"""The program at a terminal, where its questions are answered one after the other."""

from __future__ import annotations

import os
from collections.abc import Callable

from scenario import Scenario

PROMPTS = (b"[yes/no/show/quit] ", b"it is not) ")
COLUMNS = 200

Answer = bytes | Callable[[], bytes | None]
"""What is typed, or what is done to have it; nothing is typed where that is `None`."""


def asked(scenario: Scenario, arguments: list[str], *answers: Answer) -> tuple[int, str]:
    """Exit status (negative: of a signal) and screen of a call, without colours."""
    return _played(scenario, arguments, _in_order(answers), lambda _: None)


def answered_by(
    scenario: Scenario, arguments: list[str], person: Callable[[str], str]
) -> tuple[int, str]:
    """As `asked`, by a person who is shown what came since the question before, and types."""
    seen = 0

    def typed(_: int, shown: bytes) -> bytes:
        nonlocal seen
        since, seen = shown[seen:], len(shown)
        screen = since.decode().replace("\r\n", "\n")
        return f"{person(screen)}\n".encode()

    return _played(scenario, arguments, typed, lambda _: None)


def killed_when_asked(scenario: Scenario, arguments: list[str], *answers: Answer) -> str:
    """The screen of a call that is killed at the question after these answers."""
    last: list[int] = []

    def kill() -> None:
        os.kill(last[0], 9)

    status, shown = _played(scenario, arguments, _in_order((*answers, kill)), last.append)
    assert status == -9, shown
    return shown


def _in_order(answers: tuple[Answer, ...]) -> Callable[[int, bytes], bytes | None]:
    def typed(number: int, _: bytes) -> bytes | None:
        answer = answers[number] if number < len(answers) else None
        return answer() if callable(answer) else answer

    return typed


def _played(
    scenario: Scenario,
    arguments: list[str],
    respond: Callable[[int, bytes], bytes | None],
    started: Callable[[int], None],
) -> tuple[int, str]:
    process, terminal = scenario.at_terminal(*arguments, columns=COLUMNS)
    started(process.pid)
    shown = b""
    answered = 0
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        shown += piece
        if sum(map(shown.count, PROMPTS)) > answered:
            typed = respond(answered, shown)
            answered += 1
            if typed is not None:
                os.write(terminal, typed)
    status = process.wait()
    os.close(terminal)
    text = shown.decode().replace("\r\n", "\n")
    for style in ("1m", "0m", "32m", "33m", "1;31m", "1;32m", "1;33m"):
        text = text.replace(f"\x1b[{style}", "")
    return status, scenario.normal(text)

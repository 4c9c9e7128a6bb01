"""Which test program a command runs: pytest, or another one of which there is no evidence."""

from __future__ import annotations

import re

from runbook.core.shell.launching import every_command, launched
from runbook.core.shell.script import Script, SimpleCommand

JUDGE_OUTPUT = "judge its output: `expect: {matches: …}` with a line that is printed last"
"""What to do about a check of `tests` that runs another test program than pytest."""

_OTHER_RUNNERS = frozenset(
    {"npm", "npx", "yarn", "pnpm", "bun", "bunx", "node", "ruby", "php", "mvn", "gradle", "gradlew",
     "vitest", "jest", "mocha", "playwright", "rspec", "phpunit", "ctest", "bats", "xcodebuild"}
)  # fmt: skip
_RUN_BY_TEST = frozenset(
    {"go", "deno", "dotnet", "swift", "mix", "zig", "flutter", "dart", "rake", "cargo"}
)
# Whose arguments are names that say nothing of what runs.
_NAMING = frozenset(
    {"make", "just", "tox", "nox", "task", "invoke", "inv", "cd", "git", "ls", "cat", "test", "[",
     "echo", "printf", "grep", "egrep", "fgrep", "rg"}
)  # fmt: skip


def runs_other_tests(script: Script) -> bool:
    """Whether a command runs another test program, whose status tells whether tests pass."""
    some = any(map(runs_pytest, script.commands))
    return not some and any(map(_runs_other_tests, every_command(script)))


def _runs_other_tests(command: SimpleCommand) -> bool:
    launches = launched(command.words)
    if not launches or launches[0].name in _NAMING:
        return False
    before = ""
    for index, word in enumerate(command.words):
        name = word.name
        # What follows an option is its value, or what it runs.
        if before == "-m":
            if name == "unittest":
                return True
        elif not before.startswith("-") and (
            name in _OTHER_RUNNERS
            or (
                name in _RUN_BY_TEST
                and any(each.text in ("test", "nextest") for each in command.words[index + 1 :][:2])
            )
        ):
            return True
        before = word.text
    return False


def runs_pytest(command: SimpleCommand) -> bool:
    """Whether a command starts pytest, itself or through another program."""
    names = {word.name for word in command.words}
    return bool(names & {"pytest", "py.test"}) or any(
        re.search(r"(?:^|\s|/)py\.?test(?:\s|$)", word.text)
        for word in command.words
        if word.quoted and command.name not in ("echo", "printf", "grep", "rg")
    )

"""What of a command keeps the variables from pytest by which the probe is loaded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from runbook.core.shell.launching import every_command
from runbook.core.shell.script import SimpleCommand, parse
from runbook.core.shell.tokens import Word

PROBE = "runbook_plugin"
"""The plugin of pytest by which is seen what that does."""
_PATH = "PYTHONPATH"
VARIABLES = ("PYTEST_ADDOPTS", _PATH)
"""What a pytest needs that is to load the probe, and to find it."""
SETTERS = ("export", "declare", "unset")


def never_finds(command: str) -> bool:
    """Whether a command has a pytest load the probe where it can't find it, and fail of that.

    Other ways to keep it out only leave nothing seen.
    """
    if _PATH not in command and "python" not in command:
        return False
    return any(map(_hides, every_command(parse(command))))


def _hides(command: SimpleCommand) -> bool:
    """Whether a command sets PYTHONPATH anew, takes it away, or has Python not look at it."""
    texts = [word.text for word in command.words]
    names = [word.name for word in command.words]
    return (
        f"`{_PATH}`" in (overridden(command) or "")
        or ("env" in names and _PATH in texts)
        or any(isolated(name, texts[at + 1 :]) for at, name in enumerate(names))
    )


def overridden(command: SimpleCommand) -> str | None:
    """Why the variables of the probe are gone after, or in, a command."""
    for _, name, _ in _replacing(command):
        return f"`{name}` is overridden"
    if command.name == "unset":
        for name in VARIABLES:
            if name in command.arguments:
                return f"`{name}` is unset"
    return None


def _replacing(command: SimpleCommand) -> Iterator[tuple[Word, str, str]]:
    """The words that give a variable of the probe a value without what it had; it, and that."""
    words = [*command.assignments]
    if command.name in (*SETTERS, "env"):
        words += command.words[1:]
    for word in words:
        name, sign, value = word.raw.partition("=")
        kept = f"${name}" in value or f"${{{name}" in value
        if name in VARIABLES and sign and not kept:
            yield word, name, value


def keeping_the_probe(command: str) -> str:
    """A command that adds to the variables of the probe what it would put in their place.

    A value that is empty, or set in another shell (`bash -c`), stays as it is.
    """
    for each in parse(command).commands:
        for word, name, value in _replacing(each):
            before = f'"${name}"' if each.name == "env" else f"${name}"
            added = f"{value}:{before}" if name == _PATH else f'"${name} "{value}'
            around = re.split(rf"(?<!\S){re.escape(word.raw)}(?!\S)", command, maxsplit=1)
            command = f"{name}={added}".join(around) if value else command
    return command


def isolated(name: str, following: Sequence[str]) -> str | None:
    """The option by which a Python looks at no variable: the letter of `-I` or `-E`, or `None`."""
    if not re.fullmatch(r"python[\d.]*|pypy3?", name):
        return None
    rest = iter(following)
    for text in rest:
        flags = re.match(r"-([^\W\dcmXW]*)([cmXW]?)(.*)", text)
        if flags is None:
            break
        for letter in "IE":
            if letter in flags[1]:
                return letter
        if flags[2] in ("c", "m"):
            break
        if flags[2] and not flags[3]:
            next(rest, None)  # the value of -X or -W
    return None

"""RB110, RB111: what is different on another machine, or on another day."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runbook.core.lint.finding import Finding
from runbook.core.model.model import Environment
from runbook.core.position import Position
from runbook.core.shell.launching import OF_FETCHING
from runbook.core.shell.script import Script, SimpleCommand

_PINNED = r"(?:@|==|===)v?\d"
# Their arguments are texts or names, and no programs.
_MENTIONING = frozenset(
    {"echo", "printf", "grep", "egrep", "fgrep", "rg", "ag", "which", "type", "git", "cat", "ls",
     "test", "["}
)  # fmt: skip

# Folders that are of one machine or one user, or shared by all that runs there.
_MACHINE = (
    r"(?<![\w.:/$}~*\])-])(?:/(?:home|Users|root|tmp|var|opt|mnt|srv|private|media|Volumes|data|"
    r"workspaces?|builds?|app)(?:/[\w.@+-]+)+|~/[\w./@+-]+|[A-Za-z]:[\\/]\w[\w.\\/-]*)"
)
_ALLOWED = ("/var/run/docker.sock",)
_SYSTEM = ("dev", "proc", "sys", "etc", "bin", "sbin", "usr")
# Their arguments are patterns or addresses, which may begin with a slash.
_PATTERNS = frozenset(
    {"grep", "egrep", "fgrep", "rg", "ag", "sed", "awk", "gawk", "curl", "wget", "http", "xh", "jq",
     "echo", "printf", "find", "docker", "podman"}
)  # fmt: skip


def unpinned(at: Position, key: str, script: Script) -> Iterator[Finding]:
    """RB110: tools that are fetched in whatever version there is today."""
    for command in script.commands:
        tool = _tool(command)
        if tool is not None and not re.search(_PINNED, tool):
            yield Finding(
                "RB110", at, f"`{tool}` is fetched in the version of the day",
                f"state one: `{tool.partition('@')[0]}@1.2.3`", key=key, text=str(command),
            )  # fmt: skip


def _tool(command: SimpleCommand) -> str | None:
    """What a command fetches and runs; the package where it is stated apart from the program."""
    words = [word.text for word in command.words]
    names = [word.name for word in command.words]
    if command.name in _MENTIONING:
        return None
    for start in (["uvx"], ["uv", "tool", "run"], ["pipx", "run"]):
        for index in range(len(names) - len(start) + 1):
            if names[index : index + len(start)] == start:
                return _argument(words[index + len(start) :])
    return None


def _argument(words: list[str]) -> str | None:
    index = 0
    package: str | None = None
    while index < len(words):
        word = words[index]
        if word.startswith(("--from=", "--spec=")):
            package = word.partition("=")[2]
        elif word in ("--from", "--spec"):
            package = words[index + 1] if index + 1 < len(words) else None
        if word in OF_FETCHING:
            index += 2
        elif word.startswith("-"):
            index += 1
        else:
            break
    tool = package or (words[index] if index < len(words) else None)
    # A folder or an address is what it is.
    return None if tool is None or re.match(r"\.|/|\w+\+|https?:", tool) else tool


def absolute_paths(at: Position, key: str, script: Script) -> Iterator[Finding]:
    """RB111: paths in a command that other machines do not have."""
    for command in script.commands:
        words = [word.raw for word in (*command.assignments, *command.words)]
        words += [redirection.target for redirection in command.redirections]
        for word in words:
            path = _absolute(word, command.name)
            if path is not None:
                yield _absolute_path(at, key, path)
                return


def absolute_variables(at: Position, env: Environment) -> Iterator[Finding]:
    """RB111: the same in the values of variables."""
    for _, text in env:
        path = _of_one_machine(text)
        if path is not None:
            yield _absolute_path(at, "env", path)


def _may_be_absolute(word: str) -> bool:
    """Whether a word is worth the regular expression: nearly none is."""
    return (
        word.startswith(("/", "~"))
        or word[1:2] == ":"
        or any(sign + place in word for sign in "=:\"'(," for place in ("/", "~/"))
    )


def _absolute(word: str, name: str) -> str | None:
    if not _may_be_absolute(word) or word.startswith(_ALLOWED):
        return None
    path = _of_one_machine(word)
    if path is not None:
        return path
    if name in _PATTERNS or not word.startswith("/") or word.split("/")[1] in _SYSTEM:
        return None
    return word if word.count("/") > 1 or name == "cd" else None


def _of_one_machine(text: str) -> str | None:
    found = None if text.startswith(_ALLOWED) else re.search(_MACHINE, text)
    return found and found[0]


def _absolute_path(at: Position, key: str, path: str) -> Finding:
    return Finding(
        "RB111", at, f"the absolute path `{path}` is there on one machine only",
        "name it from `workdir`, or by a variable such as `$HOME` or `$TMPDIR`",
        key=key, text=path,
    )  # fmt: skip

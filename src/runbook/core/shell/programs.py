"""The programs that a command calls by their names alone, to be looked for on PATH."""

from __future__ import annotations

from collections.abc import Iterator

from runbook.core.patterns import regex
from runbook.core.shell.launching import KEYWORDS, NO_COMMANDS, every_command
from runbook.core.shell.script import parse

_BUILT_IN = frozenset(
    {"alias", "bg", "bind", "break", "builtin", "caller", "cd", "command", "compgen",
     "complete", "continue", "coproc", "declare", "dirs", "disown", "echo", "enable", "eval",
     "exec", "exit", "export", "false", "fc", "fg", "getopts", "hash", "help", "history", "jobs",
     "kill", "let", "local", "logout", "mapfile", "popd", "printf", "pushd", "pwd", "read",
     "readarray", "readonly", "return", "set", "shift", "shopt", "source", "suspend", "test",
     "time", "times", "trap", "true", "type", "typeset", "ulimit", "umask", "unalias", "unset",
     "wait", *KEYWORDS, *NO_COMMANDS}
)  # fmt: skip
_NAME = regex(r"[A-Za-z][\w.+-]*")
# Where these stand, other names may be known than those on PATH.
_KNOWN_OTHERWISE = regex(
    r"\bPATH=|\w\s*\(\)|\b(?:function|source|alias|hash|command|type|which)\b|(?:^|[;&|\n])\s*\.\s"
)


def programs(command: str) -> Iterator[str]:
    """The names, each as often as it is called; what launches another program is the one called."""
    if _KNOWN_OTHERWISE.search(command):
        return
    for each in every_command(parse(command)):
        words = [word.raw for word in each.words]
        while words and words[0] in KEYWORDS:
            words = words[1:]
        if words and _NAME.fullmatch(words[0]) and words[0] not in _BUILT_IN:
            yield words[0]

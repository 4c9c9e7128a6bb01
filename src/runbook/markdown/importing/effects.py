"""What a command of a plan does: it looks, it changes files, or it goes beyond the repository."""

from __future__ import annotations

import re
from typing import Literal

from runbook.core.operations import Glob, Target
from runbook.core.shell.places import place
from runbook.core.shell.tokens import Word
from runbook.core.shell.walking import Placed, walk
from runbook.core.shell.writing import writes
from runbook.core.value import value
from runbook.markdown.importing.byhand import by_hand
from runbook.markdown.importing.changedfiles import changed_files, places_changed

Kind = Literal["verify", "run", "by hand"]

# Folders of one machine or one user; what stands in others every system has.
_MACHINE = re.compile(r"/(?:home|Users|root|mnt|media|Volumes|opt|srv)(?:/|$)")
# Programs that only look: what they look at may stand anywhere.
_LOOK = frozenset(
    {"ls", "cat", "head", "tail", "less", "wc", "stat", "file", "test", "[", "[[", "tree", "du",
     "diff", "cmp", "realpath", "readlink", "dirname", "basename", "which", "type", "command",
     "export", "cd", "pwd", "pushd", "echo", "printf", "grep", "egrep", "fgrep", "rg", "ag",
     "ack", "find", "fd", "jq", "yq", "awk", "gawk", "sed", "sort", "uniq", "cut", "md5sum",
     "sha256sum", "git", "pgrep", "lsof", "docker", "podman", "docker-compose", "true", "false",
     ":", "set", "declare", "local", "read"}
)  # fmt: skip
_RUNS_INPUT = frozenset({"sh", "bash", "zsh", "dash", "python", "python3", "node", "perl", "ruby"})
# Their arguments are addresses or statements, which may begin like a path.
_OTHER = frozenset({"curl", "wget", "psql", "mysql", "sqlite3", "http"})


@value
class Effect:
    """What to make of a command: check it, run it over `files`, or leave it to a person."""

    kind: Kind
    files: tuple[Target, ...] = ()
    why: str = ""


def effect(command: str, mentioned: tuple[str, ...] = (), folder: str = "") -> Effect:
    """The effect of a command that is run in a folder; `mentioned` are files its task names."""
    if re.match(r"\s*&\s", command):
        return Effect("by hand", why="it is PowerShell")
    found: dict[Target, None] = {}
    activated = fetched = False
    for placed in walk(command, folder):
        if placed.name in ("source", ".") and placed.arguments[0:1]:
            activated |= placed.arguments[0].endswith("bin/activate")
        fetched |= placed.name in ("curl", "wget")
        why = by_hand(placed, activated=activated) or _goes_beyond(placed)
        if fetched and placed.command.before == "|" and placed.name in _RUNS_INPUT:
            why = "it runs what it fetches"
        if why:
            return Effect("by hand", why=why)
        changed = changed_files(placed, mentioned)
        if not changed and writes(placed.command) is not None:
            # It changes files that only the run will tell.
            changed = [Glob(f"{placed.folder}/**" if placed.folder else "**")]
        found |= dict.fromkeys(changed)
    return Effect("run", tuple(found)) if found else Effect("verify")


def _goes_beyond(placed: Placed) -> str:
    """Why a command is none of the repository alone, or nothing."""
    if placed.name not in _LOOK and place(".", placed.folder) in ("outside", "unknown"):
        return "it is run outside the repository"
    where = {place(each, placed.folder) for each in places_changed(placed)}
    if "outside" in where:
        return "it changes what is outside the repository"
    if "unknown" in where:
        return "it changes what a variable names that nothing here gives a value"
    if any(_outside(each, placed.folder) for each in _named(placed)):
        return "it reaches outside the repository"
    return ""


def _named(placed: Placed) -> list[str]:
    """What a command is given that may be paths; none of a program that only looks."""
    if placed.name in _LOOK:
        return []
    read = [Word(each.raw, each.target) for each in placed.redirections if each.sign == "<"]
    return [
        part
        for word in (*placed.words[1:], *read)
        if not (word.raw[:1] in "'\"" and (placed.name in _OTHER or word.text.startswith("~")))
        for part in _values(word.text)
    ]


def _values(text: str) -> list[str]:
    """A word, and what it gives to an option or variable: `--into=~/x`, `A=~/x:~/y`."""
    name, sign, given = text.partition("=")
    if sign and re.fullmatch(r"-{0,2}[\w-]+", name):
        return given.split(":") if not re.match(r"\w+://", given) else [given]
    return [text]


def _outside(text: str, folder: str) -> bool:
    if re.match(r"~(?:/|$)|~\w+/|\$\{?HOME\b", text) or _MACHINE.match(text):
        return True
    return bool(re.match(r"\.\.(?:/|$)", text)) and place(text, folder) == "outside"

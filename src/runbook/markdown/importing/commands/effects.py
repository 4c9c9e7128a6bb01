"""What a command of a plan does: it looks, it changes files, or it goes beyond the repository."""

from __future__ import annotations

import re
from typing import Literal

from runbook.core.model.operations import Target
from runbook.core.shell.places import moved, place
from runbook.core.shell.tokens import Word
from runbook.core.shell.walking import Placed, walk
from runbook.core.shell.writing import writes
from runbook.core.value import value
from runbook.markdown.importing.commands.byhand import by_hand
from runbook.markdown.importing.commands.changedfiles import below, changed_files, places_changed
from runbook.markdown.importing.words.vocabulary import spelled

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
_RUNS_TEXT = _RUNS_INPUT | {"eval", "source", "."}
_OWN_CODE = frozenset({"-c", "-m", "-e", "-p", "-n", "-ne", "-pe"})
_FETCHED = re.compile(r"[<$]\(\s*(?:curl|wget)\b")
_RUN_ONCE = spelled(
    r"(npx|bunx|uvx|pnpx|(pnpm|yarn|bun) (dlx|x)|npm (exec|create|init)|pipx run|uv tool run|deno "
    r"run|go run)\s"
)
# Their arguments are addresses or statements, which may begin like a path.
_OTHER = frozenset({"curl", "wget", "psql", "mysql", "sqlite3", "http"})

# `--status open|closed` is no pipe, but one of the two.
_CHOICE = re.compile(
    r"\s--[a-z][\w-]*[= ][a-z]\w*\|(?!(?:grep|rg|wc|head|tail|sort|uniq|cat|tee|jq|sed|awk|xargs|"
    r"cut|tr|less|more|column|sh|bash)\b)[a-z]\w*(?=\s+(?:-|\\\n)|\s*$|\|)"
)


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
    if _CHOICE.search(re.sub(r"'[^']*'|\"[^\"]*\"", "", command)):
        return Effect("by hand", why="it has a placeholder")
    found: dict[Target, None] = {}
    said: list[str] = []
    activated = fetched = reads = False
    for placed in walk(command, folder):
        if placed.name in ("source", ".") and placed.arguments[0:1]:
            activated |= placed.arguments[0].endswith("bin/activate")
        fetched |= placed.name in ("curl", "wget")
        why = by_hand(placed, activated=activated) or _goes_beyond(placed)
        piped = fetched and placed.command.before == "|" and _runs_its_input(placed)
        piped |= reads and placed.name in ("curl", "wget")  # bash <(curl …)
        reads = placed.name in _RUNS_TEXT and placed.command.after == "("
        if piped or (placed.name in _RUNS_TEXT and _FETCHED.search(str(placed))):
            why = "it runs what it fetches"
        elif _fetches_by_address(placed):
            why = "it fetches what is no package of the repository"
        if why:
            return Effect("by hand", why=why)
        changed = changed_files(placed, mentioned)
        gone = [each for each in changed if placed.name == "rm" and _made_before(each, said)]
        said.append(" ".join(word.text for word in placed.words))
        found = dict.fromkeys(each for each in found if each not in gone)
        if gone == changed != []:
            continue
        if not changed and writes(placed.command) is not None:
            # It changes files that only the run will tell.
            changed = [below(placed.folder)]
        found |= dict.fromkeys(changed)
    return Effect("run", tuple(found)) if found else Effect("verify")


def _made_before(path: Target, said: list[str]) -> bool:
    """Whether a command before it in the script was told to put its output there."""
    out = rf"(?:\s-o\s*|\s--?out\w*[=\s]\s*){re.escape(str(path))}(?=\s|$)"
    return isinstance(path, str) and any(re.search(out, each) for each in said)


def _fetches_by_address(placed: Placed) -> bool:
    """Whether a program that is fetched to be run once is given an address to fetch more from."""
    raw = " ".join(word.text for word in placed.command.words)
    return bool(_RUN_ONCE.match(raw)) and any(
        re.match(r"(?:https?|git\+\w+|ssh)://", word) for word in placed.arguments
    )


def _runs_its_input(placed: Placed) -> bool:
    """Whether what a command reads is the script that it runs, as for `bash` and `python -`."""
    given = [word for word in placed.arguments if not word.startswith("-") or word in _OWN_CODE]
    shell = placed.name.endswith("sh")
    return placed.name in _RUNS_INPUT and (
        "-s" in placed.arguments if shell and given else not given
    )


def _goes_beyond(placed: Placed) -> str:
    """Why a command is none of the repository alone, or nothing."""
    if placed.name not in _LOOK and place(".", placed.folder) in ("outside", "unknown"):
        return "it is run outside the repository"
    changed = places_changed(placed)
    if any(re.match(r"\.git(?:/|$)", moved(placed.folder, each)) for each in changed):
        return "it changes what git keeps"
    where = {place(each, placed.folder) for each in changed}
    if "outside" in where:
        return "it changes what is outside the repository"
    if "unknown" in where:
        return "it changes what a variable names that nothing here gives a value"
    values = [value for word in _given(placed) for value in _values(word)]
    if any(_MACHINE.match(each) for each in values):
        return "it names a folder of another machine"
    if any(_outside(each, placed.folder) for each in _named(placed)):
        return "it reaches outside the repository"
    return ""


def _given(placed: Placed) -> list[str]:
    """The values that a command gives to variables other than where programs are looked for."""
    exported = placed.words[1:] if placed.name == "export" else ()
    words = [word.text for word in (*placed.command.assignments, *exported)]
    return [each for each in words if not re.match(r"\w*PATH=", each)]


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

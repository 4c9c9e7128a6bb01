"""The commands of a script with the folder they run in, and their variables put in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from runbook.core.patterns import regex
from runbook.core.shell import places
from runbook.core.shell.launching import inner_scripts, launched
from runbook.core.shell.script import SimpleCommand, parse
from runbook.core.shell.tokens import Redirection, Word
from runbook.core.shell.variables import READERS, SETTERS
from runbook.core.value import replace, value

_USE = regex(r"\$(?:\{(\w+)\}|(\w+))")
# Options by which a program is launched in another folder, of whichever launcher: what is not known
# is not judged. And what launches it in another system.
_GO_TO = frozenset(
    {"--directory", "--chdir", "-C", "--rootdir", "--prefix", "--dir", "--cwd", "--filter", "-F",
     "--workspace", "-w"}
)  # fmt: skip
_ELSEWHERE = frozenset({"docker", "docker-compose", "podman", "kubectl", "ssh", "vagrant"})
_Variables = dict[str, tuple[str, ...]]


@value
class Placed:
    """A command, the folder it runs in ("" for the repository's top), and what it really runs.

    `words` begin with the program behind all that only launches it; in them and in the
    redirections, variables have the values that the script gave them.
    """

    command: SimpleCommand
    folder: str
    words: tuple[Word, ...]
    redirections: tuple[Redirection, ...]

    @property
    def name(self) -> str:
        """The program's name without its folder; empty where nothing is run."""
        return self.words[0].name if self.words else ""

    @property
    def arguments(self) -> list[str]:
        """What follows the program, without quotes."""
        return [word.text for word in self.words[1:]]

    @property
    def begins_in(self) -> str | None:
        """The folder in which the program begins; `None` where that is not known."""
        words = self.command.words
        gone = any(word.text.partition("=")[0] in _GO_TO for word in words)
        if gone or self.command.name in _ELSEWHERE:
            return None
        return self.folder if places.place(".", self.folder) == "inside" else None

    def __str__(self) -> str:
        return " ".join(word.raw for word in self.words)


@lru_cache(maxsize=512)
def walk(script: str, folder: str = "") -> tuple[Placed, ...]:
    """Every simple command of a script that begins in a folder, and those inside of them."""
    return tuple(_walked(script, folder, {}))


def _walked(script: str, folder: str, variables: _Variables) -> Iterator[Placed]:
    shells: dict[tuple[int, ...], tuple[str, _Variables]] = {(): (folder, dict(variables))}
    for command in parse(script).commands:
        here = command.shell
        for depth in range(len(here) + 1):
            around = shells[here[: max(depth - 1, 0)]]
            shells.setdefault(here[:depth], (around[0], dict(around[1])))
        place, known = shells[here]
        words = _expanded(launched(command.words, modules=False), known)
        redirections = tuple(
            replace(each, target=_one(each.raw or each.target, each.target, known))
            for each in command.redirections
        )
        yield Placed(command, place, words, redirections)
        for inner in inner_scripts(command):
            yield from _walked(inner, place, known)
        if words and words[0].text in ("cd", "pushd"):
            to = next((each.text for each in words[1:] if not each.text.startswith("-")), "~")
            shells[here] = (places.moved(place, to), known)
        _assign(command, known)


def _assign(command: SimpleCommand, known: _Variables) -> None:
    given = list(command.assignments if not command.words else ())
    if command.name in SETTERS:
        given += [word for word in command.words[1:] if "=" in word.raw]
    for word in given:
        name, _, content = word.raw.partition("=")
        known.pop(name.removesuffix("+"), None)
        text = word.text.partition("=")[2]
        if "$(mktemp" in content:
            known[name] = ("/tmp/made",)
        elif "`" not in text and "$" not in (text := _one(content, text, known)):
            known[name] = (text,)
        elif re.fullmatch(r"\$\{?PWD\}?|\$\(pwd\)|\$\(git rev-parse --show-toplevel\)", text):
            known[name] = (".",)
    if command.words[:1] and command.words[0].raw == "for" and len(command.words) > 3:
        values = _expanded(command.words[3:], known)
        known[command.words[1].text] = tuple(each.text for each in values)
    elif command.name in (*READERS, "unset"):
        for word in command.words[1:]:
            known.pop(word.text, None)


def _expanded(words: tuple[Word, ...], known: _Variables) -> tuple[Word, ...]:
    """The words with the values of known variables; one with several values is several words."""
    made: list[Word] = []
    for word in words:
        if "$" not in word.text or word.raw.startswith("'"):
            made.append(word)
            continue
        texts = [word.text]
        for found in _USE.finditer(word.text):
            values = known.get(found[1] or found[2])
            if values is not None:
                texts = [text.replace(found[0], each) for text in texts for each in values]
        made += [Word(word.raw, text) for text in dict.fromkeys(texts)]
    return tuple(made)


def _one(raw: str, text: str, known: _Variables) -> str:
    expanded = _expanded((Word(raw, text),), known)
    return expanded[0].text if len(expanded) == 1 else text

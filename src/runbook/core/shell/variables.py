"""The variables that a script uses, and those to which it gives values."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runbook.core.patterns import regex
from runbook.core.shell.launching import every_command
from runbook.core.shell.script import SimpleCommand, parse
from runbook.core.shell.tokens import Redirection, Word, substituted, tokens

_USED = regex(r"(?<!\\)\$(?:\{[#!]?)?([A-Za-z_]\w*)")
_QUOTES = regex(r"(?s)\\.|\"(?:\\.|[^\"\\])*\"|'[^']*'")
_KEEPS = regex(r"=|\\\n|\b(?:read|mapfile|readarray|for|select)\b")
SETTERS = frozenset({"export", "declare", "local", "readonly", "typeset"})
READERS = frozenset({"read", "mapfile", "readarray"})


def used(script: str) -> set[str]:
    """The variables that a script expands, with those that it sets itself."""
    if "$" not in script:
        return set()
    return {name for text in _expanded(script) for name in _USED.findall(text)}


def _expanded(script: str) -> Iterator[str]:
    """What of a script is expanded: no comments, single quotes or literal documents."""
    for token in tokens(script):
        if not isinstance(token.what, Word | Redirection):
            continue
        raw = token.what.raw
        for inner in substituted(raw):
            yield from _expanded(inner)
            raw = raw.replace(inner, "", 1)
        yield _QUOTES.sub(lambda found: "''" if found[0].startswith("'") else found[0], raw)
        if isinstance(token.what, Redirection) and token.what.document is not None:
            # Where its end is quoted, nothing in a document is expanded.
            yield token.what.document.text if token.what.raw == token.what.target else ""


def assigned(script: str) -> set[str]:
    """The variables to which a script gives values, for itself or for one of its commands."""
    return {
        name
        for command in every_command(parse(script))
        for name in (*_names(command.assignments), *_set(command))
    }


def kept(script: str) -> set[str]:
    """The variables that have a value in the shell after a script: not `NAME=1 command`."""
    if not _KEEPS.search(script):
        return set()
    own = (command for command in parse(script).commands if not command.shell)
    return {
        name
        for command in own
        for name in (*(() if command.words else _names(command.assignments)), *_set(command))
    }


def _set(command: SimpleCommand) -> list[str]:
    """What a command sets by its arguments: `export A=1`, `for A in …`, `read A`."""
    words = [word for word in command.words if word.raw not in ("then", "do", "else", "{", "while")]
    name = words[0].raw if words else ""
    if name in SETTERS:
        return _names(tuple(words[1:]))
    if name in READERS:
        plain = [word.raw for word in words[1:] if re.fullmatch(r"[A-Za-z_]\w*", word.raw)]
        return plain[:1] if name != "read" else plain
    if name in ("for", "select"):
        return [word.raw for word in words[1:2]]
    return _names(tuple(words)) if words and "=" in name else []


def _names(words: tuple[Word, ...]) -> list[str]:
    found = (re.match(r"([A-Za-z_]\w*)\+?=", word.raw) for word in words)
    return [each[1] for each in found if each]

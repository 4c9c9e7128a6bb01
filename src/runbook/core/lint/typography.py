"""RB122: signs of a text where a shell wants those of a keyboard."""

from __future__ import annotations

from collections.abc import Iterator

from runbook.core.lint.finding import Finding
from runbook.core.patterns import regex
from runbook.core.position import Position
from runbook.core.shell.script import Script, SimpleCommand

_QUOTE = regex("(?:[\\w-]+=)?(?P<sign>[\u2018\u2019\u201c\u201d\u201e])")
_DASH = regex("(?P<sign>[\u2013\u2014])\\w")
_BLANK = regex("(?P<sign>[\u00a0\u202f])")
_TEXTS = frozenset({"echo", "printf", "grep", "egrep", "fgrep", "rg", "sed", "awk"})
"""Programs whose arguments are texts, in which such signs may be meant."""

_PLAIN = {"\u2013": "-", "\u2014": "--", "\u00a0": " ", "\u202f": " ", "\u2018": "'", "\u2019": "'"}


def typographic(at: Position, key: str, script: Script) -> Iterator[Finding]:
    """RB122: quotes, dashes and blanks that bash takes for letters, as word processors put them."""
    for command in script.commands:
        found = _first(command)
        if found is None:
            continue
        word, sign = found
        plain = _PLAIN.get(sign, '"')
        hint = f"write `{plain}`" if plain.strip() else "write a plain blank"
        message = f"bash takes `{sign}` (U+{ord(sign):04X}) for a letter"
        yield Finding("RB122", at, message, hint, key=key, text=word)
        return


def _first(command: SimpleCommand) -> tuple[str, str] | None:
    for number, word in enumerate((*command.assignments, *command.words)):
        if word.raw.isascii() or word.raw.startswith(("'", '"')):
            continue
        for form in (_QUOTE, _DASH):
            found = form.match(word.raw)
            if found is not None and not (number and command.name in _TEXTS):
                return word.raw, found["sign"]
        found = _BLANK.search(word.raw)
        if found is not None and "'" not in word.raw and '"' not in word.raw:
            return word.raw, found["sign"]
    return None

"""What is expected of several commands at once, as what is expected of each."""

from __future__ import annotations

import re

from runbook.core.shell.cutting import words
from runbook.core.value import replace
from runbook.markdown.importing.commands.facts import facts
from runbook.markdown.importing.commands.scripts import Act
from runbook.markdown.importing.expectations.expected import read_expected
from runbook.markdown.importing.text.pieces import Piece

_ITEM = re.compile(r"^[ \t]*(?:[-*+]|\d+[.)])\s+`([^`\n]+)`\s*[:：→—–-]+\s*([^\n]+)$", re.MULTILINE)

_LISTS = re.compile(r"(?:cd \S+ && )?(?:ls|find|tree)\b")
_SHOWS = re.compile(r"(?:cd \S+ && )?(?:cat|head|tail|less|bat)\b")


def of_each(expected: Piece | None, judged: list[tuple[int, str]]) -> dict[int, Piece]:
    """What is expected of each command, by its index, where there are several.

    Either each has an item, "- `a`: none", or all are searches that find nothing. Otherwise there
    is nothing: it is expected of the last one.
    """
    if expected is None or len(judged) < 2 or expected.shown is not None:
        return {}
    items = _ITEM.findall(expected.text)
    if not items and all(_finds_nothing(expected.text, command) for _, command in judged):
        return {index: expected for index, _ in judged}
    made: dict[int, Piece] = {}
    for code, said in items:
        of = [index for index, command in judged if code in command and index not in made]
        if len(of) != 1:
            return {}
        made[of[0]] = replace(expected, text=said.strip())
    return made if len(made) == len(judged) else {}


def _finds_nothing(said: str, command: str) -> bool:
    known = facts(command)
    return known.grep and read_expected(said, None, known).expect.exit == (1,)


def printed_together(found: list[Act], expected: Piece | None) -> list[Act]:
    """The commands of a script as one, where what is shown is the output of all of them.

    Of the last one alone it can't be: it has at least a line for each, and would be missed there.
    """
    commands = [act.command for act in found]
    plain = all(act.kind == "verify" and not act.comment and not act.behind for act in found)
    if expected is None or len(found) < 2 or not plain or any(map(_stands_alone, commands)):
        return found
    lines = [line for line in (expected.shown or "").split("\n") if line.strip()]
    reading = read_expected(expected.text, expected.shown, facts(commands[-1]))
    if len(lines) < len(commands) or len(reading.expect.contains) < 2:
        return found
    return [replace(found[0], command=" &&\n".join(commands))]


def _stands_alone(command: str) -> bool:
    """Whether a command can't be joined to others, or has an output of many lines by itself."""
    known = facts(command)
    return "\n" in command or known.tests or known.pytest or _SHOWS.match(command) is not None


def of_one(expected: Piece | None, commands: list[tuple[int, str]]) -> int | None:
    """Which of several commands an expectation is of: the last, or the `ls` whose files it names.

    Where the last one shows such a file, its name is not what is seen of it.
    """
    if not commands:
        return None
    last, shown = commands[-1]
    named = set(re.findall(r"`([^`\n]+)`", expected.text)) if expected is not None else set()
    files = {word.rpartition("/")[2] for word in words(shown)}
    listing = [index for index, command in commands[:-1] if _LISTS.match(command)]
    return listing[-1] if listing and _SHOWS.match(shown) and named & files else last

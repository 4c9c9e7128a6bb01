"""Changes of an edit in words, with the blocks of code they speak of, and back.

Both follow what the table of operations says of each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from runbook.core.model.model import Edit
from runbook.core.model.operations import Glob, Operation, Target
from runbook.core.value import value
from runbook.format.operations import ROW_OF, ROWS, Row
from runbook.format.shown import code_span

_FENCE = re.compile(r" ?\[([a-z-]+)\] ?")
_INSET = re.compile(r"\{([a-z-]+)\}")
FILES = r"(?P<files>`[^`]*`(?:, `[^`]*`)*)(?:, where it is found)?"


@value
class Part:
    """A line of a plan, and the block under it, if one belongs there.

    The block is in the language of the edit's files where no other is named.
    """

    words: str
    code: str | None = None
    language: str | None = None


@value
class Lead:
    """How a change begins: its first line, the keys of its fences, and what they are called."""

    row: Row
    main: str
    line: re.Pattern[str]
    insets: tuple[str, ...]
    keys: tuple[str, ...]
    labels: tuple[str, ...]


def parts(change: Operation, step: Edit) -> Iterator[Part]:
    """What a plan says of one change."""
    row = ROW_OF[type(change)]
    says = row.says[row.main_keys.index(row.main_of(change))]
    files = ", ".join(code_span(str(target)) for target in step.targets)
    if any(isinstance(target, Glob) and target.where for target in step.targets):
        files += ", where it is found"

    def inset(found: re.Match[str]) -> str:
        name = found[1]
        if name == "files":
            return files
        return row.keys[name].kind.shown.write(row.content(name, change))

    # Words and keys take turns; words without a key behind them end what is said.
    said = [*_FENCE.split(says), ""]
    for words, name in zip(said[::2], said[1::2], strict=True):
        if not name:
            if words:
                yield Part(_INSET.sub(inset, words))
            return
        shown, content = row.keys[name].kind.shown, row.content(name, change)
        code = None if content is None else shown.write(content)
        yield Part(_INSET.sub(inset, words), code, shown.language)


@cache
def leads() -> tuple[Lead, ...]:
    """How changes begin."""
    return tuple(
        _lead(row, main, says)
        for row in ROWS
        for main, says in zip(row.main_keys, row.says, strict=True)
    )


def _lead(row: Row, main: str, says: str) -> Lead:
    first, *rest = _FENCE.split(says)
    pattern, insets = "", []
    for index, piece in enumerate(_INSET.split(first)):
        if index % 2 == 0:
            pattern += re.escape(piece)
        elif piece == "files":
            pattern += FILES
        else:
            pattern += f"({row.keys[piece].kind.shown.pattern})"
            insets.append(piece)
    labels = tuple(label for label in rest[1::2] if label)
    return Lead(row, main, re.compile(pattern), tuple(insets), tuple(rest[::2]), labels)


def read_change(
    lead: Lead, found: re.Match[str], contents: list[str], targets: tuple[Target, ...]
) -> Operation:
    """The change that begins with this line, and has these contents of fences.

    Raises:
        PatchMistake, KeyMistake, ValueError: a content can't be read.
    """
    row = lead.row
    insets = zip(lead.insets, found.groups()[1:], strict=True)
    values: dict[str, Any] = {name: row.keys[name].kind.shown.read(each) for name, each in insets}
    for name, content in zip(lead.keys, contents, strict=True):
        values[name] = row.keys[name].kind.shown.read(content)
    change = row.made(lead.main, values)
    return change if row.fit is None else row.fit(change, targets, lambda _message, _hint: None)

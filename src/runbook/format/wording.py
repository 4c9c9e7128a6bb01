"""Tasks and steps in words like those of a phase file, to be read and compared.

Titles, notes and positions are left out: two texts that are equal do the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from runbook.core.matching.texts import LineRange, Text
from runbook.core.model.model import Step, Task, TestsExpectation
from runbook.core.model.operations import Glob, Insert
from runbook.core.position import Position
from runbook.core.value import fields, is_value
from runbook.format.operations import ROW_OF
from runbook.format.tables import key_of


def wording(part: Task | Step) -> str:
    """All that a task or step does, a key a line; blocks are indented."""
    steps = part.steps if isinstance(part, Task) else (part,)
    return "".join(f"{line}\n" for step in steps for line in _listed(step))


def _listed(value: object) -> Iterator[str]:
    for number, line in enumerate(_lines(value)):
        yield f"{'- ' if number == 0 else '  '}{line}".rstrip()


def _lines(value: object) -> Iterator[str]:
    """The lines of a value: every field that is not as unstated."""
    assert is_value(value)
    written = False
    for field in fields(value):
        content = getattr(value, field.name)
        if isinstance(content, Position) or "words" in field.metadata:
            continue
        if isinstance(value, Insert) and field.name == "side":
            continue
        key = key_of(type(value), field.name)
        if isinstance(value, Insert) and field.name == "anchor":
            key = value.side
        if content == field.default:
            continue
        written = True
        yield from _entry(key, content)
    if not written:
        row = ROW_OF.get(type(value))
        yield f"{type(value).__name__.lower() if row is None else row.main_keys[0]}: true"


def _entry(key: str, content: object) -> Iterator[str]:
    if isinstance(content, Text):
        content = content.value
    if isinstance(content, TestsExpectation) and content == TestsExpectation(content.outcome):
        content = content.outcome
    if isinstance(content, str) and "\n" in content:
        yield f"{key}: |"
        lines = content.removesuffix("\n").split("\n")
        yield from (f"  {line}".rstrip() for line in lines)
    elif isinstance(content, tuple):
        if len(content) == 1 and _plain(content[0]):
            yield f"{key}: {_scalar(content[0])}"
        else:
            yield f"{key}:"
            for item in content:
                if _plain(item):
                    yield f"  - {_scalar(item)}"
                elif isinstance(item, tuple):
                    yield f"  - {' '.join(map(_scalar, item))}"
                else:
                    yield from (f"  {line}" for line in _listed(item))
    elif _plain(content):
        yield f"{key}: {_scalar(content)}"
    else:
        yield f"{key}:"
        yield from (f"  {line}" for line in _lines(content))


def _plain(value: object) -> bool:
    if isinstance(value, Glob | LineRange) or type(value).__name__ == "Count":
        return True
    return not isinstance(value, tuple) and not is_value(value)


def _scalar(value: object) -> str:
    if isinstance(value, Glob):
        where = f", where: {value.where}" if value.where else ""
        return f'{{glob: "{value.pattern}"{where}}}'
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)

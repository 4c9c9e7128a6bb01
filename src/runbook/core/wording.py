"""Tasks and steps in words like those of a phase file, to be read and compared.

Titles, notes and positions are left out: two texts that are equal do the same.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from runbook.core.model import Step, Task
from runbook.core.operations import Glob, Insert, LineRange, Text
from runbook.core.position import Position

# The first key of a step or operation, by class and field; other fields keep their names.
_KEYS = {
    ("Edit", "targets"): "edit",
    ("Run", "command"): "run",
    ("Verify", "command"): "verify",
    ("Commit", "message"): "commit",
    ("Manual", "instructions"): "manual",
    ("Replace", "search"): "replace",
    ("Replace", "replacement"): "with",
    ("Remove", "search"): "remove",
    ("Insert", "text"): "insert",
    ("ReplaceRange", "start"): "from",
    ("ReplaceRange", "end"): "through",
    ("ReplaceRange", "replacement"): "with",
    ("Append", "text"): "append",
    ("Prepend", "text"): "prepend",
    ("Create", "text"): "create",
    ("RewriteFile", "text"): "rewrite-file",
    ("MoveTo", "path"): "move-to",
    ("TestsExpectation", "outcome"): "tests",
}


def wording(part: Task | Step) -> str:
    """All that a task or step does, a key a line; blocks are indented."""
    steps = part.steps if isinstance(part, Task) else (part,)
    return "".join(f"{line}\n" for step in steps for line in _listed(step))


def _listed(value: object) -> Iterator[str]:
    for number, line in enumerate(_lines(value)):
        yield f"{'- ' if number == 0 else '  '}{line}".rstrip()


def _lines(value: object) -> Iterator[str]:
    """The lines of a dataclass: every field that is not as unstated."""
    assert dataclasses.is_dataclass(value)
    kind = type(value).__name__
    written = False
    for field in dataclasses.fields(value):
        content = getattr(value, field.name)
        if isinstance(content, Position) or _is_words(field):
            continue
        if isinstance(value, Insert) and field.name == "side":
            continue
        key = _KEYS.get((kind, field.name), field.name.replace("_", "-"))
        if isinstance(value, Insert) and field.name == "anchor":
            key = value.side
        if content == field.default and (kind, field.name) not in _KEYS:
            continue
        written = True
        yield from _entry(key, content)
    if not written:
        yield f"{kind.lower()}: true"


def _is_words(field: dataclasses.Field[object]) -> bool:
    return "words" in field.metadata and "digested before" not in field.metadata


def _entry(key: str, content: object) -> Iterator[str]:
    if isinstance(content, Text):
        content = content.value
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
    return not isinstance(value, tuple) and not dataclasses.is_dataclass(value)


def _scalar(value: object) -> str:
    if isinstance(value, Glob):
        return f'{{glob: "{value.pattern}"}}'
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)

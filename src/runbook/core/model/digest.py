"""Digests of what is to be done, by which a changed phase file is recognised."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import Any

from runbook.core.model.model import Run, Step, Task, Verify
from runbook.core.position import Position
from runbook.core.value import fields, is_value, replace


def digest(part: Task | Step) -> str:
    """A SHA-256 (hex) over all that `part` does, without titles, notes, limits and positions.

    Unstated keys stay out, so a key added to the format later changes no digest. A command is the
    same on the line of its key and in a block, where it ends with a line end; an exit status that
    is stated and would be expected anyway, and an `expect` of words alone, are as unstated.
    """
    if isinstance(part, Task):
        part = replace(part, steps=tuple(map(_plainly, part.steps)))
    else:
        part = _plainly(part)
    form = json.dumps(_canonical(part), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(form.encode("utf-8", "surrogatepass")).hexdigest()


def unchanged(part: Task | Step, known: str) -> bool:
    """Whether `part` does what the digest `known` was taken of."""
    return known == digest(part)


def _plainly(step: Step) -> Step:
    """The same with its command as on a line, and without what is expected anyway."""
    if not isinstance(step, Run | Verify):
        return step
    unstated = replace(step.expect, exit=None, prose=None)
    same = step.expect.exit == unstated.exit_or_default
    expect = unstated if same else replace(step.expect, prose=None)
    return replace(step, command=step.command.removesuffix("\n"), expect=expect)


def _canonical(value: object) -> object:
    if isinstance(value, tuple):
        return [_canonical(item) for item in value]
    kind: Any = type(value)
    fields = _fields(kind)
    if fields is None:
        return value
    stated: dict[str, object] = {"": type(value).__name__}
    for name, default in fields:
        content = getattr(value, name)
        if content != default and not isinstance(content, Position):
            stated[name] = _canonical(content)
    return stated


@cache
def _fields(kind: Any) -> tuple[tuple[str, object], ...] | None:
    """The fields of a class that count, with their defaults; `None` where it is no value."""
    if not is_value(kind):
        return None
    return tuple((each.name, each.default) for each in fields(kind) if not each.metadata)

"""Digests of what is to be done, by which a changed phase file is recognised."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from runbook.core.model.model import Expect, Run, Step, Task, Verify
from runbook.core.position import Position
from runbook.core.value import fields, is_value, replace


def digest(part: Task | Step) -> str:
    """A SHA-256 (hex) over all that `part` does, without titles, notes, limits and positions.

    Unstated keys stay out, so a key added to the format later changes no digest. A command is the
    same on the line of its key and in a block, where it ends with a line end; an exit status that
    is stated and would be expected anyway, and an `expect` of words alone, are as unstated.
    """
    return _sum(_each_step(part, _plainly), ())


def unchanged(part: Task | Step, known: str) -> bool:
    """Whether `part` does what the digest `known` was taken of, by this version or an earlier one.

    Earlier ones digested identifiers, limits, `guard` and the instructions of manual steps as well,
    the line ends of commands, and what is expected anyway.
    """
    return known in digests(part)


def digests(part: Task | Step) -> Iterator[str]:
    """The digest of `part`, and those that earlier versions took of it."""
    yield digest(part)
    yield _sum(_each_step(part, _on_line), ("digested lately",))
    yield _sum(part, ("digested lately",))
    yield _sum(part, ("digested before",))


def _each_step(part: Task | Step, as_one: Callable[[Step], Step]) -> Task | Step:
    if isinstance(part, Task):
        return replace(part, steps=tuple(map(as_one, part.steps)))
    return as_one(part)


def _on_line(step: Step) -> Step:
    """The same with its command as on a line."""
    if isinstance(step, Run | Verify) and step.command.endswith("\n"):
        return replace(step, command=step.command.removesuffix("\n"))
    return step


def _plainly(step: Step) -> Step:
    """The same with its command as on a line, and without what is expected anyway."""
    if not isinstance(step, Run | Verify) or step.expect == Expect():
        return _on_line(step)
    unstated = replace(step.expect, exit=None, prose=None)
    stated = replace(step.expect, prose=None)
    same = stated.exit == unstated.exit_or_default
    return _on_line(replace(step, expect=unstated if same else stated))


def _sum(part: Task | Step, also: tuple[str, ...]) -> str:
    form = json.dumps(_canonical(part, also), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(form.encode("utf-8", "surrogatepass")).hexdigest()


def _canonical(value: object, also: tuple[str, ...]) -> object:
    if isinstance(value, tuple):
        return [_canonical(item, also) for item in value]
    kind: Any = type(value)
    fields = _fields(kind, also)
    if fields is None:
        return value
    stated: dict[str, object] = {"": type(value).__name__}
    for name, default in fields:
        content = getattr(value, name)
        if content != default and not isinstance(content, Position):
            stated[name] = _canonical(content, also)
    return stated


@cache
def _fields(kind: Any, also: tuple[str, ...]) -> tuple[tuple[str, object], ...] | None:
    """The fields of a class that count, with their defaults; `None` where it is no value."""
    if not is_value(kind):
        return None
    return tuple(
        (each.name, each.default)
        for each in fields(kind)
        if not each.metadata.get("words") or any(map(each.metadata.get, also))
    )

"""Digests of what is to be done, by which a changed phase file is recognised."""

from __future__ import annotations

import dataclasses
import hashlib
import json

from runbook.core.model import Step, Task
from runbook.core.position import Position


def digest(part: Task | Step) -> str:
    """A SHA-256 (hex) over all that `part` does, without titles, notes and positions.

    Unstated keys stay out, so a key added to the format later changes no digest.
    """
    form = json.dumps(_canonical(part), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(form.encode("utf-8", "surrogatepass")).hexdigest()


def _canonical(value: object) -> object:
    if isinstance(value, tuple):
        return [_canonical(item) for item in value]
    if not dataclasses.is_dataclass(value):
        return value
    stated: dict[str, object] = {"": type(value).__name__}
    for field in dataclasses.fields(value):
        content = getattr(value, field.name)
        if field.metadata.get("words") or isinstance(content, Position):
            continue
        if content != field.default:
            stated[field.name] = _canonical(content)
    return stated

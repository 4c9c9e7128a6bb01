"""Events as the JSON values of records, and back."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any, get_args

from runbook.core.record.events import Event
from runbook.core.record.ledgerevents import RebuiltTask, RewrittenCommit, StepCommit
from runbook.core.record.stepevents import FileImage, MismatchSeen, TestCounts

VERSION = 1
"""Of the JSON lines; it changes when a property is taken away or means something else."""

_NESTED: dict[str, type] = {
    "files": FileImage,
    "mismatches": MismatchSeen,
    "counts": TestCounts,
    "tasks": RebuiltTask,
    "rewritten": RewrittenCommit,
    "made": StepCommit,
}
_EVENTS: dict[str, type] = {kind.__name__: kind for kind in get_args(Event)}


def to_record(event: Event) -> dict[str, Any]:
    """The event as JSON values, its kind under `event`."""
    return {"event": type(event).__name__, **_plain(event)}


def from_record(record: dict[str, Any]) -> Event:
    """The event a record holds.

    Raises:
        ValueError: the record is of no event that this version knows.

    """
    try:
        kind = _EVENTS[record["event"]]
        names = {field.name for field in fields(kind)}
        values = {name: _tuples(name, record[name]) for name in names & record.keys()}
        event: Event = kind(**values)
    except (KeyError, TypeError) as error:
        raise ValueError(f"not an event of this version: {record.get('event')!r}") from error
    return event


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def _tuples(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_tuples(name, element) for element in value)
    nested = _NESTED.get(name)
    if nested is not None and isinstance(value, dict):
        return nested(**{key: _tuples(key, item) for key, item in value.items()})
    return value

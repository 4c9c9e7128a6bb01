"""Events as the JSON values of records, and back."""

from __future__ import annotations

from typing import Any, get_args

from runbook.core.record.codec import from_json, to_json
from runbook.core.record.events import Event

VERSION = 1
"""Of the JSON lines; it changes when a property is taken away or means something else."""

_EVENTS: dict[str, type] = {kind.__name__: kind for kind in get_args(Event)}


def to_record(event: Event) -> dict[str, Any]:
    """The event as JSON values, its kind under `event`."""
    return {"event": type(event).__name__, **to_json(event)}


def from_record(record: dict[str, Any]) -> Event:
    """The event a record holds.

    Raises:
        ValueError: the record is of no event that this version knows.
    """
    try:
        event: Event = from_json(_EVENTS[record["event"]], record)
    except (KeyError, TypeError) as error:
        raise ValueError(f"not an event of this version: {record.get('event')!r}") from error
    return event

"""Events and states as JSON, one object a line, for programs (docs/events.schema.json)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TextIO

from runbook.core.record.codec import to_json
from runbook.core.record.events import Event, RunBegan
from runbook.core.record.lineschema import State
from runbook.core.record.records import VERSION, to_record


class JsonLines:
    """The events of a run as they happen, each on a line that is written out at once."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._run = ""

    def show(self, event: Event) -> None:
        """Write one event."""
        if isinstance(event, RunBegan):
            self._run = event.run
        self._out.write(event_line(to_record(event), self._run, datetime.now(UTC)) + "\n")
        self._out.flush()

    def close(self) -> None:
        """Nothing is left to write."""


def event_line(record: Mapping[str, Any], run: str = "", when: datetime | None = None) -> str:
    """An event's record as a line, with its run and its time, where they are known."""
    return _line({"v": VERSION, **record, **({"run": run} if run else {}), **_time(when)})


def state_line(state: State) -> str:
    """A state as a line."""
    return _line({"v": VERSION, "state": type(state).__name__, **to_json(state)})


def _time(when: datetime | None) -> dict[str, str]:
    if when is None:
        return {}
    return {"time": when.isoformat(timespec="milliseconds").replace("+00:00", "Z")}


def _line(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=True, separators=(",", ":"))

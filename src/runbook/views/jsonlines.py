"""Events and states as JSON, one object a line, for programs (docs/events.schema.json)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TextIO

from runbook.core.patterns import regex
from runbook.core.record.codec import to_json
from runbook.core.record.events import Event
from runbook.core.record.history import Recorded, utc
from runbook.core.record.lineschema import State
from runbook.core.record.records import VERSION, to_record

_EVENT = regex(r'\{"v":\d+,"event":"')


class JsonLines:
    """The events of a run as they happen, each on a line that is written out at once."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def take(self, recorded: Recorded) -> None:
        """Write one event."""
        self._out.write(recorded_line(recorded) + "\n")
        self._out.flush()

    def close(self) -> None:
        """Nothing is left to write."""


def recorded_line(recorded: Recorded) -> str:
    """A recorded event as a line, with its run and its time, where they are known."""
    known = {"run": recorded.run, "time": utc(recorded.time)}
    told = {name: each for name, each in known.items() if each}
    return _line({"v": VERSION, **to_record(recorded.event), **told})


def is_events(text: str) -> bool:
    """Whether a text is lines of events, by the beginning of the first one."""
    return _EVENT.match(text) is not None


def event_line(event: Event) -> str:
    """An event of no run as a line."""
    return recorded_line(Recorded("", None, event))


def state_line(state: State) -> str:
    """A state as a line."""
    return _line({"v": VERSION, "state": type(state).__name__, **to_json(state)})


def _line(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=True, separators=(",", ":"))

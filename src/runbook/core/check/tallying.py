"""How far pytest is, told from the probe's records while they are written."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from runbook.core.record.stepevents import Tally

_FAILED = ("failed", "error")


class Tallying:
    """Counts tests as they end. It is shown and forgotten: evidence is read when all is over."""

    def __init__(self) -> None:
        self._collected: set[str] = set()
        self._done: set[str] = set()
        self._failed: dict[str, None] = {}
        self._told = 0

    def feed(self, lines: Iterable[bytes]) -> None:
        """Take whole lines of the record in; what is no record is passed over."""
        for line in lines:
            with suppress(ValueError, KeyError, TypeError, AttributeError):
                self._add(json.loads(line))

    def tally(self) -> Tally:
        """How far it is, with what failed since this was asked last."""
        failing = tuple(self._failed)[self._told :]
        self._told = len(self._failed)
        total = len(self._collected) or None
        return Tally(len(self._done), total, len(self._failed), failing)

    def _add(self, record: dict[str, Any]) -> None:
        match record["kind"]:
            case "collected":
                self._collected.update(record["tests"])
            case "deselected":
                self._collected.difference_update(record["tests"])
            case "report":
                name, outcome = record["node"], record["outcome"]
                if outcome in _FAILED:
                    self._failed[name] = None
                if record["last"] and outcome != "retried":
                    self._done.add(name)

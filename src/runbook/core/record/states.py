"""States: what commands that only look say of something, as a JSON line each."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from runbook.core.record.history import RunSummary
from runbook.core.record.problems import Problem
from runbook.core.record.proofs import CommitNote
from runbook.core.record.standing import PhaseStatus
from runbook.core.record.taskreport import TaskReport

State = PhaseStatus | TaskReport | RunSummary | CommitNote | Problem


def to_state(state: State) -> dict[str, Any]:
    """The state as JSON values, its kind under `state`."""
    return {"state": type(state).__name__, **_plain(state)}


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value) if each.repr}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value

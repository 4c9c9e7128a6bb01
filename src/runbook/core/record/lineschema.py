"""The JSON Schema of the lines that `--json` writes, derived from the classes they come from."""

from __future__ import annotations

import types
from typing import Any, Literal, Union, get_args, get_origin

from runbook.core.record.codec import field_types
from runbook.core.record.events import Event
from runbook.core.record.history import RunSummary
from runbook.core.record.problems import Problem
from runbook.core.record.proofs import CommitNote
from runbook.core.record.records import VERSION
from runbook.core.record.status import PhaseStatus
from runbook.core.record.stepevents import Mismatch
from runbook.core.record.taskreport import TaskReport
from runbook.core.record.ways import NextStep
from runbook.core.value import is_value

State = PhaseStatus | TaskReport | RunSummary | CommitNote | Problem | NextStep
"""What commands that only look say of something, as a line each."""

_PLAIN: dict[object, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    type(None): {"type": "null"},
}

# What is a line by itself has a definition with what every line has, and a mismatch another name:
# programs may have made types of these.
_NAMES = {kind: f"{kind.__name__}Value" for kind in (*get_args(Event), *get_args(State))}
_NAMES[Mismatch] = "MismatchSeen"


def line_schema() -> dict[str, Any]:
    """The schema (JSON Schema 2020-12) of one line, whichever command wrote it.

    Later versions of runbook may add properties and kinds of lines without a new `v`; they take
    none away, and change the meaning of none.
    """
    definitions: dict[str, dict[str, Any]] = {}
    for kind in get_args(Event):
        definitions[kind.__name__] = _line(kind, "event", definitions)
    for kind in get_args(State):
        definitions[kind.__name__] = _line(kind, "state", definitions)
    lines = [name for name, each in definitions.items() if "v" in each["properties"]]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A line of runbook's --json output",
        "description": "One JSON object a line: an event of a run, or the state of something.",
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in lines],
        "$defs": definitions,
    }


def _line(kind: type, discriminator: str, definitions: dict[str, Any]) -> dict[str, Any]:
    """What a line of this kind says: its own fields, and those that every line has."""
    common: dict[str, Any] = {"v": {"const": VERSION}, discriminator: {"const": kind.__name__}}
    if discriminator == "event":
        common["run"] = {"type": "string", "description": "The identifier of the run."}
        common["time"] = {"type": "string", "format": "date-time", "description": "In UTC."}
    own = _object(kind, definitions)
    return {
        **own,
        "properties": {**common, **own["properties"]},
        "required": ["v", discriminator, *own["required"]],
    }


def _object(kind: type, definitions: dict[str, Any]) -> dict[str, Any]:
    properties = {name: _schema(hint, definitions) for name, hint in field_types(kind).items()}
    return {
        "description": (kind.__doc__ or "").strip().partition("\n")[0],
        "type": "object",
        "properties": properties,
        "required": list(properties),
    }


def _schema(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if hint in _PLAIN:
        return dict(_PLAIN[hint])
    arguments = get_args(hint)
    origin = get_origin(hint)
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin in (Union, types.UnionType):
        return {"anyOf": [_schema(each, definitions) for each in arguments]}
    if origin is tuple and arguments[1:] == (...,):
        return {"type": "array", "items": _schema(arguments[0], definitions)}
    if isinstance(hint, type) and is_value(hint):
        name = _NAMES.get(hint, hint.__name__)
        if name not in definitions:
            definitions[name] = _object(hint, definitions)
        return {"$ref": f"#/$defs/{name}"}
    raise TypeError(f"no schema is known for {hint!r}")

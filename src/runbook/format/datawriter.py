"""Writes what `set` sets: keys to values that are read back with their types."""

from __future__ import annotations

import json
from typing import Any

from runbook.core.data import Number, Table, Value, show_keys
from runbook.core.operations import SetValues
from runbook.format.assignments import is_text
from runbook.format.emit import Content, Inline, Mapping, Plain, Sequence, scalar


def assignments(operation: SetValues) -> Content:
    """The mapping of keys to values."""
    entries = []
    for each in operation.assignments:
        key = show_keys(each.keys) + ("+" if each.append else "")
        entries.append((scalar(key, inside=True), _value(each.value)))
    return Mapping(tuple(entries))


def data_mapping(written: str) -> Content:
    """A mapping that is given as JSON."""
    table: Table = json.loads(
        written, object_pairs_hook=_table, parse_int=Number, parse_float=Number
    )
    return Mapping(tuple((scalar(key, inside=True), _value(each)) for key, each in table.entries))


def _table(pairs: list[tuple[str, Any]]) -> Table:
    return Table(tuple((key, _stated(each)) for key, each in pairs))


def _stated(loaded: Any) -> Value:
    if isinstance(loaded, list):
        return tuple(map(_stated, loaded))
    value: Value = loaded
    return value


def _value(value: Value) -> Content:
    match value:
        case None:
            return Plain("null")
        case bool():
            return Plain("true" if value else "false")
        case Number(text):
            return Plain(text)
        case Table(entries):
            pairs = ((scalar(key, inside=True), _value(each)) for key, each in entries)
            return Mapping(tuple(pairs), tight=True)
        case tuple():
            return Sequence(tuple(map(_value, value)))
        case _:
            return Inline(value) if is_text(value) else Plain(f'"{value}"')

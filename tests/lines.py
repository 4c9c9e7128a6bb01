"""The JSON lines of the program, compared with the schema that is published for them."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

PUBLISHED = Path(__file__).parents[1] / "docs" / "events.schema.json"


_JOURNAL_ONLY = ("seq", "prev", "pid", "boot")
_RUN = re.compile(rb'"run":"([^"]*)"')


@cache
def schema() -> dict[str, Any]:
    """The published schema."""
    loaded: dict[str, Any] = json.loads(PUBLISHED.read_text(encoding="utf-8"))
    return loaded


@cache
def _validator(kind: str) -> Draft202012Validator:
    assert {"$ref": f"#/$defs/{kind}"} in schema()["oneOf"], f"the schema has no line {kind}"
    # One kind at a time, whose complaints can be read; and no property that it does not name.
    strict = {**schema()["$defs"][kind], "additionalProperties": False}
    return Draft202012Validator({"$defs": schema()["$defs"], **strict})


_KEYWORDS = {"anyOf", "const", "description", "enum", "items", "properties", "required", "type"}
_SHAPES: set[object] = set()
"""Of lines that were found valid."""


@cache
def _told_apart() -> frozenset[tuple[type, object]]:
    """The values that the schema tells from others of their type."""
    found: set[tuple[type, object]] = set()

    def look(part: dict[str, Any]) -> None:
        assert part.keys() <= {*_KEYWORDS, "$ref", "format"}, f"what does a shape say of {part}?"
        named = [part["const"]] if "const" in part else part.get("enum", [])
        found.update((type(value), value) for value in named)
        inner = [part["items"]] if "items" in part else []
        for each in [*inner, *part.get("anyOf", ()), *part.get("properties", {}).values()]:
            look(each)

    for part in schema()["$defs"].values():
        look(part)
    return frozenset(found)


def _shape(value: Any) -> object:
    """What the schema goes by: lines of one shape are valid, or none of them is."""
    if isinstance(value, dict):
        return frozenset((name, _shape(each)) for name, each in value.items())
    if isinstance(value, list):
        return (list, frozenset(map(_shape, value)))
    told = (type(value), value)
    integer = isinstance(value, float) and value.is_integer()  # which may be a number's `const`
    return told if integer or told in _told_apart() else type(value)


def _validate(kind: str, line: dict[str, Any]) -> None:
    # It takes up to a millisecond, and the tests write lines by the ten thousands.
    shape = (kind, _shape(line))
    if shape not in _SHAPES:
        _validator(kind).validate(line)
        _SHAPES.add(shape)


def valid_records(journal: bytes, known: set[str]) -> None:
    """See that the events of a journal are as published, but those of known runs.

    What a test has damaged there, or written itself, is passed over.
    """
    for record in journal.split(b"\n"):
        run = _RUN.search(record)
        if run is None or run[1].decode() in known:
            continue
        try:
            content = json.loads(record)
        except ValueError:
            continue
        if isinstance(content, dict) and content.get("event") in schema()["$defs"]:
            line = {key: value for key, value in content.items() if key not in _JOURNAL_ONLY}
            when = {"time": "2026-01-01T00:00:00.000Z"} if "time" in line else {}
            _validate(content["event"], {"v": 1, **line, **when})


def valid_lines(text: str, *, torn: bool = False) -> list[dict[str, Any]]:
    """The lines of a text, each of which is as published; where one was killed the last is not."""
    lines = text.split("\n")
    last = lines.pop()
    assert torn or not last, f"the last line is not ended: {last}"
    found = []
    for line in lines:
        content = json.loads(line)
        _validate(content.get("event") or content["state"], content)
        found.append(content)
    return found

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
            _validator(content["event"]).validate({"v": 1, **line, **when})


def valid_lines(text: str, *, torn: bool = False) -> list[dict[str, Any]]:
    """The lines of a text, each of which is as published; where one was killed the last is not."""
    lines = text.split("\n")
    last = lines.pop()
    assert torn or not last, f"the last line is not ended: {last}"
    found = []
    for line in lines:
        content = json.loads(line)
        _validator(content.get("event") or content["state"]).validate(content)
        found.append(content)
    return found

"""The schema of the JSON lines: derived from the classes, published, and true of every event."""

from __future__ import annotations

import json
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, ValidationError
from lines import PUBLISHED, valid_lines

from runbook.core.record.events import Event
from runbook.core.record.history import Recorded
from runbook.core.record.lineschema import line_schema
from runbook.core.record.records import VERSION
from runbook.views.jsonlines import recorded_line

KINDS = get_args(Event)
DERIVED = Draft202012Validator(line_schema())


def test_the_published_schema_is_the_derived_one() -> None:
    derived = json.dumps(line_schema(), indent=2) + "\n"
    assert derived == PUBLISHED.read_text(encoding="utf-8"), (
        "to publish it: ./runbook schema --events > docs/events.schema.json"
    )


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(line_schema())
    assert all(each["description"] for each in line_schema()["$defs"].values())


@pytest.mark.parametrize("kind", KINDS, ids=[kind.__name__ for kind in KINDS])
def test_every_event_is_as_published(kind: type[Event]) -> None:
    lines = []

    @settings(max_examples=10, deadline=None)
    @given(st.from_type(kind))
    def check(event: Event) -> None:
        lines.append(recorded_line(Recorded("a run", 1.5, event)) + "\n")
        (read,) = valid_lines(lines[-1])
        assert read["v"] == VERSION

    check()
    # It is no line of another kind as well. One is enough: each has a word that no other has.
    DERIVED.validate(json.loads(lines[-1]))


@pytest.mark.parametrize(
    "line",
    [
        '{"v":1,"event":"RunEnded"}',
        '{"v":1,"event":"RunEnded","exit":"0"}',
        '{"v":2,"event":"RunEnded","exit":0}',
        '{"v":1,"event":"RunEnded","exit":0,"more":0}',
    ],
)
def test_a_line_that_is_not_as_published_is_seen(line: str) -> None:
    with pytest.raises(ValidationError):
        valid_lines(f"{line}\n")


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "editt"}, {"kind": None}, {"v": 1.5}, {"v": True}, {"more": 0}, {"at": ["a"]},
        {"subject": 1}, {"event": "StepDone"},
    ],
    ids=str,
)  # fmt: skip
def test_a_line_like_others_that_were_as_published_is_seen(change: dict[str, object]) -> None:
    """Of lines that are alike in all that the schema goes by, one is looked at."""
    line = {"v": 1, "event": "StepBegan", "step": "p/t/s", "subject": "x", "digest": "d", "at": "a"}
    valid_lines("".join(f"{json.dumps({**line, 'kind': kind})}\n" for kind in ("edit", "run")))
    with pytest.raises(ValidationError):
        valid_lines(json.dumps({**line, "kind": "edit", **change}) + "\n")

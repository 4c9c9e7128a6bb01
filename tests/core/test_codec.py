"""Values as JSON and back, beyond what events have."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runbook.core.record.codec import field_types, fits, from_json, to_json
from runbook.core.record.events import Event
from runbook.core.value import replace, value


@value
class Kept:
    files: tuple[tuple[str, bytes], ...]
    index: bytes | None = None


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        (
            Kept((("a", b"\xff\0"), ("b", b"")), b"x"),
            {"files": [["a", "/wA="], ["b", ""]], "index": "eA=="},
        ),
        (Kept(()), {"files": [], "index": None}),
    ],
)
def test_bytes_and_pairs_come_back(kept: Kept, shown: dict[str, Any]) -> None:
    assert to_json(kept) == shown
    assert from_json(Kept, json.loads(json.dumps(shown))) == kept


@pytest.mark.parametrize("files", [[["a"]], [["a", "eA==", "b"]], ["ab"], "ab"])
def test_what_is_no_pair_is_refused(files: Any) -> None:
    with pytest.raises(TypeError):
        from_json(Kept, {"files": files})


@pytest.mark.parametrize("kind", get_args(Event), ids=lambda kind: kind.__name__)
def test_what_an_event_has_fits_it_and_nothing_else_does(kind: Any) -> None:
    @settings(max_examples=10, deadline=None)
    @given(st.from_type(kind))
    def check(event: Any) -> None:
        assert fits(kind, event)
        for name in field_types(kind):
            assert not fits(kind, replace(event, **{name: object()}))

    check()

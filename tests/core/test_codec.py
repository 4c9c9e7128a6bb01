"""Values as JSON and back, beyond what events have."""

from __future__ import annotations

import json
from typing import Any

import pytest

from runbook.core.record.codec import from_json, to_json
from runbook.core.value import value


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

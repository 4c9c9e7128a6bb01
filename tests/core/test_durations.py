"""Durations as people write them are read as what was written."""

from __future__ import annotations

import pytest

from runbook.core.check.durations import read_duration, write_duration


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(90, "1m30s"), (3600, "1h"), (5430, "1h30m30s"), (0.25, "0.25s"), (1e-7, "0.0000001s")],
)
def test_a_duration_is_read_as_it_was_written(seconds: float, text: str) -> None:
    assert write_duration(seconds) == text
    assert read_duration(text) == seconds


@pytest.mark.parametrize("seconds", [0, -1, 1e12, 1_000_000.5])
def test_what_no_duration_says(seconds: float) -> None:
    with pytest.raises(ValueError, match=f"a duration of {seconds} seconds can't be written"):
        write_duration(seconds)

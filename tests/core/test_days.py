"""Days of the calendar, held against Python's own."""

from __future__ import annotations

from datetime import date

import pytest

from runbook.core.model.days import no_such_day


def test_every_day_of_some_years() -> None:
    for year in (1900, 2000, 2023, 2024, 2026):
        for month in range(14):
            for day in range(33):
                text = f"{year}-{month:02}-{day:02}"
                try:
                    date.fromisoformat(text)
                except ValueError:
                    assert no_such_day(text) == text
                else:
                    assert no_such_day(text) is None


@pytest.mark.parametrize("text", ["", "yesterday", "2026-02-300", "2026-2-30", "on 2026-02-30"])
def test_other_words_are_free(text: str) -> None:
    assert no_such_day(text) is None


def test_a_day_with_words_behind_it() -> None:
    assert no_such_day("2026-02-30 (commit abc)") == "2026-02-30"
    assert no_such_day("2026-02-04T10:00Z, by Ada") is None

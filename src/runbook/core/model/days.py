"""Days of the calendar, as ISO 8601 writes them."""

from __future__ import annotations

from runbook.core.patterns import regex

_DAY = regex(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?![0-9])")
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def no_such_day(text: str) -> str | None:
    """The day that a text begins with, such as `2026-02-30`, where the calendar has none such."""
    found = _DAY.match(text)
    if found is None:
        return None
    year, month, day = map(int, found.groups())
    leap = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    there = 1 <= month <= 12 and 1 <= day <= _LENGTHS[month - 1] + leap
    return None if there else found[0]

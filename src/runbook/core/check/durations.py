"""Durations as people write them: `90s`, `10m`, `1h30m`."""

from __future__ import annotations

from runbook.core.patterns import regex

_DURATION = regex(r"(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6}(?:\.\d+)?)s)?")
_LONGEST = 999_999  # of each of the numbers


def read_duration(text: str) -> float | None:
    """The seconds of a duration, or `None` where the text is none."""
    found = _DURATION.fullmatch(text)
    if found is None or not text:
        return None
    hours, minutes, rest = found.groups()
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(rest or 0)


def write_duration(seconds: float) -> str:
    """A duration as it is written; reading it gives the same seconds.

    Raises:
        ValueError: it is not longer than nothing, or longer than can be written.
    """
    whole = int(seconds)
    if seconds != whole and 0 < seconds <= _LONGEST:
        from decimal import Decimal  # few durations have a fraction

        return f"{Decimal(repr(float(seconds))):f}s"
    hours = min(whole // 3600, _LONGEST)
    minutes = min((whole - hours * 3600) // 60, _LONGEST)
    rest = whole - hours * 3600 - minutes * 60
    if seconds != whole or whole <= 0 or rest > _LONGEST:
        raise ValueError(f"a duration of {seconds} seconds can't be written")
    parts = ((hours, "h"), (minutes, "m"), (rest, "s"))
    return "".join(f"{number}{unit}" for number, unit in parts if number)

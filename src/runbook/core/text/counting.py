"""Numbers of things in words."""

from __future__ import annotations


def count(number: int, noun: str) -> str:
    """A number of things: `1 task`, `3 tasks`, `2 tries`."""
    if number == 1:
        return f"{number} {noun}"
    many = f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2] not in "aeou" else f"{noun}s"
    return f"{number} {many}"

"""Single values as a phase file shows them; what is not stated is nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from runbook.core.durations import write_duration
from runbook.core.model import Environment
from runbook.format.emit import Content, Inline, Mapping, Plain, Sequence, Unwritable, Words

T = TypeVar("T")
Entry = tuple[str, Content | None]


def duration(seconds: float) -> str:
    """A duration as it is written, such as `10m`.

    Raises:
        Unwritable: it is not longer than nothing, or longer than a phase file can say.

    """
    try:
        return write_duration(seconds)
    except ValueError as error:
        raise Unwritable(str(error)) from None


def timeout(seconds: float | None) -> Content | None:
    """A duration."""
    return None if seconds is None else Plain(duration(seconds))


def number(stated: int | None) -> Content | None:
    """A whole number."""
    return None if stated is None else Plain(str(stated))


def words(text: str | None) -> Content | None:
    """A text on its line, or in a block where it has lines."""
    return None if text is None else Words(text)


def prose(text: str | None) -> Content | None:
    """A text that is folded where it is long."""
    return None if text is None else Words(text, prose=True)


def inline(text: str | None) -> Content | None:
    """A text on the line of its key."""
    return None if text is None else Inline(text)


def few(items: tuple[T, ...], write: Callable[[T], Content]) -> Content | None:
    """A list, or its only item without the list, or nothing."""
    if not items:
        return None
    if len(items) == 1:
        return write(items[0])
    return Sequence(tuple(map(write, items)))


def listed(items: tuple[T, ...], write: Callable[[T], Content]) -> Content | None:
    """A list of which each item has lines of its own."""
    return Sequence(tuple(map(write, items)), False) if items else None


def environment(env: Environment) -> Content:
    """Variables with their values."""
    return Mapping(tuple((name, Words(text)) for name, text in env), tight=True)


def output_text(text: str) -> Content:
    """A text or pattern that is looked for in an output."""
    # The reader takes one line end off, which a block has and nobody means.
    return Words(text + "\n" if "\n" in text else text)

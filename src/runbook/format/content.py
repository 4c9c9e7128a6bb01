"""What a phase file shows of a value, before it is laid out as YAML."""

from __future__ import annotations

from collections.abc import Iterable

from runbook.core.value import value


class Unwritable(ValueError):
    """A text that no phase file can hold: the message says which and why."""


@value
class Plain:
    """A number, a word, a duration: written as it is."""

    text: str


@value
class Inline:
    """A text that has to stand on the line of its key, whatever is in it."""

    text: str


@value
class Block:
    """Whole lines, which have to stand in a block."""

    text: str


@value
class Words:
    """A text that may stand either way; prose may be folded as well."""

    text: str
    prose: bool = False


@value
class Sequence:
    """A list; `tight` writes it on one line where it fits."""

    items: tuple[Content, ...]
    tight: bool = True


@value
class Mapping:
    """Keys with what stands under them; `tight` writes it on one line where it fits."""

    entries: tuple[tuple[str, Content], ...]
    tight: bool = False


Content = Plain | Inline | Block | Words | Sequence | Mapping
Entry = tuple[str, Content | None]


def mapping(entries: Iterable[Entry], *, tight: bool = False) -> Mapping:
    """A mapping of the entries that say something."""
    return Mapping(tuple((name, each) for name, each in entries if each is not None), tight)

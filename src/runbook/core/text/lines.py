"""Lines as an edit counts them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile

from runbook.core.patterns import regex

_LINE = regex(r"[^\n]*\n|[^\n]+")


def lines_of(text: str) -> list[str]:
    """The lines of a text with their ends; one ends at a line feed and nowhere else."""
    return _LINE.findall(text)


def shared_start(one: Iterable[object], two: Iterable[object]) -> int:
    """How many of the first lines, or characters, of two texts are the same."""
    pairs = zip(one, two, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def on_one_line(text: str) -> str:
    """A text with each newline as `\\n`: nothing in it, as in a file's name, looks like a line."""
    return text.strip("\n").replace("\n", "\\n")

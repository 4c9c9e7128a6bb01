"""Texts that operations look for, and what is said of where and how often they stand."""

from __future__ import annotations

from typing import Literal

from runbook.core.value import value


@value
class Text:
    """A piece of source text: whole lines (a block scalar) or text inside a line."""

    value: str
    whole_lines: bool


@value
class LineRange:
    """A hint where a text stood in `base`: first and last line, from 1, both included."""

    first: int
    last: int

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"

    @property
    def named(self) -> str:
        """As in a sentence: "line 2", "lines 4-5"."""
        return f"line{'' if self.first == self.last else 's'} {self}"


Matching = Literal["exact", "indent", "whitespace"]
LOOSER: tuple[Matching, ...] = ("indent", "whitespace")
Occurrences = int | Literal["all"]

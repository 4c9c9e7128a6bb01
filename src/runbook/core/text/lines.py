"""Lines as an edit counts them."""

from __future__ import annotations

from runbook.core.patterns import regex

_LINE = regex(r"[^\n]*\n|[^\n]+")


def lines_of(text: str) -> list[str]:
    """The lines of a text with their ends; one ends at a line feed and nowhere else."""
    return _LINE.findall(text)

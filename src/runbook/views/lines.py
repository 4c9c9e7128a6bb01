"""What a view has to say: lines with a style, or without one."""

from __future__ import annotations

from collections.abc import Iterator

from runbook.core.value import value


@value
class Line:
    """A line, or several, with a style; what stands left of the first is no part of it."""

    text: str
    style: str = ""
    margin: str = ""

    @property
    def rows(self) -> Iterator[str]:
        """Each line behind the margin, for who looks for lines."""
        for row in self.text.split("\n"):
            yield f"{self.margin}{row}".rstrip() if row else ""


Shown = str | Line
"""What a view has to say: a line without a style is a text."""

"""How values stand in a plan: in a fence of their own, or in its words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from runbook.core.value import value


@value
class Shown:
    """How a value is written into a plan and read from it.

    One with a `pattern` stands in the words of a line, which it may leave empty; any other in a
    fence, of this `language` or of that of the file.
    """

    write: Callable[[Any], str]
    read: Callable[[str], Any]
    pattern: str | None = None
    language: str | None = None


def by_line(
    write: Callable[[Any], str], read: Callable[[str], Any], language: str | None = None
) -> Shown:
    """How several values are shown, each on a line of a fence."""
    return Shown(
        lambda stated: "".join(f"{write(each)}\n" for each in stated),
        lambda content: tuple(map(read, content.removesuffix("\n").split("\n"))),
        language=language,
    )


def read_fence(content: str) -> str:
    """A text as it is read from a fence, whose content ends with a line end."""
    line = content.removesuffix("\n")
    return content if "\n" in line else line


AS_TEXT = Shown(str, read_fence)


def code_span(path: str) -> str:
    """A path between backticks, on one line and without backticks of its own."""
    shown = one_line(path.replace("`", "'"))
    return f"`{shown}`"


def one_line(text: str) -> str:
    """The text on one line, as a heading can hold it."""
    shown = " ".join(text.replace("\0", "\ufffd").split())
    # A run of # at the end would be taken for the heading's own.
    return re.sub(r"\s#+$", "", shown)

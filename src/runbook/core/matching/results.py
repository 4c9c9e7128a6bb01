"""What an operation of an edit comes to: applied, already applied, or a conflict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runbook.core.matching.texts import LineRange, Text
from runbook.core.value import value

if TYPE_CHECKING:
    from runbook.core.matching.nearest import Nearest


@value
class Applied:
    """The text after an operation (`None`: deleted), and the lines it changed first."""

    text: str | None
    lines: LineRange | None = None


@value
class AlreadyApplied:
    """The text already is what the operation would make of it."""

    lines: LineRange | None = None


@value
class Conflict:
    """Why the operation can't be applied.

    `found` are the first lines of the candidates where there are too many; `near` is the block
    most like the text looked for where there is none, and `notes` say what else is known of it.
    `wanted` is the text that is `missed`, where it is one. `denied`: the file would do, and may
    not be read or written.
    """

    message: str
    hint: str | None = None
    found: tuple[int, ...] = ()
    near: Nearest | None = None
    notes: tuple[str, ...] = ()
    missed: bool = False  # whether a text is looked for and stands nowhere in the file
    wanted: Text | None = None
    denied: bool = False

    def of(self, path: str) -> str:
        """The message with the file that it is about, which is named once."""
        return self.message if self.message.startswith(f"{path} ") else f"{path}: {self.message}"


NO_FILE = Conflict("the file does not exist")
NO_MATCH = Conflict("no tracked file matches the pattern")

Result = Applied | AlreadyApplied | Conflict

"""The operations of an edit, as a phase file states them."""

from __future__ import annotations

from typing import Literal

from runbook.core.data import Assignment, DataLanguage
from runbook.core.patches import FilePatch
from runbook.core.position import Position, position, words
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


@value
class Glob:
    """A pattern over tracked files, expanded when its step is planned."""

    pattern: str

    def __str__(self) -> str:
        return self.pattern


Matching = Literal["exact", "indent", "whitespace"]
Occurrences = int | Literal["all"]


@value
class Replace:
    """Replace `search`, found exactly `count` times, by `replacement`."""

    search: Text
    replacement: Text
    count: Occurrences = 1
    lines: LineRange | None = words()
    match: Matching = "exact"
    at: Position = position()


@value
class Remove:
    """Remove `search`, found exactly `count` times."""

    search: Text
    count: Occurrences = 1
    lines: LineRange | None = words()
    match: Matching = "exact"
    at: Position = position()


@value
class Insert:
    """Insert `text` next to `anchor`, which is found exactly `count` times."""

    side: Literal["after", "before"]
    anchor: Text
    text: Text
    count: Occurrences = 1
    lines: LineRange | None = words()
    match: Matching = "exact"
    at: Position = position()


@value
class ReplaceRange:
    """Replace all from the anchor `start` through the anchor `end`."""

    start: Text
    end: Text
    replacement: Text
    lines: LineRange | None = words()
    match: Matching = "exact"
    at: Position = position()


@value
class Append:
    """Add `text` at the end of the file."""

    text: Text
    at: Position = position()


@value
class Prepend:
    """Add `text` at the beginning of the file."""

    text: Text
    at: Position = position()


@value
class Create:
    """Make a new file; `mode` are its permission bits, by default what git would check out."""

    text: Text
    mode: int | None = None
    at: Position = position()


@value
class RewriteFile:
    """Write a whole existing file anew."""

    text: Text
    at: Position = position()


@value
class Delete:
    """Delete the file."""

    at: Position = position()


@value
class MoveTo:
    """Move the file to another path."""

    path: str
    at: Position = position()


@value
class Substitute:
    """Rewrite what a Python regular expression matches; groups stand in `rewrite`."""

    regex: str
    rewrite: str
    count: Occurrences
    at: Position = position()


@value
class Patch:
    """Apply a unified diff, which changes each of the edit's files."""

    diff: str
    files: tuple[FilePatch, ...]
    at: Position = position()

    def part(self, path: str) -> FilePatch:
        """What it does to one of the files."""
        return next(file for file in self.files if file.path == path)


@value
class SetValues:
    """Set values of a TOML, YAML or JSON file; without `language` its name says which it is."""

    assignments: tuple[Assignment, ...]
    language: DataLanguage | None = None
    at: Position = position()


@value
class Structural:
    """Rewrite what a pattern or a rule of ast-grep matches, found exactly `count` times.

    `rule` is JSON: a rule, or a mapping of `rule`, `constraints` and `utils`. Without `language`
    the file's name says which it is.
    """

    rewrite: str
    pattern: str | None = None
    rule: str | None = None
    language: str | None = None
    count: Occurrences = 1
    lines: LineRange | None = words()
    at: Position = position()


Operation = (
    Replace
    | Remove
    | Insert
    | ReplaceRange
    | Append
    | Prepend
    | Create
    | RewriteFile
    | Delete
    | MoveTo
    | Substitute
    | Patch
    | SetValues
    | Structural
)

Target = str | Glob

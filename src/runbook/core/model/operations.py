"""The operations of an edit, as a phase file states them.

One that is about a text as a whole says what it makes of it; the places that others change are
found by `edits`, and `transforms` are those that need a library or git.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal

from runbook.core.matching.normalized import NormalizedText, Span
from runbook.core.matching.places import all_meant, as_lines, in_lines, line_range, spliced, times
from runbook.core.matching.results import AlreadyApplied, Applied, Conflict, Result
from runbook.core.matching.texts import LineRange, Matching, Occurrences, Text
from runbook.core.model.data import Assignment, DataLanguage, Removal
from runbook.core.model.patches import FilePatch
from runbook.core.position import Position, position, words
from runbook.core.text.lines import lines_of
from runbook.core.value import value


@value
class Glob:
    """A pattern over tracked files, expanded when its step is planned.

    With `where` it means those of them that hold the text which a change looks for.
    """

    pattern: str
    where: Literal["contains"] | None = None

    def __str__(self) -> str:
        return self.pattern


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
class Rename:
    """Replace names by others, all at once and wherever they stand; words only as whole words."""

    table: tuple[tuple[str, str], ...]
    at: Position = position()

    def apply(self, text: str) -> Result:
        """What it makes of a file's text, which has one of the names at least."""
        normal = NormalizedText(text)
        new = dict(self.table)
        # A new name may hold the old one, and is longer then.
        found = [*_standing([name for pair in self.table for name in pair if name], normal.text)]
        spans = [span for span in found if normal.text[span.start : span.end] in new]
        if spans:
            edits = [(at.start, at.end, new[normal.text[at.start : at.end]]) for at in spans]
            return Applied(spliced(normal, edits), line_range(normal, spans[0]))
        if found:
            return AlreadyApplied(line_range(normal, found[0]))
        return Conflict("none of the names to replace is in the file", missed=True)

    def unfound(self, texts: list[str]) -> list[str]:
        """The names that are in none of some texts, and that nothing of them was made of either."""
        return [
            old
            for old, new in self.table
            if not any(any(_standing([old, new] if new else [old], text)) for text in texts)
        ]


def _standing(names: list[str], text: str) -> Iterator[Span]:
    """Where some names stand, one that begins or ends with a word's character as a whole word."""
    for found in _words(names).finditer(text):
        if text.isascii() or not any(_parts(text, offset) for offset in found.span()):
            yield Span(*found.span())


def _parts(text: str, offset: int) -> bool:
    """Whether an offset parts a character from its accents, or a word behind one."""
    if not 0 < offset < len(text):
        return False
    before, after = (unicodedata.category(text[at])[0] == "M" for at in (offset - 1, offset))
    return after or (before and re.match(r"\w", text[offset]) is not None)


def _words(names: list[str]) -> re.Pattern[str]:
    """Any of some texts, the longest first; at a word's character it begins or ends the word."""
    if not names:
        return re.compile(r"(?!)")
    shown = [
        (r"(?<!\w)" if re.match(r"\w", name) else "")
        + re.escape(name)
        + (r"(?!\w)" if re.search(r"\w\Z", name) else "")
        for name in sorted(names, key=len, reverse=True)
    ]
    return re.compile("|".join(shown))


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
class Indent:
    """Indent all lines from the block `start` through the block `end` by more or fewer columns."""

    start: Text
    end: Text
    columns: int
    lines: LineRange | None = words()
    at: Position = position()


@value
class Append:
    """Add `text` at the end of the file."""

    text: Text
    at: Position = position()

    def apply(self, text: str) -> Result:
        """What it makes of a file's text."""
        normal = NormalizedText(text)
        added = as_lines(self.text)
        there = normal.text if normal.text.endswith("\n") else normal.text + "\n"
        start = len(there) - len(added)
        # At a line's beginning: `x = 1` is not the end of `max = 1`.
        if there.endswith(added) and (start == normal.first or there[start - 1 : start] == "\n"):
            return AlreadyApplied()
        end = normal.line_end(len(normal.text))
        gap = end if normal.text[normal.first :] and not normal.text.endswith("\n") else ""
        first = normal.line(len(normal.text)) + bool(gap)
        lines = LineRange(first, first + added.count("\n") - 1)
        return Applied(text + gap + added.replace("\n", end), lines)


@value
class Prepend:
    """Add `text` at the beginning of the file."""

    text: Text
    at: Position = position()

    def apply(self, text: str) -> Result:
        """What it makes of a file's text."""
        normal = NormalizedText(text)
        added = as_lines(self.text)
        if any(span.start == normal.first for span in normal.occurrences(Text(added, True))):
            return AlreadyApplied()
        start = normal.first
        new = text[:start] + added.replace("\n", normal.line_end(start)) + text[start:]
        return Applied(new, LineRange(1, added.count("\n")))


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

    def apply(self, text: str) -> Result:
        """What it makes of a file's text."""
        normal = NormalizedText(text)
        wanted = self.text.value.replace("\n", normal.line_end(0))
        wanted = text[: normal.first] + wanted.removeprefix("\ufeff")
        if text == wanted:
            return AlreadyApplied()
        return Applied(wanted, LineRange(1, max(1, wanted.count("\n"))))


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
    """Rewrite what a Python regular expression matches; groups stand in `rewrite`.

    `^` and `$` are a line's, as everywhere in the format.
    """

    regex: str
    rewrite: str
    count: Occurrences
    at: Position = position()

    def apply(self, text: str) -> Result:
        """What it makes of a file's text."""
        normal = NormalizedText(text)
        found = list(re.finditer(self.regex, normal.text[normal.first :], re.MULTILINE))
        spans = [Span(normal.first + match.start(), normal.first + match.end()) for match in found]
        if not (spans if self.count == "all" else len(spans) == self.count):
            lines = tuple(normal.line(span.start) for span in spans)
            wish = "at least once" if self.count == "all" else times(self.count)
            there = f"matches {times(len(lines))}, {in_lines(lines)}" if lines else "does not"
            return Conflict(
                f"the regular expression is to match {wish} and {there}",
                all_meant(len(lines)) if lines else None,
                lines,
                missed=not lines,
            )
        edits = [
            (span.start, span.end, match.expand(self.rewrite))
            for span, match in zip(spans, found, strict=True)
        ]
        new = spliced(normal, edits)
        if new == text:
            return AlreadyApplied(line_range(normal, spans[0]))
        return Applied(new, line_range(normal, spans[0]))


@value
class RemoveLines:
    """Remove the lines in which a Python regular expression is found, `count` in all."""

    regex: str
    count: Occurrences
    at: Position = position()

    def apply(self, text: str) -> Result:
        """What it makes of a file's text; without such lines it is as it should be."""
        normal = NormalizedText(text)
        spans = []
        begin = normal.first
        for line in lines_of(normal.text[normal.first :]):
            if re.search(self.regex, line.removesuffix("\n"), re.MULTILINE):
                spans.append(Span(begin, begin + len(line)))
            begin += len(line)
        if not spans:
            return AlreadyApplied()
        if self.count not in ("all", len(spans)):
            lines = tuple(normal.line(span.start) for span in spans)
            return Conflict(
                f"{self.count} of the lines are to match and {len(lines)} do, {in_lines(lines)}",
                "say `count: all`, or make it match less",
                lines,
            )
        new = spliced(normal, [(span.start, span.end, "") for span in spans])
        return Applied(new, line_range(normal, spans[0]))


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
    """Set values of a data file; without `language` its name says which it is.

    Keys that are new go `after` or `before` another one of their mapping, if that is stated.
    """

    assignments: tuple[Assignment, ...]
    language: DataLanguage | None = None
    after: str | None = None
    before: str | None = None
    at: Position = position()


@value
class UnsetValues:
    """Take values of a data file away; without `language` its name says which it is."""

    removals: tuple[Removal, ...]
    language: DataLanguage | None = None
    at: Position = position()


@value
class EnsureImport:
    """Have a Python file import what these statements import, at its top."""

    statements: tuple[str, ...]
    at: Position = position()


@value
class DropImport:
    """Take what these statements import out of a Python file's imports."""

    statements: tuple[str, ...]
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
    | Rename
    | Remove
    | Insert
    | ReplaceRange
    | Indent
    | Append
    | Prepend
    | Create
    | RewriteFile
    | Delete
    | MoveTo
    | Substitute
    | RemoveLines
    | Patch
    | SetValues
    | UnsetValues
    | EnsureImport
    | DropImport
    | Structural
)

Target = str | Glob

LOOKING = (
    Replace, Rename, Remove, Insert, ReplaceRange, Indent, Substitute, RemoveLines, Structural,
)  # fmt: skip
"""The operations that look for something in a file."""

"""Differences as they are shown: by file, by line, with what the lines' language makes of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import groupby
from typing import Any, Literal

from runbook.core.model.patches import unquoted
from runbook.core.patterns import regex
from runbook.core.text.printable import printable
from runbook.core.value import field, mutable

LineKind = Literal["add", "del", "same", "hunk", "note"]
Piece = tuple[str, str]
"""A part of a line: its class (empty for none), and its text."""

_CLASSES = (
    ("Comment", "c"),
    ("Keyword", "k"),
    ("Literal.String", "s"),
    ("String", "s"),
    ("Literal.Number", "n"),
    ("Number", "n"),
    ("Name.Function", "f"),
    ("Name.Class", "f"),
    ("Name.Decorator", "f"),
    ("Name.Tag", "f"),
    ("Operator.Word", "k"),
)


@mutable
class Line:
    """One line, with its numbers in the file before and after."""

    kind: LineKind
    text: str
    before: int | None = None
    after: int | None = None
    pieces: tuple[Piece, ...] = ()


@mutable
class FileDifference:
    """What changed in one file; `left_out` lines of it are not shown."""

    path: str
    how: str = "changed"
    lines: list[Line] = field(default_factory=list)
    added: int = 0
    removed: int = 0
    left_out: int = 0

    def blocks(self) -> Iterator[tuple[LineKind, list[Line]]]:
        """Its lines, those of one kind that follow each other together."""
        for kind, lines in groupby(self.lines, key=lambda line: line.kind):
            if kind in ("hunk", "note"):
                yield from ((kind, [line]) for line in lines)
            else:
                yield kind, list(lines)


_HUNK = regex(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_HOW = {"new file": "new", "deleted file": "deleted", "old mode": "mode changed"}


def differences(text: str, budget: int, *, colours: bool = True) -> list[FileDifference]:
    """The files of a unified difference; of each so many characters are shown, in whole lines."""
    files = list(_files(text))
    for file in files:
        _cut(file, max(400, budget // max(1, len(files))))
        if colours:
            _colour(file)
    return files


def size(text: str) -> tuple[int, int]:
    """How many lines a difference adds and removes."""
    files = list(_files(text))
    return sum(file.added for file in files), sum(file.removed for file in files)


def _files(text: str) -> Iterator[FileDifference]:
    file: FileDifference | None = None
    hunk = _Hunk()
    for line in text.split("\n"):
        # git begins a file by a line of its own, others by the names before and after.
        begins = line.startswith("--- ") and (file is None or bool(file.lines))
        if not hunk.open and (line.startswith("diff --git ") or begins):
            if file is not None:
                yield file
            file, hunk = FileDifference(_path(line) if line[0] == "d" else ""), _Hunk()
        elif file is None:
            continue
        elif hunk.begin(line):
            file.lines.append(Line("hunk", line))
        elif hunk.open:
            hunk.take(file, line)
        elif line.startswith("\\"):
            file.lines.append(Line("note", line[2:]))
        else:
            _head(file, line)
    if file is not None:
        yield file


class _Hunk:
    """Where in a file a hunk is, and how many lines of it are still to come."""

    def __init__(self) -> None:
        self._before = self._after = 0
        self._left = [0, 0]

    @property
    def open(self) -> bool:
        return any(left > 0 for left in self._left)

    def begin(self, line: str) -> bool:
        found = None if self.open else _HUNK.match(line)
        if found is None:
            return False
        self._before, self._after = int(found[1]), int(found[3])
        self._left = [int(found[2] or 1), int(found[4] or 1)]
        return True

    def take(self, file: FileDifference, line: str) -> None:
        kinds: dict[str, LineKind] = {"+": "add", "-": "del", "\\": "note"}
        kind = kinds.get(line[:1], "same")
        if kind == "note":
            file.lines.append(Line(kind, line[2:]))
            return
        told = Line(kind, line[1:])
        if kind != "add":
            told.before = self._before
            self._before += 1
            self._left[0] -= 1
        if kind != "del":
            told.after = self._after
            self._after += 1
            self._left[1] -= 1
        file.added += kind == "add"
        file.removed += kind == "del"
        file.lines.append(told)


def _head(file: FileDifference, line: str) -> None:
    for begin, how in _HOW.items():
        if line.startswith(begin):
            file.how = how
    if line.startswith("Binary files"):
        file.lines.append(Line("note", "a binary file"))
    elif not file.path and line.startswith("+++ "):
        file.path = line[4:].removesuffix("\t").removesuffix(" now")


def _path(line: str) -> str:
    """The path after the change, in git's line of a file: its two halves are the same."""
    rest = line.removeprefix("diff --git ")
    return unquoted(rest[len(rest) // 2 + 1 :]).removeprefix("b/")


def _cut(file: FileDifference, budget: int) -> None:
    used = 0
    for number, line in enumerate(file.lines):
        used += min(len(line.text), 400) + 8
        if len(line.text) > 400:
            line.text = line.text[:400] + " …"
        if used > budget:
            file.left_out = len(file.lines) - number
            del file.lines[number:]
            return


def _colour(file: FileDifference) -> None:
    """Give the lines their pieces: both sides of the file are read as a whole."""
    lexer = _lexer(file.path.rpartition("/")[2])
    if lexer is None:
        return
    for kinds in (("same", "del"), ("same", "add")):
        side = [line for line in file.lines if line.kind in kinds]
        text = "\n".join(printable(line.text) for line in side)
        rows = _pieces(lexer, text)
        # A lexer that does not give back what it was given is not believed.
        if len(rows) == len(side) and all(
            "".join(part for _, part in row) == printable(line.text)
            for row, line in zip(rows, side, strict=True)
        ):
            for row, line in zip(rows, side, strict=True):
                line.pieces = tuple(row)


def _pieces(lexer: Any, text: str) -> list[list[Piece]]:
    rows: list[list[Piece]] = [[]]
    for token, value in lexer.get_tokens(text):
        name = _class_of(str(token).removeprefix("Token."))
        for number, part in enumerate(value.split("\n")):
            if number:
                rows.append([])
            if part and rows[-1] and rows[-1][-1][0] == name:
                rows[-1][-1] = (name, rows[-1][-1][1] + part)
            elif part:
                rows[-1].append((name, part))
    return rows


@cache
def _class_of(token: str) -> str:
    return next((name for begin, name in _CLASSES if token.startswith(begin)), "")


@cache
def _lexer(name: str) -> Any:
    """What reads the language of a file of this name; `None` where nobody knows it."""
    try:
        from pygments.lexers import (  # type: ignore[import-untyped]
            get_lexer_for_filename,
        )
        from pygments.util import ClassNotFound  # type: ignore[import-untyped]
    except ImportError:
        return None
    try:
        return get_lexer_for_filename(name, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None

"""Mistakes in phase files, as a person reads them: place, source line, caret, hint."""

from __future__ import annotations

from collections.abc import Iterator

from runbook.core.model.diagnostics import Diagnostic, InvalidPhaseFiles
from runbook.core.position import Position
from runbook.core.text.counting import count
from runbook.core.text.printable import printable

_TAB = 4

_MOST = 5000
"""Mistakes that are shown: whoever has more mends those first."""

_WIDEST = 200
"""Characters of a source line; of a longer one those around the caret are shown."""

_BEFORE = 60
"""Characters of those before the caret, at most; a third of what a terminal has room for."""

_BESIDE = len("    1 | ")
_DOTS = "..."


def mistakes(found: InvalidPhaseFiles, columns: int | None = None) -> str:
    """The mistakes, each with its source line and a caret, and their number at the end.

    `columns` are those of a terminal that shows them.
    """
    number = len(found.diagnostics)
    blocks = ["\n".join(_lines(diagnostic, columns)) for diagnostic in found.diagnostics[:_MOST]]
    files = len({diagnostic.at.path for diagnostic in found.diagnostics})
    where = f" in {files} files" if files > 1 else ""
    shown = f"; the first {_MOST} are shown" if number > _MOST else ""
    blocks.append(f"{count(number, 'mistake')}{where}{shown}; nothing was touched.")
    return "\n\n".join(blocks)


def _lines(diagnostic: Diagnostic, columns: int | None) -> Iterator[str]:
    found = diagnostic
    yield f"{printable(str(found.at))}: error: {printable(found.message)}"
    yield from excerpt_lines(found.at, found.excerpt, found.width, columns)
    if found.hint:
        yield f"      = hint: {printable(found.hint)}"


def excerpt_lines(
    at: Position, excerpt: str, width: int, columns: int | None = None
) -> Iterator[str]:
    """A source line with its number, and a caret under the characters meant.

    Of one that a terminal of so many `columns` would break, the part around the caret is shown.
    """
    if excerpt.strip():
        number = f"{at.line:>5}"
        widest = _WIDEST
        if columns is not None and len(excerpt) > columns - _BESIDE:
            widest = max(_BEFORE, min(_WIDEST, columns - _BESIDE - 2 * len(_DOTS)))
        before_caret = min(_BEFORE, widest // 3)
        first = max(0, at.column - 1 - before_caret) if len(excerpt) > widest else 0
        last = first + widest
        dots = _DOTS if first else ""
        before = dots + excerpt[first : at.column - 1]
        marked = excerpt[at.column - 1 : min(last, at.column - 1 + width)]
        shown = dots + excerpt[first:last] + (_DOTS if len(excerpt) > last else "")
        yield f"{number} | {_flat(shown)}"
        beside, below = _cells(_flat(before)), max(1, _cells(_flat(marked)))
        yield f"{' ' * len(number)} | {' ' * beside}{'^' * below}"


def _cells(text: str) -> int:
    """The columns that a text takes: signs of East Asia are two wide, an accent has none."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    wide = sum(east_asian_width(sign) in "WF" for sign in text)
    return len(text) + wide - sum(combining(sign) > 0 for sign in text)


def _flat(text: str) -> str:
    """Source text on one line, with nothing in it that a terminal acts on."""
    return printable(text.replace("\t", " " * _TAB))

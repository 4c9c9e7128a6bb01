"""Mistakes in phase files, as a person reads them: place, source line, caret, hint."""

from __future__ import annotations

from collections.abc import Iterator

from runbook.core.model.diagnostics import Diagnostic, InvalidPhaseFiles
from runbook.core.position import Position
from runbook.core.text.counting import count
from runbook.core.text.printable import printable

_TAB = 4


def mistakes(found: InvalidPhaseFiles) -> str:
    """All mistakes, each with its source line and a caret, and their number at the end."""
    blocks = ["\n".join(_lines(diagnostic)) for diagnostic in found.diagnostics]
    number = len(blocks)
    files = len({diagnostic.at.path for diagnostic in found.diagnostics})
    where = f" in {files} files" if files > 1 else ""
    blocks.append(f"{count(number, 'mistake')}{where}; nothing was touched.")
    return "\n\n".join(blocks)


def _lines(diagnostic: Diagnostic) -> Iterator[str]:
    found = diagnostic
    yield f"{printable(str(found.at))}: error: {printable(found.message)}"
    yield from excerpt_lines(found.at, found.excerpt, found.width)
    if found.hint:
        yield f"      = hint: {printable(found.hint)}"


def excerpt_lines(at: Position, excerpt: str, width: int) -> Iterator[str]:
    """A source line with its number, and a caret under the characters meant."""
    if excerpt.strip():
        number = f"{at.line:>5}"
        before = excerpt[: at.column - 1]
        marked = excerpt[at.column - 1 : at.column - 1 + width]
        yield f"{number} | {_flat(excerpt)}"
        yield f"{' ' * len(number)} | {' ' * len(_flat(before))}{'^' * max(1, len(_flat(marked)))}"


def _flat(text: str) -> str:
    """Source text on one line, with nothing in it that a terminal acts on."""
    return printable(text.replace("\t", " " * _TAB))

"""Blocks that only show something: drawings, counted examples, and what a blank is filled with."""

from __future__ import annotations

import re

from runbook.markdown.importing.text.pieces import Piece, lead_of
from runbook.markdown.importing.words.filekinds import is_document
from runbook.markdown.importing.words.vocabulary import anycase

_BLANK = re.compile(r"\{\{[^{}]+\}\}|\$\{[^{}]+\}|__[A-Z_]+__|<[A-Z_ -]+>|[%@][A-Z_]+[%@]")

_PATCH = re.compile(
    r"^(?:<{5,} ?(?:SEARCH|ORIGINAL|HEAD)\b|\*\*\* (?:Begin Patch|(?:Add|Update|Delete) File:)|"
    r"diff --git |@@ -\d|\+\+\+ \S)",
    re.MULTILINE,
)


def is_patch(piece: Piece) -> bool:
    """Whether a block changes files by its form: a patch, or what editors search and replace."""
    return piece.info.startswith(("diff", "patch")) or _PATCH.search(piece.text) is not None


def explains_part(pieces: list[Piece], index: int, whole: str) -> bool:
    """Whether a block only shows what a blank of another one is filled with: "`{{NAME}}` is:"."""
    quoted = re.findall(r"`([^`\n]+)`", lead_of(pieces, index, ""))
    return bool(quoted) and all(_BLANK.fullmatch(each) and each in whole for each in quoted)


_DRAWN = re.compile(r"^\s*(?:[│┃|]\s*)*(?:\+[-=]{2,}[-=+]*|[┌┐└┘├┤┬┴┼╔╗╚╝╠╣╭╮╰╯─━═]{2,})")
_DRAWS = re.compile(r"[│┌┐└┘├┤┬┴┼║╔╗╚╝╠╣╭╮╰╯]|^\s*[|v^▼▲↓↑]\s*$|-{2,}>|─+[►▶>]")
_COUNTED = anycase(
    r"^\W*(\d+[.)]\s*)?((conversion|migration|replacement|transformation|usage|common|"
    r"code) )?(pattern|example|sample|template|idiom|recipe) ([A-Z]|\d+|#\d+)(?![\w-])",
    re.MULTILINE,
)


def is_drawing(code: str) -> bool:
    """Whether a block is a picture of characters: boxes, arrows, a tree of files."""
    lines = [line for line in code.split("\n") if line.strip()]
    drawn = sum(bool(_DRAWN.match(line)) for line in lines)
    return drawn >= 2 or sum(bool(_DRAWS.search(line)) for line in lines) * 2 > len(lines) + 1


def only_drawn(path: str, piece: Piece) -> bool:
    """Whether a block is a drawing, and its file no document in which one could stand."""
    language = piece.info.split(" ")[0].lower()
    shown = language in ("", "text", "txt", "plaintext", "ascii", "diagram", "mermaid")
    return shown and not is_document(path) and is_drawing(piece.text)


def is_counted_example(pieces: list[Piece], index: int) -> bool:
    """Whether a block stands under a label such as "Pattern A:" or "Example 2:"."""
    before = "\n".join(piece.text for piece in pieces[:index] if piece.kind == "prose")
    return _COUNTED.search(before) is not None

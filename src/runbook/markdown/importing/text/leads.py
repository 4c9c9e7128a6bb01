"""The sentences that lead up to a block, apart from the words before them."""

from __future__ import annotations

import re

from runbook.core.value import replace
from runbook.markdown.importing.text.pieces import Piece

_WIDE = 45  # of a line that may be one because the page ends
_ENDED = re.compile(r"[.:!?\u3002\uff1a\uff01\uff1f][\"'\u201d\u2019)\]*_`]*$")
_BEGINS = re.compile(r"[-*+|>#]\s|\d+[.)]\s|\*\*|\([a-z]\)\s")


def leads_apart(buffer: list[Piece], source: tuple[str, ...]) -> list[Piece]:
    """The pieces, the sentences that lead up to a block apart from the words before them.

    Of the plan's lines, `source`, those are one that only the width of the page parts.
    """
    made: list[Piece] = []
    for index, piece in enumerate(buffer):
        follows = index + 1 < len(buffer) and buffer[index + 1].kind == "code"
        lines = piece.text.rstrip().split("\n")
        if piece.kind != "prose" or not follows or piece.last == piece.first or not lines[1:]:
            made.append(piece)
            continue
        size = _wrapped(lines, source[piece.first - 1 : piece.last])
        before, lead = lines[:-size], " ".join(line.strip() for line in lines[-size:])
        if before:
            made.append(replace(piece, text="\n".join(before), last=piece.last - size))
        made.append(replace(piece, text=lead, first=piece.last - size + 1))
    return made


def _wrapped(lines: list[str], source: tuple[str, ...]) -> int:
    """How many of the last lines of a text are one sentence or more, broken only for the width."""
    size = 1
    while size < len(lines) and size < len(source):
        line, before = source[-size].strip(), source[-size - 1].strip()
        told = lines[-size].strip(), lines[-size - 1].strip()
        begun = _BEGINS.match(line) or not before.endswith(told[1]) or not line.endswith(told[0])
        if begun or len(told[1]) < _WIDE or _ENDED.search(told[1]):
            break
        size += 1
    return size

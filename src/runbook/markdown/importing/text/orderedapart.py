"""Orders behind a command, or behind what is expected of it: "PASS. Then delete `a.py`."."""

from __future__ import annotations

import re

from runbook.core.value import replace
from runbook.markdown.importing.text.pieces import Piece
from runbook.markdown.importing.words.vocabulary import MAKING, anycase

_LEADS = (
    r"(and )?(then|next|now|finally|lastly|afterwards|after (that|this)|once (it|they|all|tests?|"
    r"everything) (is|are|pass|passes)( green)?)\b[,:]? (also )?"
)
# What a later step does is only announced there.
_DOES = rf"(?!(implement|fix)\b)({MAKING}|commit\b)"
_WHAT = r"(?= (the|this|these|that|all|both|everything|any|each|every|old|with message)\b| `)"
_ORDER = anycase(rf"((?<=[.!。]) |\n\s*)(?=\S)(?={_LEADS}{_DOES}|{_DOES}{_WHAT})")

_QUOTED = re.compile(r"(`|\")[^`\"\n]*\1")


def orders_apart(found: list[Piece]) -> list[Piece]:
    """The pieces of a step, with such orders in pieces of their own, which are no expectation."""
    made: list[Piece] = []
    behind: Piece | None = None  # an order behind a command whose expectation may follow
    for piece in found:
        if behind is not None and piece.kind != "expected":
            made.append(behind)
            behind = None
        text = piece.after if piece.kind == "command" else piece.text
        quoted = _QUOTED.sub(lambda found: found[1].ljust(len(found[0]) - 1, "x") + found[1], text)
        order = _ORDER.search(quoted) if piece.kind in ("command", "expected") else None
        if order is None or not text[: order.start()].strip():
            made.append(piece)
        else:
            told = text[: order.start()]
            words = Piece("order", text[order.end() :].rstrip(), piece.last, piece.last)
            if piece.kind == "command":
                made.append(replace(piece, after=told))
                behind = words
                continue
            made += [replace(piece, text=told), words]
        if behind is not None:
            made.append(behind)
            behind = None
    return made if behind is None else [*made, behind]

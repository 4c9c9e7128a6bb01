"""A change of a word in a line, with the line as it is to be: "from `a` to `b`:" and a block."""

from __future__ import annotations

import re

from runbook.core.matching.texts import LineRange, Text
from runbook.core.model.operations import Replace
from runbook.markdown.importing.forms.recognized import Recognized
from runbook.markdown.importing.places.files import Scope, target
from runbook.markdown.importing.text.pieces import Piece, lead_of
from runbook.markdown.importing.words.elision import elided
from runbook.markdown.importing.words.filelist import parse_path
from runbook.markdown.importing.words.wording import everywhere, inexact

_FROM_TO = re.compile(
    r"\b(?:change|replace|update|bump)\b(?:[^`]*|.*\bfrom\s+)`(?P<old>[^`]+)`"
    r"(?:\s+(?:on|in|at)\s+lines?\s+(?P<line>\d+))?\s+(?:to|with|by)\s+`(?P<new>[^`]+)`"
    r"(?:\s+(?:on|in|at)\s+lines?\s+(?P<line2>\d+))?\s*[:：]\W*$",
    re.IGNORECASE,
)


def resulting_line(
    pieces: list[Piece], index: int, scope: Scope, before: str | None
) -> Recognized | None:
    """The rule for a line that is shown as it is to be, of which one word is changed.

    The old line is the shown one with the old word in it: the new word must stand there once, and
    the old one not at all.
    """
    piece = pieces[index]
    lead = lead_of(pieces, index, scope.title)
    said = _FROM_TO.search(lead)
    code = piece.text.rstrip("\n")
    if said is None or "\n" in code or not code.strip() or elided(code):
        return None
    old, new = said["old"], said["new"]
    several = everywhere(lead) or re.search(r"\b(?:every|each|all)\b", lead, re.IGNORECASE)
    if inexact(lead) or several or parse_path(old) or code.count(new) != 1 or old in code:
        return None
    path = target(lead, piece.text, piece.info, scope, before)
    if path is None or code == new:
        return None
    line = int(said["line"] or said["line2"] or 0)
    change = Replace(
        Text(code.replace(new, old) + "\n", True),
        Text(code + "\n", True),
        lines=LineRange(line, line) if line else None,
    )
    return Recognized(path, change, index, index)

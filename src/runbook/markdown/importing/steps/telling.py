"""Whether what stands before an edit only leads up to it, so that nothing of it is left to do."""

from __future__ import annotations

import re

from runbook.core.matching.normalized import NormalizedText
from runbook.core.matching.texts import Text
from runbook.markdown.importing.forms.form import Found, Recognized
from runbook.markdown.importing.places.trial import new_texts, old_texts
from runbook.markdown.importing.text.pieces import Piece
from runbook.markdown.importing.words.announcing import announces
from runbook.markdown.importing.words.prose import asks_for_more
from runbook.markdown.importing.words.vocabulary import BEGIN, IN

# "Apply the same change in all three places.", and then the change.
_SAME_CHANGE = re.compile(
    r"\W*(?:apply|make|do|perform)\s+(?:the|this|these)\s+(?:same|following|exact)?\s*(?:changes?|edits?|"
    r"replacements?|substitutions?|updates?)\b[^.`\n]*[.:]",
    re.IGNORECASE,
)
# "Find the table that begins:", and a part of it: what is then done says where by itself.
_FINDS = re.compile(
    rf"{BEGIN}{IN}(?:find|locate|look\s+for)\s+(?:the|this)\b"
    r"(?:(?!\band\b)[^`.:\n]){0,60}[:：]\W*",
    re.IGNORECASE,
)
_LISTED = re.compile(r"\s*(?:[-*+]|\d+[.)])\s")


def finds(before: list[Piece], at: int, text: str) -> bool:
    """Whether a piece has its reader find what a block shows of a file, or is that block."""
    shown = at if before[at].kind == "code" else at + 1
    if not 0 < shown < len(before) or before[shown].kind != "code":
        return False
    words = before[shown - 1].text.strip()
    there = NormalizedText(text).occurrences(Text(before[shown].text, True), "indent")
    return bool(there) and _FINDS.fullmatch(words) is not None and not asks_for_more(words)


def only_tells(
    found: Recognized,
    change: Found,
    before: list[Piece],
    lines: tuple[str, ...],
) -> bool:
    """Whether words, a plan's `lines`, only say what the edit after them does in full."""
    words = "\n".join(each.text for each in before)
    if _SAME_CHANGE.fullmatch(words.strip()) and not callable(found.change):
        return True
    if isinstance(change, str):
        return False
    if any(_LISTED.match(lines[each.first - 1]) for each in before):
        return False  # an item of a list is something of its own
    made = change if isinstance(change, tuple) else (change,)
    return announces(
        words, "\n".join(t for each in made for t in (*old_texts(each), *new_texts(each)))
    )

"""On which side of a place something goes, as words say it."""

from __future__ import annotations

import re
from typing import Literal

Side = Literal["after", "before"]

_ENDS = re.compile(
    r"\b(?P<side>after|below|before|above)\b(?:\s+(?:it|this|the|these|line|lines|block|code|"
    r"following|existing|import|row|call|statement|heading))*\s*[:：]\W*$",
    re.IGNORECASE,
)
_INSERT = re.compile(r"^\W*(?:and\s+)?(?:insert|add)\b[^.`]{0,50}[:：]?\W*$", re.IGNORECASE)
_INSERT_AT = re.compile(
    r"^\W*(?:and\s+)?(?:insert|add|place)\b[^.`]{0,40}?\b(?P<side>after|below|before|above)\s+"
    r"(?:it|this|that|the (?:block|line|row))\W*$"
    r"|^\W*(?:and\s+)?(?:immediately|directly|right)?\s*(?P<side2>after|below|before|above)\s+"
    r"(?:it|this|that)\b,?\s*(?:insert|add)\b[^.`]{0,30}\W*$",
    re.IGNORECASE,
)
_FIND = re.compile(r"\b(?:find|locate)\b", re.IGNORECASE)


def side_of(word: str) -> Side:
    """The side that a preposition says."""
    return "after" if word.lower() in ("after", "below") else "before"


def between_blocks(lead: str, words: str) -> Side | None:
    """Where the second of two blocks goes, seen from the first: the anchor."""
    ends = _ENDS.search(lead)
    if ends and _INSERT.fullmatch(words):
        return side_of(ends["side"])
    at = _INSERT_AT.fullmatch(words)
    if at and (_FIND.search(lead) or ends):
        return side_of(at["side"] or at["side2"])
    return None

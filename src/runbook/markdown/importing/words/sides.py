"""On which side of a place something goes, as words say it."""

from __future__ import annotations

from typing import Literal

from runbook.markdown.importing.words.vocabulary import anycase

Side = Literal["after", "before"]

_ENDS = anycase(
    r"\b(?P<side>after|below|before|above)\b( (it|this|the|these|line|lines|block|code|following|"
    r"existing|import|row|call|statement|heading))*\s*[:：]\W*$"
)
_INSERT = anycase(r"^\W*(and )?(insert|add)\b[^.`]{0,50}[:：]?\W*$")
_INSERT_AT = anycase(
    r"^\W*(and )?(insert|add|place)\b[^.`]{0,40}?\b(?P<side>after|below|before|above) (it|this|"
    r"that|the (block|line|row))\W*$"
    r"|^\W*(and )?(immediately|directly|right)?\s*(?P<side2>after|below|before|above) (it|this|"
    r"that)\b,?\s*(insert|add)\b[^.`]{0,30}\W*$"
)
_FIND = anycase(r"\b(find|locate)\b")


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

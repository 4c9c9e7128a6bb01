"""The sentences of what a plan says, and what is left of one without its code and marks."""

from __future__ import annotations

import re
from functools import lru_cache

from runbook.markdown.importing.words.vocabulary import without_code

# Signs over and over say no more than once, and patterns take long over them.
_REPEATED = re.compile(r"(\W{1,6}?)\1{3,}")
_ONLY_ASKED = re.compile(r"\b(?:what|which|where|how|whether)\s+to\s+\w+", re.IGNORECASE)


@lru_cache(maxsize=512)
def plain(words: str) -> str:
    """Words without code, marks, and what is only asked: "decide which to keep"."""
    words = _ONLY_ASKED.sub("", words)
    return _REPEATED.sub(r"\1", without_code(words)).strip(" *_[]\t-")


def said_of(words: str) -> list[str]:
    """The sentences of words, each plain; of one that is nothing but code, nothing is left."""
    return [plain(each) for each in sentences(words)]


@lru_cache(maxsize=256)
def sentences(words: str) -> tuple[str, ...]:
    """The sentences and items that words consist of."""
    bare = re.sub(r"^[ \t]*(?:[-*+]|\d+[.)])\s+(?:\[[ xX]\]\s*)?", "", words, flags=re.MULTILINE)
    bare = (
        re.sub(r"(?<=[^\n.:;])\n(?=[^\n])", " ", bare)
        if not re.search(r"\n\s*[-*\d]", words)
        else bare
    )
    parts = re.split(r"(?<=[\w)`*][.!。])\s+|\n+", bare)
    return tuple(each for each in parts if each.strip())

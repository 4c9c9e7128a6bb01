"""The sentences of what a plan says, and what is left of one without its code and marks."""

from __future__ import annotations

import re

from runbook.markdown.importing.words.vocabulary import without_code

# Signs over and over say no more than once, and patterns take long over them.
_REPEATED = re.compile(r"(\W{1,6}?)\1{3,}")


def plain(words: str) -> str:
    """Words without code, marks, and what is only asked: "decide which to keep"."""
    words = re.sub(r"\b(?:what|which|where|how|whether)\s+to\s+\w+", "", words, flags=re.IGNORECASE)
    return _REPEATED.sub(r"\1", without_code(words)).strip(" *_[]\t-")


def sentences(words: str) -> list[str]:
    """The sentences and items that words consist of."""
    bare = re.sub(r"^[ \t]*(?:[-*+]|\d+[.)])\s+(?:\[[ xX]\]\s*)?", "", words, flags=re.MULTILINE)
    bare = (
        re.sub(r"(?<=[^\n.:;])\n(?=[^\n])", " ", bare)
        if not re.search(r"\n\s*[-*\d]", words)
        else bare
    )
    return [each for each in re.split(r"(?<=[\w)`*][.!。])\s+|\n+", bare) if each.strip()]

"""Parts of English sentences, as regular expressions that the forms are put together from."""

from __future__ import annotations

import re
from functools import lru_cache

_IN_CODE = re.compile(r"`[^`\n]*`")


@lru_cache(maxsize=1024)
def without_code(words: str) -> str:
    """Words with code left out, of which the backticks stay."""
    return _IN_CODE.sub("``", words)


def any_of(words: str) -> str:
    """One of some words, each a regular expression of its own, by spaces apart."""
    return f"(?:{'|'.join(words.split())})"


CODE = r"`[^`\n]+`"
# "2. Then, ", before the verb.
BEGIN = r"\W*(?:\d+[.)]\s*)?(?:(?:then|next|now|also|finally|first)\b,?\s+)*"
# "In `ship.py`, " before it.
IN = rf"(?:in\s+{CODE}\s*,?\s*)?"
END = r"\s*[:：.]?\W*"
WITH = r"(?:\s+(?:with|to|to\s+read|as\s+follows)(?:\s+(?:this|the\s+following))?)?"
RIGHT = r"(?:(?:immediately|directly|right|just)\s+)?"
SIDE = r"(?P<side>after|below|before|above)"

ADDING = any_of("add append write implement create define introduce include insert extend put")
PUTTING = any_of("add insert append put")
CHANGING = any_of("replace rewrite update change modify set")
# What may say that something has a place of its own, or depends on something.
PLACED = re.compile(
    r"\b(?:after|before|below|above|between|near|top|beginning|inside|around|where|if|unless|or|instead|"
    r"each|every|both)\b",
    re.IGNORECASE,
)

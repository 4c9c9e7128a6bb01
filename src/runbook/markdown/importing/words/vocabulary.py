"""Sentences and what is left of them without code, and parts of English ones.

The parts are regular expressions that others are put together from.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Literal

# Escapes, classes, and groups that are asked for stand for themselves.
_SHORT = re.compile(r"(\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?\(\w+\))|\((?!\?)| (?![?*+{])", re.DOTALL)


def spelled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """A regular expression of words: a blank is any number of them, and brackets are no group.

    They only hold together; what is to be told of has a name.
    """
    plain = _SHORT.sub(lambda it: it[1] or (r"\s+" if it[0] == " " else "(?:"), pattern)
    return re.compile(plain, flags)


def anycase(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """The same, whatever the case of the words."""
    return spelled(pattern, flags | re.IGNORECASE)


_IN_CODE = re.compile(r"`[^`\n]*`")


@lru_cache(maxsize=1024)
def without_code(words: str) -> str:
    """Words with code left out, of which the backticks stay."""
    return _IN_CODE.sub("``", words)


# Signs over and over say no more than once, and patterns take long over them.
_REPEATED = re.compile(r"(\W{1,6}?)\1{3,}")
_ONLY_ASKED = re.compile(r"\b(?:what|which|where|how|whether)\s+to\s+\w+", re.IGNORECASE)


@lru_cache(maxsize=512)
def plain(words: str) -> str:
    """Words without code, marks, and what is only asked: "decide which to keep"."""
    words = _ONLY_ASKED.sub("", words)
    return _REPEATED.sub(r"\1", without_code(words)).strip(" *_[]\t-")


def _judgement(
    how: Literal["match", "search", "fullmatch"],
    pattern: str,
    of: Callable[[str], str] = str,
) -> Callable[[str], bool]:
    """Whether a pattern is found in words, read as what is made `of` them."""
    find = getattr(anycase(pattern), how)
    return lambda words: find(of(words)) is not None


begins = partial(_judgement, "match")
has = partial(_judgement, "search")
is_all = partial(_judgement, "fullmatch")


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


def any_of(words: str) -> str:
    """One of some words, each a regular expression of its own, by spaces apart."""
    return f"(?:{'|'.join(words.split())})"


CODE = r"`[^`\n]+`"
# "2. Then, ", before the verb.
BEGIN = r"\W*(?:\d+[.)]\s*)?(?:(?:then|next|now|also|finally|first)\b,?\s+)*"
# "In `ship.py`, " before it.
IN = rf"(in {CODE}\s*,?\s*)?"
END = r"\s*[:：.]?\W*"
WITH = r"(?:\s+(?:with|to|to\s+read|as\s+follows)(?:\s+(?:this|the\s+following))?)?"
RIGHT = r"(?:(?:immediately|directly|right|just)\s+)?"
SIDE = r"(?P<side>after|below|before|above)"

ADDING = any_of("add append write implement create define introduce include insert extend put")
PUTTING = any_of("add insert append put")
CHANGING = any_of("replace rewrite update change modify set")
# Whatever changes a file.
MAKING = (
    any_of(
        r"add apply adapt adjust append bump change configure convert copy create define delete "
        r"document drop edit enable expand export extend extract fill fix implement import insert "
        r"integrate introduce make(?!\s+sure) migrate modify move patch populate port refactor "
        r"register remove rename reorder replace restore rewrite set split strip substitute swap "
        r"switch thread update upgrade wire wrap write"
    )
    + r"\b"
)
# What may say that something has a place of its own, or depends on something.
PLACED = re.compile(
    r"\b(?:after|before|below|above|between|near|top|beginning|inside|around|where|if|unless|or|instead|"
    r"each|every|both)\b",
    re.IGNORECASE,
)

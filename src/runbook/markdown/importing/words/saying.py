"""What the line before a block says, read once for every form that is asked about it."""

from __future__ import annotations

import re
from functools import lru_cache

from runbook.core.matching.texts import LineRange
from runbook.core.value import value
from runbook.markdown.importing.words.filelist import parse_path
from runbook.markdown.importing.words.prose import asks_for_more
from runbook.markdown.importing.words.vocabulary import BEGIN, CODE, anycase, without_code
from runbook.markdown.importing.words.wording import everywhere, inexact

NUMBERS = anycase(
    r"(,\s*|\band )?(\b(after|before|at|around|near|on|in) )?(~\s*|approximately |"
    r"around )?\blines?\s*~?\d+(\s*[-–]\s*\d+)?"
)
_LINES = re.compile(r"\b(?:lines?|L)\s*~?(\d+)(?:\s*(?:[-–]|to|through)\s*(\d+))?", re.IGNORECASE)
# "Lines 183, 256 and 328": one place is not all that is meant.
_SEVERAL_LINES = re.compile(
    r"\blines?\s*~?\d+(?:\s*[-–]\s*\d+)?(?:\s*,\s*(?:and\s+)?|\s+and\s+)~?\d+\b"
    r"(?! \w+s\b)",
    re.IGNORECASE,
)
_FIRST_FILE = re.compile(
    rf"{BEGIN}(?:in|modify|edit|update|open|read)\s+({CODE})\s*(?:[,:.–—-]|and\b)?\s*", re.I
)
# What is only opened is the file of what is then done.
_READS = re.compile(rf"^(?:read|open)\s+({CODE})\s+and\s+(?:then\s+)?(?=[a-z])", re.IGNORECASE)
# What is found first is what is then given anew.
_FINDS = re.compile(
    r"^(?:find|locate)\s+(the\s+(?:existing\s+)?`[^`\n]+`\s+(?:function|method|class|component|hook)"
    r"(?:\s+\([^()]*\))?)\s+and\s+(replace|rewrite|update)\s+(?:it|this)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"`([^`\n]+)`")


@value
class Saying:
    """A line that leads to a block: its words, and what they say of the block whatever its form."""

    lead: str
    words: str  # without what makes them bold
    bare: str  # the words, of whose code only the backticks are left
    codes: tuple[str, ...]
    lines: LineRange | None  # the only ones that it names
    hedged: bool  # the block is an example, approximate, or for a case that may not be
    more: bool  # there is more to do than the one thing
    everywhere: bool  # all places are meant


@lru_cache(maxsize=64)
def read(lead: str, *, is_title: bool = False) -> Saying:
    """What a line says; `is_title` if it is a step's title."""
    words = _READS.sub(r"In \1, ", lead.strip().replace("**", ""))
    words = _FINDS.sub(lambda it: f"{it[2].capitalize()} {it[1]}", words)
    all_places, several = everywhere(lead), _SEVERAL_LINES.search(lead) is not None
    return Saying(
        lead,
        words,
        without_code(words),
        tuple(_QUOTED.findall(words)),
        named_lines(lead),
        inexact(NUMBERS.sub("", lead), is_title=is_title) or (several and not all_places),
        asks_for_more(without_file(words)),
        all_places,
    )


def named_lines(words: str) -> LineRange | None:
    """The lines that words name, if they name them once."""
    found = _LINES.findall(words)
    if len(found) != 1 or _SEVERAL_LINES.search(words):
        return None
    first, last = int(found[0][0]), int(found[0][1] or found[0][0])
    return LineRange(first, last) if 0 < first <= last else None


def without_file(words: str) -> str:
    """The words without "In `path`," at their head."""
    found = _FIRST_FILE.match(words)
    if found and parse_path(found[1][1:-1]) is not None:
        return words[found.end() :]
    return words

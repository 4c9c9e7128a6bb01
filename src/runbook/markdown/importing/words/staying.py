"""Files that words name and that stay as they are: what is read, followed, tested or taken from."""

from __future__ import annotations

import re

_CODES = r"`[^`\n]+`(?:(?:,\s*|,?\s+and\s+|\s*/\s*)`[^`\n]+`)*"
_STAYS = re.compile(
    r"\b(?=[abcflmpstv])(?:from|like|against|per|follow(?:ing)?|mirroring|matching|see|via|than|alongside|as\s+in|"
    r"based\s+on|(?:similar|identical|analogous)\s+to|same\s+(?:pattern\s+)?as|"
    r"patterns?\s+(?:in|of|from)|"
    r"(?:tests?|coverage|specs?|assertions?|suites?|cases)\s+(?:of|for|that\s+\w+))"
    rf"\s+(?:(?:the|an?|our|its|existing)\s+)*(?P<codes>{_CODES})",
    re.IGNORECASE,
)
_BEFORE = r"\w*\b[^.;\n]*$"
_REMOVES = re.compile(
    rf"\b(?:remov|delet|drop|strip|unregister|clear|purg|cut|omit|exclud|eliminat){_BEFORE}",
    re.IGNORECASE,
)
_MOVES = re.compile(rf"\b(?:mov|extract|split|pull|relocat){_BEFORE}", re.IGNORECASE)


# "Copy `a` to `b`" changes `b`.
_COPIED = re.compile(
    r"(?P<copy>\b(?:copy|duplicate)\s+(?:the\s+)?)`[^`\n]+`(?=\s+(?:over\s+)?(?:to|as|into)\s+`)",
    re.IGNORECASE,
)


# "Do not change `a`."
_FORBIDDEN = re.compile(
    r"\b(?=[adnmw])(?:do\s+not|don't|never|must\s+not|mustn't|without|avoid|no\s+changes?\s+(?:to|in))\s+(?:[a-z]+\s+){0,4}?"
    rf"{_CODES}",
    re.IGNORECASE,
)


def changing(words: str) -> str:
    """Words without the files that stay as they are: "tests for `ship.py`", "like `boat.py`"."""
    if "`" not in words:
        return words
    words = _FORBIDDEN.sub("", words)
    words = _COPIED.sub(r"\g<copy>it", words)
    # What is removed from a file changes it.
    return _STAYS.sub(lambda it: it[0] if _is_source(it, _REMOVES) else "", words)


def moved_from(words: str) -> list[str]:
    """The code that words move something out of, which may change with it."""
    return [
        code
        for found in _STAYS.finditer(words)
        if _is_source(found, _MOVES)
        for code in re.findall(r"`[^`\n]+`", found["codes"])
    ]


def _is_source(found: re.Match[str], taken: re.Pattern[str]) -> bool:
    """Whether something is `taken` from the files that are found."""
    from_it = found[0].lower().startswith("from")
    return from_it and taken.search(found.string[: found.start()]) is not None

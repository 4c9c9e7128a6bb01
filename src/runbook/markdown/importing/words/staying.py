"""Files that words name and that stay as they are: what is read, followed, tested or taken from."""

from __future__ import annotations

import re

from runbook.markdown.importing.words.vocabulary import anycase

_CODES = r"`[^`\n]+`((,\s*|,? and |\s*/\s*)`[^`\n]+`)*"
_STAYS = anycase(
    r"\b(?=[abcflmpstv])(from|like|against|per|follow(ing)?|mirroring|matching|see|via|than|"
    r"alongside|as in|based on|(similar|identical|analogous) to|same (pattern )?as|patterns? (in|"
    r"of|from)|(tests?|coverage|specs?|assertions?|suites?|cases) (of|for|that \w+))"
    rf" ((the|an?|our|its|existing) )*(?P<codes>{_CODES})"
)
_BEFORE = r"\w*\b[^.;\n]*$"
_REMOVES = anycase(
    rf"\b(remov|delet|drop|strip|unregister|clear|purg|cut|omit|exclud|eliminat){_BEFORE}"
)
_MOVES = anycase(rf"\b(mov|extract|split|pull|relocat){_BEFORE}")


# "Copy `a` to `b`" changes `b`.
_COPIED = anycase(r"(?P<copy>\b(copy|duplicate) (the )?)`[^`\n]+`(?= (over )?(to|as|into) `)")


# "Do not change `a`."
_FORBIDDEN = anycase(
    r"\b(?=[adnmw])(do not|don't|never|must not|mustn't|without|avoid|no changes? (to|in)) "
    r"([a-z]+ ){0,4}?"
    rf"{_CODES}"
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

"""Words before an edit that say no more than what it does in full."""

from __future__ import annotations

import re

from runbook.markdown.importing.words.prose import asks_for_more, instructs
from runbook.markdown.importing.words.sentences import sentences
from runbook.markdown.importing.words.vocabulary import BEGIN, without_code

WIDER = re.compile(
    r"\b(?:callers?|call sites?|imports?|elsewhere|each|every|all|both|others?|too|as well|also)\b",
    re.IGNORECASE,
)
_FINDS = re.compile(
    rf"{BEGIN}(?:find|locate|open|look\s+(?:for|at)|read)\b[^.]*[.:]?\s*", re.IGNORECASE
)
# What else is done is no announcement of it.
_OTHER = re.compile(
    r"\b(?:delet|remov|drop|renam|mov|extract|split|merg|keep|copy|copi)\w*\b", re.I
)
_IN_QUOTES = re.compile(r"[\"“][^\"”]*[\"”]")
_QUOTED = re.compile(r"`([^`\n]+)`|[\"“]([^\"”]{4,})[\"”]")


def announces(words: str, shown: str) -> bool:
    """Whether words only have their reader find what an edit changes, or tell of its texts.

    What they order must quote lines, or how they begin, of the edit's old and new text, `shown`,
    and nothing else.
    """
    lines = [_plain(line) for line in shown.split("\n")]
    for sentence in sentences(words):
        if not instructs(sentence):
            continue
        bare = without_code(_IN_QUOTES.sub("", sentence))
        if asks_for_more(sentence) or WIDER.search(bare) or _OTHER.search(bare):
            return False
        # Code in quotes is quoted once.
        single = _IN_QUOTES.sub(lambda it: it[0].replace("`", "\1"), sentence)
        quoted = [_plain(code or said) for code, said in _QUOTED.findall(single)]
        begun = quoted and all(_begins(lines, each) for each in quoted)
        if not (_FINDS.fullmatch(bare) or begun):
            return False
    return True


def _begins(lines: list[str], quoted: str) -> bool:
    """Whether what is quoted is no mere name, and is how some lines begin."""
    at = range(len(lines))
    return " " in quoted and any(" ".join(lines[n : n + 9]).startswith(quoted) for n in at)


def _plain(text: str) -> str:
    return " ".join(text.replace("\1", "`").split()).lower()

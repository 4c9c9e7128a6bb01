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
_FINDS = re.compile(rf"{BEGIN}(?:find|locate|open|look\s+(?:for|at)|read)\b[^.]*[.:]?\s*", re.IGNORECASE)
_QUOTED = re.compile(r"`([^`\n]+)`|[\"“]([^\"”]{4,})[\"”]")


def announces(words: str, shown: str) -> bool:
    """Whether words only have their reader find what an edit changes, or tell of its texts.

    What they order must quote something, and nothing that the edit's old and new text, `shown`, have
    not.
    """
    there = _plain(shown)
    for sentence in sentences(words):
        if not instructs(sentence):
            continue
        bare = without_code(sentence)
        if asks_for_more(sentence) or WIDER.search(re.sub(r"[\"“][^\"”]*[\"”]", "", bare)):
            return False
        quoted = [_plain(code or said) for code, said in _QUOTED.findall(_single(sentence))]
        if not (_FINDS.fullmatch(bare) or (quoted and all(each in there for each in quoted))):
            return False
    return True


def _single(sentence: str) -> str:
    """A sentence whose code in quotes is quoted once."""
    return re.sub(r"([\"“][^\"”]*[\"”])", lambda it: it[0].replace("`", "\1"), sentence)


def _plain(text: str) -> str:
    return " ".join(text.replace("\1", "`").split()).lower()

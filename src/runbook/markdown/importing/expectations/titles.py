"""What the words above a command say of how it ends, where nothing else does."""

from __future__ import annotations

import re

from runbook.markdown.importing.words.languages import spoken
from runbook.markdown.importing.words.vocabulary import without_code

_SEEN = r"(?:confirm|verify|observe|expect|see|watch|check|demonstrate|reproduce|show|run|prove)"
_SEEN_ELSEWHERE = re.compile(
    f"{spoken('run')}|{spoken('verification')}|{spoken('read')}|{spoken('test')}|失敗",
    re.IGNORECASE,
)
_NOT_FAILING = re.compile(
    r"\b(?:fix|no|nothing|not|without|never|resolve|avoid|prevent|handle|handling|ohne|kein\w*|"
    r"beheben|sans|corriger|sin|sem|corrigir|без|исправить|обработ\w*)\b|failures? (?:modes?|"
    r"cases?|paths?|messages?|handling|recovery)|しない|不再|不会|没有|无|修复|处理|解决|避免|없|해결|처리",
    re.IGNORECASE,
)
_NOT_YET = re.compile(
    rf"\b{_SEEN}\b[^.]*\b(?:does\s+not|doesn't|do\s+not|don't|should\s+not|won't)\s+(?:yet\s+)?"
    r"(?:pass|compile|build|succeed)\b",
    re.IGNORECASE,
)
_THINGS = (
    r"(?:references?|usages?|uses|match(?:es)?|occurrences?|mentions?|leftovers?|callers?|imports?|"
    r"hits?|traces?|remnants?|instances?|results?|consumers?|remaining)"
)
_NONE = re.compile(
    rf"\b(?:no\s+longer|no\s+more|(?:no|zero|without)\s+(?:\w+\s+){{0,3}}{_THINGS}|(?:is|are|was|"
    r"were|be|been)\s+(?:all\s+|fully\s+|completely\s+|really\s+)*(?:gone|removed|deleted|unused|"
    r"absent|eliminated)|(?:is|are)\s*(?:not|n't)\s+(?:\w+\s+)?(?:used|referenced|present|there|"
    r"imported|mentioned|called|found)|nothing\s+(?:else\s+)?(?:uses?|references?|imports?|"
    r"mentions?|calls?|remains?|is\s+left)|none\s+(?:is\s+|are\s+)?(?:left|remain\w*)|nowhere|"
    r"not\s+(?:used|referenced|imported|called|mentioned)\s+(?:any\w*|elsewhere))\b",
    re.IGNORECASE,
)
_LOOKS = re.compile(
    r"\W*(?:(?:then|first|now|next|also|quick(?:ly)?)\s+)*(?:find|search|look|locate|list|identify|"
    r"scan|sweep|inspect|survey|audit|read|explore|review|(?:re-?)?grep|check\s+(?:for|whether|if|"
    r"where)|see\s+(?:if|whether|where|what|which)|(?:any|remaining|stale|"
    rf"leftover)\b[^.]*\b{_THINGS})\b",
    re.IGNORECASE,
)


def says_failure(titles: str) -> bool:
    """Whether one of these lines says that the command is to fail: "Run it to verify it fails"."""
    return any(map(_says_failure, titles.split("\n")))


def _says_failure(title: str) -> bool:
    if _NOT_YET.search(title):
        return True
    if _NOT_FAILING.search(title):
        return False
    return bool(
        re.search(r"\b(?:fails?|failing|red)\b|赤", title, re.IGNORECASE)
        or re.search(rf"\b{_SEEN}\b.*\bfailures?\b", title, re.IGNORECASE)
        or (re.search(_SEEN_ELSEWHERE, title) and re.search(spoken("fails"), title))
    )


def of_a_search(titles: str) -> tuple[int, ...] | None:
    """How a search may end of which nothing else is said; `None` where it is to find something.

    It finds nothing where the lines say so, and may where they only have someone look.
    """
    lines = titles.split("\n")
    if any(_NONE.search(without_code(each)) for each in lines):
        return (1,)
    return (0, 1) if any(_LOOKS.match(each) for each in lines) else None

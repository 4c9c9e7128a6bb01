"""What the words above a command say of how it ends, where nothing else does."""

from __future__ import annotations

import re

from runbook.markdown.importing.words.languages import spoken
from runbook.markdown.importing.words.vocabulary import anycase, without_code

_SEEN = r"(?:confirm|verify|observe|expect|see|watch|check|demonstrate|reproduce|show|run|prove)"
_SEEN_ELSEWHERE = anycase(
    f"{spoken('run')}|{spoken('verification')}|{spoken('read')}|{spoken('test')}|失敗"
)
_NOT_FAILING = anycase(
    r"\b(fix|no|nothing|not|without|never|resolve|avoid|prevent|handle|handling|ohne|kein\w*|"
    r"beheben|sans|corriger|sin|sem|corrigir|без|исправить|обработ\w*)\b|failures? (modes?|cases?|"
    r"paths?|messages?|handling|recovery)|しない|不再|不会|没有|无|修复|处理|解决|避免|없|해결|"
    r"처리"
)
_NOT_YET = anycase(
    rf"\b{_SEEN}\b[^.]*\b(does not|doesn't|do not|don't|should not|won't) (yet )?"
    r"(pass|compile|build|succeed)\b"
)
_THINGS = (
    r"(references?|usages?|uses|match(es)?|occurrences?|mentions?|leftovers?|callers?|imports?|"
    r"hits?|traces?|remnants?|instances?|results?|consumers?|remaining)"
)
_NONE = anycase(
    rf"\b(no longer|no more|(no|zero|without) (\w+ ){{0,3}}{_THINGS}|(is|are|was|"
    r"were|be|been) (all |fully |completely |really )*(gone|removed|deleted|unused|absent|"
    r"eliminated)|(is|are)\s*(not|n't) (\w+ )?(used|referenced|present|there|imported|mentioned|"
    r"called|found)|nothing (else )?(uses?|references?|imports?|mentions?|calls?|remains?|is "
    r"left)|none (is |are )?(left|remain\w*)|nowhere|not (used|referenced|imported|called|"
    r"mentioned) (any\w*|elsewhere))\b"
)
_LOOKS = anycase(
    r"\W*((then|first|now|next|also|quick(ly)?) )*(find|search|look|locate|list|identify|scan|"
    r"sweep|inspect|survey|audit|read|explore|review|(re-?)?grep|check (for|whether|if|where)|see "
    r"(if|whether|where|what|which)|(any|remaining|stale|"
    rf"leftover)\b[^.]*\b{_THINGS})\b"
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

"""Words that begin, announce or join several ways of which one is to be gone."""

from __future__ import annotations

import re
from functools import lru_cache

from runbook.markdown.importing.words.vocabulary import MAKING, without_code

_NOUN = (
    r"Option|Branch|Approach|Path|Alternative|Variant|Choice|Route|Strategy|Method|Solution|Way|"
    r"Possibility"
)
_LABEL = re.compile(
    # Possessive: nothing that follows begins with what these take, and together they would try all
    # ways to share it.
    rf"\W*+(?:\d+[.)]\s+)?\W*+(?:(?P<noun>{_NOUN})\s+"
    r"#?(?:[A-E]|[1-5]|I{1,3}|one|two|three)\b"
    # What is numbered may be parts of a plan.
    r"|(?P<lettered>Plan)\s+[A-E]\b|(?P<case>Case|Scenario|Situation|Outcome)\s+#?(?:[A-E]|[1-5])\b"
    rf"|(?:first|second|third|1st|2nd|3rd|other)\s+(?P<counted>{_NOUN})\b)\s*(?=[:：.)(—–-]|\*|$)",
    re.IGNORECASE,
)
_OTHERWISE = re.compile(
    r"\W*+(?:\(?[a-z\d]{1,2}[.)]\s+)?\W*+(?:(?:otherwise|else|if\s+not|or\s+else|(?:or\s+)?alternatively|"
    r"as\s+an\s+alternative|(?:(?:an?|the|one)\s+)?(?:\w+\s+)?alternative)\b|"
    r"another\s+(?:\w+\s+)?(?:option|way|approach|possibility|alternative)\b|"
    r"instead,?\s+(?:of\s+(?:this|that)\b|(?:you|we)\s+(?:can|may|could|might)\b)|"
    r"failing\s+(?:that|this|which)\b|(?:fall-?back|back-?up|workaround)(?:\s+(?:plan|option|way|approach|"
    r"method|path|commands?))?(?=\W*(?:[:：(—–*]|$)|\s+(?:if|when|in\s+case)\b)|"
    r"if\s+(?:you|one)(?:'d|\s+would)?\s+(?:prefer|rather)\b|either\s+(?!way\b|case\b)|"
    r"or(?:\s+(?:if|use|run|with|for|via|just|manually|from|add|delete|keep|simply))?(?=\s|[,:*])|"
    r"(?:choose|pick|select)\s+(?:one|between|either)\b|one\s+of\s+(?:the\s+following|these)\b)",
    re.IGNORECASE,
)
_IF_IT_FAILED = re.compile(
    r"\W*(?:but\s+)?(?:if|when|should|in\s+case)\s+(?:that|this|it|``|the\s+(?:above|first|previous|former|"
    r"last)|all\s+else)(?:\s+(?:one|command|step|way|approach|attempt))?\s+(?:\w+\s+){0,2}?(?:fails?|failed|"
    r"errors?|breaks?|(?:\w+n't|not)\s+(?:\w+\s+)?(?:work|succeed|apply|help|suffice|available|possible|"
    r"enough|there))\b",
    re.IGNORECASE,
)
_ONLY_OR = re.compile(r"\W*(?:or|either)\W*", re.IGNORECASE)
_ANNOUNCES = re.compile(
    r"\b(?:choose|pick|select|decide\s+on|use|run|do|follow|apply|take)\s+(?:exactly\s+|only\s+)?"
    r"(?:one\b(?!\s+(?!of\b|option\b|way\b|approach\b|path\b|alternative\b)\w)|"
    r"either\b(?:\s+of\b)?|(?:whichever|whatever)\b(?:\s+\w+)?\s+(?:applies|fits|works|suits|matches|"
    r"is|you\s+prefer))[^.:]{0,50}[.:：]?\W*$"
    r"|^\W*(?:(?:there|here|these)\s+are\s+|(?:you|we)\s+have\s+|(?:one|any)\s+of\s+)?(?:two|three|four|"
    r"several|multiple|different|[234])\s+(?:\w+\s+)?(?:options?|ways|approaches|alternatives|"
    r"possibilities|choices|paths|strategies|variants|methods|solutions)\b(?:\s+(?:here|now|available|"
    r"(?:for|of|to)\s+(?:\w+\s*){1,4}))?\s*[.:：]\W*$"
    r"|^\W*(?:you|we)\s+can\s+do\s+(?:one|either)\b[^.:]{0,40}[.:：]\W*$"
    r"|\bone\s+of\s+(?:the\s+)?(?:following|these|two|three)(?:\s+(?:options|ways|things|commands|"
    r"approaches|alternatives|edits|steps|blocks|fixes))?\s*[.:：]\W*$"
    r"|^\W*(?:then\s+)?(?:choose|pick|select|decide)\b(?!\s+(?:the|all)\s+\w+s\b)[^.:]{0,60}[:：]\W*$"
    rf"|^\W*{MAKING}[^.:]{{0,60}}\bor\s+(?:just\s+)?{MAKING}[^.:]{{0,60}}[:：]\W*$"
    r"|^\W*(?:one|any|either)\s+of(?:\s+\w+)?\s*[:：]\W*$|^\W*(?:whichever|whatever)\b[^.:]{0,50}[:：]\W*$"
    r"|\b(?:options|alternatives)\s*[:：]\W*$",
    re.IGNORECASE,
)
# What is said of one system, tool or answer only.
_VARIANTS = {
    "system": r"(?:macos|mac|os\s?x|linux|ubuntu|debian|fedora|arch|windows|wsl|powershell|cmd|bsd|"
    r"unix)(?:\s*(?:/|and|or|,|&)\s*(?:macos|mac|linux|ubuntu|windows|wsl|unix))*",
    "tool": r"(?:npm|yarn|pnpm|bun|pip|pipx|uv|poetry|conda|pipenv|docker|podman|homebrew|brew)",
    "answer": r"(?:yes|no)",
    "rank": r"(?:not\s+recommended|recommended|preferred|primary|secondary|default|alternative|"
    r"fall-?back|back-?up|best|simplest|easiest|fastest|quick|simple|thorough|plan\s+[ab])"
    r"(?:\s+(?:way|option|approach|path|method|choice))?",
    "verdict": r"(?:(?:do\s+not|don't|do)(?:\s+this)?|not\s+this|good|bad|right|wrong|"
    r"correct|incorrect)",
    "state": r"(?:(?:fresh|new|clean|existing|old|older|legacy|first[- ]time)\s+(?:installs?|"
    r"installations?|repos?|repositor\w+|projects?|clones?|checkouts?|databases?|users?|setups?)|upgrades?)",
    "place": r"(?:ci|local(?:ly)?|dev(?:elopment)?|prod(?:uction)?|staging)",
    "outcome": r"(?:(?:if|when|on|in\s+case)\s+)?(?:(?:it|they|this|that|the\s+\w+|all|"
    r"everything|tests?)\s+(?:is\s+|are\s+)?)?(?:green|red|pass\w*|fail\w*|succe\w+|works?|breaks?)",
    "shell": r"(?:bash|zsh|fish|powershell|cmd|unix|windows)",
}
_SAID_OF = re.compile(
    "|".join(
        rf"\W*(?:(?:if\s+)?(?:on|for|with|without|using|via|in|under)\s+)?(?P<{kind}>{names})\b"
        r"(?:\s+(?:users?|only|hosts?|machines?))?\W*(?:[:：→(]|$|[—–-]\s|\*\*)"
        for kind, names in _VARIANTS.items()
    ),
    re.IGNORECASE,
)
_OF_A_SYSTEM = re.compile(
    rf"\W*(?:(?:this\s+is\s+)?(?:only\s+)?(?:on|for)\s+)?(?:{_VARIANTS['system']})"
    r"(?:\s+(?:users?|only|hosts?|machines?))*\W*(?:[:：]|$)"
    rf"|\W*(?:on|for)\s+(?:{_VARIANTS['system']})\b(?:\s+(?:users?|only|hosts?))?\W*[:：,]",
    re.IGNORECASE,
)


_OF_A_MEANS = re.compile(
    r"\W*(?:(?:with|without|using|via)\s+(?P<means>[^\n:：]{1,40}?)|(?P<of>python|node|ruby|php|java|go)\s+"
    r"(?P<version>\d[\w.+]*))\W*[:：]\W*",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    rf"[^.\n]{{0,60}}\(\s*(?:on\s+)?(?P<name>{_VARIANTS['system']})\s*\)[\s*_]*[:：]?\W*", re.I
)


@lru_cache(maxsize=512)
def label(words: str) -> str | None:
    """The noun of words that begin one of several ways: "Option A: …" is an option."""
    found = _LABEL.match(words)
    if found is None:
        return None
    named = (found["noun"], found["lettered"], found["case"], found["counted"])
    return next(each.lower() for each in named if each)


@lru_cache(maxsize=512)
def variant(words: str) -> tuple[str, str] | None:
    """What words are said of where they are of one system, tool or answer: "On macOS:", "Yes:"."""
    found = _SAID_OF.match(words)
    if found and (kind := found.lastgroup):
        without = "without " if re.match(r"\W*without\b", words, re.I) else ""
        return kind, without + re.sub(r"\s+", " ", found[kind].lower())
    behind = _BEHIND.fullmatch(words)
    if behind:
        return "system", behind["name"].lower()
    means = _OF_A_MEANS.fullmatch(words)
    if means:
        return (means["of"] or "means").lower(), re.sub(r"\s+", " ", words.lower()).strip(" *_:：")
    return None


@lru_cache(maxsize=512)
def of_one_system(words: str) -> bool:
    """Whether words are of one system only: "On macOS:"."""
    return bool(_OF_A_SYSTEM.match(words) or _BEHIND.fullmatch(words))


def if_it_failed(words: str) -> bool:
    """Whether words begin what is done where the way before came to nothing: "If that fails, …"."""
    return _IF_IT_FAILED.match(without_code(words)) is not None


@lru_cache(maxsize=512)
def announces_ways(words: str) -> bool:
    """Whether words announce several ways: "Choose one:", "There are two options:"."""
    return bool(_ANNOUNCES.search(without_code(words).strip()))


@lru_cache(maxsize=512)
def another_way(words: str) -> re.Match[str] | None:
    """The beginning of words that begin another way than the one before: "Alternatively, …"."""
    bare = without_code(words)
    return _ONLY_OR.fullmatch(bare.strip()) or _OTHERWISE.match(bare)

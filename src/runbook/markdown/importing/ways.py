"""Words that begin, announce or join several ways of which one is to be gone."""

from __future__ import annotations

import re

_NOUN = (
    r"Option|Branch|Approach|Path|Alternative|Variant|Choice|Route|Strategy|Method|Solution|Way|"
    r"Possibility"
)
_LABEL = re.compile(
    rf"\W*(?:\d+[.)]\s+)?\W*(?:(?P<noun>{_NOUN})\s+"
    r"#?(?P<which>[A-E]|[1-5]|I{1,3}|one|two|three)\b"
    # What is numbered may be cases of a test, or parts of a plan.
    r"|(?P<lettered>Case|Scenario|Plan|Situation|Outcome)\s+[A-E]\b)\s*(?=[:：.)(—–-]|\*|$)",
    re.IGNORECASE,
)
_OTHERWISE = re.compile(
    r"\W*(?:\(?[a-z\d]{1,2}[.)]\s+)?\W*(?:(?:otherwise|else|if\s+not|or\s+else|(?:or\s+)?alternatively|"
    r"as\s+an\s+alternative|(?:(?:an?|the|one)\s+)?(?:\w+\s+)?alternative)\b|"
    r"another\s+(?:\w+\s+)?(?:option|way|approach|possibility|alternative)\b|"
    r"instead,?\s+(?:of\s+(?:this|that)\b|(?:you|we)\s+(?:can|may|could|might)\b)|"
    r"if\s+(?:you|one)(?:'d|\s+would)?\s+(?:prefer|rather)\b|either\s+(?!way\b|case\b)|"
    r"or(?:\s+(?:if|use|run|with|for|via|just|manually|from|add|delete|keep|simply))?(?=\s|[,:*])|"
    r"(?:choose|pick|select)\s+(?:one|between|either)\b|one\s+of\s+(?:the\s+following|these)\b)",
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
    r"|\b(?:options|alternatives)\s*[:：]\W*$",
    re.IGNORECASE,
)
# What is said of one system, tool or answer only.
_VARIANTS = {
    "system": r"(?:macos|mac|os\s?x|linux|ubuntu|debian|fedora|arch|windows|wsl|powershell|cmd|bsd|"
    r"unix)(?:\s*(?:/|and|or|,|&)\s*(?:macos|mac|linux|ubuntu|windows|wsl|unix))*",
    "tool": r"(?:npm|yarn|pnpm|bun|pip|pipx|uv|poetry|conda|pipenv|docker|podman|homebrew|brew)",
    "answer": r"(?:yes|no)",
}
_SAID_OF = {
    kind: re.compile(
        rf"\W*(?:(?:if\s+)?(?:on|for|with|using|via|in|under)\s+)?(?P<name>{names})\b"
        r"(?:\s+(?:users?|only|hosts?|machines?))?\W*(?:[:：→(]|$|[—–-]\s|\*\*)",
        re.IGNORECASE,
    )
    for kind, names in _VARIANTS.items()
}
_OF_A_SYSTEM = re.compile(
    rf"\W*(?:on|for)\s+(?:{_VARIANTS['system']})\b(?:\s+(?:users?|only|hosts?))?\W*(?:[:：,]|$)",
    re.IGNORECASE,
)


def label(words: str) -> str | None:
    """The noun of words that begin one of several ways: "Option A: …" is an option."""
    found = _LABEL.match(words)
    return (found["noun"] or found["lettered"]).lower() if found else None


def variant(words: str) -> tuple[str, str] | None:
    """What words are said of where they are of one system, tool or answer: "On macOS:", "Yes:"."""
    for kind, pattern in _SAID_OF.items():
        found = pattern.match(words)
        if found:
            return kind, re.sub(r"\s+", " ", found["name"].lower())
    return None


def of_one_system(words: str) -> bool:
    """Whether words are of one system only: "On macOS:"."""
    return bool(_OF_A_SYSTEM.match(words))


def announces_ways(words: str) -> bool:
    """Whether words announce several ways: "Choose one:", "There are two options:"."""
    return bool(_ANNOUNCES.search(without_code(words).strip()))


def another_way(words: str) -> re.Match[str] | None:
    """The beginning of words that begin another way than the one before: "Alternatively, …"."""
    bare = without_code(words)
    return _ONLY_OR.fullmatch(bare.strip()) or _OTHERWISE.match(bare)


def without_code(words: str) -> str:
    """Words with code left out, of which the backticks stay."""
    return re.sub(r"`[^`\n]*`", "``", words)

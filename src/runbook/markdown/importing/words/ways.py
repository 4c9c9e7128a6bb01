"""Words that begin, announce or join several ways of which one is to be gone."""

from __future__ import annotations

import re
from functools import lru_cache

from runbook.markdown.importing.words.vocabulary import MAKING, anycase, begins, has, without_code

_NOUN = (
    r"Option|Branch|Approach|Path|Alternative|Variant|Choice|Route|Strategy|Method|Solution|Way|"
    r"Possibility"
)
_LABEL = anycase(
    # Possessive: nothing that follows begins with what these take, and together they would try all
    # ways to share it.
    rf"\W*+(\d+[.)] )?\W*+((?P<noun>{_NOUN}) "
    r"#?([A-E]|[1-5]|I{1,3}|one|two|three)\b"
    # What is numbered may be parts of a plan.
    r"|(?P<lettered>Plan) [A-E]\b|(?P<case>Case|Scenario|Situation|Outcome) #?([A-E]|[1-5])\b"
    rf"|(first|second|third|1st|2nd|3rd|other) (?P<counted>{_NOUN})\b)\s*(?=[:：.)(—–-]|\*|$)"
)
_OTHERWISE = anycase(
    r"\W*+(\(?[a-z\d]{1,2}[.)] )?\W*+((otherwise|else|if not|or else|(or )?alternatively|as an "
    r"alternative|((an?|the|one) )?(\w+ )?alternative)\b|another (\w+ )?(option|way|approach|"
    r"possibility|alternative)\b|instead,? (of (this|that)\b|(you|we) (can|may|could|might)\b)|"
    r"failing (that|this|which)\b|(fall-?back|back-?up|workaround)( (plan|option|way|approach|"
    r"method|path|commands?))?(?=\W*([:：(—–*]|$)| (if|when|in case)\b)|if (you|one)('d| would)? "
    r"(prefer|rather)\b|either (?!way\b|case\b)|or( (if|use|run|with|for|via|just|manually|from|"
    r"add|delete|keep|simply))?(?=\s|[,:*])|(choose|pick|select) (one|between|either)\b|one of "
    r"(the following|these)\b)"
)
# Whether words begin what is done where the way before came to nothing: "If that fails, …".
if_it_failed = begins(
    r"\W*(but )?(if|when|should|in case) (that|this|it|``|the (above|first|previous|former|last)|"
    r"all else)( (one|command|step|way|approach|attempt))? (\w+ ){0,2}?(fails?|failed|errors?|"
    r"breaks?|(\w+n't|not) (\w+ )?(work|succeed|apply|help|suffice|available|possible|enough|"
    r"there))\b",
    of=without_code,
)
_ONLY_OR = anycase(r"\W*(or|either)\W*")
# Whether words announce several ways: "Choose one:", "There are two options:".
announces_ways = has(
    r"\b(choose|pick|select|decide on|use|run|do|follow|apply|take) (exactly |only )?(one\b(?! "
    r"(?!of\b|option\b|way\b|approach\b|path\b|alternative\b)\w)|either\b( of\b)?|(whichever|"
    r"whatever)\b( \w+)? (applies|fits|works|suits|matches|is|you prefer))[^.:]{0,50}[.:：]?\W*$"
    r"|^\W*((there|here|these) are |(you|we) have |(one|any) of )?(two|three|four|several|"
    r"multiple|different|[234]) (\w+ )?(options?|ways|approaches|alternatives|possibilities|"
    r"choices|paths|strategies|variants|methods|solutions)\b( (here|now|available|(for|of|to) "
    r"(\w+\s*){1,4}))?\s*[.:：]\W*$"
    r"|^\W*(you|we) can do (one|either)\b[^.:]{0,40}[.:：]\W*$"
    r"|\bone of (the )?(following|these|two|three)( (options|ways|things|commands|approaches|"
    r"alternatives|edits|steps|blocks|fixes))?\s*[.:：]\W*$"
    r"|^\W*(then )?(choose|pick|select|decide)\b(?! (the|all) \w+s\b)[^.:]{0,60}[:：]\W*$"
    rf"|^\W*{MAKING}[^.:]{{0,60}}\bor (just )?{MAKING}[^.:]{{0,60}}[:：]\W*$"
    r"|^\W*(one|any|either) of( \w+)?\s*[:：]\W*$|^\W*(whichever|whatever)\b[^.:]{0,50}[:：]\W*$"
    r"|\b(options|alternatives)\s*[:：]\W*$",
    of=without_code,
)
# What is said of one system, tool or answer only.
_VARIANTS = {
    "system": r"(macos|mac|os\s?x|linux|ubuntu|debian|fedora|arch|windows|wsl|powershell|cmd|bsd|"
    r"unix)(\s*(/|and|or|,|&)\s*(macos|mac|linux|ubuntu|windows|wsl|unix))*",
    "tool": r"(npm|yarn|pnpm|bun|pip|pipx|uv|poetry|conda|pipenv|docker|podman|homebrew|brew)",
    "answer": r"(yes|no)",
    "rank": r"(not recommended|recommended|preferred|primary|secondary|default|alternative|"
    r"fall-?back|back-?up|best|simplest|easiest|fastest|quick|simple|thorough|plan [ab])( (way|"
    r"option|approach|path|method|choice))?",
    "verdict": r"((do not|don't|do)( this)?|not this|good|bad|right|wrong|correct|incorrect)",
    "state": r"((fresh|new|clean|existing|old|older|legacy|first[- ]time) (installs?|"
    r"installations?|repos?|repositor\w+|projects?|clones?|checkouts?|databases?|users?|setups?)|"
    r"upgrades?)",
    "place": r"(ci|local(ly)?|dev(elopment)?|prod(uction)?|staging)",
    "outcome": r"((if|when|on|in case) )?((it|they|this|that|the \w+|all|everything|tests?) (is |"
    r"are )?)?(green|red|pass\w*|fail\w*|succe\w+|works?|breaks?)",
    "shell": r"(bash|zsh|fish|powershell|cmd|unix|windows)",
}
_SAID_OF = anycase(
    "|".join(
        rf"\W*(?:(?:if\s+)?(?:on|for|with|without|using|via|in|under)\s+)?(?P<{kind}>{names})\b"
        r"(?:\s+(?:users?|only|hosts?|machines?))?\W*(?:[:：→(]|$|[—–-]\s|\*\*)"
        for kind, names in _VARIANTS.items()
    )
)
_OF_A_SYSTEM = anycase(
    rf"\W*((this is )?(only )?(on|for) )?({_VARIANTS['system']})"
    r"( (users?|only|hosts?|machines?))*\W*([:：]|$)"
    rf"|\W*(on|for) ({_VARIANTS['system']})\b( (users?|only|hosts?))?\W*[:：,]"
)


_OF_A_MEANS = anycase(
    r"\W*((with|without|using|via) (?P<means>[^\n:：]{1,40}?)|(?P<of>python|node|ruby|php|java|"
    r"go) (?P<version>\d[\w.+]*))\W*[:：]\W*"
)
_BEHIND = anycase(rf"[^.\n]{{0,60}}\(\s*(on )?(?P<name>{_VARIANTS['system']})\s*\)[\s*_]*[:：]?\W*")


@lru_cache(maxsize=512)
def label(words: str) -> str | None:
    """The noun of words that begin one of several ways: "Option A: …" is an option."""
    found = _LABEL.match(words)
    return found[found.lastgroup].lower() if found and found.lastgroup else None


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


@lru_cache(maxsize=512)
def another_way(words: str) -> re.Match[str] | None:
    """The beginning of words that begin another way than the one before: "Alternatively, …"."""
    bare = without_code(words)
    return _ONLY_OR.fullmatch(bare.strip()) or _OTHERWISE.match(bare)

"""Texts that a plan says an output has, or has not, by the words right around its quotes."""

from __future__ import annotations

import re

from runbook.markdown.importing.words.languages import spoken
from runbook.markdown.importing.words.vocabulary import anycase, spelled

QUOTED = re.compile(r"`([^`\n]+)`|\"([^\"\n]{2,})\"|“([^”\n]{2,})”|「([^」\n]{2,})」")
VAGUE = anycase(
    r"\bor\b|approximately|roughly|about\b|e\.g\.|something like|similar to|such as|may\b|one "
    r"of\b|likely|程度|約|~"
)
_CODE = r"`([^`\n]+)`"
TIMES = re.compile(r"\b\d+(?:[.,]\d+)?\s?(?:ms|s|secs?|seconds?)\b|\b\d\d:\d\d\b")
_SHOWS = anycase(
    r"\b(prints?|shows?|showing|outputs?|displays?|lists?|listing|printed|contains?|containing|"
    r"includes?|mentions?|mentioning|says?|see|reports?|returns?|output|stdout|reads?|begins? "
    r"with|starts? with|ends? with)\b|表示|出力|を含む|输出|显示|包含|打印|출력|표시|포함|"
    r"\b(zeigt|enthält|gibt|affiche|contient|muestra|contiene|mostra|contém|печатает|выводит|"
    r"содерж(ит|ат)|показыва(ет|ют))\b"
)
# Between the verb and what is quoted only stand words for what is shown.
_LEADS_IN = spelled(
    r"(\s*([:：]|\bfollowed by\b|\b(options?|flags?|\w*commands?|entries|lines?|rows?) for\b|"
    r"\b(?!(when|if|at|in|inside|into|within|equals?|equal|from|of|for|under|without|not|no|never|"
    r"instead|only|after|before|on|by|as|than|until|unless|matches|nothing|"
    r"zero)\b)[\w-]+)){0,4}\s*(?=[`\"“「])"
)
_GOES_ON = spelled(r"\s*(,|;|、|，)?\s*(and|then|plus|&|\+|和|及|y|et|und|e|и|,)?\s*(?=[`\"“「])")
_LEAD = re.compile(
    r"\W*(?:(?:exactly|still|just)\s+)?(?:(?:prints?|shows?|outputs?)[:：]?\s+)?"
    rf"{_CODE}(?=[\s.。,，;\uff1b—–(（]|$)",
    re.IGNORECASE,
)
_OF_A_THING = spelled(
    r"\s*([+/&`]|is|are|was|were|has|have|exists?|appears?|contains|and|both|tests?|pass(es)?|"
    r"(exits|completes|finishes|succeeds|fails|runs|returns|updates|compiles|builds|works|reports|"
    r"writes|reads|creates|changes|contents?)\b|"
    r"block|field|file|directory|in\b|created|row|or\b|not\b|なし|line|"
    r"\w+(ed|ing|[ai]d[oa]s?)\b|gone\b|"
    r"(gains|gets|holds|keeps|stays|remains|lists|shows|includes|matches|points|loads|becomes|now|"
    r"still|no longer|should|must|will|does)\b|"
    r"present\b|absent\b|[\u0400-\u04ff\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af])"
)
_DEPENDS = anycase(r"\W*(PASS|FAIL)\w*\b.*\bif\b")
_MAYBE = anycase(r"^\W*(may|might|could|probably|possibly)\b")
_EITHER = spelled(
    r"^[^.;]*\b(may|might|could|likely|probably|possibly) (\w+ )?fail\b"
    r"|\bFAIL\b.*\bOR\b.*\bPASS\b"
    r"|\bFAIL\b[^.;]*?\bor (it |they )?PASS\b|\bPASS\b[^.;(]*?\bor (it |they )?FAIL\b"
    r"|\bmay (\w+ )?(have|be|show|report|print) (\w+ )?(other|unrelated|"
    r"pre-?existing)\s([\w-]+ )*(errors?|failures?)\b"
    r"|\b(?i:errors|failures)\s([^.;]*(?<!not\s)\bare )?(expected|ok(ay)?|fine|acceptable)\b"
    r"|\b(?i:pass(es)?)\b(\s*\([^()]*\))?,? or (it |they )?(?i:fails?)\b"
    r"|\bFAIL\w* before\b[^.;]*\bPASS\w* (after|now)\b"
    # What a later step makes of it.
    r"|^\W*(\w+ )?(?i:errors?|fail\w*)\b[^.;(]*\bafter (?i:step|task) \w+\b"
    # How many fail is left open: none but some, or not more than so many.
    r"|\b(?i:pass(es)?) (except|apart from|save for|other than)\b(?![^.;]*\b(skip|xfail|deselect))"
    r"|\b(?i:everything|all (tests )?)\s?(but|except|apart from|other than)\b[^.;]*\bpass(es)?\b"
    r"|\bfailure (is|would be) (fine|ok(ay)?|acceptable)\b"
    r"|\b(?i:no|zero) (\w+ ){0,3}(?i:failures?|errors?|fail\w*)\s[^.;()]{0,30}?\(?(?<!not\s)\b"
    r"(except|other than|besides|beyond|but|apart from|aside from)\b"
    r"|\b(?i:at most|up to|no more than|fewer than|less than) \w+ "
    r"(?i:failures?|errors?|failed|failing)\b"
)
_REMARK = re.compile(r"[(（][^()（）]*[)）]")
_NOT_SHOWN = anycase(
    r"\b(no longer|instead of|not|never|without|except|unless|removed|no|ohne|sans|sin|sem|без|"
    r"kein\w*|aucune?)\b|n['\u2019]t\b|ない|以外|不(再)?|没有|无|없"
)
_GONE = (
    r"(?:is|are)\s+(?:both\s+|all\s+)?(?:gone|absent|removed|missing|not (?:there|present|listed))"
)
_THERE = (
    r"(?:is|are)\s+(?:both\s+|all\s+)?(?:present|there|listed|shown|printed|displayed|visible|"
    r"the\s+(?:top|first|last|newest|latest)\w*)"
)
_HITS = anycase(
    r"\W*((?P<none>no|zero|0)|(at least )?(one|1)|one or more) (more )?(hits?|match(es)?|results?|"
    r"occurrences?|lines?) (for|of|with) `(?P<text>[^`\n]+)`\W*$"
)
_OPTIONS = re.compile(r"(?<![\w`-])--[a-z][\w-]*(?![\w=`-])")
_NAMES = rf"{_CODE}(?:\s*(?:,|and|,\s*and)\s*{_CODE})*"


# What is no output: "`a.py` contains", "the table lists"; `npm ls` and `ship` are commands.
_OF_A_PLACE = anycase(
    r"\W*((the|a|your|its|resulting|generated|new) )*(`[^`\s]*(/[^`\s]*|\.[a-z]\w{0,4})`( (now|"
    r"file))*|(\w+ )?(files?|folder|directory|tables?|database|page|environment))\s+(now )?("
    r"contains?|includes?|lists?|mentions?|has|says?|shows?|reads?|updates?|changes?|gains?)\b"
)
_READS = frozenset(
    {"cat", "head", "tail", "less", "grep", "egrep", "rg", "git", "sed", "awk", "jq", "yq", "cut",
     "sort", "ls", "tree", "find", "diff", "unzip", "tar", "sqlite3", "psql", "curl", "wc"}
)  # fmt: skip


def of_a_place(words: str, program: str) -> bool:
    """Whether words say what a file or the like has, which a command does not print."""
    return program not in _READS and _OF_A_PLACE.match(words) is not None


def contained(words: str) -> tuple[str, ...]:
    """Texts that the output is to have: what is said is no more than a quote, or it is shown."""
    for remark in reversed(list(_REMARK.finditer(_blanked(words)))):
        words = f"{words[: remark.start()]} {words[remark.end() :]}"
    lead = _LEAD.match(words)
    bare = QUOTED.sub("``", words)
    if lead and not _OF_A_THING.match(words[lead.end() :]):
        if VAGUE.search(bare) and re.match(r"\s*or\b", words[lead.end() :]):
            return ()
        return text_in(lead[1])
    beside = re.sub(r"\b(?:with|and)\s+no\s+(?:errors?|warnings?)\b", "", bare)
    if VAGUE.search(beside) or _NOT_SHOWN.search(beside):
        return ()
    printed = re.search(
        r"(?:\"([^\"\n]+)\"|" + _CODE + r")\s+(?:is\s+)?(?:printed|shown|displayed)", words
    )
    if printed:
        return text_in(printed[1] or printed[2])
    return tuple(dict.fromkeys(text for each in _shown(words) for text in text_in(each)))[:8]


def options_shown(words: str) -> tuple[str, ...]:
    """What words on a program's help name that it shows, with options that are not quoted."""
    bare = QUOTED.sub("``", words)
    if VAGUE.search(bare) or _NOT_SHOWN.search(bare):
        return ()
    return tuple(dict.fromkeys((*contained(words), *_OPTIONS.findall(bare))))


def _shown(words: str) -> list[str]:
    """The quotes that stand right behind a verb of showing."""
    verb = _SHOWS.search(_blanked(words))
    if verb is None:
        return []
    texts: list[str] = []
    at = verb.end()
    gap = _LEADS_IN.match(words, at)
    while gap:
        quoted = QUOTED.match(words, gap.end())
        if quoted is None:
            break
        texts.append(next(group for group in quoted.groups() if group))
        at = quoted.end()
        gap = _GOES_ON.match(words, at)
    # A word for the thing that is quoted may follow, but no condition or place.
    return [] if texts and re.match(r"\s*(?:=|is\b|are\b|equals?\b)", words[at:]) else texts


def _blanked(words: str) -> str:
    """The words with what is quoted made unreadable, at the same places."""
    return QUOTED.sub(lambda match: "`" * len(match[0]), words)


_JSON = re.compile(r"[{\[]\s*[\"{\[\]}]")
_JSON_PART = re.compile(r"\s*(\"(?:[^\"\\]|\\.)*\"?|[{}\[\],:]|[^\s{}\[\],:\"]+)\s*")


def loose_json(text: str) -> str | None:
    """A pattern for JSON however it is spaced, or `None` where a text is none.

    A plan writes `{ "a": 1 }` of what a server sends as `{"a":1}`.
    """
    if not _JSON.match(text) or '"' not in text:
        return None
    parts = (found[1] for found in _JSON_PART.finditer(text))
    return r"\s*".join(re.escape(part).replace("\\ ", " ") for part in parts)


def text_in(text: str) -> tuple[str, ...]:
    """The text as it can be looked for: in parts where it has gaps, or blanks to be filled in."""
    if re.search(r"\{[\w ]+\}|\bN\b|\*|^\s*(?:[<>]=?|==)\s*[\d`$]", text):
        return ()
    gaps = re.split(r"\.{3}|…|<[\w -]+>", text)
    # A time is another one each time, but where it is all that is said.
    timed = rf"\(?{TIMES.pattern}\)?"
    untimed = ([gap] if TIMES.fullmatch(gap.strip()) else re.split(timed, gap) for gap in gaps)
    parts = [each.strip() for gap in untimed for each in gap]
    telling = [part for part in parts if len(parts) == 1 or re.search(r"\w\S", part)]
    return tuple(part for part in telling if part)


def absent(words: str) -> tuple[str, ...]:
    """Texts that the output is not to have."""
    found = re.findall(
        r"\b[Nn]o\s+(?:\"([^\"\n]+)\"|`([^`\n]+)`)\s*(?:errors?|warnings?|messages?|lines?|"
        r"output)\b",
        words,
    )
    found += re.findall(
        r"(?:\bnot|\bnever|\bno longer|n['\u2019]t)\s+(?:print|show|output|list|contain|include|"
        r"mention|display|say)s?\s+(?:\"([^\"\n]+)\"|`([^`\n]+)`)\W*$",
        words,
    )
    return tuple(a or b for a, b in found)


def listed(words: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names that a list is to have, and not to have: "`a` is gone, `b` and `c` are present"."""
    there: list[str] = []
    gone: list[str] = []
    for match in re.finditer(rf"({_NAMES})\s+(?:({_GONE})|({_THERE}))", words):
        names = re.findall(_CODE, match[1])
        (gone if match[4] else there).extend(names)
    return tuple(there), tuple(gone)


def hits(words: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a search finds, and what not: "no hits for `a`; at least one hit for `b`"."""
    there: list[str] = []
    gone: list[str] = []
    for clause in clauses_of(words):
        found = _HITS.match(clause)
        if found and not re.search(r"[\\*^$|]", found["text"]):
            (gone if found["none"] else there).append(found["text"])
    return tuple(there), tuple(gone)


def without_brackets(words: str) -> str:
    """The words without remarks in brackets."""
    return re.sub(r"\s*[(（][^()（）]*[)）]", "", words)


def clauses_of(words: str) -> list[str]:
    """The sentences and half sentences; what is quoted has no ends."""
    ends = [m.end() for m in re.finditer(r"(?<=[^.])\.(?=\s|$)|[;。\uff1b]", _blanked(words))]
    parts = [words[a:b] for a, b in zip([0, *ends], [*ends, len(words)], strict=True)]
    return [part.strip() for part in parts if part.strip(" .;")]


# "If this one fails, that is expected", beside tests that are to pass.
_FAILURE_ALLOWED = anycase(
    rf"\b(if|should|when|falls|wenn)\b[^.;:]*\b(fails?|{spoken('fails')})[^.;:\w]+((it|this|that|"
    r"which|das|dies|es)('s| is|\s)\s*)?(ist )?((das|es|auch) )?(fine|ok(ay)?|expected|acceptable|"
    r"known|in Ordnung|erwartet|bekannt)\b"
)


def conditional(words: str) -> bool:
    """Whether a right run may pass as well as fail: "PASS if …; FAIL if …"."""
    bare = QUOTED.sub("``", words)
    verdicts = re.findall(r"\b(PASS|FAIL)\w*\s+(?:if|when)\b", bare)
    if len(set(verdicts)) > 1 or _MAYBE.match(words) or _EITHER.search(bare):
        return True
    if _FAILURE_ALLOWED.search(bare):
        return True
    clauses = (QUOTED.sub("``", each) for each in clauses_of(words))
    return sum(bool(_DEPENDS.match(each)) for each in clauses) > 1

"""Words that name a place by what is defined there: "Add it after the `sail` function"."""

from __future__ import annotations

import re

from runbook.core.matching.texts import LineRange
from runbook.core.value import value
from runbook.markdown.importing.words.filelist import parse_path
from runbook.markdown.importing.words.saying import NUMBERS, without_file
from runbook.markdown.importing.words.sides import Side
from runbook.markdown.importing.words.vocabulary import CODE

_KIND = (
    r"(?:(?:async|test|helper|pytest|Pydantic|module-level|top-level|SQLModel)\s+)*"
    r"(?:functions?|methods?|class(?:es)?|fixtures?|fields?|constants?|definitions?|dict(?:ionary)?|"
    r"helpers?|attributes?|properties|property|dataclass|enum|StrEnum|models?|tests?|assignments?|"
    r"variables?|handlers?|commands?|lists?|sets?|tuples?|columns?|endpoints?|routes?|declarations?|"
    r"markers?|flags?|parameters?|config|mapping|map|table|logger|"
    r"structs?|interfaces?|traits?|types?|components?|hooks?)"
)
_REF = (
    rf"(?:the\s+)?(?:(?:existing|current|new)\s+)?(?:{_KIND}\s+)?"
    rf"(?:(?P<name>{CODE})(?P<kind>(?:\s+{_KIND})*)"
    # Without backticks, it must say what it is.
    rf"|(?P<bare>(?-i:[A-Z]\w+|[a-z]+(?:_|[A-Z])\w+))(?:\(\))?(?P<kind2>(?:\s+{_KIND})+)"
    # Or it can be no word.
    r"|(?P<odd>(?-i:[a-z]+[A-Z]\w*|[A-Z][a-z]+[A-Z]\w*|[A-Za-z]+_\w+))(?:\(\))?(?![\w./(]))"
)
_WHERE = re.compile(
    r"(?:,\s*|\band\s+)?(?:\b(?:immediately|directly|right|just)\s+)?"
    rf"\b(?P<side>after|below|before|above|near|next\s+to|beside|close\s+to)\s+{_REF}",
    re.IGNORECASE,
)
_COMMENT_NEXT = re.compile(
    r"(?:,\s*|\band\s+)before\s+the\s+[^`,.()]{0,60}?\bcomment\b", re.IGNORECASE
)
_ALL_BEFORE = re.compile(
    r"\bafter\s+(?:the\s+)?(?:existing|other|last)\s+(?:fields|methods|tests|functions|helpers|"
    r"fixtures|constants)\b,?",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"\((?:[^()`]|`[^`\n]*`)*\)")
_LIKE = re.compile(
    rf",?\s*(?:following|matching|mirroring|using)\s+the\s+(?:(?:existing|same)\s+)?(?:{CODE}\s+)?"
    r"(?:\w+\s+){0,2}(?:pattern|style|convention)\b",
    re.IGNORECASE,
)
_INTO = re.compile(rf"\b(?:in|into|to|inside|within|of)\s+{_REF}", re.IGNORECASE)
_SAYS_ADD = re.compile(
    r"\W*(?:\d+[.)]\s*)?(?:(?:then|next|now|also|finally)\b,?\s+)?"
    r"(?:add|insert|place|put|define|register|introduce|declare|create|append|mount|include)\b"
    rf"(?P<what>(?:[\w\s:'\"-]|{CODE})*?)(?:\s+there|\s+as\s+follows)?\W*",
    re.IGNORECASE,
)
_LINES = re.compile(r"\blines?\s*~?(\d+)(?:\s*(?:[-–]|to|through)\s*(\d+))?", re.IGNORECASE)

_ALL = r"(?:(?:existing|current|old|entire|whole|full|complete|local)\s+)*"
_REPLACES = re.compile(
    rf"\W*(?:\d+[.)]\s*)?(?:(?:then|next|now|finally)\b,?\s+)?(?:in\s+(?P<file>{CODE}),?\s*)?"
    rf"(?P<verb>replace|rewrite|update|change|modify)\s+(?:the\s+)?(?P<all>{_ALL})"
    rf"(?:(?P<kind>{_KIND})\b\s*)?(?P<name>{CODE})?(?:\s+(?P<kind2>{_KIND}))?"
    r"(?:\s*\b(?:body|implementation|definition))?"
    r"(?:\s+(?:of|on)\s+(?:the\s+)?(?:class\s+)?`[A-Z]\w*`(?:\s+class)?)?"
    rf"(?:\s+in\s+(?P<file2>{CODE}))?\s*(?P<rest>.*?)"
    r"(?:\s*\b(?:with|to|as)(?:\s+(?:this|the following|follows|the new))?"
    r"(?:\s+(?:version|implementation|code|function|class|method|definition))?)?\s*[:：.]?\W*",
    re.IGNORECASE,
)


# The block has them, too.
_DECORATED = re.compile(
    r"\(\s*(?:including|with|and)\s+(?:its|the|all)\s+(?:decorators?|docstring|attributes?|comments?)\s*\)",
    re.IGNORECASE,
)


@value
class Spot:
    """A side of something that is defined, in a class if it is said."""

    side: Side
    name: str
    owner: str | None = None  # "" would be the top of the file; `None`: not said
    called: bool = False  # what it is stands beside it: a function, a class, a field
    then: str | None = None  # what must come next: the name of a definition
    comment_next: bool = False  # a comment must come next
    all_before: bool = False  # nothing like it may come after
    into: str | None = None  # what it is said to be added to
    what: tuple[str, ...] = ()  # the codes that say what is added


@value
class Anew:
    """A definition that is to be replaced as a whole."""

    name: str | None
    verb: str
    entire: bool
    lines: LineRange | None


def spot(lead: str) -> Spot | None:
    """The place that words name by a definition; `None` if they say anything else as well."""
    words = _LIKE.sub("", lead.strip().replace("**", ""))
    words = without_file(words)
    clauses = _brackets_last(words)
    comment_next = bool(_COMMENT_NEXT.search(clauses))
    all_before = bool(_ALL_BEFORE.search(clauses))
    clauses = _ALL_BEFORE.sub("", _COMMENT_NEXT.sub("", NUMBERS.sub("", clauses)))
    places = list(_WHERE.finditer(clauses))
    if not places or len(places) > 2:
        return None
    left = _WHERE.sub("", clauses)
    if re.search(
        r"\b(?:after|below|before|above|between|or|if|unless|instead|end of)\b", left, re.I
    ):
        return None
    left, _, remarks = left.partition("\0")
    if "`" in remarks:
        return None
    into = list(_INTO.finditer(left))
    left = _INTO.sub("", left)
    adds = _SAYS_ADD.fullmatch(left.strip(" ,:：."))
    if adds is None or len(into) > 2:
        return None
    return _spot(places, into, adds["what"], comment_next=comment_next, all_before=all_before)


def _spot(
    places: list[re.Match[str]],
    into: list[re.Match[str]],
    what: str,
    *,
    comment_next: bool,
    all_before: bool,
) -> Spot | None:
    names = [_identifier(each["name"] or each["bare"] or each["odd"]) for each in places]
    if any(each is None for each in names):
        return None
    sides: list[Side] = [
        "before" if each["side"].lower() in ("before", "above") else "after" for each in places
    ]
    owners = []
    for each in into:
        said = each["name"] or each["bare"] or each["odd"]
        if parse_path(said.strip("`")) is not None:
            continue  # the file, which is told by others
        named = _identifier(said)
        if named is None:
            return None
        owners.append(named[0])
    if len(owners) > 1:
        return None
    (name, owner) = names[0] or ("", None)
    then = None
    if len(places) == 2:
        if sides != ["after", "before"] or names[1] is None:
            return None
        then = names[1][0]
    called = bool(places[0]["kind"] or places[0]["kind2"]) or bool(
        re.search(rf"{_KIND}\s+`", places[0][0], re.I)
    )
    codes = tuple(re.findall(r"`([^`\n]+)`", what))
    return Spot(
        sides[0],
        name,
        owner,
        called,
        then,
        comment_next,
        all_before,
        owners[0] if owners else None,
        codes,
    )


_ELSEWHERE = re.compile(
    r"\b(?:after|before|below|above|between|near|next\s+to|alongside|beside|top\s+of|inside|within)\b",
    re.IGNORECASE,
)
_OF_IMPORTS = re.compile(r"\bimports?\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[;,](?!\s*(?:and\s+)?(?:after|before|below|above)\b)|\s\+\s", re.IGNORECASE)


def place_in_remark(remark: str) -> str:
    """Where the remark of a Files block says that something of that file goes, or nothing.

    "(add the helper after `sail()`)" says it; what it says of imports is of these alone.
    """
    clauses = [each.strip(" ()") for each in _CLAUSE.split(remark)]
    said = [each for each in clauses if _ELSEWHERE.search(each) and not _OF_IMPORTS.search(each)]
    found = _ELSEWHERE.search("; ".join(said))
    return "; ".join(said)[found.start() :] if found else ""


def anew(lead: str) -> Anew | None:
    """The definition that words say is replaced by a block, if they say nothing else."""
    words = lead.strip().replace("**", "")
    said = _REPLACES.fullmatch(words)
    if said is None or not (said["name"] or said["kind"]):
        return None
    rest = _DECORATED.sub("", said["rest"])
    rest = NUMBERS.sub("", re.sub(r"[()]", " ", rest)).strip(" ,:：.")
    name = None
    if said["name"]:
        found = _identifier(said["name"])
        if found is None:
            return None
        name = found[0]
    if rest:
        return None
    ranges = _LINES.findall(said["rest"])
    lines = None
    if ranges:
        if len(ranges) > 1:
            return None
        first, last = int(ranges[0][0]), int(ranges[0][1] or ranges[0][0])
        lines = LineRange(first, last) if 0 < first <= last else None
    entire = bool(re.search(r"entire|whole|full|complete", said["all"], re.IGNORECASE))
    return Anew(name, said["verb"].lower(), entire, lines)


def _brackets_last(words: str) -> str:
    """The words, and after a zero byte what stands in brackets; those in code are no brackets."""
    words = re.sub(CODE, lambda code: code[0].replace("(", "\1").replace(")", "\2"), words)
    inside = " ".join(each[1:-1] for each in _BRACKET.findall(words))
    split = f"{_BRACKET.sub('', words)} \0 {inside}"
    return split.replace("\1", "(").replace("\2", ")")


def _identifier(code: str) -> tuple[str, str | None] | None:
    """The name that a code is, with the class that it names before a dot."""
    code = code.strip("`").strip()
    code = re.sub(r"^(?:async\s+)?(?:def|class|function|const|let|fn|func)\s+", "", code)
    found = re.fullmatch(r"(?:([A-Za-z_]\w*)\.)?([A-Za-z_]\w*)(?:\(\))?", code)
    return (found[2], found[1]) if found else None

"""Words that name a place by what is defined there: "Add it after the `sail` function"."""

from __future__ import annotations

import re

from runbook.core.matching.texts import LineRange
from runbook.core.value import value
from runbook.markdown.importing.words.filelist import parse_path
from runbook.markdown.importing.words.phrases import KIND, told
from runbook.markdown.importing.words.saying import NUMBERS, named_lines, read
from runbook.markdown.importing.words.vocabulary import anycase
from runbook.markdown.importing.words.wording import Side, side_of

_CODES = re.compile(r"`([^`\n]+)`")
_OF_A_KIND = anycase(rf"{KIND} \S|\s{KIND}$")
_OF_FIELDS = anycase(r"\b(stored|propert(y|ies)|fields?)\b")  # what is added, beside such
_KIND_BEHIND = anycase(rf" {KIND}$")

_ADDS = (
    "add|insert|place|put|define|register|introduce|declare|create|append|mount|include [<what>]"
)
_INTO = ", in|into|to|inside|within|of <around-it:into> [body]"
_BESIDE = (
    "<beside:side> [<closing>] <defined-here> [<closed>] <tail>"
    " [, [and] before|above (<comment> | <defined-here:then>)]"
)
_SPOT = (
    "[in|inside|within <around-it:into> ,]"
    f" ({_ADDS} <tail> [{_INTO}] <tail> [, <others>] [,] {_BESIDE} [{_INTO}]"
    f" | {_BESIDE} , {_ADDS} <tail> [{_INTO}]) <tail> [, <like>]"
)
# Where it is plain that a place is meant, and no time: "Right after it:" may say when.
_AT = f"{_BESIDE} <tail>"
_PLACES = anycase(
    r"^\W*(in `[^`\n]+`( \([^()]*\))?, )?(((immediately|directly|right) )?(below|above|before)|"
    r"(immediately|directly|right) after) |^\W*in `[^`\n]+`( \([^()]*\))?, after |"
    r"^\W*(in `[^`\n]+`( \([^()]*\))?, )?(after|near|next to|beside|alongside) (the )?"
    r"((existing|closing) )*(\w+ (of )?)?`"
)
_DECLARED = re.compile(
    r"(?:@?\w+ )*?(?:def|class|function|const|let|var|fn|func|interface|type|struct|enum|trait|"
    r"protocol|actor|typealias|extension|case) (?P<name>(?:[A-Za-z_]\w*\.)?[A-Za-z_]\w*)"
)
_ANEW = (
    "[the] [<kind>] <called-here> [<kind>] <tail> <becomes>"
    " | <verb> ([<kind>] <called-here> [<kind>] | <kind> | <bare-called>)"
    " [body|implementation|definition|line]"
    " [of|on [the] [class] <code:_> [class]] <tail> [at|on <lines>]"
    " [with|to|as [the] [new] (version|implementation|code|function|class|method|definition)"
    " | to|so|that <plain>]"
)
_PLACE_IN_BRACKETS = re.compile(
    r"[,\s]*\(\s*,?\s*((?:[^()]|\(\))*\b(?:after|below|before|above|near)\b(?:[^()]|\(\))*)\)",
    re.IGNORECASE,
)
_WHOLE = anycase(r"\b(entire|whole|full|complete)\b")


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
    inside: bool = False  # it stands in a type, whose end comes behind it
    into: str | None = None  # what it is said to be added to
    what: tuple[str, ...] = ()  # the codes that say what is added


@value
class Anew:
    """A definition that is to be replaced as a whole."""

    name: str | None
    verb: str
    entire: bool
    lines: LineRange | None
    owner: str | None = None


def spot(lead: str) -> Spot | None:
    """The place that words name by a definition; `None` if they say anything else as well."""
    words = NUMBERS.sub("", _plain(read(lead).words))
    unbracketed = places_unbracketed(words)
    asked = END_OF_ALL.sub("", unbracketed)
    said = told(_SPOT, asked)
    if said is None and _PLACES.match(words):
        said = told(_AT, END_OF_ALL.sub("", words))
    if said is None:
        return None
    side = side_of(said["side"]) if said["side"].lower() in ("before", "above") else "after"
    then, into = said.get("then"), said.get("into")
    # What is no file is of something in it: "In `Ship.row`,".
    others = [each for each in _CODES.findall(said.get("file", "")) if parse_path(each) is None]
    if (then and side == "before") or len(others) + (into is not None) > 1:
        return None
    name, owner = _identifier(said["name"])
    return Spot(
        side,
        name,
        owner,
        called=_OF_A_KIND.search(said["name"]) is not None
        or _OF_FIELDS.search(said.get("what", "")) is not None,
        then=_identifier(then)[0] if then else None,
        comment_next="comment" in said,
        inside=asked != unbracketed,
        all_before="others" in said,
        into=_identifier(into or f"`{others[0]}`")[0] if into or others else None,
        what=tuple(_CODES.findall(said.get("what", ""))),
    )


# The sign of an item, and the file that is only opened before it is spoken of.
_COUNTED = re.compile(r"^\W*\(?(?:[a-z]|\d{1,2}[a-z]?)[.)]\s+(?=\S)", re.IGNORECASE)
_OPENS = anycase(r"^(open|edit|modify|update) (?P<file>`[^`\n]+`)[.:]\s+(?=[a-z])")
# What a definition has, or comes from, is no part of its name: `sail(…)`, `class A: B { ... }`.
_HELD = re.compile(
    r"(?<=`)(?P<name>[^`\n({:]*?\w)(?P<called>\((?:\.\.\.|…|_ \w+:)\))?"
    r"(?P<of>(?<=[A-Za-z]): [A-Z][\w, ]*\w)?(?:\s*\{\s*(?:\.\.\.|…)\s*\})?(?=`)"
)
_TYPES = re.compile(r"\b(?:class|struct|enum|actor|protocol|extension) \w+$")
# Inside of a type, whatever is added stands before its end.
END_OF_ALL = anycase(
    r"[\s,;(]*\b((and|but|still|just|right|immediately|directly) )*before (the |its )?"
    r"((\w+|`\w+`)['\u2019]s |(\w+ ){0,2})(final |last )?closing (`[)\]}]+;?`|brace|bracket)"
    r"( of (the )?((`\w+`|\w+) ?){1,3})?\)?(?=[\s,.:：]|$)"
)


def _plain(words: str) -> str:
    """The words without what counts them, opens their file or abbreviates what they name."""
    opened = _OPENS.sub(r"In \g<file>, ", _COUNTED.sub("", words))
    return _HELD.sub(_bare_name, opened)


def _bare_name(held: re.Match[str]) -> str:
    """A definition without what it holds; of a type also without what it comes from."""
    if held["of"] and not _TYPES.search(held["name"]):
        return held[0]
    return held["name"] + ("()" if held["called"] else "")


def places_unbracketed(words: str) -> str:
    """The words with the place that they name in brackets as a part of the sentence."""
    return _PLACE_IN_BRACKETS.sub(r", \1", words)


_ELSEWHERE = anycase(
    r"\b(after|before|below|above|between|near|next to|alongside|beside|top of|inside|within)\b"
)
_OF_IMPORTS = anycase(r"\bimports?\b")
_CLAUSE = anycase(r"[;,](?!\s*(and )?(after|before|below|above)\b)|\s\+\s")


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
    said = told(_ANEW, read(lead).words)
    if said is None:
        return None
    name, owner = _identifier(said["name"]) if "name" in said else (None, None)
    whole = _WHOLE.search(lead) is not None
    return Anew(name, said.get("verb", "update").lower(), whole, named_lines(lead), owner)


def _identifier(said: str) -> tuple[str, str | None]:
    """The name of a definition that words refer to, with the class that it names before a dot."""
    code = _CODES.search(said)
    words = code[1] if code else _KIND_BEHIND.sub("", said)
    declared = _DECLARED.match(words) if code else None
    plain = declared["name"] if declared else re.sub(r"\([\w:]*\)$", "", words.split()[-1])
    owner, _, name = plain.rpartition(".")
    return name, owner or None

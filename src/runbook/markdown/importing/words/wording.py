"""What the words before a block of code say is to be done with it.

The rules are narrow on purpose: where they don't hold, the step is left to a person.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from runbook.markdown.importing.words.languages import spoken
from runbook.markdown.importing.words.vocabulary import BEGIN, without_code

_CODE = re.compile(r"`[^`\n]*`")
_BEGIN = rf"^{BEGIN}"
_TAIL = r"(?:\s+(?:this|that|these|the following|just|exactly|simply|the new)(?:\s+\w+)?)?"
_TO = re.compile(
    rf"\W*(?:and\s+)?(?:to|with|into|by|becomes?|to be){_TAIL}\W*"
    r"|\W*(?:and\s+)?(?:replace|change|update|rewrite)d?\s+(?:(?:it|this|that|them|"
    r"the (?:block|line|text|code|row))\s+)?(?:with|by|to|into)"
    rf"{_TAIL}\W*"
    r"|\W*(?:replacement|new (?:text|code|version|block|content|line))\W*"
    r"|\W*(?:以下に(?:修正|変更|置換|置き換え)|変更後|修正後)[^.:：]{0,12}\W*",
    re.IGNORECASE,
)
_AFTER = re.compile(r"\W*(?:after|new|updated?)\W*", re.IGNORECASE)
_BEFORE = re.compile(r"\W*(?:before|old|current|original|existing)\W*", re.IGNORECASE)
_FROM = re.compile(
    r"\bfrom\W*$"
    rf"|{_BEGIN}(?:(?:in|inside|at)\b[^:]{{0,100}}?,?\s*)?(?:find|locate)\b"
    r"|\b(?:current|existing|old|original)\s+(?:\w+\s+)?(?:code|text|version|lines?|block|content|"
    r"implementation|import|row|paragraph|body|signature)\W*$"
    r"|\bcurrently\s+(?:reads?|is|has|says)\b[^.]{0,30}$"
    rf"|{_BEGIN}(?:\*\*[^*]+\*\*\s*)?(?:(?:in|inside|at)\b[^:]{{0,100}}?,?\s*)?"
    r"(?:replace|change|update|modify|swap)\b(?![^`]*\b(?:with|to|into|by)\W*$)"
    r"|\.\s+(?:the\s+)?(?:change|replace|current code)\W*$"
    r"|^\W*and\s+(?:replace|change|update)\b[^`]*$"
    r"|(?:変更前|修正前|以下(?:の[^。:：]{0,6})?を)\W*$",
    re.IGNORECASE,
)
_MAKES_NEW = re.compile(
    rf"{_BEGIN}(?:(?:in|inside|at)\b[^:]{{0,100}}?,?\s*)?(?:add|insert|create|write|append|"
    r"define|implement)\b",
    re.IGNORECASE,
)
_INEXACT = re.compile(
    r"approximately|similar(?:ly)?\b|something like|e\.g\.|for example|such as|roughly|\bsketch\b|"
    r"pseudo|outline|\bexample\b|illustrat|recommended shape|signature|should look|looks? like|"
    r"\bif (?:it|the|there|not|needed|necessary|any)\b|optional|or equivalent|pattern\b|adapt|"
    r"\bplaceholder|skeleton|minimal version|structure\b|\balternative|\boption\b|\botherwise\b|"
    r"\beither\b|適宜|例えば",
    re.IGNORECASE,
)
# What is approximate or optional there is no block.
_OF_SOMETHING_ELSE = re.compile(
    r"\bfollow(?:s|ing)?\s+(?:the|an?)\s+[^,.:]*?\bpatterns?\b|"
    r"\b(?:approximately|roughly|about|around)\s+(?:at\s+)?lines?\b|"
    r"\boptional\s+(?:\w+\s+)?(?:arg(?:ument)?|param(?:eter)?|field|prop(?:erty)?|flag|key|value|"
    r"column)s?\b|\bto\s+optionally\b",
    re.IGNORECASE,
)
_FOR_NOW = re.compile(r"\b(?:placeholder|skeleton|structure|minimal version)\b", re.IGNORECASE)
_EVERYWHERE = re.compile(
    r"\b(?:each|every|all)\s+(?:occurrences?|instances?|places?|of (?:the|these|them))\b|"
    r"\beverywhere\b",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\b(?:body|opening|sections?|paragraphs?|blocks?|functions?|methods?|class(?:es)?|between|"
    r"frontmatter|everything|bullets?|rows?|tables?|lists?|parts?|arrays?|objects?|headings?|"
    r"step|fields?|suites?|describe|enum|struct|impl|module|trait|header|imports?)\b",
    re.IGNORECASE,
)
_REWRITES = re.compile(
    r"\b(?:replace|overwrite|rewrite|update)\b[^.]*?\b(?:entire|whole|full|complete|current|all)?"
    r"\s*(?:file\s+)?contents?\b|"
    r"\b(?:replace|overwrite|rewrite)\b[^.]*?\b(?:entire|whole|full|complete|all of)\b|"
    r"全体を(?:以下に)?置き?換え",
    re.IGNORECASE,
)
_APPENDS = re.compile(
    rf"{_BEGIN}append\b"
    r"|\b(?:to|at)\s+(?:the\s+)?(?:very\s+)?(?:end|bottom)\s+of\s+(?:the\s+(?:test\s+)?file\b|`)",
    re.IGNORECASE,
)
# "创建 `path`：", "Créer `path` :", with nothing more; "New `ship`:" is beside an old one.
_CREATES_ELSEWHERE = re.compile(
    rf"\W*(?!new\b){spoken('create')}\s*(?:文件|die Datei|le fichier|el archivo|o arquivo|файл)?\s*"
    r"`[^`\n]+`\s*[:：]\W*",
    re.IGNORECASE,
)
_ABOVE_GUARD = re.compile(
    r"(?<![\s,])[（(]?(?:\s*,)?\s*(?:but\s+)?(?:just\s+|right\s+|immediately\s+)?\b(?:before|above)\s+(?:the\s+)?"
    r"(?:\w+\s+)?`if __name__[^`]*`(?:\s+(?:guard|block|line))?\s*[）)]?",
    re.IGNORECASE,
)
_PREPENDS = re.compile(
    rf"{_BEGIN}prepend\b"
    r"|\b(?:at|to)\s+the\s+(?:very\s+)?(?:top|beginning|start)\s+of\s+(?:the\s+file\b|`)",
    re.IGNORECASE,
)
_REMOVES = re.compile(
    rf"{_BEGIN}(?:(?:remove|delete)\b|(?:in|at|from)\b[^:]{{0,100}}?,\s*(?:remove|delete)\s+"
    r"(?:these|this|the\s+following|(?:the\s+)?(?:\w+\s+)?lines?)\b)"
    r"(?![^:]*\b(?:all|every|each|any)\b)[^.]*[:：]\W*$",
    re.IGNORECASE,
)
# What goes on like this speaks of more than the block, or the block is what comes instead.
_REMOVES_MORE = re.compile(
    r"\b(?:replac\w*|add\w*|insert\w*|swap\w*|substitut\w*|instead|hunks?|diff|patch)\b",
    re.IGNORECASE,
)
# "Remove the `x` argument from this function:" shows the function; "these lines" are the block.
_REMOVES_OF_IT = re.compile(
    r"\b(?:remove|delete)\s+(?!(?:these|this|the\s+following|both|the\s+(?:\w+\s+)?lines)\b)"
    r"[^:]*\bfrom\s+(?!`[^`\s]*[./][^`\s]*`|lines?\b|(?:the\s+)?file\b|the\s+(?:top|bottom|end)\b)",
    re.IGNORECASE,
)
_FUNCTION = re.compile(
    r"\breplace\s+(?:the\s+)?(?:entire|whole|full|complete)\s+(?:`\w+(?:\(\))?`\s+)?(?:\w+\s+)?"
    r"(?:function|method|fixture|test)\b",
    re.IGNORECASE,
)
_CREATES = re.compile(
    rf"{_BEGIN}(?:create|write|save|make|generate|scaffold)\b"
    r"|を(?:新規)?作成|を以下の内容で",
    re.IGNORECASE,
)
# "Write to `path`" makes it; "add to `path`" changes what is there.
_NEAR_PATH = re.compile(
    rf"{_BEGIN}(?:create|write|save|make|generate|scaffold|(?P<adds>add|implement))\b:?\s+"
    r"(?:(?:a|the|an|new|file|module|script|test|config|template|stub|as|(?(adds)as|to)|at)"
    r"\s*:?\s*)*`[^`]+`",
    re.IGNORECASE,
)
_ALONE = re.compile(r"\W*`[^`]+`\W*(?:\([^)]*\))?\W*")
_INTO = re.compile(
    r"\b(?:to|into|inside|within|in|after|before|above|below|under|at the (?:top|end|bottom))\s+"
    r"(?:the\s+|an?\s+|your\s+)?(?!(?:following|exact|same|contents?|repo|root|monorepo)\b)[\w`]",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"\b(?:exact(?:ly)?|following|this|full|complete)\s+(?:\w+\s+)?contents?\b|"
    r"\bwith(?:\s+the)?(?:\s+following)?(?:\s+exact)?\s*contents?\b|\bwith\W*$",
    re.IGNORECASE,
)

Wish = Literal["rewrite", "function", "remove", "append", "prepend", "create", ""]


@lru_cache(maxsize=64)  # every rule asks it of the words before a block
def inexact(words: str, *, is_title: bool = False) -> bool:
    """Whether a block is an example, approximate, or for a case that may not be.

    A title that says to create a placeholder or a skeleton says what the file is to be.
    """
    bare = _OF_SOMETHING_ELSE.sub("", without_code(words))
    if is_title and _CREATES.search(bare):
        bare = _FOR_NOW.sub("", bare)
    return bool(_INEXACT.search(bare))


def names_part(lead: str) -> bool:
    """Whether words speak of a part of a file: its body, a section, a function."""
    return bool(_PART.search(without_code(lead)))


def speaks_of_old(lead: str) -> bool:
    """Whether a block is what stands in the file: "Change the line from:"."""
    bare = without_code(lead)
    return bool(_FROM.search(bare)) and not _MAKES_NEW.match(bare)


def makes_new(lead: str) -> bool:
    """Whether a block is something that is not there yet: "Add the helper:"."""
    return bool(_MAKES_NEW.match(without_code(lead)))


def says_to(words: str) -> bool:
    """Whether words are no more than "Change to:"."""
    return bool(_TO.fullmatch(without_code(words)))


def leads_to_new(words: str, lead: str) -> bool:
    """Whether the words between two blocks say that the second replaces the first."""
    bare = without_code(words)
    if _BEFORE.fullmatch(without_code(lead)):
        return bool(_AFTER.fullmatch(bare) or _TO.fullmatch(bare))
    return bool(_TO.fullmatch(bare)) and speaks_of_old(lead)


def everywhere(lead: str) -> bool:
    """Whether all places are meant."""
    return bool(_EVERYWHERE.search(without_code(lead)))


@lru_cache(maxsize=64)
def without_remarks(lead: str) -> tuple[str, str]:
    """A line without a remark, or what it says of the guard above which its block goes.

    Second comes the guard as the line quotes it, or nothing.
    """
    guard = _ABOVE_GUARD.search(lead)
    if guard:
        quoted = re.search(r"`([^`]*__name__[^`]*)`", guard[0])
        return lead[: guard.start()] + lead[guard.end() :], quoted[1] if quoted else "__name__"
    bare = re.fullmatch(r"\W*(?:then\s+)?append\s*\(([^()]*)\)\s*[:：]?\W*", lead, re.IGNORECASE)
    if bare and not re.search(r"\b(?:to|into|in|before|after|above|below)\b", bare[1]):
        return "Append:", ""
    return lead, ""


@lru_cache(maxsize=64)
def wish(lead: str) -> Wish:
    """What is to be done with a block as a whole, by the line before it."""
    bare = without_code(lead)
    if _FUNCTION.search(lead):
        return "function"
    part = _PART.search(bare)
    if _REWRITES.search(bare) and not part:
        return "rewrite"
    if _REMOVES.match(bare):
        more = _REMOVES_MORE.search(bare) or _REMOVES_OF_IT.search(lead)
        return "" if more else "remove"
    if re.search(r"\b(?:before|after)\b|直前|直後", bare, re.IGNORECASE):
        return ""
    if _APPENDS.search(lead) and not part:
        return "append"
    if _PREPENDS.search(lead) and not part:
        return "prepend"
    return ""


def creates(lead: str, *, is_title: bool) -> bool:
    """Whether a block is the text of a new file, by the line or title before it."""
    bare = without_code(lead)
    if _NEAR_PATH.search(lead):
        rest = _NEAR_PATH.sub("", lead, count=1)
        return not _INTO.match(rest.strip(" ,"))
    if _ALONE.fullmatch(lead) or _CREATES_ELSEWHERE.fullmatch(lead):
        return True
    if is_title:
        verb = re.match(rf"{_BEGIN}(?:create|write|implement|make|add|scaffold)\b", bare, re.I)
        return bool(verb or "作成" in bare) and not re.search(
            r"\b(?:to|into|in|after|before)\s+(?:the\s+)?`", lead
        )
    if not _CREATES.search(bare) or _INTO.search(re.sub(r"^\W*\w+", "", bare)):
        return False
    # "A file with markers" has more than these.
    return not re.search(r"\b(?:with|for|of|containing)\s+(?!.*\bcontents?\b)\w", bare)


def object_of(lead: str) -> str:
    """The part of "Create `path` with …" that names what is created, or nothing."""
    found = _NEAR_PATH.search(lead) or re.search(r"`[^`]+`\s*を(?:新規)?作成", lead)
    if found is None and _CREATES_ELSEWHERE.fullmatch(lead):
        return lead
    return found[0] if found else ""


def says_whole(lead: str) -> bool:
    """Whether a block is said to be all of the file."""
    named = _NEAR_PATH.match(lead)
    plain = named and re.fullmatch(r"\s*(?:\([^)]*\))?\s*[:：]\W*", lead[named.end() :])
    whole = _WHOLE.search(lead) or _ALONE.fullmatch(lead) or _CREATES_ELSEWHERE.fullmatch(lead)
    return bool(plain or whole)


def beside(lead: str) -> str:
    """What a line says beside its order: all of it where it has several sentences, or remarks."""
    blanked = _CODE.sub(lambda match: "`" * len(match[0]), lead)
    if re.search(r"(?:[^.\W\d]{2}|[`)\]])\.\s+\S", blanked):
        return lead.strip()
    spans = [m.span() for m in re.finditer(r"\([^()]*\)", blanked)]
    remarks = [lead[a:b] for a, b in spans if len(re.findall(r"[^\W\d_]{2,}", blanked[a:b])) > 2]
    return "\n\n".join(remarks)

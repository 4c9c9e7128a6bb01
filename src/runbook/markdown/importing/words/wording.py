"""What the words before a block of code say is to be done with it.

The rules are narrow on purpose: where they don't hold, the step is left to a person.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from runbook.markdown.importing.words.languages import spoken
from runbook.markdown.importing.words.vocabulary import (
    BEGIN,
    anycase,
    begins,
    has,
    is_all,
    without_code,
)

_CODE = re.compile(r"`[^`\n]*`")
_BEGIN = rf"^{BEGIN}"
_TAIL = r"( (this|that|these|the following|just|exactly|simply|the new)( \w+)?)?"
# Whether words are no more than "Change to:".
says_to = is_all(
    rf"\W*(and )?(to|with|into|by|becomes?|to be){_TAIL}\W*"
    r"|\W*(and )?(replace|change|update|rewrite)d? ((it|this|that|them|the (block|line|text|code|"
    r"row)) )?(with|by|to|into)"
    rf"{_TAIL}\W*"
    r"|\W*(replacement|new (text|code|version|block|content|line))\W*"
    r"|\W*target (code|text)( \(same (position|place|lines?)\b((?!\b(if|unless|but|except)\b)"
    r"[^()])*\))?\W*"
    r"|\W*(以下に(修正|変更|置換|置き換え)|変更後|修正後)[^.:：]{0,12}\W*",
    of=without_code,
)
_AFTER = anycase(r"\W*(after|new|updated?)\W*")
_BEFORE = anycase(r"\W*(before|old|current|original|existing)\W*")
_FROM = anycase(
    r"\bfrom\W*$"
    rf"|{_BEGIN}((in|inside|at)\b[^:]{{0,100}}?,?\s*)?(find|locate)\b"
    r"|\b(current|existing|old|original) (\w+ )?(code|text|version|lines?|block|content|"
    r"implementation|import|row|paragraph|body|signature)"
    r"( \(((at|around) )?lines? ~?\d+( ?[-–] ?\d+)?\))?\W*$"
    r"|\bcurrently (reads?|is|has|says)\b[^.]{0,30}$"
    rf"|{_BEGIN}(\*\*[^*]+\*\*\s*)?((in|inside|at)\b[^:]{{0,100}}?,?\s*)?"
    r"(replace|change|update|modify|swap)\b(?![^`]*\b(with|to|into|by)\W*$)"
    rf"|{_BEGIN}((in|inside|at)\b[^:]{{0,100}}?,?\s*)?(remove|delete)( (this|these|the) (\w+ )?"
    r"(lines?|block|code))?\s*:\W*$"
    r"|\. (the )?(change|replace|current code)\W*$"
    r"|^\W*and (replace|change|update)\b[^`]*$"
    r"|(変更前|修正前|以下(の[^。:：]{0,6})?を)\W*$"
)
# Whether a block is something that is not there yet: "Add the helper:".
makes_new = begins(
    rf"{_BEGIN}((in|inside|at)\b[^:]{{0,100}}?,?\s*)?(add|insert|create|write|append|"
    r"define|implement)\b",
    of=without_code,
)
_INEXACT = anycase(
    r"approximately|similar(ly)?\b|something like|e\.g\.|for example|such as|roughly|\bsketch\b|"
    r"pseudo|outline|\bexample\b|illustrat|recommended shape|signature|should look|looks? like|"
    r"\bif (it|the|there|not|needed|necessary|any)\b|optional|or equivalent|pattern\b|"
    r"adapt(?!er|ive|or)|"
    r"\bplaceholder|skeleton|minimal version|structure\b|\balternative|\boption\b|\botherwise\b|"
    r"\beither\b|\bat (the |an? )?(very )?(least|minimum)\b(?! (\w+ )?(\d|one|two|three))|適宜|"
    r"例えば"
)
# What is approximate or optional there is no block.
_OF_SOMETHING_ELSE = anycase(
    r"\bfollow(s|ing)? (the|an?) [^,.:]*?\bpatterns?\b|\b(approximately|roughly|about|around) "
    r"(at )?lines?\b|\boptional (\w+ )?(arg(ument)?|param(eter)?|field|prop(erty)?|flag|key|value|"
    r"column)s?\b|\bto optionally\b|`` (\w+ )?options?\b|\boptions? ``"
)
_BARE_PATH = re.compile(r"(?<![\w/])(?:[\w.@-]+/)+[\w.-]+\.\w+\b")
_FOR_NOW = anycase(r"\b(placeholder|skeleton|structure|minimal version)\b")
# Whether all places are meant.
everywhere = has(
    r"\b(each|every|all) (occurrences?|instances?|places?|of (the|these|them))\b|\beverywhere\b",
    of=without_code,
)
# Whether words speak of a part of a file: its body, a section, a function.
names_part = has(
    r"\b(body|opening|sections?|paragraphs?|blocks?|functions?|methods?|class(es)?|between|"
    r"frontmatter|everything|bullets?|rows?|tables?|lists?|parts?|arrays?|objects?|headings?|step|"
    r"fields?|suites?|describe|enum|struct|impl|module|trait|header|imports?)\b",
    of=without_code,
)
_REWRITES = anycase(
    r"\b(replace|overwrite|rewrite|update)\b[^.]*?\b(entire|whole|full|complete|current|"
    r"all)?\s*(file )?contents?\b|\b(replace|overwrite|rewrite)\b[^.]*?\b(entire|whole|full|"
    r"complete|all of)\b|全体を(以下に)?置き?換え"
)
_APPENDS = anycase(
    rf"{_BEGIN}append\b"
    r"|\b(to|at) (the )?(very )?(end|bottom) of ((the )?(test )?file\b|`)"
)
# "创建 `path`：", "Créer `path` :", with nothing more; "New `ship`:" is beside an old one.
_CREATES_ELSEWHERE = anycase(
    rf"\W*(?!new\b){spoken('create')}\s*(文件|die Datei|le fichier|el archivo|o arquivo|файл)?\s*"
    r"`[^`\n]+`\s*[:：]\W*"
)
# "Create the file with the first sail:", where only its text follows.
_CREATES_WITH = anycase(
    r"\W*create (the|this) (new )?(\w+ )?file with (the|this|an?) ([\w-]+ ){0,6}[\w-]+\s*[:：]\W*"
)
_ABOVE_GUARD = anycase(
    r"(?<![\s,])(\s+(a|the) new (test )?(class|function|case)s?)?\s*[（(]?"
    r"((?<=[（(])[^()`]{0,40}\s)?(\s*,)?\s*(but )?(just |right |immediately )?\b(before|above) "
    r"(the )?(\w+ )?`if __name__[^`]*`( (guard|block|line))?\s*[）)]?"
)
_PREPENDS = anycase(
    rf"{_BEGIN}prepend\b"
    r"|\b(at|to) the (very )?(top|beginning|start) of (the file\b|`)"
)
_REMOVES = anycase(
    rf"{_BEGIN}((remove|delete)\b|(in|at|from)\b[^:]{{0,100}}?,\s*(remove|delete) "
    r"(these|this|the following|(the )?(\w+ )?lines?)\b)(?![^:]*\b(all|every|each|"
    r"any)\b)[^.]*[:：]\W*$"
)
# What goes on like this speaks of more than the block, or the block is what comes instead.
_REMOVES_MORE = anycase(
    r"\b(replac\w*|add\w*|insert\w*|swap\w*|substitut\w*|instead|hunks?|diff|patch)\b"
)
# "Remove the `x` argument from this function:" shows the function; "these lines" are the block.
_REMOVES_OF_IT = anycase(
    r"\b(remove|delete) (?!(these|this|the following|both|the (\w+ )?lines)\b)[^:]*\bfrom "
    r"(?!`[^`\s]*[./][^`\s]*`|lines?\b|(the )?file\b|the (top|bottom|end)\b)"
)
_FUNCTION = anycase(
    r"\breplace (the )?(entire|whole|full|complete) (`\w+(\(\))?` )?(\w+ )?(function|method|"
    r"fixture|test)\b"
)
_CREATES = anycase(
    rf"{_BEGIN}(create|write|save|make|generate|scaffold)\b"
    r"|を(新規)?作成|を以下の内容で"
)
# "Write to `path`" makes it; "add to `path`" changes what is there.
_NEAR_PATH = anycase(
    rf"{_BEGIN}(?:create|write|save|make|generate|scaffold|(?P<adds>add|implement|define|stub(?:\s+out)?))\b:?\s+"
    r"(?:(?:a|the|an|new|file|module|script|test|config|template|stub|as|(?(adds)as|to)|at)"
    r"\s*:?\s*)*`[^`]+`"
)
_ALONE = re.compile(r"\W*`[^`]+`\W*(?:\([^)]*\))?\W*")
_INTO = anycase(
    r"\b(to|into|inside|within|in|after|before|above|below|under|at the (top|end|bottom)) (the |"
    r"an? |your )?(?!(following|exact|same|contents?|repo|root|monorepo)\b)[\w`]"
)
_WHOLE = anycase(
    r"\b(exact(ly)?|following|this|full|complete) (\w+ )?contents?\b|\bwith( the)?( following)?( "
    r"exact)?\s*contents?\b|\bwith\W*$"
)

Wish = Literal["rewrite", "function", "remove", "append", "prepend", "create", ""]


@lru_cache(maxsize=64)  # every rule asks it of the words before a block
def inexact(words: str, *, is_title: bool = False) -> bool:
    """Whether a block is an example, approximate, or for a case that may not be.

    A title that says to create a placeholder or a skeleton says what the file is to be.
    """
    bare = _OF_SOMETHING_ELSE.sub("", _BARE_PATH.sub("``", without_code(words)))
    if is_title and _CREATES.search(bare):
        bare = _FOR_NOW.sub("", bare)
    return bool(_INEXACT.search(bare))


def speaks_of_old(lead: str) -> bool:
    """Whether a block is what stands in the file: "Change the line from:"."""
    bare = without_code(lead)
    return bool(_FROM.search(bare)) and not makes_new(bare)


def leads_to_new(words: str, lead: str) -> bool:
    """Whether the words between two blocks say that the second replaces the first."""
    bare = without_code(words)
    if _BEFORE.fullmatch(without_code(lead)):
        return bool(_AFTER.fullmatch(bare)) or says_to(bare)
    return says_to(bare) and speaks_of_old(lead)


@lru_cache(maxsize=64)
def without_remarks(lead: str) -> tuple[str, str]:
    """A line without a remark, or what it says of the guard above which its block goes.

    Second comes the guard as the line quotes it, or nothing.
    """
    guard = _ABOVE_GUARD.search(lead) if "__name__" in lead else None
    if guard:
        quoted = re.search(r"`([^`]*__name__[^`]*)`", guard[0])
        return lead[: guard.start()] + lead[guard.end() :], quoted[1] if quoted else "__name__"
    bare = re.fullmatch(r"\W*(?:then\s+)?append\s*\(([^()]*)\)\s*[:：]?\W*", lead, re.IGNORECASE)
    if bare and not re.search(r"\b(?:to|into|in|before|after|above|below)\b", bare[1]):
        return "Append:", ""
    return lead, ""


_IMPORT = r"`((import|from)\s[^`\n]+)`"
_WITH_IMPORTS = anycase(
    rf"\s*([,;]|[(（])\s*((and|also|plus) )*(add|put|include) (?P<said>{_IMPORT}(\s*(,|and|, and) "
    rf"{_IMPORT})*) (to|at|in|with|among) (the )?((existing|other|top|module) )*imports?"
    r"( (block|section|statements?|lines?))?( at the top( of the (file|module))?)?\s*[)）]?"
    r"(?=\s*[:：.]?\s*$)"
)


# The same as a sentence before the order: "Add `import os` to the imports. Add the helper:".
_IMPORTS_FIRST = anycase(
    rf"\W*(add|put|include) (?P<said>{_IMPORT}(\s*(,|and|, and) {_IMPORT})*) (to|at|in|with|"
    rf"among|near|"
    r"alongside) (the )?((existing|other|top|module|stdlib|top-level) )*(imports?|top)( (block|"
    r"section|"
    r"statements?|lines?))?( of (the )?(file|module))?(\. (then,? )?|\s*[,;] (and |then |and "
    r"then ))"
    r"(?=(add|append|define|implement|insert|write) )"
)


@lru_cache(maxsize=64)
def without_imports(lead: str) -> tuple[str, tuple[str, ...]]:
    """A line without a remark that has imports added, and these as Python has them.

    "Append to `ship.py` (add `import os, re` to the imports):"
    """
    found = _WITH_IMPORTS.search(lead) or _IMPORTS_FIRST.match(lead)
    if found is None:
        return lead, ()
    said = tuple(re.sub(r"\s+", " ", each.strip("`")) for each in _CODE.findall(found["said"]))
    rest = lead[: found.start()] + lead[found.end() :]
    return rest[:1].upper() + rest[1:], said


@lru_cache(maxsize=64)
def wish(lead: str) -> Wish:
    """What is to be done with a block as a whole, by the line before it."""
    bare = without_code(lead)
    if _FUNCTION.search(lead):
        return "function"
    part = names_part(bare)
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
    if _CREATES_WITH.fullmatch(bare):
        return True
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


Side = Literal["after", "before"]

_ENDS = anycase(
    r"\b(?P<side>after|below|before|above)\b( (it|this|the|these|line|lines|block|code|following|"
    r"existing|import|row|call|statement|heading))*\s*[:：]\W*$"
)
_INSERT = anycase(r"^\W*(and )?(insert|add)\b[^.`]{0,50}[:：]?\W*$")
_INSERT_AT = anycase(
    r"^\W*(and )?(insert|add|place)\b[^.`]{0,40}?\b(?P<side>after|below|before|above) (it|this|"
    r"that|the (block|line|row))\W*$"
    r"|^\W*(and )?(immediately|directly|right)?\s*(?P<side2>after|below|before|above) (it|this|"
    r"that)\b,?\s*(insert|add)\b[^.`]{0,30}\W*$"
)
_FIND = anycase(r"\b(find|locate)\b")


def side_of(word: str) -> Side:
    """The side that a preposition says."""
    return "after" if word.lower() in ("after", "below") else "before"


def between_blocks(lead: str, words: str) -> Side | None:
    """Where the second of two blocks goes, seen from the first: the anchor."""
    ends = _ENDS.search(lead)
    if ends and _INSERT.fullmatch(words):
        return side_of(ends["side"])
    at = _INSERT_AT.fullmatch(words)
    if at and (_FIND.search(lead) or ends):
        return side_of(at["side"] or at["side2"])
    return None

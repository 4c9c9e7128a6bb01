"""Words that add something to a file and say no place in it: where its kind stands, it goes."""

from __future__ import annotations

import re

from runbook.markdown.importing.forms.form import Block
from runbook.markdown.importing.text.pieces import lead_of
from runbook.markdown.importing.words.filekinds import is_test
from runbook.markdown.importing.words.filelist import parse_path
from runbook.markdown.importing.words.saying import without_file
from runbook.markdown.importing.words.vocabulary import ADDING, BEGIN, PLACED, anycase, without_code

_ADDS = rf"{BEGIN}(in ``(\s*,)?\s*)?{ADDING}\b"
_NUMBERS = anycase(
    r"\s*\(((around|near|at|on|~)?\s*(lines?|L)\s*~?\d+(\s*[-–]\s*\d+)?\+?|existing( \w+)?)\)"
)
# What is said beside the place: what it is, and that it goes to its file.
_PLAIN = anycase(
    rf"{_ADDS}( (the|this|these|a|an|another|new|following|some|more|few|two|three|four|five|six|"
    r"failing|unit|integration|regression|private|public|helper|pure|async|minimal|simple|small|"
    r"functions?|class(es)?|tests?|cases?|methods?|helpers?|fixtures?|code|definitions?|suites?|"
    r"dataclass(es)?|models?|types?|interfaces?|structs?|components?|constants?|exceptions?|"
    r"implementations?|coverage|styles?|css|rules?|media|quer(y|ies)|keyframes|variables?|"
    r"sections?|traits?|enums?|impl|tables?|features?|at module level|module-level|top-level|``|"
    r"and|for|of|that|covering|with|file|module|exact|to|in|into|its|existing|end|bottom|at|"
    r"test))*\s*[:：.]?\W*"
)
# What it is, before the word for it: "the auth route helpers", "a private helper".
_WHAT_KIND = anycase(
    r"(?<=\s)((?!(the|to|in|into|of|and|for|with|on|at|add|append|write|create|define|implement|"
    r"insert|include|introduce|extend|put|second|third|fourth|other|same|"
    r"next)\b)[a-z][\w-]* ){1,3}(?=(functions?|class(es)?|tests?|cases?|helpers?|fixtures?|"
    r"dataclass(es)?|interfaces?|structs?|exceptions?|styles?|variables?|constants?|methods?|"
    r"traits?|enums?|sections?|tables?)\b)"
)
# What it does, and sentences that go on about it.
_WHAT_FOR = anycase(
    r",? (that|which|returning|covering|(for|following|matching)(?! "
    r"``\s*[:：.]?$))\s(?P<said>[^.:：]+?)(?= (to|in) ``|\s*[.:：]|$)"
)
_EXPLAINED = anycase(
    r"(?<=[.:]) (this|it|they|these|the (function|helper|class|method|test)s?)\s(?P<said>.*)$"
)
_WRITTEN = anycase(r"(?<=[.:]) (follow|use|match|mirror)\s(?P<said>.*)$")  # how it is
# What it is made of or like, and that it goes to the end.
_HOW_IT_IS = anycase(
    r"[\s,]*\(((re-?us(e|es|ing)|uses|using)\b((?!\b(after|before|below|above|between|inside|if|"
    r"or)\b)([^()]|\(\w*\)))*|(append(ed)?( it| them)? )?(at|to) the ((very )?end|bottom|file)"
    r"( of (the )?file)?)\)|,? (mirroring|following) ((?!\b(after|before|below|above|between|"
    r"inside|in)\b)([^.:()]|\(\w*\)))+\bexact(ly| \w+)(?=[:：]\W*$)"
)
# Behind a place, or alone in brackets, what it is like or uses.
_LIKE = anycase(
    r"(?:[;,—–]|\s-)\s*(re-?us(e|es|ing)|match(es|ing)?|mirror(s|ing)?|using) ((?!\b(after|before|"
    r"below|above|between|inside|into|in|if|or)\b)[^()\n])*(?=\)|[:：]\W*$)|\s*\((mirrors|mirroring|"
    r"match(es|ing)) ((?!\b(after|before|below|above|between|inside|into|in|if|or)\b)[^()\n])*\)"
)
_LIKE_ONE = anycase(r",? (like|similar to) (the )?existing `[^`\n]+`( \w+)?(?=\s*[:：]\W*$)")
# What is said of imports that the block begins with.
_OF_IMPORTS = anycase(
    r"\s*\((and )?(extend|update|add|import)\b(?!([^()`]|`[^`]*`)*[.;])([^()`]|`[^`]*`)*"
    r"\bimports?\b([^()`]|`[^`]*`)*\)"
)
_IMPORTS = re.compile(r"^(?:import|use)\b[^;]*?(?:;|from\s+[\"'][^\"'\n]+[\"'])", re.MULTILINE)
# Of tests, one may stand before or behind another.
_BESIDE_TESTS = anycase(
    r"[\s,]*\(?\b(near|next to|alongside|beside|among|with|below|after) (the )?((other|existing|"
    r"similar|related) )+tests?( there)?(, same file)?\)?(?=[\s:：.]*$)"
)
_ELSEWHERE = anycase(  # "in a transaction" and "before saving" are no places of the file
    r"\b((in|into|inside|within|under|around)(?! (an?|one|any)\s)|(after|before)(?! \w+ing\b)|"
    r"below|above|between|near|next to|alongside|beside|top|beginning|instead)\b"
)
_INTO = re.compile(
    r"\b(?:to|in|into|inside|of|on)\s+(?:(?:the|its|existing)\s+)*`([^`\n]+)`", re.IGNORECASE
)
_IN_SECTION = anycase(
    r"\b(in|into|to|under) (the|its) (?!existing|new|same)([\w-]+ ){1,3}sections?\b"
)
_PLACED_BESIDE = anycase(
    r"(?<!-)\b(after|before|below|above|between|near|next to|alongside|beside|top|inside|goes|"
    r"lives|belongs|should|must|placed|defined)\b"
)
DEFINED = re.compile(
    r"^[ \t]*(?:pub(?:\([^()]*\))?\s+|export\s+|default\s+|async\s+|abstract\s+)*"
    r"(?:def|class|fn|function|struct|enum|trait|interface|type|const|impl(?:<[^<>]*>)?)\s+(\w{3,})",
    re.MULTILINE,
)


def adds_plainly(lead: str) -> bool:
    """Whether words add something, and name no place for it but its file."""
    said = without_code(_NUMBERS.sub("", lead.replace("**", "")))
    bare = _only_what(said)
    if PLACED.search(bare) or _IN_SECTION.search(said):
        return False
    if any(parse_path(code) is None for code in _INTO.findall(lead)):
        return False  # into something of the file
    return _PLAIN.fullmatch(bare) is not None


def _only_what(words: str) -> str:
    """The words without what they say of the thing that is added, where that names no place."""
    for found in (_WRITTEN.search(words), _EXPLAINED.search(words)):
        if found and not _PLACED_BESIDE.search(found["said"]):
            words = words[: found.start()]
    words = _WHAT_FOR.sub(lambda it: it[0] if _ELSEWHERE.search(it["said"]) else "", words)
    return _WHAT_KIND.sub("", words)


def without_its_names(block: Block) -> str:
    """The words without what they call the things that the block defines: "Add Ship struct"."""
    names = "|".join(map(re.escape, dict.fromkeys(DEFINED.findall(block.code))))
    lead = with_its_file(block)
    return re.sub(rf"(?<![\w`.])(?:{names})(?![\w`.])", "", lead) if names else lead


def with_its_file(block: Block) -> str:
    """The words, without "Modify `ship.py`:" before them, and its plain name in them as code."""
    path = block.file()
    lead = without_file(block.lead)
    lead = _LIKE_ONE.sub("", _LIKE.sub("", _HOW_IT_IS.sub("", lead)))
    imports = "\n".join(_IMPORTS.findall(block.code))
    lead = _OF_IMPORTS.sub(lambda it: "" if _has_all(imports, it[0]) else it[0], lead)
    if path is not None and is_test(path):
        lead = _BESIDE_TESTS.sub("", lead)
    name = re.escape((path or "").rsplit("/", 1)[-1])
    return re.sub(rf"(?<![\w`./]){name}(?![\w`/]|\.\w)", f"`{path}`", lead) if name else lead


def _has_all(text: str, words: str) -> bool:
    """Whether a text has all the code that words name, and they name some."""
    codes = re.findall(r"`([^`\n]+)`", words)
    return bool(codes) and all(re.search(rf"(?<!\w){re.escape(it)}(?!\w)", text) for it in codes)


def goes_elsewhere(block: Block) -> bool:
    """Whether words after a block say where it goes, or those of the block before, as shown."""
    pieces, index = block.pieces, block.index
    shown = pieces[index - 2] if index > 1 and pieces[index - 1].kind == "prose" else None
    bare = "`" not in lead_of(pieces, index, "")
    of_it = bare and shown is not None and shown.kind == "code"
    if of_it and PLACED.search(lead_of(pieces, index - 2, "")):
        return True  # "Before the helper:", what it is, and "add another one:"
    after = pieces[index + 1 : index + 2]
    said = anycase(r"\b(place|put|insert|goes|keep|move)\b")
    return any(each.kind == "prose" and said.search(each.text) for each in after)

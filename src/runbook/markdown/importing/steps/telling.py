"""Whether what stands before an edit only leads up to it, so that nothing of it is left to do."""

from __future__ import annotations

import re

from runbook.core.matching.normalized import NormalizedText
from runbook.core.matching.texts import Text
from runbook.core.model.model import Edit, Step
from runbook.core.model.operations import RewriteFile
from runbook.markdown.importing.forms.form import Found, Recognized
from runbook.markdown.importing.places.parsers import is_read, outline
from runbook.markdown.importing.places.trial import new_texts, old_texts
from runbook.markdown.importing.text.illustrations import explains_part
from runbook.markdown.importing.text.pieces import Piece
from runbook.markdown.importing.words.prose import asks_for_more, instructs, leaves_work
from runbook.markdown.importing.words.vocabulary import BEGIN, IN, anycase, sentences, without_code

# "Apply the same change in all three places.", and then the change.
_SAME_CHANGE = anycase(
    r"\W*(apply|make|do|perform) (the|this|these) (same|following|exact)?\s*(changes?|edits?|"
    r"replacements?|substitutions?|updates?)\b[^.`\n]*[.:]"
)
# "Replace it with a page that shows the way."
_REPLACES = anycase(
    rf"{BEGIN}(replace|rewrite|overwrite) (it|the (whole |entire |current |existing )?(file|page|"
    r"document|contents?)|``)( (with|as|so that|to)\b[^:`]*)?[.:]?\W*"
)
# "Find the table that begins:", and a part of it: what is then done says where by itself.
_FINDS = anycase(
    rf"{BEGIN}{IN}(find|locate|look for) (the|this)\b"
    r"((?!\band\b)[^`.:\n]){0,60}[:：]\W*"
)
_LISTED = re.compile(r"\s*(?:[-*+]|\d+[.)])\s")
# What may say that more is meant than is named.
_WIDER = anycase(
    r"\b(callers?|call sites?|imports?|elsewhere|each|every|all|both|others?|too|as well|also)\b"
)
_OPENS = anycase(rf"{BEGIN}(find|locate|open|look (for|at)|read)\b[^.]*[.:]?\s*")
# What else is done is no announcement of it.
_OTHER = anycase(r"\b(delet|remov|drop|renam|mov|extract|split|merg|keep|copy|copi)\w*\b")
# "Update `row` to call `sail` first.", and then all of `row`.
_DEFINES = anycase(
    rf"{BEGIN}(add|create|write|implement|define|introduce|update|change|modify|extend|expand|"
    r"rewrite|replace)\b"
)
_FOLLOWS = anycase(
    rf"{BEGIN}(follow|mirror|match|use) the ((same|existing|current|usual) )*(pattern|style|"
    r"conventions?|shape|structure)\b"
)
_IN_FULL = anycase(r"\b(full|complete|entire|whole|final|resulting|updated)\b[^.:]*[:：]\W*$")
_DOTS = re.compile(r"\s*(?:#|//|/\*|<!--)?\s*(?:\.{3}|…)\s*(?:\*/|-->)?\s*")
_AS_OTHERS = anycase(
    r",? (following|mirroring|matching|using) the ((same|existing) )?(pattern|style|convention)\b.*"
)
_ANEW = anycase(rf"{BEGIN}replace (it |this |that )?(with|by)\b")
_NAME = re.compile(r"`([^`\n]+)`|\b([A-Za-z]+_\w+|[a-z]+[A-Z]\w*|[A-Z][a-z\d]+[A-Z]\w*)(?:\(\))?")
_QUOTED = re.compile(r"`([^`\n]+)`|[\"“]([^\"”]{4,})[\"”]")
_REMARKS = re.compile(r"\s\([^()`]*\)")
_IN_QUOTES = re.compile(r"[\"“][^\"”]*[\"”]")


def finds(before: list[Piece], at: int, text: str) -> bool:
    """Whether a piece has its reader find what a block shows of a file, or is that block."""
    shown = at if before[at].kind == "code" else at + 1
    if not 0 < shown < len(before) or before[shown].kind != "code":
        return False
    words = before[shown - 1].text.strip()
    there = NormalizedText(text).occurrences(Text(before[shown].text, True), "indent")
    return bool(there) and _FINDS.fullmatch(words) is not None and not asks_for_more(words)


def only_tells(
    found: Recognized,
    change: Found,
    before: list[Piece],
    lines: tuple[str, ...],
    blocks: list[str],
) -> bool:
    """Whether words, a plan's `lines`, only say what is done after them in full, in `blocks`."""
    words = "\n".join(each.text for each in before)
    if _SAME_CHANGE.fullmatch(words.strip()) and not callable(found.change):
        return True
    if isinstance(change, RewriteFile) and _replaces(words):
        return True
    if isinstance(change, str):
        return False
    if any(_LISTED.match(lines[each.first - 1]) for each in before):
        return False  # an item of a list is something of its own
    made = change if isinstance(change, tuple) else (change,)
    shown = "\n".join(t for each in made for t in (*old_texts(each), *new_texts(each)))
    return announces(words, shown) or _defines(words, found.path, shown, blocks)


def _defines(words: str, path: str, shown: str, blocks: list[str]) -> bool:
    """Whether words order nothing but what blocks define in full, and name only what these have."""
    outlines = (outline(each, path) for each in blocks if is_read(path))
    defined = {it.name for each in outlines if each is not None for it in each.definitions}
    there = "\n".join((shown, *blocks))
    ordered = [each for each in sentences(words) if leaves_work(each)]
    about = {name for each in sentences(words) for name in _names(each, path)} & defined
    for each in ordered:
        sentence = _AS_OTHERS.sub("", _REMARKS.sub("", each))
        bare = without_code(sentence)
        if asks_for_more(sentence) or _WIDER.search(bare) or _OTHER.search(bare):
            return False
        if _FOLLOWS.match(bare):
            continue
        names = _names(sentence, path)
        begins = _DEFINES.match(bare) and names and names[0] in defined
        if not (begins or _ANEW.match(bare)) or any(it not in there for it in names):
            return False
    return bool(about and ordered)


def _names(sentence: str, path: str) -> list[str]:
    """What a sentence names, but for the file that it is of."""
    plain = (
        re.sub(r"\(.*\)$", "", code or bare)
        for code, bare in _NAME.findall(_REMARKS.sub("", sentence))
    )
    return [each for each in plain if not f"/{path}".endswith(f"/{each}")]


def _replaces(words: str) -> bool:
    """Whether words only order to replace the file they speak of, all of which then follows."""
    ordered = [each for each in sentences(words) if instructs(each)]
    return bool(ordered) and all(
        _REPLACES.fullmatch(without_code(each)) and not asks_for_more(each) for each in ordered
    )


def shows_parts(found: Recognized, change: Found, before: list[Piece], lead: str) -> bool:
    """Whether blocks, and words for them, are of what a block then gives in full: `lead` says so.

    "Add after `sail()`:" and a line, "The full function becomes:" and all of it.
    """
    shown = [each.text for each in before if each.kind == "code"]
    if isinstance(change, str) or not shown or _IN_FULL.search(without_code(lead)) is None:
        return False
    made = change if isinstance(change, tuple) else (change,)
    new = {_plain(line) for each in made for text in new_texts(each) for line in text.split("\n")}
    there = "\n".join(t for each in made for t in (*old_texts(each), *new_texts(each)))
    lines = [line for code in shown for line in code.split("\n") if not _DOTS.fullmatch(line)]
    if not new or any(line.strip() and _plain(line) not in new for line in lines):
        return False
    words = "\n".join(each.text for each in before if each.kind == "prose")
    for sentence in filter(leaves_work, sentences(words)):
        bare = without_code(sentence)
        names = _names(sentence, found.path)
        if _WIDER.search(bare) or _OTHER.search(bare) or any(it not in there for it in names):
            return False
    return True


def explains_parts(rest: list[Piece], code: list[int], last: Step | None) -> bool:
    """Whether blocks behind an edit only show what blanks of its text are filled with."""
    made = "".join(new_texts(last.changes[0])) if isinstance(last, Edit) else ""
    return all(explains_part(rest, at, made) for at in code)


def announces(words: str, shown: str) -> bool:
    """Whether words only have their reader find what an edit changes, or tell of its texts.

    What they order must quote lines, or how they begin, of the edit's old and new text, `shown`,
    and nothing else.
    """
    lines = [_plain(line) for line in shown.split("\n")]
    for sentence in sentences(words):
        if not instructs(sentence):
            continue
        bare = without_code(_IN_QUOTES.sub("", sentence))
        if asks_for_more(sentence) or _WIDER.search(bare) or _OTHER.search(bare):
            return False
        # Code in quotes is quoted once.
        single = _IN_QUOTES.sub(lambda it: it[0].replace("`", "\1"), sentence)
        quoted = [_plain(code or said) for code, said in _QUOTED.findall(single)]
        begun = quoted and all(_begins(lines, each) for each in quoted)
        if not (_OPENS.fullmatch(bare) or begun):
            return False
    return True


def _begins(lines: list[str], quoted: str) -> bool:
    """Whether what is quoted is no mere name, and is how some lines begin."""
    at = range(len(lines))
    return " " in quoted and any(" ".join(lines[n : n + 9]).startswith(quoted) for n in at)


def _plain(text: str) -> str:
    return " ".join(text.replace("\1", "`").split()).lower()

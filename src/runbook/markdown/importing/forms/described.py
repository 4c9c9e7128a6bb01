"""Two blocks of which the first is what stands in the file, though the words don't say "from"."""

from __future__ import annotations

import re
from functools import partial

from runbook.core.matching.flat import Flat
from runbook.core.matching.texts import LineRange, Text
from runbook.core.model.operations import Operation, Replace
from runbook.markdown.importing.forms.recognized import Recognized
from runbook.markdown.importing.places.files import Scope, holding, target
from runbook.markdown.importing.places.lines import shows_again, telling
from runbook.markdown.importing.text.pieces import Piece, lead_of
from runbook.markdown.importing.words.elision import elided
from runbook.markdown.importing.words.prose import asks_for_more
from runbook.markdown.importing.words.wording import inexact, leads_to_new, makes_new, says_to

_OLD_STRING = re.compile(r"`old_string`\W*$")
_NEW_STRING = re.compile(r"\W*(?:(?:and|with)\s+)?(?:the\s+)?`new_string`\W*")
_INSIDE = re.compile(
    r"\W*(?:change|replace|update)\s+`(?P<old>[^`\n]+)`\s*(?:to|with|by|→|->)\s*"
    r"`(?P<new>[^`\n]+)`\s*[:：]?\W*",
    re.IGNORECASE,
)
_KEEPING = re.compile(
    r"\W*(?:change|replace|update)\s+(?:the|this|that|these|those)\s+(?:\w+\s+){0,3}"
    r"(?:lines?|block|code|text|call|rule|statement|section)\s*(?:to|with|by)\W*",
    re.IGNORECASE,
)
_FIND = re.compile(r"\b(?:find|locate)\b", re.IGNORECASE)
_ADD = re.compile(
    r"\W*(?:and\s+|then\s+)?(?:add|insert|extend|include|put|place)\b[^`]*[:：]\W*$", re.IGNORECASE
)
_LINES = re.compile(r"\blines?\s*~?(\d+)(?:\s*[-–]\s*(\d+))?", re.IGNORECASE)
_OF_NEW = re.compile(r"\b(?:new|should|must|after|becomes?|expected|result)\b", re.IGNORECASE)


def described(
    pieces: list[Piece], index: int, scope: Scope, before: str | None
) -> Recognized | None:
    """A block that the words describe as it is, and "Change to:" with what it becomes."""
    last = index + 2
    if last >= len(pieces) or pieces[last].kind != "code" or pieces[last].doubtful:
        return None
    between = pieces[index + 1].text.strip()
    first, second = pieces[index].text, pieces[last].text
    lead = lead_of(pieces, index, scope.title)
    said = re.sub(r"\([^()]*\)", "", re.sub(r"`[^`\n]*`", "``", between))
    if "\n" in between or inexact(lead) or inexact(said) or not first.strip():
        return None
    if elided(first) or elided(second) or first == second or not second.strip():
        return None
    stated = bool(_OLD_STRING.search(lead) and _NEW_STRING.fullmatch(between))
    if not stated:
        if scope.text is None or not _changes(between, said, first, second):
            return None
        told = makes_new(lead) or _OF_NEW.search(lead) or asks_for_more(lead)
        if told and not leads_to_new(between, lead):
            return None
    old, new = (
        Text(each if each.endswith("\n") else each + "\n", True) for each in (first, second)
    )
    path = target(lead, first, pieces[index].info, scope, before) or holding(old, lead, scope)
    if path is None:
        return None
    change = Replace(old, new, lines=_hint(lead))
    if stated:
        return Recognized(path, change, index, last)
    find = partial(_once, change=change)
    return Recognized(path, change, index, last, find=find, about=telling(first), sure=False)


def widened(pieces: list[Piece], index: int, scope: Scope, before: str | None) -> Recognized | None:
    """ "Find:" and a block, "Add:" and the same block with more in it."""
    last = index + 2
    if last >= len(pieces) or pieces[last].kind != "code" or pieces[last].doubtful:
        return None
    between = pieces[index + 1].text.strip()
    lead = lead_of(pieces, index, scope.title)
    first, second = pieces[index].text, pieces[last].text
    if "\n" in between or inexact(lead) or inexact(between) or asks_for_more(lead):
        return None
    if not _FIND.search(lead) or not _ADD.match(between) or asks_for_more(between):
        return None
    if elided(first) or elided(second) or not shows_again(first, second):
        return None
    old, new = (Text(each.rstrip("\n") + "\n", True) for each in (first, second))
    path = target(lead, first, pieces[index].info, scope, before) or holding(old, lead, scope)
    if path is None:
        return None
    return Recognized(path, Replace(old, new, lines=_hint(lead)), index, last)


def _changes(between: str, said: str, first: str, second: str) -> bool:
    """Whether the words between two blocks say that the first becomes the second."""
    inside = _INSIDE.fullmatch(between)
    if inside:
        return inside["old"] in first and first.replace(inside["old"], inside["new"]) == second
    return says_to(between) or bool(_KEEPING.fullmatch(said))


def _once(text: str, change: Replace) -> Operation | str:
    """The change, if its old text stands in a text exactly once."""
    flat = Flat(text)
    found = flat.occurrences(change.search) or flat.occurrences(change.search, "indent")
    return change if len(found) == 1 else ""


def _hint(words: str) -> LineRange | None:
    found = _LINES.findall(words)
    if len(found) != 1:
        return None
    first, last = int(found[0][0]), int(found[0][1] or found[0][0])
    return LineRange(first, last) if 0 < first <= last else None

"""Rows of a table, items of a list and badges in Markdown, named by what stands in them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import pairwise

from runbook.core.matching.texts import Text
from runbook.core.model.operations import Append, Operation
from runbook.markdown.importing.forms.recognized import Finder, Recognized
from runbook.markdown.importing.forms.sectionplaces import MARKDOWN, headings, section_end, unfenced
from runbook.markdown.importing.places.files import Scope, target
from runbook.markdown.importing.places.inplace import anchored, in_place
from runbook.markdown.importing.text.pieces import Piece, lead_of
from runbook.markdown.importing.words.elision import elided
from runbook.markdown.importing.words.prose import asks_for_more
from runbook.markdown.importing.words.sides import Side
from runbook.markdown.importing.words.wording import inexact

_NAME = r"(?:`(?P<code>[^`\n]+)`|[\"“](?P<quoted>[^\"”\n]+)[\"”])"
_SHAPES = r"(?P<shape>(?:table\s+)?rows?|entry|entries|bullets?|(?:list\s+)?items?|badges?|lines?)"
_IN = r"(?:\s+(?:in|of|to)\s+`[^`\n]+`)?"
_LINES = r"(?:\s*\([^()`]*\)|\s+(?:on|at)\s+line\s+\d+)?"
_WHAT = (
    r"(?:(?:the|a|an|this|these|another|one|two|three|new|following|more|table|list|matching|second|"
    r"third|fourth|(?:rows?|entry|entries|bullets?|items?|badges?|lines?)(?:\s+(?:for|to|in)\s+"
    r"(?:(?:the|a|an|its|new)\s+)*(?:[\w-]+|`[^`\n]+`))?)\b\s*)*"
)
_AT = r"(?:(?:in|to|at)\s+(?:`[^`\n]+`|the\s+[\w -]{1,60}?(?:\s+of\s+`[^`\n]+`)?)\s*,\s*)?"
_BESIDE = re.compile(
    rf"\W*(?:\d+[.)]\s*)?{_AT}(?:(?:add|insert|append|put)\s+{_WHAT}\s*,?\s*)?"
    r"(?:(?:immediately|directly|right|just)\s+)?(?P<side>after|before|above|below)\s+(?:the\s+)?"
    rf"(?:(?:existing|current)\s+)?{_NAME}\s+{_SHAPES}{_LINES}{_IN}"
    rf"(?:\s*,?\s*(?:and\s+)?(?:add|insert|append)(?:\s+{_WHAT})?)?\s*[:：.]?\W*",
    re.IGNORECASE,
)
_ANEW = re.compile(
    rf"\W*(?:\d+[.)]\s*)?{_AT}(?:update|replace|change|modify|rewrite)\s+(?:the\s+)?"
    rf"(?:(?:existing|current|entire|whole)\s+)*{_NAME}\s+(?:table\s+)?row{_LINES}{_IN}"
    r"(?:\s+(?:with|to|to\s+read|as\s+follows)(?:\s+(?:this|the\s+following))?)?\s*[:：.]?\W*",
    re.IGNORECASE,
)
_TO_TABLE = re.compile(
    rf"\W*(?:\d+[.)]\s*)?{_AT}(?:add|insert|append)\s+{_WHAT}\s*(?:to|at|in)\s+"
    r"(?:the\s+(?:end|bottom)\s+of\s+)?(?:the\s+)?"
    rf"(?:{_NAME}|(?P<bare>[A-Z][\w &/-]{{1,40}}?))\s+(?:table|list){_LINES}{_IN}\s*[:：.]?\W*",
    re.IGNORECASE,
)
_FIND = re.compile(
    rf"\W*(?:\d+[.)]\s*)?{_AT}(?:find|locate)\s+the\s+(?:[\w`/.-]+\s+){{0,3}}row\b[^.]*[:：]\W*",
    re.IGNORECASE,
)
_WITH = re.compile(
    r"\W*(?:and\s+)?(?:replace|change|update)(?:\s+(?:it|the\s+row|that\s+row))?\s+(?:with|to)\s*[:：]\W*",
    re.IGNORECASE,
)
_ROW = re.compile(r"\s*\|.*\|\s*")
_ITEM = re.compile(r"(?P<margin>\s*)(?P<mark>[-*+]|\d+[.)])\s+\S")
_BADGE = re.compile(r"\s*\[?!\[")


def beside_item(
    pieces: list[Piece], index: int, scope: Scope, before: str | None
) -> Recognized | None:
    """Rows, items or badges after or before the one that the words name by what stands in it."""
    said = _said(_BESIDE, pieces, index, scope)
    if said is None:
        return None
    side: Side = "after" if said["side"].lower() in ("after", "below") else "before"
    name = said["code"] or said["quoted"]
    find = partial(_beside, name=name, side=side, code=pieces[index].text)
    return _recognized(pieces, index, scope, before, find, name)


def row_anew(
    pieces: list[Piece], index: int, scope: Scope, before: str | None
) -> Recognized | None:
    """The new text of the row of a table that has the same first cell."""
    if _FIND.fullmatch(lead_of(pieces, index, "")) and index + 2 < len(pieces):
        return _row_found(pieces, index, scope, before)
    said = _said(_ANEW, pieces, index, scope)
    new = pieces[index].text.strip("\n")
    if said is None or not _ROW.fullmatch(new):
        return None
    name = said["code"] or said["quoted"]
    if name not in _cells(new)[0]:
        return None
    return _recognized(pieces, index, scope, before, partial(_row, new=new), name)


def _row_found(
    pieces: list[Piece], index: int, scope: Scope, before: str | None
) -> Recognized | None:
    """ "Find the row:", and "Replace with:" the row that begins with the same cell."""
    old, new = (pieces[at].text.strip("\n") for at in (index, index + 2))
    between, block = pieces[index + 1], pieces[index + 2]
    if scope.text is None or block.kind != "code" or not _WITH.fullmatch(between.text.strip()):
        return None
    if not (_ROW.fullmatch(old) and _ROW.fullmatch(new)) or _cells(old)[0] != _cells(new)[0]:
        return None
    name = _cells(new)[0]
    found = _recognized(pieces, index, scope, before, partial(_row, new=new), name)
    return None if found is None else replace(found, last=index + 2)


def at_end(pieces: list[Piece], index: int, scope: Scope, before: str | None) -> Recognized | None:
    """Rows or items that are added to the only table or list of a section."""
    said = _said(_TO_TABLE, pieces, index, scope)
    if said is None:
        return None
    name = said["code"] or said["quoted"] or said["bare"]
    find = partial(_last, name=name, code=pieces[index].text)
    return _recognized(pieces, index, scope, before, find, name)


def _said(
    words: re.Pattern[str], pieces: list[Piece], index: int, scope: Scope
) -> re.Match[str] | None:
    lead = lead_of(pieces, index, scope.title).replace("**", "")
    if scope.text is None or inexact(lead) or asks_for_more(lead) or elided(pieces[index].text):
        return None
    return words.fullmatch(lead)


def _recognized(
    pieces: list[Piece],
    index: int,
    scope: Scope,
    before: str | None,
    find: Finder,
    name: str,
) -> Recognized | None:
    piece = pieces[index]
    path = target(lead_of(pieces, index, scope.title), piece.text, piece.info, scope, before)
    if path is None or not path.endswith(MARKDOWN):
        return None
    stand_in = Append(Text(piece.text, True))
    return Recognized(
        path, stand_in, index, index, anchored=True, find=find, about=(name,), sure=False
    )


def _shape(new: list[str]) -> Callable[[str], bool] | None:
    """What a line is like that is of the kind of a block: rows, badges, or items of one mark."""
    for pattern in (_ROW, _BADGE):
        if all(pattern.match(line) for line in new):
            return lambda line: pattern.match(line) is not None
    first = _ITEM.match(new[0])
    if first is None or any(
        line.strip() and not _ITEM.match(line) and line[:1] not in " \t" for line in new
    ):
        return None
    start = first["margin"] + re.sub(r"\d+", "1", first["mark"])

    def like(line: str) -> bool:
        item = _ITEM.match(line)
        return item is not None and item["margin"] + re.sub(r"\d+", "1", item["mark"]) == start

    return like


def _beside(text: str, name: str, side: Side, code: str) -> Operation | str:
    lines, new = _plain(text), code.strip("\n").split("\n")
    like = _shape(new)
    if like is None:
        return ""
    shown = unfenced(lines)
    found = [at for at in shown if like(lines[at]) and _names(lines[at], name)]
    if len(found) != 1:
        return f"`{name}` stands {'more than once' if found else 'nowhere'} in a line of its kind"
    (at,) = found
    return _put(text, lines, at, side, new)


def _put(text: str, lines: list[str], at: int, side: Side, new: list[str]) -> Operation | str:
    """The insertion beside a row or an item, all of it; numbers must go on."""
    item = _ITEM.match(lines[at])
    last = at
    while item and last + 1 < len(lines) and re.match(rf"{item['margin']}\s+\S", lines[last + 1]):
        last += 1
    below = lines[last + 1 :]
    if item and len(below) > 1 and not below[0].strip() and re.match(r"\s{2,}\S", below[1]):
        return ""  # the item goes on behind a blank line
    if _ROW.fullmatch(lines[at]) and not _goes_in(lines, at, side, new):
        return ""
    if item and item["mark"][0].isdigit() and not _counts_on(lines, at, last, side, new):
        return ""
    if all(line.strip() in [each.strip() for each in lines] for line in new):
        return "already there: the file has these lines"
    return anchored(text, lines, at, last, side, new) or ""


def _goes_in(lines: list[str], at: int, side: Side, new: list[str]) -> bool:
    """Whether rows have the columns of the table, and none comes above its head."""
    columns = len(_cells(lines[at]))
    if any(len(_cells(row)) != columns for row in new):
        return False
    below = lines[at + 1] if at + 1 < len(lines) else ""
    head = bool(re.fullmatch(r"[\s|:-]+", below)) and "-" in below
    return not head and not (side == "before" and re.fullmatch(r"[\s|:-]+", lines[at]))


def _counts_on(lines: list[str], at: int, last: int, side: Side, new: list[str]) -> bool:
    """Whether items of a numbered list go on from the last one of it."""
    numbers = [int(each["mark"][:-1]) for line in new if (each := _ITEM.match(line))]
    item = _ITEM.match(lines[at])
    here = int(item["mark"][:-1]) if item else 0
    following = next((line for line in lines[last + 1 :] if line.strip()), "")
    return side == "after" and numbers[:1] == [here + 1] and not _ITEM.match(following)


def _row(text: str, new: str) -> Operation | str:
    lines = _plain(text)
    first = _cells(new)[0]
    found = [
        at for at in unfenced(lines) if _ROW.fullmatch(lines[at]) and _cells(lines[at])[0] == first
    ]
    if len(found) != 1 or len(_cells(lines[found[0]])) != len(_cells(new)):
        return ""
    return in_place(text, lines, found[0], found[0], [new]) or ""


def _last(text: str, name: str, code: str) -> Operation | str:
    """The insertion behind the last row or item of the only table or list under a heading."""
    lines, new = _plain(text), code.strip("\n").split("\n")
    like = _shape(new)
    wanted = name.strip("# ").lower()
    found = [at for at, _ in headings(lines) if lines[at].strip("# ").lower() == wanted]
    if like is None or len(found) != 1:
        return ""
    own = range(found[0] + 1, section_end(lines, found[0]) + 1)
    same = [at for at in unfenced(lines) if at in own and like(lines[at])]
    apart = [one for one, next_ in pairwise(same) if not _goes_on(lines[one + 1 : next_])]
    if not same or apart:
        return ""
    return _put(text, lines, same[-1], "after", new)


def _goes_on(between: list[str]) -> bool:
    """Whether lines between two items are all of the first one."""
    return all(line[:1] in (" ", "\t") for line in between)


def _names(line: str, name: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", line) is not None


def _cells(row: str) -> list[str]:
    """What the cells of a row of a table hold; a stroke in code or behind a `\\` is no border."""
    bare = re.sub(r"`[^`]*`|\\\|", lambda code: code[0].replace("|", "\0"), row.strip())
    return [each.strip().replace("\0", "|") for each in bare.strip("|").split("|")]


def _plain(text: str) -> list[str]:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")

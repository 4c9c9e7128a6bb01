"""Places named by a line of the file: a row of a table, a call, a block that is shown."""

from __future__ import annotations

import re
from functools import partial

from runbook.core.matching.flat import Flat
from runbook.core.matching.texts import Text
from runbook.core.model.operations import Append, Insert, Operation
from runbook.markdown.importing.forms.recognized import Recognized
from runbook.markdown.importing.places.files import Scope, holding, target
from runbook.markdown.importing.places.lines import shows_again, telling
from runbook.markdown.importing.text.pieces import Piece, lead_of
from runbook.markdown.importing.words.elision import elided
from runbook.markdown.importing.words.prose import asks_for_more
from runbook.markdown.importing.words.sides import Side
from runbook.markdown.importing.words.symbolwords import line_spot
from runbook.markdown.importing.words.wording import inexact

_ROW = re.compile(
    r"\W*(?:\d+[.)]\s*)?(?:then\s+)?(?:(?:insert|add)\s+(?:\w+\s+){0,4})?"
    r"(?:(?P<side>after|below|before|above)|find)\s+the\s+(?:table\s+)?(?:row|line)\s+"
    r"`(?P<row>\|\s.*\s\|)`"
    r"(?:\s*(?:,\s*)?(?:and\s+)?(?:insert|add)(?:\s+(?:(?:the|a|new|two|three|following|this|these)\s+)*"
    r"rows?)?(?:\s+(?P<side2>after|below|before|above)\s+it)?)?\s*[:：]?\W*",
    re.IGNORECASE,
)
_BESIDE_SHOWN = re.compile(
    r"\b(?P<side>after|below|before|above)\s+(?:the|this)\s+(?:existing\s+)?[\w -]{1,40}"
    r"(?:\([^()]*\)\s*)?[:：]\W*$",
    re.IGNORECASE,
)
# What belongs to the statement above it.
_GOES_ON = re.compile(r"(?:\}\s*)?(?:else|elif|except|finally|catch)\b|[)\]}]")
_INSERTS = re.compile(r"\W*(?:and\s+)?(?:insert|add)\b[^.`]{0,50}[:：]\W*", re.IGNORECASE)


def row(pieces: list[Piece], index: int, scope: Scope, before: str | None) -> Recognized | None:
    """Rows of a table after or before a row that the words quote, backticks in it and all."""
    lead = lead_of(pieces, index, scope.title)
    piece = pieces[index]
    found = _ROW.fullmatch(lead)
    if found is None or bool(found["side"]) == bool(found["side2"]) or elided(piece.text):
        return None
    rows = piece.text.strip("\n").split("\n")
    if not all(re.fullmatch(r"\|.*\|\s*", each) for each in rows):
        return None
    path = target(lead.replace(found["row"], ""), piece.text, piece.info, scope, before)
    if path is None:
        return None
    anchor, new = Text(found["row"] + "\n", True), Text("\n".join(rows) + "\n", True)
    change = Insert(_side(found["side"] or found["side2"]), anchor, new)
    return Recognized(path, change, index, index, anchored=True)


def at_line(pieces: list[Piece], index: int, scope: Scope, before: str | None) -> Recognized | None:
    """A block after or before a line of the file that the words quote whole."""
    lead = lead_of(pieces, index, scope.title)
    piece = pieces[index]
    if scope.text is None or elided(piece.text):
        return None
    place = line_spot(lead)
    path = None if place is None else target(lead, piece.text, piece.info, scope, before)
    if place is None or path is None:
        return None
    find = partial(inserted_at_line, side=place[0], anchor=place[1], code=piece.text)
    stand_in = Append(Text(piece.text, True))
    return Recognized(
        path, stand_in, index, index, anchored=True, find=find, about=(place[1],), sure=False
    )


def beside_shown(
    pieces: list[Piece], index: int, scope: Scope, before: str | None
) -> Recognized | None:
    """ "After the existing check:" and a block, "add another:" and what goes there."""
    last = index + 2
    if scope.text is None or last >= len(pieces):
        return None
    if pieces[last].kind != "code" or pieces[last].doubtful:
        return None
    lead = lead_of(pieces, index, scope.title)
    between = pieces[index + 1].text.strip()
    side = _BESIDE_SHOWN.search(lead)
    first, second = pieces[index].text, pieces[last].text
    if side is None or not _INSERTS.fullmatch(between) or not second.strip():
        return None
    if inexact(lead) or inexact(between) or asks_for_more(lead) or asks_for_more(between):
        return None
    if elided(first) or elided(second) or shows_again(first, second):
        return None
    old = Text(first.rstrip("\n") + "\n", True)
    path = target(lead, first, pieces[index].info, scope, before) or holding(old, lead, scope)
    if path is None or _margin(first) != _margin(second):
        return None
    change = Insert(_side(side["side"]), old, Text(second.rstrip("\n") + "\n", True))
    return Recognized(
        path,
        change,
        index,
        last,
        anchored=True,
        find=partial(_once, change=change),
        about=telling(first),
        sure=False,
    )


def _once(text: str, change: Insert) -> Operation | str:
    flat = Flat(text)
    found = flat.occurrences(change.anchor) or flat.occurrences(change.anchor, "indent")
    if len(found) != 1:
        return ""
    shown = change.anchor.value.rstrip("\n").split("\n")
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    begin = next((at for at in range(len(lines)) if _stands(lines, shown, at)), None)
    if begin is None:
        return ""
    end = begin + len(shown) - 1
    margin = min((_margin(line) for line in lines[begin : end + 1] if line.strip()), key=len)
    whole = _starts(lines, begin) if change.side == "before" else not _goes_on(lines, end, margin)
    return change if whole else ""


def _stands(lines: list[str], shown: list[str], at: int) -> bool:
    """Whether a block stands at a line, in whatever indentation."""
    there = lines[at : at + len(shown)]
    return [line.strip() for line in there] == [line.strip() for line in shown]


def _goes_on(lines: list[str], end: int, margin: str) -> bool:
    """Whether what ends in a line goes on: with an `else`, or something deeper than its margin."""
    below = next((line for line in lines[end + 1 :] if line.strip()), "")
    if not below or not below.startswith(margin):
        return False
    rest = below[len(margin) :]
    return rest[0] in " \t" or _GOES_ON.match(rest) is not None


def inserted_at_line(text: str, side: Side, anchor: str, code: str) -> Operation | str:
    """The insertion at the only line of a text that is, or begins with, what is quoted."""
    name = re.match(r"(\w+)\(", anchor)
    if name and re.search(rf"\b(?:def|class|function|fn|func)\s+{name[1]}\b", text):
        # The call, or what is called: "after `sail()`" may mean either.
        return ""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    stands = [at for at, line in enumerate(lines) if line.strip() == anchor]
    if not stands and side == "before" and re.match(r"(?:#|//|--)\s?\S", anchor):
        # A comment that goes on: "# ---- summary ----".
        stands = [at for at, line in enumerate(lines) if re.match(rf"{re.escape(anchor)}\b", line)]
    if len(stands) != 1:
        return ""
    (at,) = stands
    line = lines[at]
    indent = line[: len(line) - len(line.lstrip())]
    if _margin(code) != indent or not _complete(lines, at, indent, side):
        return ""
    if len(Flat(text).occurrences(Text(line + "\n", True))) != 1:
        return ""
    shown = code.strip("\n").split("\n")
    if shown[0 if side == "after" else -1].strip() == line.strip():
        return ""
    own = code if side == "before" else code.rstrip("\n") + "\n"
    return Insert(side, Text(line + "\n", True), Text(own, True))


def _complete(lines: list[str], at: int, indent: str, side: Side) -> bool:
    """Whether nothing can stand between a line and what goes with it."""
    if side == "before":
        return _starts(lines, at)
    if lines[at].rstrip().endswith((":", "{", "(", "[", ",", "\\", "=", "|", "&&")):
        return False
    return not _goes_on(lines, at, indent)


def _starts(lines: list[str], at: int) -> bool:
    """Whether a line begins something, and belongs to nothing above it."""
    above = lines[at - 1].strip() if at else ""
    decorated = above.startswith(("@", "#[", "///", "/**"))
    return not decorated and not _GOES_ON.match(lines[at].strip())


def _margin(code: str) -> str:
    line = next((each for each in code.split("\n") if each.strip()), "")
    return line[: len(line) - len(line.lstrip())]


def _side(word: str) -> Side:
    return "after" if word.lower() in ("after", "below") else "before"

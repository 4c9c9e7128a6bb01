"""Comments between the parts of what a structural edit rewrites: they go above it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from runbook.core.matching.normalized import Span
from runbook.core.matching.results import Conflict
from runbook.transforms.hygiene import Parse, Part, Place, wrong
from runbook.transforms.syntaxtrees import Tree
from runbook.transforms.trees import Splice, indentation, line_start, written

Remarks = Iterable[tuple[Span, tuple[str, ...]]]
"""The comments of each match that no variable holds."""


def above(text: str, places: list[Place], remarks: Remarks) -> list[Splice]:
    """The lines of comments that stand nowhere in what becomes of their matches.

    They go above the line in which the rewriting begins. What is taken out takes them along.
    """
    found: list[Splice] = []
    left = sorted(remarks, key=lambda each: each[0].start)
    line = end = 0
    for place in places:
        # Where another place before it ends in its line, above that one.
        begin = line_start(text, place.start)
        line, end = begin if begin >= end else line, place.end
        own: list[str] = []
        while left and left[0][0].start < place.end:
            own += left.pop(0)[1]
        new = _between(place.new)
        there = Counter({each: new.count(each) for each in own})
        for each in own if place.new.text().strip() else ():
            there[each] -= 1
            if there[each] < 0:
                found.append((line, line, f"{indentation(text, line)}{each}\n"))
    return found


def _between(part: Part) -> str:
    """What of new code is of the rewritings in it, and not of a variable."""
    mine = (each for each in part.items if isinstance(each, Part) or not part.variable)
    return "\n".join(each if isinstance(each, str) else _between(each) for each in mine)


def misplaced(
    parse: Parse, text: str, edits: list[Splice], added: list[Splice], language: str
) -> Conflict | None:
    """Why comments can't go where they are added: there they are none, or break the code."""
    if not added:
        return None
    new = written(text, edits)
    tree = Tree(parse(new))
    remarks = {*added}
    moved = 0
    for edit in edits:
        start, end, piece = edit
        if edit in remarks:
            begin = start + moved + len(piece) - len(piece.lstrip())
            kinds = tree.kinds(begin, begin + len(piece.strip()))
            if not any("comment" in kind for kind in kinds):
                return _dropped(text, edit)
        moved += len(piece) - (end - start)
    if wrong(parse, new, language) is not None and wrong(parse, text, language) is None:
        return _dropped(text, added[0])
    return None


def _dropped(text: str, edit: Splice) -> Conflict:
    shown = edit[2].strip().split("\n")[0]
    line = text.count("\n", 0, edit[0]) + 1
    return Conflict(
        f"the rewriting of line {line} would drop the comment `{shown}`, and it can't stand above",
        "take the comment out of the code first, or state the text by `replace`",
    )

"""Rows of a table, items of a list and badges in Markdown, by what stands in them."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from runbook.core.model.operations import Operation
from runbook.markdown.importing.places.inplace import anchored, in_place
from runbook.markdown.importing.places.lines import plain_lines
from runbook.markdown.importing.places.parsers import times
from runbook.markdown.importing.places.sections import headings, section_end
from runbook.markdown.importing.text.fences import outside
from runbook.markdown.importing.words.wording import Side, side_of

ROW = re.compile(r"\s*\|.*\|\s*")
_ITEM = re.compile(r"(?P<margin>\s*)(?P<mark>[-*+]|\d+[.)])\s+\S")
_BADGE = re.compile(r"\s*\[?!\[")


def _shape(new: list[str]) -> Callable[[str], bool] | None:
    """What a line is like that is of the kind of a block: rows, badges, or items of one mark."""
    for pattern in (ROW, _BADGE):
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


def beside(text: str, name: str, side: str, code: str) -> Operation | str:
    """Rows, items or badges beside the only one in which a name stands."""
    lines, new = plain_lines(text), code.strip("\n").split("\n")
    like = _shape(new)
    if like is None:
        return ""
    shown = outside(lines)
    found = [at for at in shown if like(lines[at]) and _names(lines[at], name)]
    if len(found) != 1:
        return f"`{name}` stands {times(len(found))} in a line of its kind"
    (at,) = found
    return _put(text, lines, at, side_of(side), new)


def _put(text: str, lines: list[str], at: int, side: Side, new: list[str]) -> Operation | str:
    """The insertion beside a row or an item, all of it; numbers must go on."""
    item = _ITEM.match(lines[at])
    last = at
    while item and last + 1 < len(lines) and re.match(rf"{item['margin']}\s+\S", lines[last + 1]):
        last += 1
    below = lines[last + 1 :]
    if item and len(below) > 1 and not below[0].strip() and re.match(r"\s{2,}\S", below[1]):
        return ""  # the item goes on behind a blank line
    if ROW.fullmatch(lines[at]) and not _goes_in(lines, at, side, new):
        return ""
    if item and item["mark"][0].isdigit() and not _counts_on(lines, at, last, side, new):
        return ""
    if all(line.strip() in [each.strip() for each in lines] for line in new):
        return "already there: the file has these lines"
    return anchored(text, lines, at, last, side, new) or ""


def _goes_in(lines: list[str], at: int, side: Side, new: list[str]) -> bool:
    """Whether rows have the columns of the table, and none comes above its head."""
    columns = len(cells(lines[at]))
    if any(len(cells(row)) != columns for row in new):
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


def row_anew_in(text: str, new: str) -> Operation | str:
    """A row in place of the one with the same first cell."""
    lines = plain_lines(text)
    first = cells(new)[0]
    found = [
        at for at in outside(lines) if ROW.fullmatch(lines[at]) and cells(lines[at])[0] == first
    ]
    if len(found) != 1 or len(cells(lines[found[0]])) != len(cells(new)):
        return ""
    return in_place(text, lines, found[0], found[0], [new]) or ""


def last_of(text: str, name: str, code: str) -> Operation | str:
    """The insertion behind the last row or item of the only table or list under a heading.

    Where no heading has the name, a line may have it that the table or list follows.
    """
    lines, new = plain_lines(text), code.strip("\n").split("\n")
    like = _shape(new)
    wanted = name.strip("# ").lower()
    found = [at for at, _ in headings(lines) if lines[at].strip("# ").lower() == wanted]
    if like is None or len(found) > 1:
        return ""
    if found:
        # What stands below a further heading is of that.
        ends = [at for at, _ in headings(lines) if at > found[0]]
        own = range(found[0] + 1, min([section_end(lines, found[0]) + 1, *ends]))
    else:
        label = [
            at for at in outside(lines) if lines[at].strip("*_: ").lower() == wanted.strip(": ")
        ]
        if len(label) != 1:
            return ""
        own = _below(lines, label[0])
    same = [at for at in outside(lines) if at in own and like(lines[at])]
    apart = [one for one, next_ in pairwise(same) if not _goes_on(lines[one + 1 : next_])]
    if not same or apart:
        return ""
    return _put(text, lines, same[-1], "after", new)


def _below(lines: list[str], label: int) -> range:
    """The lines of the list or table that follows a line, up to a blank one."""
    first = label + 1 if lines[label + 1 : label + 2] != [""] else label + 2
    last = first
    while last < len(lines) and lines[last].strip():
        last += 1
    return range(first, last)


def _goes_on(between: list[str]) -> bool:
    """Whether lines between two items are all of the first one."""
    return all(line[:1] in (" ", "\t") for line in between)


def _names(line: str, name: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", line) is not None


def cells(row: str) -> list[str]:
    """What the cells of a row of a table hold; a stroke in code or behind a `\\` is no border."""
    bare = re.sub(r"`[^`]*`|\\\|", lambda code: code[0].replace("|", "\0"), row.strip())
    return [each.strip().replace("\0", "|") for each in bare.strip("|").split("|")]

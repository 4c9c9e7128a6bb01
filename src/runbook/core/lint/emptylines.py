"""RB121: empty lines and blanks at the end of a text, which YAML drops."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from runbook.core.lint.finding import Finding
from runbook.core.patterns import regex
from runbook.core.position import Position
from runbook.core.text.counting import count

_BLOCK = regex(
    r"(?P<before> *(?:- +)?)(?P<key>[\w-]+): +\|(?P<sign>[1-9]?)(?P<chomp>[+-]?[1-9]?) *(?:#.*)?"
)
# Any other: folded, an item of a list, of a key that is quoted.
_OTHER_BLOCK = regex(
    r"(?P<before> *(?:- +)*)(?P<key>[^\s#][^#]*?: +)?[|>][+-]?[1-9]?[+-]? *(?:#.*)?"
)
_TEXTS = frozenset(
    {"replace", "with", "remove", "after", "before", "insert", "from", "through", "prepend"}
)
_PLAIN = regex(r"(?P<before> *(?:- +)?)(?P<key>[\w-]+): +[^\s'\"|>\[{#].*?(?P<blanks>[ \t]+)")
_INSIDE = _TEXTS - {"prepend"} | {"regex", "rewrite", "remove-lines", "pattern"}
_ITEM = regex(r" *- +([\w-]+):")


def lost_lines(path: str, lines: list[str], keys: Collection[str]) -> Iterator[Finding]:
    """Texts of edits that end in blanks, or have empty lines below that part nothing in this file.

    `keys` are those with which a task, a step or a change begins. Where these are parted by empty
    lines elsewhere, too, that is the file's layout.
    """
    ends: list[tuple[Finding, bool]] = []
    parted: dict[bool, int] = {True: 0, False: 0}  # items after an empty line, after none
    number = 0
    while number < len(lines):
        # Most lines have neither sign.
        may_begin = "|" in lines[number] or ">" in lines[number]
        found = _BLOCK.fullmatch(lines[number]) if may_begin else None
        end = _end(lines, number, found) if may_begin else number + 1
        below = next((at for at in range(end, len(lines)) if lines[at].strip()), len(lines))
        item = below < len(lines) and _begins_item(lines[below], keys)
        if found is None:
            yield from _blanks(path, number, lines[number])
            if item and not lines[number].rstrip().endswith(":"):
                parted[below > end] += 1
        elif item and below == end:
            parted[False] += 1
        elif below > end and below < len(lines) and _loses(found, lines[below], item=item):
            way = f"write `|{found['sign']}+`"
            ends.append((_finding(path, number, found, below - end, "empty line", way), item))
        number = below
    for finding, item in ends:
        if not item or (parted[False] and not parted[True]):
            yield finding


def _blanks(path: str, number: int, line: str) -> Iterator[Finding]:
    """Blanks at the end of a text inside a line, without quotes."""
    found = _PLAIN.fullmatch(line) if line[-1:].isspace() else None
    if found is None or found["key"] not in _INSIDE:
        return
    blanks = len(found["blanks"])
    yield _finding(path, number, found, blanks, "blank", "put the text in quotes")


def _begins_item(line: str, keys: Collection[str]) -> bool:
    found = _ITEM.match(line)
    return found is not None and found[1] in keys


def _end(lines: list[str], number: int, found: re.Match[str] | None) -> int:
    """The line after a line, or after the block that begins there."""
    end = number + 1
    found = found or _OTHER_BLOCK.fullmatch(lines[number])
    if found is None:
        return end
    # What an item is stands right of its dash.
    column = len(found["before"]) if found["key"] else found["before"].rfind("-")
    for at in range(end, len(lines)):
        line = lines[at]
        if line.strip():
            if len(line) - len(line.lstrip(" ")) <= column:
                break
            end = at + 1
    return end


def _loses(found: re.Match[str], below: str, *, item: bool) -> bool:
    """Whether a block is a text of an edit, above an item or the next key of its mapping."""
    if found["key"] not in _TEXTS or "+" in found["chomp"]:
        return False
    column = len(found["before"])
    sibling = below[:column].isspace() and re.match(r"[\w-]+:(?: |$)", below[column:])
    return item or bool(sibling)


def _finding(
    path: str, number: int, found: re.Match[str], lost: int, noun: str, way: str
) -> Finding:
    what, it = (noun, "it") if lost == 1 else (count(lost, noun), "them")
    return Finding(
        "RB121",
        Position(path, number + 1, len(found["before"]) + 1),
        f"YAML drops the {what} at the end of this text",
        f"{way} to keep {it}, or take {it} away",
    )

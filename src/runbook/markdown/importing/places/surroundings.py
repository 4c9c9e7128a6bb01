"""Where in a file the lines stand that a block shows around its new ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from runbook.core.model.operations import Operation
from runbook.markdown.importing.places.inplace import anchored
from runbook.markdown.importing.places.lines import (
    common,
    next_filled,
    plain_lines,
    without_blank_ends,
)
from runbook.markdown.importing.words.vocabulary import anycase

_MOST = 0.5  # of some lines
# Beside what is named, the block itself shows the side.
_NEAR = r"\b(next to|near|alongside|beside|close to)\b"
_AFTER = anycase(rf"\b(after|below|under)\b|{_NEAR}|の(下|後|直後)")
_BEFORE = anycase(rf"\b(before|above)\b|{_NEAR}|の(上|前|直前)")
_OF_THE_NEXT = re.compile(r"\s*(?:@[\w.]+(?:\([^()]*\))?\s*$|#!?\[|//|#|/?\*)")
_CLOSES = re.compile(r"\s*[)\]}]")
_EACH = anycase(r"\W*((of|the|your) )*(each|every|all|any|both)\b")  # more than one place


def shown_among(text: str, code: str, lead: str) -> Operation | str:
    """The insertion that makes a text read as the block does, if there is exactly one."""
    lines = plain_lines(text)
    block = without_blank_ends(code.split("\n"))
    found = list(_matches(lines, block, lead))
    if not found:
        found = [each for moved in _moved(lines, block) for each in _matches(lines, moved, lead)]
    if len(found) != 1:
        return ""
    ((at, above, new, below),) = found
    if not any(line.strip() for line in new):
        return ""
    behind = anchored(text, lines, at - len(above), at - 1, "after", new)
    return behind or anchored(text, lines, at, at + len(below) - 1, "before", new) or ""


Match = tuple[int, list[str], list[str], list[str]]


def _matches(lines: list[str], block: list[str], lead: str) -> Iterator[Match]:
    size, count = len(block), len(lines)
    up, shown_up = lines[::-1], block[::-1]
    for begin in _places(lines, block):
        above = _run(lines, block, begin)
        for end in range(begin + 1, min(begin + size - 1, count)):
            shown = end - begin + 1
            # Both are there, and between them nothing that the block leaves out.
            if lines[end] != block[-1] or above + _run(up, shown_up, count - 1 - end) < shown:
                continue
            kept = min(above, shown - 1)
            cut = size - (shown - kept)
            while cut < size and block[kept] == block[cut] and _CLOSES.match(block[kept]):
                kept, cut = kept + 1, cut + 1  # what is closed is closed before something new
            new = block[kept:cut]
            if _tells([*block[:kept], *block[cut:]]) and not _stands(new, lines, begin + kept):
                yield begin + kept, block[:kept], new, block[cut:]
    for at, kept in _beside(lines, block, lead, _AFTER):
        if not _OF_THE_NEXT.match(block[kept - 1]):
            yield at, block[:kept], block[kept:], []
    for at, kept in _beside(up, shown_up, lead, _BEFORE):
        yield count - at, [], block[:-kept], block[-kept:]


def _beside(
    lines: list[str], block: list[str], lead: str, side: re.Pattern[str]
) -> Iterator[tuple[int, int]]:
    """Where lines that a block begins with end, and how many they are, if words quote them."""
    for begin in _places(lines, block):
        kept = _run(lines, block, begin)
        if kept == len(block) or not _tells(block[:kept]) or not _quotes(lead, block[:kept], side):
            continue
        while kept > 1 and not block[kept - 1].strip():
            kept -= 1
        new, at = block[kept:], begin + kept
        if not _again(new, lines[at:]) and not _stands(new, lines, at):
            yield at, kept


def _places(lines: list[str], block: list[str]) -> list[int]:
    return [at for at, line in enumerate(lines) if line == block[0]]


def _run(lines: list[str], block: list[str], at: int) -> int:
    """How many lines of a block stand from a place on."""
    return common(lines[at : at + len(block)], block)


def _again(new: list[str], beyond: list[str]) -> bool:
    """Whether the file goes on with what the block has otherwise: "x = 4" instead of "x = 3"."""
    begin = re.match(r"\s*[\w.\[\]\"' ]+?\s*[=:(]", next_filled(beyond, 0))
    return begin is not None and any(each.startswith(begin[0]) for each in new)


def _stands(new: list[str], lines: list[str], at: int) -> bool:
    """Whether most of some lines stand next to a place already: the block changes one of them."""
    wanted = [line for line in new if line.strip()]
    size = len(new) + 3
    return any(
        kept >= 2 and kept >= _MOST * len(wanted)
        for there in (lines[at : at + size], lines[max(0, at - size) : at])
        if (kept := sum(any(_like(line, each) for each in there) for line in wanted))
    )


def _like(line: str, other: str) -> bool:
    """Whether a line is another one, as it is or with a word changed."""
    if line == other:
        return True
    matcher = SequenceMatcher(None, line.strip(), other.strip(), autojunk=False)
    # What only has a common end, such as a bracket, is another one.
    return len(line.strip()) > 8 and matcher.quick_ratio() > 0.85 and matcher.ratio() > 0.85


def _tells(lines: list[str]) -> bool:
    return any(re.search(r"\w{2}", line) for line in lines)


def _quotes(lead: str, shown: list[str], side: re.Pattern[str]) -> bool:
    """Whether the words say on which side, and quote what the block shows there."""
    said = side.search(lead)
    if said is None:
        return False
    # In Japanese, what it is next to comes first.
    words = lead[: said.start()] if said[0].startswith("の") else lead[said.end() :]
    if _EACH.match(words):
        return False
    text = "\n".join(shown)
    return any(code in text for code in re.findall(r"`([^`\n]+)`", words))


def _moved(lines: list[str], block: list[str]) -> Iterator[list[str]]:
    """The block with the indentations that its first line has in the file."""
    first = block[0].lstrip()
    old = block[0][: len(block[0]) - len(first)]
    if any(line.strip() and not line.startswith(old) for line in block):
        return
    indents = {line[: len(line) - len(first)] for line in lines if line.lstrip() == first}
    for indent in indents - {old}:
        yield [indent + line[len(old) :] if line.strip() else line for line in block]

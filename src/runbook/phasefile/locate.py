"""Where in a phase file something stands that the model has without its place."""

from __future__ import annotations

import re

from runbook.core.position import Position


def locate(
    lines: list[str], at: Position, key: str | None, text: str | None
) -> tuple[Position, int]:
    """The place and width of `text` in the value of `key`, in the mapping that begins at `at`.

    Where the text can't be found as it is, such as one with escapes, it is the key's place; where
    there is no such key, it is `at`.
    """
    if key is None:
        return at, _word(lines, at)
    block = _block(lines, at)
    found = _find_key(lines, block, key)
    if found is None:
        return at, _word(lines, at)
    line, column = found
    if text:
        first = text.strip().split("\n")[0]
        for piece in (first, first.split(" ")[0]):
            for number in range(line, block[1]):
                start = lines[number].find(piece, column + len(key) + 1 if number == line else 0)
                if piece and start >= 0:
                    return Position(at.path, number + 1, start + 1), len(piece)
    return Position(at.path, line + 1, column + 1), len(key)


def _block(lines: list[str], at: Position) -> tuple[int, int]:
    """The lines (from 0, the end excluded) of the mapping that begins at a place."""
    begin = at.line - 1
    end = begin + 1
    # A place may be that of a later key: the mapping begins with its first, after the dash.
    dash = " " * (at.column - 3) + "- "
    while 0 < begin < len(lines) and at.column > 2 and not lines[begin].startswith(dash):
        above = lines[begin - 1]
        bare = above.lstrip(" ")
        if bare.strip() and len(above) - len(bare) < at.column - 1 and not above.startswith(dash):
            break
        begin -= 1
    while end < len(lines):
        line = lines[end]
        bare = line.lstrip(" ")
        if bare.strip() and not bare.startswith("#") and len(line) - len(bare) < at.column - 1:
            break
        end += 1
    return begin, end


def _find_key(lines: list[str], block: tuple[int, int], key: str) -> tuple[int, int] | None:
    pattern = re.compile(rf"(?:^[ \t-]*|[{{,]\s*)([\"']?){re.escape(key)}\1\s*:(?=\s|$)")
    for number in range(*block):
        found = pattern.search(lines[number])
        if found:
            return number, lines[number].index(key, found.start())
    return None


def _word(lines: list[str], at: Position) -> int:
    """The width of the word at a place, without the colon of a key."""
    line = lines[at.line - 1] if at.line <= len(lines) else ""
    found = re.match(r"[^\s:]+", line[at.column - 1 :])
    return len(found[0]) if found else 1

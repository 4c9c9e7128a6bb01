"""What a block shows once more as it is in a file, with more in it: nothing of it is lost."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from runbook.core.matching.texts import Text
from runbook.core.model.operations import Operation, RewriteFile
from runbook.markdown.importing.places.definitions import defined, source
from runbook.markdown.importing.places.files import path_comment
from runbook.markdown.importing.places.inplace import in_place
from runbook.markdown.importing.places.lines import (
    filled,
    margin_of,
    moved_to,
    next_filled,
    plain_lines,
)
from runbook.markdown.importing.places.parsers import PYTHON, declarations, is_headed, spoilt

_MOST = 0.7  # so many lines are the same where some are changed
_LIKE = 0.4  # so much of a line is the same where it is changed
_LEAST = 3  # lines that are shown again
_BESIDE = re.compile(r"\S\s+((?:#|//)\s\S.*)$")
# Remarks for the reader, which are no part of the file.
_MARKED = re.compile(r"(?:#|//|--|/\*|<!--)\s*(?:NEW|ADD(?:ED)?|CHANGED?|UPDATED?)\b(?!\w)")


def shown_again(text: str, path: str, code: str, *, changed: bool = False) -> Operation | str:
    """The block in place of the lines that it has all of, in their order, with others between.

    With `changed`, some of the lines may be others, where the block is no shorter than they are, or
    where both are files of nothing but declarations.
    """
    if changed and (anew := _declared(text, path, code)) is not None:
        return anew
    lines, shown = plain_lines(text), code.strip("\n").split("\n")
    found = None if _MARKED.search(code) else _definition(text, path, code)
    if found is None and not _MARKED.search(code):
        found = _all(lines, shown) or _stretch(lines, shown)
    if found is None:
        return ""
    first, last = found
    old, block = lines[first : last + 1], moved_to("\n".join(shown), margin_of(lines[first]))
    if block is None:
        return ""
    if old[-1].rstrip().endswith(",") and re.search(r"[\])}]\s*$", block[-1]):
        block = [*block[:-1], f"{block[-1].rstrip()},"]  # more follows, which it doesn't show
    if filled(old) < _LEAST or block == old:
        return ""
    behind = next_filled(lines, last + 1)
    if behind.strip() and behind in block and behind not in old:
        return ""  # what comes next in the file would stand there twice
    more = filled(block) > filled(old) and _kept(old, block) == filled(old)
    if not more and not (changed and _mostly(old, block)):
        return ""
    whole = "\n".join([*lines[:first], *block, *lines[last + 1 :]])
    if spoilt(text, whole, path):
        return ""
    return in_place(text, lines, first, last, block) or ""


def _declared(text: str, path: str, code: str) -> Operation | None:
    """The block in place of the file, if both do nothing but declare, and nothing of it is lost.

    That is where it begins as a whole file and has all of the kinds, or is longer and has all words
    of each line in one of its own, as where an export has grown.
    """
    own = code.partition("\n")[2] if path_comment(code) else code
    there, new = declarations(text, path), declarations(own, path)
    old, shown = plain_lines(text), own.split("\n")
    whole = is_headed(own, path) and there <= new
    words = [_words(line) for line in shown]
    kept = all(any(_words(line) <= each for each in words) for line in old)
    grown = bool(new) and kept and filled(shown) > filled(old)
    return RewriteFile(Text(own, True)) if there and (whole or grown) else None


def _words(line: str) -> set[str]:
    return set(re.findall(r"\w+", line))


def _definition(text: str, path: str, code: str) -> tuple[int, int] | None:
    """The lines of the one function or class of a Python file that a block defines, too."""
    there = source(text) if path.endswith(PYTHON) and defined(code) else None
    found = there.named(defined(code)) if there is not None else []
    return (found[0].first, found[0].last) if len(found) == 1 and not found[0].loose else None


def _all(lines: list[str], block: list[str]) -> tuple[int, int] | None:
    """All lines of a file, if the block begins and ends as it does."""
    filled = [at for at, line in enumerate(lines) if line.strip()]
    ends = (lines[filled[0]], lines[filled[-1]]) if filled else ("", "")
    return (filled[0], filled[-1]) if ends == (block[0], block[-1]) and ends[0] else None


def _stretch(lines: list[str], block: list[str]) -> tuple[int, int] | None:
    """The lines from the block's first one to its last one, if they are all of something."""
    begin, own = block[0].strip(), margin_of(block[0])
    begins = [at for at, line in enumerate(lines) if line.strip() == begin]
    if len(begins) != 1 or len(re.findall(r"\w", begin)) < _LEAST or margin_of(block[-1]) != own:
        return None
    (first,) = begins
    margin = margin_of(lines[first])
    end = margin + block[-1].strip()
    # A bracket that ends several things in the block would end the first of them in the file.
    if sum(_same(line, block[-1]) for line in block) > 1:
        return None
    for at in range(first + 1, len(lines)):
        line = lines[at]
        if _same(line, end):
            return first, at
        if line.strip() and not line.startswith(margin):
            return None  # it has ended before
    return None


def _mostly(old: list[str], new: list[str]) -> bool:
    """Whether lines are others with some changed, each to one that is like it."""
    if filled(new) < filled(old) or _kept(old, new) < _MOST * filled(old):
        return False
    said = (found[1] for line in old if (found := _BESIDE.search(line)))
    if any(remark not in "\n".join(new) for remark in said):
        return False
    one = [line.strip() for line in old if line.strip()]
    other = [line.strip() for line in new if line.strip()]
    changes = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    return all(
        any(SequenceMatcher(None, line, each).ratio() > _LIKE for each in other[c:d])
        for tag, a, b, c, d in changes
        if tag in ("delete", "replace")
        for line in one[a:b]
    )


def _kept(old: list[str], new: list[str]) -> int:
    """How many of some lines others have, in their order."""
    one = [_plain(line) for line in old if line.strip()]
    other = [_plain(line) for line in new if line.strip()]
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks())


def _same(one: str, other: str) -> bool:
    return _plain(one) == _plain(other)


def _plain(line: str) -> str:
    """A line without a comma behind it, which is needed only where more items follow."""
    return line.rstrip().rstrip(",")

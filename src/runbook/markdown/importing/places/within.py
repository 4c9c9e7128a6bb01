"""Lines inside of one function, which may stand in others, too."""

from __future__ import annotations

import re

from runbook.core.model.operations import Operation
from runbook.markdown.importing.places.definitions import parsed, source
from runbook.markdown.importing.places.inplace import anchored, in_place
from runbook.markdown.importing.places.lines import OPEN, margin_of, moved_to, plain_lines
from runbook.markdown.importing.places.treesymbols import functions_named, knows, root_of
from runbook.markdown.importing.words.sides import Side


def beside_line(
    text: str, path: str, name: str, quoted: str, code: str, side: Side
) -> Operation | str:
    """A block next to the only line of the function of a name that is quoted."""
    lines = plain_lines(text)
    found = _line(text, lines, path, name, quoted)
    if isinstance(found, str):
        return found
    first, at = found
    own = moved_to(code, margin_of(lines[at]))
    if own is None or own[0].strip() == lines[at].strip():
        return ""
    if side == "after" and (lines[at].rstrip().endswith(OPEN) or _deeper(lines, at)):
        return ""  # what it opens goes on
    if side == "before" and re.match(
        r"(?:el(?:se|if)|except|finally|case|\}|\))\b", lines[at].strip()
    ):
        return ""
    change = anchored(text, lines, first if side == "after" else at, at, side, own)
    if change is None and side == "before":
        # It stands elsewhere, too; what is above it does not.
        above = max((n for n in range(first, at) if lines[n].strip()), default=None)
        open_end = above is None or (lines[above].rstrip().endswith(OPEN) and above != at - 1)
        change = None if open_end else anchored(text, lines, first, at - 1, "after", own)
    whole = at + 1 if side == "after" else at
    sound = _sound(path, [*lines[:whole], *own, *lines[whole:]])
    return change if change is not None and sound else ""


def line_anew(text: str, path: str, name: str, quoted: str, code: str) -> Operation | str:
    """A block in place of the only line of the function of a name that is quoted."""
    lines = plain_lines(text)
    found = _line(text, lines, path, name, quoted)
    if isinstance(found, str):
        return found
    first, at = found
    own = moved_to(code, margin_of(lines[at]))
    if own is None or lines[at].rstrip().endswith(OPEN) or _deeper(lines, at):
        return ""
    change = in_place(text, lines, at, at, own)
    if change is None:
        begin = next((n for n in range(at - 1, first - 1, -1) if lines[n].strip()), at)
        change = in_place(text, lines, begin, at, [*lines[begin:at], *own])
    return change if change and _sound(path, [*lines[:at], *own, *lines[at + 1 :]]) else ""


def only_line_anew(text: str, path: str, quoted: str, code: str) -> Operation | str:
    """A block in place of the only line of a file that is quoted, and opens nothing."""
    lines = plain_lines(text)
    stands = [at for at, line in enumerate(lines) if _is(line.strip(), quoted)]
    if len(stands) != 1 or not re.search(r"\w{3}", quoted) or quoted == "return":
        return ""
    (at,) = stands
    own = moved_to(code, margin_of(lines[at]))
    if own is None or lines[at].rstrip().endswith(OPEN) or _deeper(lines, at):
        return ""
    read = path.endswith((".py", ".pyi")) or knows(path)
    sound = not read or _sound(path, [*lines[:at], *own, *lines[at + 1 :]])
    return (in_place(text, lines, at, at, own) or "") if sound else ""


def _line(text: str, lines: list[str], path: str, name: str, quoted: str) -> tuple[int, int] | str:
    """Where the function begins, and the one line of it that is quoted."""
    if knows(path):
        spans = functions_named(text, path, name)
    else:
        there = source(text)
        named = there.named(name) if there else []
        spans = [(each.head, each.last) for each in named if each.kind == "function"]
    if len(spans) != 1:
        return f"`{name}` is defined {'more than once' if spans else 'nowhere'} in the file"
    first, last = spans[0]
    stands = [at for at in range(first, last + 1) if _is(lines[at].strip(), quoted)]
    if len(stands) != 1:
        return ""
    return first, stands[0]


def _is(line: str, quoted: str) -> bool:
    if quoted == "return":
        return re.match(r"return\b", line) is not None
    return line.rstrip(";") == quoted.strip().rstrip(";") or line == f"{quoted.strip()}:"


def _deeper(lines: list[str], at: int) -> bool:
    below = next((line for line in lines[at + 1 :] if line.strip()), "")
    return len(margin_of(below)) > len(margin_of(lines[at]))


def _sound(path: str, lines: list[str]) -> bool:
    whole = "\n".join(lines)
    return (root_of(whole, path) if knows(path) else parsed(whole)) is not None

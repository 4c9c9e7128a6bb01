"""What ast-grep takes for a match although the pattern does not say all of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from runbook.core.edit.syntax import VARIABLE
from runbook.core.patterns import regex

_TOKEN = regex(r"\w+|[^\w\s,;]")
_UNNAMED = regex(r"\$_|\$\$\$(?![A-Z_])")


def left_out(node: Any, pattern: str) -> tuple[str | None, str | None]:
    """A piece of code, and a keyword or sign, of a match that a rewriting would drop unsaid.

    ast-grep stops at the end of a pattern with `$$$NAMES` in it (`f($$$A, None)` is found in
    `f(1, None, 2)`), and passes over words that have no name in the tree (`def` is found in
    `async def`).
    """
    if _UNNAMED.search(pattern):
        return None, None
    said = Counter(_TOKEN.findall(pattern))
    held = []
    for parts, count in _variables(node, pattern):
        held.append(_stretch(parts))
        # Only the first of several places is told.
        for part in parts * (count - 1):
            said.update(_TOKEN.findall(part.text()))
    found: dict[bool, str] = {}
    for leaf in leaves(node, held):
        tokens = Counter(_TOKEN.findall(leaf.text()))
        if tokens - said:
            found.setdefault(leaf.is_named(), leaf.text())
        said -= tokens
    return found.get(True), found.get(False)


def comments(node: Any, pattern: str) -> tuple[str, ...]:
    """The comments of a match that stand between what the pattern says, for whatever is between."""
    if _UNNAMED.search(pattern):
        return ()
    held = [_stretch(parts) for parts, _ in _variables(node, pattern)]
    found = (each.text().strip() for each in _outside(node, held) if _is_comment(each))
    return tuple(each for each in found if each not in pattern)


def _variables(node: Any, pattern: str) -> Iterator[tuple[list[Any], int]]:
    """What each variable of the pattern holds, and in how many places it stands."""
    counts = Counter((found[1], found[2]) for found in VARIABLE.finditer(pattern))
    for (sign, name), count in counts.items():
        one = None if sign == "$$$" else node.get_match(name)
        parts = node.get_multiple_matches(name) if sign == "$$$" else [one] if one else []
        if parts:
            yield parts, count


def _stretch(parts: list[Any]) -> tuple[int, int]:
    return parts[0].range().start.index, parts[-1].range().end.index


def leaves(node: Any, held: list[tuple[int, int]]) -> Iterator[Any]:
    """The leaves of a match that no variable holds, without comments."""
    return (each for each in _outside(node, held) if not _is_comment(each))


def _outside(node: Any, held: list[tuple[int, int]]) -> Iterator[Any]:
    """The leaves and the comments of a match that no variable holds."""
    here = node.range()
    if any(start <= here.start.index and here.end.index <= end for start, end in held):
        return
    children = [] if _is_comment(node) else node.children()
    if not children:
        yield node
    for each in children:
        yield from _outside(each, held)


def _is_comment(node: Any) -> bool:
    return "comment" in node.kind()

"""How much an edit changes: at how many places, in which lines, how many more and less."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from runbook.core.text.lines import shared_start
from runbook.core.value import value

_LONG = 4_000
"""Lines that are compared one by one; longer stretches count as one place."""


@value
class Extent:
    """The places of a file that differ, by the lines they have afterwards: `2`, `9-12`."""

    lines: tuple[str, ...] = ()
    added: int = 0
    removed: int = 0

    @property
    def places(self) -> int:
        """At how many places something differs."""
        return len(self.lines)


def extent(before: bytes | None, after: bytes | None) -> Extent:
    """Compare two states of a file; `None` is a file that is not there."""
    if before == after:
        return Extent()
    old, new = _lines(before), _lines(after)
    lines, added, removed = [], 0, 0
    for i1, i2, j1, j2 in _differing(old, new):
        lines.append(f"{j1 + 1}" if j2 - j1 < 2 else f"{j1 + 1}-{j2}")
        added += j2 - j1
        removed += i2 - i1
    # A file without a line was made, or deleted.
    return Extent(tuple(lines) or ("1",), added, removed)


def _differing(old: list[bytes], new: list[bytes]) -> Iterator[tuple[int, int, int, int]]:
    """Stretches of old and new lines that stand for each other: begin and end in both."""
    begin = shared_start(old, new)
    old, new = old[begin:], new[begin:]
    end = shared_start(reversed(old), reversed(new))
    old, new = old[: len(old) - end], new[: len(new) - end]
    if not old and not new:
        return
    if not old or not new or len(old) + len(new) > _LONG:
        yield begin, begin + len(old), begin, begin + len(new)
        return
    from difflib import SequenceMatcher

    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield begin + i1, begin + i2, begin + j1, begin + j2


def _lines(data: bytes | None) -> list[bytes]:
    return [] if data is None else [*BytesIO(data)]

"""How much an edit changes, by the lines of the file as it is afterwards."""

from __future__ import annotations

import pytest

from runbook.core.edit.extent import Extent, extent


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a\nb\nc\n", "a\nb\nc\n", Extent()),
        ("a\nb\nc\n", "a\nB\nc\n", Extent(("2",), 1, 1)),
        ("a\nb\nc\nd\n", "A\nb\nc\nD\nE\n", Extent(("1", "4-5"), 3, 2)),
        ("a\nb\n", "a\n", Extent(("2",), 0, 1)),
        ("a\nb\n", "a\nx\ny\nb\n", Extent(("2-3",), 2, 0)),
        (None, "a\nb\n", Extent(("1-2",), 2, 0)),
        ("a\nb\n", None, Extent(("1",), 0, 2)),
        (None, "", Extent(("1",), 0, 0)),
        ("a", "a\n", Extent(("1",), 1, 1)),
        # A line ends at a line feed and nowhere else.
        ("a\rb\fc\nd\n", "a\rb\fc\ne\n", Extent(("2",), 1, 1)),
        ("a\r\nb\r\n", "a\r\nc\r\n", Extent(("2",), 1, 1)),
    ],
)
def test_extent(before: str | None, after: str | None, expected: Extent) -> None:
    old, new = (None if text is None else text.encode() for text in (before, after))
    assert extent(old, new) == expected


def test_a_long_stretch_is_one_place() -> None:
    old = b"".join(b"%d\n" % number for number in range(6000))
    new = old.replace(b"7", b"x")
    assert extent(old, new) == Extent(("8-5998",), 5991, 5991)

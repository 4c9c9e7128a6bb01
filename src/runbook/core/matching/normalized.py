"""A file's text with every line end as `\\n`, the places in it, and the way back."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import cache
from itertools import accumulate

from runbook.core.matching.indents import Columns, Reindent, own_unit, reindent
from runbook.core.matching.texts import Matching, Text
from runbook.core.patterns import regex
from runbook.core.value import value

_BOM = "\ufeff"
_NO_UTF8 = regex("[\ud800-\udfff]")  # how such bytes come out of Python's `surrogateescape`


@value
class Span:
    """A stretch of a normalized text: offsets in characters, and how it is indented there."""

    start: int
    end: int
    indent: Reindent | Columns | None = None

    def indented(self, text: str) -> str | None:
        """A text indented as this place is, or `None` where it can't be."""
        return text if self.indent is None else self.indent.apply(text)

    @property
    def in_other_units(self) -> bool:
        """Whether the file indents by something else there than the text."""
        return isinstance(self.indent, Columns) or bool(self.indent and self.indent.unit)

    def within(self, other: Span) -> bool:
        """Whether it lies in another one."""
        return other.start <= self.start and self.end <= other.end


def outside(spans: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """The spans that lie in none of some others, of which there may be thousands."""
    ordered = sorted((other.start, other.end) for other in others)
    starts = [start for start, _ in ordered]
    reached = list(accumulate((end for _, end in ordered), max))
    found = []
    for span in spans:
        before = bisect_right(starts, span.start)
        if not before or reached[before - 1] < span.end:
            found.append(span)
    return found


_LOOKED_AT = 400  # characters of a text by which its encoding is told


def is_utf16(text: str) -> bool:
    """Whether a text, read as UTF-8, is one in UTF-16: by its mark, or by where zero bytes are."""
    if text[:2] in ("\udcff\udcfe", "\udcfe\udcff"):
        return True
    start = text[:_LOOKED_AT].encode("utf-8", "replace")
    high, low = (start[parity::2].count(0) for parity in (0, 1))
    return 0 in (high, low) and max(high, low) > len(start) // 3 > 1


def as_characters(text: str) -> str:
    """A text in which bytes that are no UTF-8 are characters like any other, one for one."""
    return text if text.isascii() else _NO_UTF8.sub("\ufffd", text)


class NormalizedText:
    """A text normalized: line ends are `\\n`, a BOM is not part of the first line."""

    def __init__(self, text: str) -> None:
        self.original = text
        self.text = text.replace("\r\n", "\n") if "\r\n" in text else text
        self.first = 1 if text.startswith(_BOM) else 0
        self._ends: list[int] | None = None  # offsets of all line ends, where one was asked for
        # Offsets, in the normalized text, of the line ends that were `\r\n`.
        self._shortened: list[int] = []
        if len(self.text) != len(text):
            offset = text.find("\r\n")
            while offset >= 0:
                self._shortened.append(offset - len(self._shortened))
                offset = text.find("\r\n", offset + 2)

    def offset(self, normal: int) -> int:
        """The original offset of a normalized one."""
        return normal + bisect_left(self._shortened, normal)

    def line(self, normal: int) -> int:
        """The number (from 1) of the line that holds a normalized offset."""
        if self._ends is None:
            self._ends = [found.start() for found in re.finditer("\n", self.text)]
        return bisect_left(self._ends, normal) + 1

    def line_end(self, start: int) -> str:
        """The line end that new lines take: that of the line they begin in, or of the last."""
        at = self.text.find("\n", start)
        if at < 0:
            at = self.text.rfind("\n")
        index = bisect_right(self._shortened, at) - 1
        return "\r\n" if at >= 0 and index >= 0 and self._shortened[index] == at else "\n"

    def lines_around(self, span: Span) -> Span:
        """The whole lines that a stretch touches, with the last one's line end."""
        start = max(self.first, self.text.rfind("\n", 0, span.start) + 1)
        if span.end > span.start and self.text[span.end - 1] == "\n":
            return Span(start, span.end)
        end = self.text.find("\n", span.end)
        return Span(start, len(self.text) if end < 0 else end + 1)

    def occurrences(self, wanted: Text, match: Matching = "exact") -> list[Span]:
        """Where a text stands, without overlaps, from the first on."""
        if not wanted.whole_lines:
            if match == "whitespace":
                pattern = r"[ \t]+".join(map(re.escape, re.split(r"[ \t]+", wanted.value)))
                return [Span(*found.span()) for found in re.finditer(pattern, self.text)]
            return self._inside(wanted.value)
        if match == "exact":
            return self._whole_lines(wanted.value)
        return self._loosely(wanted.value, match)

    def _inside(self, text: str) -> list[Span]:
        spans = []
        offset = self.text.find(text)
        while offset >= 0:
            spans.append(Span(offset, offset + len(text)))
            offset = self.text.find(text, offset + len(text))
        return spans

    def _whole_lines(self, text: str) -> list[Span]:
        core = text.removesuffix("\n")
        spans = []
        offset = self.text.find(core, self.first)
        while offset >= 0:
            end = offset + len(core)
            begins = offset == self.first or self.text[offset - 1] == "\n"
            if begins and end == len(self.text):
                # After the last line end there is no empty line.
                if end > self.first and self.text[end - 1] != "\n":
                    spans.append(Span(offset, end))
                break
            if begins and self.text[end] == "\n":
                spans.append(Span(offset, end + 1))
                offset = self.text.find(core, end + 1)
            else:
                offset = self.text.find(core, offset + 1)
        return spans

    def _loosely(self, text: str, match: Matching) -> list[Span]:
        """Whole lines that equal the text but for blanks, as `match` allows."""
        wanted = text.removesuffix("\n").split("\n")
        lines = self.text[self.first :].removesuffix("\n").split("\n")
        if len(self.text) == self.first:
            return []
        starts = [self.first]
        for line in lines:
            starts.append(starts[-1] + len(line) + 1)
        bare = [_bare(line, match) for line in lines]
        key = [_bare(line, match) for line in wanted]
        unit = cache(lambda first: own_unit(first, lines))
        spans: list[Span] = []
        index = 0
        while index + len(wanted) <= len(lines):
            if bare[index : index + len(wanted)] == key:
                found = lines[index : index + len(wanted)]
                indent = reindent(wanted, found, unit)
                if indent is not None or match == "whitespace":
                    end = min(starts[index + len(wanted)], len(self.text))
                    spans.append(Span(starts[index], end, indent))
                    index += len(wanted)
                    continue
            index += 1
        return spans


def _bare(line: str, match: Matching) -> str:
    """A line without the blanks that `match` ignores: no other white space is one."""
    if match == "whitespace":
        return re.sub(r"[ \t]+", " ", line.strip(" \t"))
    return line.lstrip(" \t")

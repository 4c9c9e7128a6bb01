"""Questions to a command's full output, answered while it streams by in bounded memory."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from runbook.core.text.output import Literals, PlainText, Settled
from runbook.core.value import value

_BATCH = 2**20
"""Characters searched at a time; an output up to this length is searched as one text."""

_OVERLAP = 2**16
"""Characters that are searched again with the next batch, so that matches across it are found."""

_MOST_DISTINCT = 100_000


class TooLong(Exception):
    """A computation was stopped by its time limit."""


@value
class Questions:
    """What is asked about an output: escape sequences are removed, line ends are `\\n`.

    Literal texts may have been overwritten since; all else is about lines as they stand in the end.
    """

    needles: tuple[str, ...] = ()  # literal texts
    patterns: tuple[str, ...] = ()  # regular expressions, `^` and `$` at lines
    distinct: str | None = None  # a regular expression whose different matches are counted
    keep: int = 0  # bytes of the output to be kept as a text
    lines: bool = True  # whether they are counted, which takes its time where there are many


@value
class Answers:
    """What was found out; `text` is `None` when the output was longer than what was to be kept."""

    found: frozenset[str] = frozenset()
    matched: frozenset[str] = frozenset()
    too_slow: frozenset[str] = frozenset()  # patterns given up
    distinct: int = 0
    lines: int = 0  # where they were to be counted
    blank: bool = True
    text: str | None = ""


Limit = Callable[[], AbstractContextManager[None]]


class Inquiry:
    """Looks at a raw stream, chunk by chunk, to answer some questions about it."""

    def __init__(self, questions: Questions, limit: Limit = nullcontext) -> None:
        """Each batch is searched for each pattern within `limit`, which may raise TooLong."""
        self._needles = {
            text: text.encode("utf-8", "surrogateescape") for text in questions.needles
        }
        self._plain = PlainText()
        self._settled = Settled()
        self._literals = Literals(self._needles.values())
        self._search = _Search(questions, limit)
        self._keep = questions.keep
        self._counts = questions.lines
        self._kept: bytearray | None = bytearray()
        self._lines = 0
        self._last = b""
        self._blank = True

    def feed(self, chunk: bytes) -> None:
        """Look at the next chunk of raw output."""
        self._look(self._plain.feed(chunk))

    def close(self) -> None:
        """Look at what was held back: nothing more will come."""
        self._look(self._plain.close())
        self._look_at_lines(self._settled.close())
        self._search.close()

    def _look(self, text: bytes) -> None:
        if not text:
            return
        self._literals.feed(text)
        if self._counts:
            self._lines += text.count(b"\n")
        self._last = text[-1:]
        self._blank = self._blank and not text.strip()
        if self._kept is not None or self._search.goes_on:
            self._look_at_lines(self._settled.feed(text))

    def _look_at_lines(self, text: bytes) -> None:
        if not text:
            return
        self._search.feed(text)
        if self._kept is not None:
            self._kept += text[: self._keep + 1]
            if len(self._kept) > self._keep:
                self._kept = None

    @property
    def answers(self) -> Answers:
        """The answers so far; complete after `close`."""
        found = self._literals.found
        kept = None if self._kept is None else bytes(self._kept).decode("utf-8", "replace")
        return Answers(
            found=frozenset(text for text, needle in self._needles.items() if needle in found),
            matched=frozenset(self._search.matched),
            too_slow=frozenset(self._search.too_slow),
            distinct=len(self._search.distinct),
            lines=self._lines + (self._counts and self._last not in (b"", b"\n")),
            blank=self._blank,
            text=kept,
        )


class _Search:
    """Regular expressions looked for in a stream, in batches of whole lines that overlap."""

    def __init__(self, questions: Questions, limit: Limit) -> None:
        self.matched: set[str] = set()
        self.too_slow: set[str] = set()
        self.distinct: set[str] = set()
        self._limit = limit
        self._patterns = {text: re.compile(text, re.MULTILINE) for text in questions.patterns}
        self._distinct = questions.distinct
        self._counted = None
        if questions.distinct is not None:
            self._counted = re.compile(questions.distinct, re.MULTILINE)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._pieces: list[str] = []
        self._length = 0
        self._before = 0

    @property
    def goes_on(self) -> bool:
        return bool(self._patterns) or self._counted is not None

    def feed(self, text: bytes) -> None:
        """Take in plain text; it is searched when a batch is full."""
        if not self.goes_on:
            return
        piece = self._decoder.decode(text)
        self._pieces.append(piece)
        self._length += len(piece)
        if self._length >= _BATCH:
            batch = "".join(self._pieces)
            # An unfinished line would end where it does not.
            end = batch.rfind("\n") + 1 or len(batch)
            self._look(batch[:end])
            start = batch.find("\n", max(0, end - _OVERLAP), end) + 1 or max(0, end - _OVERLAP)
            # With what stands before it, so that it is not taken for the output's beginning.
            self._before = 1 if start else 0
            self._pieces = [batch[start - self._before :]]
            # What was searched already makes no new batch.
            self._length = len(batch) - end

    def close(self) -> None:
        self._pieces.append(self._decoder.decode(b"", final=True))
        self._look("".join(self._pieces))
        self._pieces = []

    def _look(self, text: str) -> None:
        for name, pattern in list(self._patterns.items()):
            try:
                with self._limit():
                    found = pattern.search(text, self._before) is not None
            except TooLong:
                self.too_slow.add(name)
                found = False
            if found:
                self.matched.add(name)
            if found or name in self.too_slow:
                del self._patterns[name]
        if self._counted is not None and len(self.distinct) < _MOST_DISTINCT:
            try:
                with self._limit():
                    found_here = self._counted.finditer(text, self._before)
                    self.distinct.update(match[0] for match in found_here)
            except TooLong:
                self.too_slow.add(self._distinct or "")
                self._counted = None

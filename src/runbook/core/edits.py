"""Edits: `(text, operation) → Applied | AlreadyApplied | Conflict`.

A text is a file's content decoded as UTF-8 with `surrogateescape`, so that any bytes survive; a
line ends at `\\n` or `\\r\\n` and nowhere else. `None` stands for a file that is not there.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from runbook.core.operations import Create, LineRange, Operation, Replace, Text
from runbook.core.value import value

_BOM = "\ufeff"


@value
class Applied:
    """The text after an operation, and the lines (from 1) of the first place it changed."""

    text: str
    lines: LineRange


@value
class AlreadyApplied:
    """The text already is what the operation would make of it."""

    lines: LineRange | None = None


@value
class Conflict:
    """Why the operation can't be applied; `found` are the first lines of the candidates."""

    message: str
    hint: str | None = None
    found: tuple[int, ...] = ()


Result = Applied | AlreadyApplied | Conflict


def apply(text: str | None, operation: Operation) -> Result:
    """What an operation makes of a file's text."""
    match operation:
        case Create():
            return _create(text, operation)
        case _ if text is None:
            return Conflict("the file does not exist")
        case Replace():
            return _replace(text, operation)
        case _:
            raise NotImplementedError(type(operation).__name__)


def _create(text: str | None, operation: Create) -> Result:
    wanted = operation.text.value
    if text is None:
        return Applied(wanted, LineRange(1, max(1, wanted.count("\n"))))
    if text == wanted:
        return AlreadyApplied()
    return Conflict("the file exists already, with other content")


@value
class _Span:
    """A stretch of a flattened text, offsets in characters."""

    start: int
    end: int

    def within(self, other: _Span) -> bool:
        return other.start <= self.start and self.end <= other.end


class _Flat:
    """A text with every line end as `\\n`, and the way back to the offsets of the original."""

    def __init__(self, text: str) -> None:
        self.original = text
        self.text = text.replace("\r\n", "\n") if "\r\n" in text else text
        # Offsets, in the flattened text, of the line ends that were `\r\n`.
        self._shortened: list[int] = []
        if len(self.text) != len(text):
            offset = text.find("\r\n")
            while offset >= 0:
                self._shortened.append(offset - len(self._shortened))
                offset = text.find("\r\n", offset + 2)

    def offset(self, flat: int) -> int:
        """The original offset of a flattened one."""
        return flat + bisect_left(self._shortened, flat)

    def line(self, flat: int) -> int:
        """The number (from 1) of the line that holds a flattened offset."""
        return self.text.count("\n", 0, flat) + 1

    def line_end(self, span: _Span) -> str:
        """The line end that new lines in a stretch take: that of the line it begins in."""
        at = self.text.find("\n", span.start)
        if at < 0:
            at = self.text.rfind("\n")
        index = bisect_right(self._shortened, at) - 1
        return "\r\n" if at >= 0 and index >= 0 and self._shortened[index] == at else "\n"

    def occurrences(self, wanted: Text) -> list[_Span]:
        """Where a text stands, without overlaps, from the first on."""
        return self._whole_lines(wanted.value) if wanted.whole_lines else self._inside(wanted.value)

    def _inside(self, value: str) -> list[_Span]:
        spans = []
        offset = self.text.find(value)
        while offset >= 0:
            spans.append(_Span(offset, offset + len(value)))
            offset = self.text.find(value, offset + len(value))
        return spans

    def _whole_lines(self, value: str) -> list[_Span]:
        core = value.removesuffix("\n")
        first = 1 if self.text.startswith(_BOM) else 0
        spans = []
        offset = self.text.find(core, first)
        while offset >= 0:
            end = offset + len(core)
            begins = offset == first or self.text[offset - 1] == "\n"
            if begins and end == len(self.text):
                spans.append(_Span(offset, end))
            elif begins and self.text[end] == "\n":
                spans.append(_Span(offset, end + 1))
                # The final line end is shared with no other match.
                offset = self.text.find(core, end + 1)
                continue
            offset = self.text.find(core, offset + 1)
        return spans


def _replace(text: str, operation: Replace) -> Result:
    flat = _Flat(text)
    found = flat.occurrences(operation.search)
    replaced = _replacements(flat, operation)
    outside = [span for span in found if not any(span.within(other) for other in replaced)]
    if replaced and _already(flat, operation, replaced, outside):
        return AlreadyApplied(_lines(flat, replaced[0]))
    chosen = _choose(flat, operation, found)
    if isinstance(chosen, Conflict):
        return chosen
    pieces = []
    end = 0
    for span in chosen:
        pieces += [text[end : flat.offset(span.start)], _new_text(flat, operation, span)]
        end = flat.offset(span.end)
    pieces.append(text[end:])
    return Applied("".join(pieces), _lines(flat, chosen[0]))


def _replacements(flat: _Flat, operation: Replace) -> list[_Span]:
    """Where the replacement already stands; an empty one stands nowhere."""
    value = operation.replacement.value
    if operation.search.whole_lines:
        wanted = Text(value if value.endswith("\n") or not value else value + "\n", True)
    else:
        wanted = Text(
            value.removesuffix("\n") if operation.replacement.whole_lines else value, False
        )
    return flat.occurrences(wanted) if wanted.value else []


def _already(flat: _Flat, operation: Replace, replaced: list[_Span], outside: list[_Span]) -> bool:
    if operation.count == "all":
        return not outside
    if not outside:
        return len(replaced) == operation.count or (
            operation.lines is not None and operation.count == 1
        )
    if operation.lines is None or operation.count != 1:
        return False
    # The hint chose one place among several before; the others still stand.
    return _distance(flat, operation.lines, replaced) < _distance(flat, operation.lines, outside)


def _distance(flat: _Flat, hint: LineRange, spans: list[_Span]) -> int:
    return min(abs(flat.line(span.start) - hint.first) for span in spans)


def _choose(flat: _Flat, operation: Replace, found: list[_Span]) -> list[_Span] | Conflict:
    """The spans an operation replaces, or why it replaces none."""
    count = operation.count
    if found and (count == "all" or len(found) == count):
        return found
    lines = tuple(flat.line(span.start) for span in found)
    if not found:
        near = f", expected near line {operation.lines.first}" if operation.lines else ""
        return Conflict(f"the text to replace is not in the file{near}")
    if operation.lines is not None and count == 1:
        hint = operation.lines.first
        ranked = sorted(found, key=lambda span: abs(flat.line(span.start) - hint))
        nearest, second = (abs(flat.line(span.start) - hint) for span in ranked[:2])
        if nearest < second:
            return [ranked[0]]
    wanted = "once" if count == 1 else f"{count} times"
    places = ", ".join(map(str, lines[:8])) + (", …" if len(lines) > 8 else "")
    return Conflict(
        f"the text to replace is to be found {wanted} and stands "
        f"{_times(len(found))}, in line{'s' if len(found) > 1 else ''} {places}",
        "make the text longer until it is unique, say `lines:`, or say `count:`",
        lines,
    )


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _new_text(flat: _Flat, operation: Replace, span: _Span) -> str:
    """The replacement as it stands in the file, with the file's line ends."""
    value = operation.replacement.value
    if operation.search.whole_lines:
        ended = flat.text[span.start : span.end].endswith("\n")
        if value and not value.endswith("\n"):
            value += "\n"
        if not ended:
            value = value.removesuffix("\n")
    elif operation.replacement.whole_lines:
        value = value.removesuffix("\n")
    return value.replace("\n", flat.line_end(span))


def _lines(flat: _Flat, span: _Span) -> LineRange:
    first = flat.line(span.start)
    return LineRange(first, max(first, flat.line(max(span.start, span.end - 1))))

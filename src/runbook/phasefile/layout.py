"""The layout of a phase file made regular: indentation, blanks, quotes; comments stay.

Nothing is moved. Lines are indented by two columns a level, lists within their key; blanks at the
ends of lines, blank lines beyond one and needless quotes go. Texts under `|` keep every character.
"""

from __future__ import annotations

import re

from runbook.core.patterns import regex
from runbook.core.value import value
from runbook.format.emit import scalar
from runbook.format.yamltree import MappingNode, Node, ScalarNode, SequenceNode, Source, compose

_STEP = 2
# What stays in its quotes: what YAML takes for something else than a text, and expressions.
_KEPT = regex(r"[-+]?[.\d].*|true|false|null|~|\.?inf|\.?nan|.*\\.*", re.IGNORECASE | re.DOTALL)
_HEADER = regex(r"([|>])([+-]?)\d([+-]?)")


@value
class _Place:
    """The new column of what begins on a line, and where in the line that is."""

    old: int
    new: int


def laid_out(text: str) -> str:
    """The text of a phase file, laid out; a text that is no YAML comes back as it is.

    Lines that end in two ways get one; else they keep theirs.
    """
    ends = text.count("\r\n")
    plain = _laid_out(text.replace("\r\n", "\n"))
    return plain.replace("\n", "\r\n") if ends == text.count("\n") else plain


def _laid_out(text: str) -> str:
    source = Source("", text)
    root = compose(source)
    if root is None or source.may_have_marks or not isinstance(root, MappingNode):
        return text
    layout = _Layout(text)
    layout.mapping(root, 0)
    changed = layout.text()
    again = compose(Source("", changed))
    # What is not the same file any more is not to be written, whatever went wrong here.
    return changed if again is not None and _same(root, again) else text


def _same(node: Node, other: Node) -> bool:
    if type(node) is not type(other):
        return False
    if isinstance(node, ScalarNode) and isinstance(other, ScalarNode):
        block = node.style in ("|", ">") or other.style in ("|", ">")
        return bool(node.value == other.value and (not block or node.style == other.style))
    if isinstance(node, MappingNode):
        pairs = zip(node.value, other.value, strict=False)
        same = all(_same(a[0], b[0]) and _same(a[1], b[1]) for a, b in pairs)
    else:
        same = all(_same(a, b) for a, b in zip(node.value, other.value, strict=False))
    return same and len(node.value) == len(other.value)


class _Layout:
    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._starts: dict[int, _Place] = {}  # lines on which a key or an item begins
        self._dashes: dict[int, list[_Place]] = {}  # dashes that other things follow
        self._fixed: dict[int, _Place] = {}  # lines of texts
        self._within: dict[int, int] = {}  # lines of values that go on → their new column
        self._quotes: list[tuple[int, int, int, str]] = []  # line, from, to, instead

    # What stands where

    def mapping(self, node: MappingNode, column: int) -> None:
        """Take the keys of a mapping in, whose new column is given."""
        for key, content in node.value:
            place = _Place(key.start_mark.column, column)
            self._starts.setdefault(key.start_mark.line, place)
            end, begin = key.end_mark, content.start_mark
            if end.line == begin.line and self._lines[end.line][begin.column :].strip():
                self._quotes.append((end.line, end.column, begin.column, ": "))
            self._content(content, column, key.start_mark.line)

    def _sequence(self, node: SequenceNode, column: int) -> None:
        for item in node.value:
            line = item.start_mark.line
            old = self._lines[line].rfind("-", 0, item.start_mark.column)
            while old < 0 or self._lines[line][:old].strip(" "):
                # The item begins below its dash, or behind another one.
                if old > 0 and set(self._lines[line][:old]) <= {" ", "-"}:
                    break
                line -= 1
                old = self._lines[line].find("-")
            self._dashes.setdefault(line, []).append(_Place(old, column))
            self._content(item, column, line)

    def _content(self, node: Node, column: int, line: int) -> None:
        """Take a value in, whose key or dash stands in this new column and on this line."""
        if isinstance(node, ScalarNode):
            self._scalar(node, column, inside=False)
        elif isinstance(node, MappingNode | SequenceNode) and node.flow_style:
            self._flow(node)
            for number in range(line + 1, node.end_mark.line + 1):
                self._within[number] = column + _STEP
        elif isinstance(node, MappingNode):
            self.mapping(node, column + _STEP)
        elif isinstance(node, SequenceNode):
            self._sequence(node, column + _STEP)

    def _flow(self, node: Node) -> None:
        children = [each for pair in node.value for each in pair] if isinstance(
            node, MappingNode
        ) else node.value  # fmt: skip
        for child in children:
            if isinstance(child, ScalarNode):
                self._scalar(child, 0, inside=True)
            else:
                self._flow(child)

    def _scalar(self, node: ScalarNode, column: int, *, inside: bool) -> None:
        first, last = node.start_mark.line, node.end_mark.line
        if node.style in ("|", ">"):
            self._block(node, column)
        elif first == last and node.style and not _KEPT.fullmatch(node.value):
            instead = scalar(node.value, inside=inside)
            self._quotes.append((first, node.start_mark.column, node.end_mark.column, instead))
        elif first != last and not inside:
            for number in range(first + 1, last + 1):
                self._within[number] = column + _STEP

    def _block(self, node: ScalarNode, column: int) -> None:
        first, last = node.start_mark.line, node.end_mark.line
        if node.end_mark.column == 0:
            last -= 1
        header = self._lines[first][node.start_mark.column :]
        stated = _HEADER.match(header)
        filled = [n for n in range(first + 1, last + 1) if self._lines[n].strip(" ")]
        if "+" not in header.partition("#")[0]:
            # Blank lines behind it are none of its own.
            last = filled[-1] if filled else first
        if stated:
            # Counted from the column of the block's parent, which is where its key stands.
            digit = int(re.sub(r"\D", "", stated[0]))
            old = self._parent_column(first) + digit
            begin = node.start_mark.column
            end = begin + len(stated[0])
            instead = f"{stated[1]}{_STEP}{stated[2]}{stated[3]}"
            self._quotes.append((first, begin, end, instead))
        else:
            old = min((self._indent(n) for n in filled[:1]), default=0)
        for number in range(first + 1, last + 1):
            self._fixed[number] = _Place(old, column + _STEP)

    def _parent_column(self, line: int) -> int:
        while line not in self._starts and line not in self._dashes:
            line -= 1
        if line in self._starts:
            return self._starts[line].old
        return self._dashes[line][-1].old

    def _indent(self, number: int) -> int:
        line = self._lines[number]
        return len(line) - len(line.lstrip(" "))

    # What is written

    def text(self) -> str:
        """All lines in their new places."""
        lines = list(self._lines)
        for number, begin, stop, instead in sorted(self._quotes, reverse=True):
            lines[number] = lines[number][:begin] + instead + lines[number][stop:]
        last = max((n for n, line in enumerate(lines) if line.strip()), default=0)
        done: list[str] = []
        for number, line in enumerate(lines):
            if number in self._fixed:
                done.append(self._moved(line, self._fixed[number]))
                continue
            line = line.rstrip(" \t")
            if not line:
                if done and done[-1] != "" and number < last:
                    done.append("")
                continue
            done.append(" " * self._column(number) + self._bare(number, line))
        end = "" if done and done[-1] == "" else "\n"
        return "\n".join(done) + end

    def _moved(self, line: str, place: _Place) -> str:
        return " " * place.new + line[place.old :] if len(line) > place.old else ""

    def _column(self, number: int) -> int:
        """The new column of a line that is no text.

        A comment stands where the next thing does, or, if it was indented deeper, where the last
        one does that was not.
        """
        if number in self._within:
            return self._within[number]
        here = self._indent(number)
        for at in range(number, len(self._lines)):
            place = self._place(at)
            if place is not None and (at == number or here <= place.old):
                return place.new
            if place is not None:
                break
        for at in range(number - 1, -1, -1):
            begun = list(self._dashes.get(at, []))
            if at in self._starts:
                begun.append(self._starts[at])
            for other in reversed(begun):
                if other.old <= here:
                    return other.new
        return 0

    def _place(self, number: int) -> _Place | None:
        if number in self._dashes:
            return self._dashes[number][0]
        return self._starts.get(number)

    def _bare(self, number: int, line: str) -> str:
        """The line without its indentation, and with one blank behind each dash."""
        bare = line.lstrip(" ")
        if number in self._dashes:
            return re.sub(r"^((?:- +)*- ) *", lambda found: re.sub(" +", " ", found[0]), bare)
        return bare

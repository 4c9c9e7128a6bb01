"""TOML files: where each value and each table stands.

tomllib says whether a file is TOML and what is in it; here is only looked where that stands.
"""

from __future__ import annotations

import re
from typing import Literal

from runbook.core.model.data import Keys
from runbook.core.patterns import regex, uncompiled
from runbook.core.value import field, mutable
from runbook.transforms.brackets import HASH
from runbook.transforms.trees import Entry, Node, Refused, Unreadable, line_after, line_start, same

with uncompiled():
    import tomllib

_SKIPPED = regex(rf"(?:[ \t\n]|{HASH})*")
_BLANKS = regex(r"[ \t]*")
BARE_KEY = regex(r"[A-Za-z0-9_-]+")
_STRING = regex(
    r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*"{3,5}|' r"'''(?:[^']|'{1,2}(?!'))*'{3,5}|"
    r'"(?:[^"\\\n]|\\.)*"|' r"'[^'\n]*'",
    re.DOTALL,
)  # fmt: skip
_PLAIN_STRING = regex(r'"[^"\\\n]+"' r"|'[^'\n]+'")
# A date and a time may be parted by a blank.
_WORD = regex(r"\d{4}-\d\d-\d\d \d\d:\d\d[^\s,\]}#]*|[^\s,\]}#]+")
_ERROR = regex(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)


@mutable(eq=False)
class Section:
    """A table that is no value: its keys, and where new ones go."""

    path: Keys
    kind: Literal["section", "implicit", "dotted", "inline"]
    start: int
    end: int  # after the last line of its own
    owner: Section | None = None  # of a dotted one: the table in whose lines it stands
    children: dict[str, tuple[int, int, Section | Sections | Node]] = field(default_factory=dict)

    def region_end(self) -> int:
        """After the last line of it and of the tables in it."""
        ends = [self.end]
        for _, _, child in self.children.values():
            if isinstance(child, Section):
                ends.append(child.region_end())
            elif isinstance(child, Sections):
                ends += [table.region_end() for table in child.tables]
        return max(ends)


@mutable(eq=False)
class Sections:
    """An array of tables."""

    path: Keys
    tables: list[Section] = field(default_factory=list)


def read(text: str) -> Node:
    """The file's value.

    Raises:
        Unreadable: it is no TOML.
        Refused: it is, but where its values stand can't be told.
    """
    try:
        loaded = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _ERROR.fullmatch(str(error))
        at_end = text.count("\n") + 1
        line, column = (int(found[2]), int(found[3])) if found and found[2] else (at_end, 1)
        raise Unreadable(line, column, found[1] if found else str(error)) from None
    root = _frozen(_Reader(text).root())
    if not same(root.data(), loaded):
        raise Refused("it can't be told where the values of this file stand")
    return root


class _Reader:
    """Finds the places in a text that is known to be TOML."""

    def __init__(self, text: str) -> None:
        self.text = text

    def root(self) -> Section:
        root = current = Section((), "section", 0, 0)
        at = self._skip(_SKIPPED, 0)
        while at < len(self.text):
            if self.text[at] == "[":
                current = self._header(root, at)
                at = current.end
            else:
                at = self._pair(current, at)
            at = self._skip(_SKIPPED, at)
        return root

    def _skip(self, pattern: re.Pattern[str], at: int) -> int:
        found = pattern.match(self.text, at)
        assert found is not None
        return found.end()

    def _header(self, root: Section, at: int) -> Section:
        several = self.text.startswith("[[", at)
        keys, end = self._keys(self._skip(_BLANKS, at + 1 + several))
        begin = line_start(self.text, at)
        after = line_after(self.text, end)
        table = root
        for key in keys[:-1]:
            table = self._below(table, key, begin)
        name, start, stop = keys[-1]
        if several:
            _, _, tables = table.children.setdefault(
                name, (start, stop, Sections((*table.path, name)))
            )
            assert isinstance(tables, Sections)
            found = Section((*tables.path, len(tables.tables)), "section", begin, after)
            tables.tables.append(found)
            return found
        found = self._below(table, keys[-1], begin)
        found.kind, found.start, found.end = "section", begin, after
        return found

    def _below(self, table: Section, key: tuple[str, int, int], begin: int) -> Section:
        """The table under a key of a header, which is made where it is not stated."""
        name, start, stop = key
        made = Section((*table.path, name), "implicit", begin, begin)
        _, _, child = table.children.setdefault(name, (start, stop, made))
        if isinstance(child, Sections):
            return child.tables[-1]
        assert isinstance(child, Section)
        return child

    def _pair(self, table: Section, at: int, *, inline: bool = False) -> int:
        keys, end = self._keys(at)
        node = self._value(self._skip(_BLANKS, end + 1))
        after = node.end if inline else line_after(self.text, node.end)
        owner = table
        kind: Literal["dotted", "inline"] = "inline" if inline else "dotted"
        table.end = after
        for name, start, stop in keys[:-1]:
            made = Section((*table.path, name), kind, at, after, owner)
            _, _, child = table.children.setdefault(name, (start, stop, made))
            assert isinstance(child, Section)
            table = child
            table.end = after
        name, start, stop = keys[-1]
        table.children[name] = (start, stop, node)
        return node.end

    def _keys(self, at: int) -> tuple[list[tuple[str, int, int]], int]:
        """Keys with their places, and where the `=` or `]` after them stands."""
        keys = []
        while True:
            found = _STRING.match(self.text, at) or BARE_KEY.match(self.text, at)
            assert found is not None
            quoted = found[0][0] in "\"'"
            name = str(_scalar(found[0])) if quoted else found[0]
            keys.append((name, *found.span()))
            at = self._skip(_BLANKS, found.end())
            if self.text[at] != ".":
                return keys, at
            at = self._skip(_BLANKS, at + 1)

    def _value(self, at: int) -> Node:
        match self.text[at]:
            case "[":
                return self._array(at)
            case "{":
                return self._inline(at)
        found = _STRING.match(self.text, at) or _WORD.match(self.text, at)
        assert found is not None
        quotes = found[0][0] if found[0][0] in "\"'" and found[0][:3] not in ('"""', "'''") else ""
        return Node("scalar", at, found.end(), _scalar(found[0]), style=quotes)

    def _array(self, start: int) -> Node:
        items = []
        at = self._skip(_SKIPPED, start + 1)
        while self.text[at] != "]":
            items.append(self._value(at))
            at = self._skip(_SKIPPED, items[-1].end)
            if self.text[at] == ",":
                at = self._skip(_SKIPPED, at + 1)
        return Node("list", start, at + 1, items=tuple(items))

    def _inline(self, start: int) -> Node:
        table = Section((), "inline", start, start)
        at = self._skip(_SKIPPED, start + 1)
        while self.text[at] != "}":
            at = self._skip(_SKIPPED, self._pair(table, at, inline=True))
            if self.text[at] == ",":
                at = self._skip(_SKIPPED, at + 1)
        inner = _frozen(table)
        return Node("mapping", start, at + 1, entries=inner.entries)


def _scalar(written: str) -> object:
    if _PLAIN_STRING.fullmatch(written):  # as most are, a hundred in a small file
        return written[1:-1]
    return tomllib.loads(f"x = {written}")["x"]


def _frozen(table: Section) -> Node:
    entries = []
    for key, (start, stop, child) in table.children.items():
        if isinstance(child, Section):
            node = _frozen(child)
        elif isinstance(child, Sections):
            items = tuple(map(_frozen, child.tables))
            node = Node("list", items[0].start, items[-1].end, items=items, flow=False, home=child)
        else:
            node = child
        entries.append(Entry(key, start, stop, node))
    return Node("mapping", table.start, table.end, entries=tuple(entries), flow=False, home=table)

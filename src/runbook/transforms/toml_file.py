"""TOML files: where each value stands, and how new ones are written.

tomllib says whether a file is TOML and what is in it; here is only looked where that stands.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time
from typing import Literal

from runbook.core.model.data import Keys, Number, Table, Value
from runbook.transforms.trees import (
    Entry,
    Node,
    Refused,
    Splice,
    Unreadable,
    added_inside,
    indentation,
    line_after,
    same,
)

_COMMENT = r"#[^\n]*"
_SKIPPED = re.compile(rf"(?:[ \t\n]|{_COMMENT})*")
_BLANKS = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*"{3,5}|' r"'''(?:[^']|'{1,2}(?!'))*'{3,5}|"
    r'"(?:[^"\\\n]|\\.)*"|' r"'[^'\n]*'",
    re.DOTALL,
)  # fmt: skip
# A date and a time may be parted by a blank.
_WORD = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d[^\s,\]}#]*|[^\s,\]}#]+")
_ERROR = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)


@dataclass(eq=False)
class _Table:
    """A table that is no value: its keys, and where new ones go."""

    path: Keys
    kind: Literal["section", "implicit", "dotted", "inline"]
    start: int
    end: int  # after the last line of its own
    owner: _Table | None = None  # of a dotted one: the table in whose lines it stands
    children: dict[str, tuple[int, int, _Table | _Tables | Node]] = field(default_factory=dict)

    def region_end(self) -> int:
        """After the last line of it and of the tables in it."""
        ends = [self.end]
        for _, _, child in self.children.values():
            if isinstance(child, _Table):
                ends.append(child.region_end())
            elif isinstance(child, _Tables):
                ends += [table.region_end() for table in child.tables]
        return max(ends)


@dataclass(eq=False)
class _Tables:
    """An array of tables."""

    path: Keys
    tables: list[_Table] = field(default_factory=list)


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

    def root(self) -> _Table:
        root = current = _Table((), "section", 0, 0)
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

    def _header(self, root: _Table, at: int) -> _Table:
        several = self.text.startswith("[[", at)
        keys, end = self._keys(self._skip(_BLANKS, at + 1 + several))
        begin = self.text.rfind("\n", 0, at) + 1
        after = line_after(self.text, end)
        table = root
        for key in keys[:-1]:
            table = self._below(table, key, begin)
        name, start, stop = keys[-1]
        if several:
            _, _, tables = table.children.setdefault(
                name, (start, stop, _Tables((*table.path, name)))
            )
            assert isinstance(tables, _Tables)
            found = _Table((*tables.path, len(tables.tables)), "section", begin, after)
            tables.tables.append(found)
            return found
        found = self._below(table, keys[-1], begin)
        found.kind, found.start, found.end = "section", begin, after
        return found

    def _below(self, table: _Table, key: tuple[str, int, int], begin: int) -> _Table:
        """The table under a key of a header, which is made where it is not stated."""
        name, start, stop = key
        made = _Table((*table.path, name), "implicit", begin, begin)
        _, _, child = table.children.setdefault(name, (start, stop, made))
        if isinstance(child, _Tables):
            return child.tables[-1]
        assert isinstance(child, _Table)
        return child

    def _pair(self, table: _Table, at: int, *, inline: bool = False) -> int:
        keys, end = self._keys(at)
        node = self._value(self._skip(_BLANKS, end + 1))
        after = node.end if inline else line_after(self.text, node.end)
        owner = table
        kind: Literal["dotted", "inline"] = "inline" if inline else "dotted"
        table.end = after
        for name, start, stop in keys[:-1]:
            made = _Table((*table.path, name), kind, at, after, owner)
            _, _, child = table.children.setdefault(name, (start, stop, made))
            assert isinstance(child, _Table)
            table = child
            table.end = after
        name, start, stop = keys[-1]
        table.children[name] = (start, stop, node)
        return node.end

    def _keys(self, at: int) -> tuple[list[tuple[str, int, int]], int]:
        """Keys with their places, and where the `=` or `]` after them stands."""
        keys = []
        while True:
            found = _STRING.match(self.text, at) or _BARE_KEY.match(self.text, at)
            assert found is not None
            name = found[0]
            if name[0] in "\"'":
                name = str(tomllib.loads(f"x = {name}")["x"])
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
        value = tomllib.loads(f"x = {found[0]}")["x"]
        return Node("scalar", at, found.end(), value, style=quotes)

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
        table = _Table((), "inline", start, start)
        at = self._skip(_SKIPPED, start + 1)
        while self.text[at] != "}":
            at = self._skip(_SKIPPED, self._pair(table, at, inline=True))
            if self.text[at] == ",":
                at = self._skip(_SKIPPED, at + 1)
        inner = _frozen(table)
        return Node("mapping", start, at + 1, entries=inner.entries)


def _frozen(table: _Table) -> Node:
    entries = []
    for key, (start, stop, child) in table.children.items():
        if isinstance(child, _Table):
            node = _frozen(child)
        elif isinstance(child, _Tables):
            items = tuple(map(_frozen, child.tables))
            node = Node("list", items[0].start, items[-1].end, items=items, flow=False, home=child)
        else:
            node = child
        entries.append(Entry(key, start, stop, node))
    return Node("mapping", table.start, table.end, entries=tuple(entries), flow=False, home=table)


def replaced(text: str, node: Node, new: Value) -> Iterator[Splice]:
    """Write a value in place of another one, on several lines if that one was."""
    if node.home is not None:
        what = "a table" if isinstance(node.home, _Table) else "an array of tables"
        raise Refused(f"it is {what}", node.start, "set its keys, or state the text by `replace`")
    if isinstance(node.scalar, date | time) and isinstance(new, str):
        raise Refused("it is a date or a time, and would become a text", node.start)
    first = node.children[0][0] if node.children else node.start
    if isinstance(new, tuple) and new and "\n" in text[node.start : first]:
        pad = f"\n{indentation(text, first)}"
        lines = pad + f",{pad}".join(map(_encoded, new)) + ","
        yield node.start + 1, node.end - 1, f"{lines}\n{indentation(text, node.end - 1)}"
        return
    if node.style == "'" and isinstance(new, str) and new.isprintable() and "'" not in new:
        yield node.start, node.end, f"'{new}'"
        return
    yield node.start, node.end, _encoded(new)


def inserted(text: str, node: Node, keys: Keys, new: Value) -> Iterator[Splice]:
    """Write a new key into a table, or a new table with it."""
    names = [str(key) for key in keys]
    table = node.home
    if not isinstance(table, _Table):
        yield from added_inside(text, node, [_pair(names, new)], _COMMENT)
        return
    if table.kind == "inline":
        raise Refused("it stands in an inline table, in keys with dots", node.start)
    if table.kind == "dotted":
        names = [*map(str, table.path[_depth(table) :]), *names]
        yield _line(text, table.end, _pair(names, new), table)
    elif len(names) > 1 and not any(isinstance(key, int) for key in table.path):
        path = ".".join(_key(str(key)) for key in (*table.path, *names[:-1]))
        at = table.region_end() if table.path else len(text)
        yield _section(text, at, f"[{path}]\n{_pair(names[-1:], new)}\n")
    elif table.kind == "implicit":
        # Its own header comes before those of the tables in it, above their comments.
        begin = table.start
        while text[:begin].endswith("\n") and text[:begin].rstrip(" \t\n") != "":
            above = text.rfind("\n", 0, begin - 1) + 1
            if not text[above:begin].lstrip().startswith("#"):
                break
            begin = above
        path = ".".join(_key(str(key)) for key in table.path)
        yield begin, begin, f"[{path}]\n{_pair(names, new)}\n\n"
    elif not table.path and table.end == 0:
        yield from _first(text, _pair(names, new))
    else:
        yield _line(text, table.end, _pair(names, new), table)


def _depth(table: _Table) -> int:
    """How many keys lead to the table in whose lines a dotted one stands."""
    assert table.owner is not None
    return len(table.owner.path)


def _first(text: str, pair: str) -> Iterator[Splice]:
    """The first line of a file that begins with tables or has nothing but comments."""
    header = re.search(r"^[ \t]*\[", text, re.MULTILINE)
    if header is None:
        gap = "" if not text or text.endswith("\n") else "\n"
        yield len(text), len(text), f"{gap}{pair}\n"
        return
    begin = header.start()
    while begin:
        above = text.rfind("\n", 0, begin - 1) + 1
        if not text[above:begin].lstrip().startswith("#"):
            break
        begin = above
    yield begin, begin, f"{pair}\n\n"


def _line(text: str, at: int, line: str, table: _Table) -> Splice:
    last = at - 1 if text[:at].endswith("\n") else at
    begin = text.rfind("\n", 0, last) + 1
    pad = indentation(text, begin) if begin > table.start or table.path == () else ""
    if text[:at].endswith("\n"):
        return at, at, f"{pad}{line}\n"
    return at, at, f"\n{pad}{line}"


def _section(text: str, at: int, lines: str) -> Splice:
    gap = "" if not text[:at].strip() else "\n" if text[:at].endswith("\n") else "\n\n"
    if text[:at].endswith("\n\n"):
        gap = ""
    return at, at, gap + lines


def appended(text: str, node: Node, new: tuple[Value, ...]) -> Iterator[Splice]:
    """Write new items at an array's end, or new tables after the last one of theirs."""
    if not isinstance(node.home, _Tables):
        yield from added_inside(text, node, [*map(_encoded, new)], _COMMENT)
        return
    path = ".".join(_key(str(key)) for key in node.home.path)
    if any(isinstance(key, int) for key in node.home.path):
        raise Refused("it is an array of tables within another one", node.start)
    lines = []
    for each in new:
        if not isinstance(each, Table):
            raise Refused("it is an array of tables, and a table is expected", node.start)
        pairs = "".join(f"{_pair([key], value)}\n" for key, value in each.entries)
        lines.append(f"[[{path}]]\n{pairs}")
    yield _section(text, node.home.tables[-1].region_end(), "\n".join(lines))


def _pair(names: list[str], new: Value) -> str:
    return f"{'.'.join(map(_key, names))} = {_encoded(new)}"


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else _text(name)


def _encoded(new: Value) -> str:
    match new:
        case None:
            raise Refused("TOML has no null")
        case bool():
            return "true" if new else "false"
        case Number(written):
            return written
        case Table(entries):
            pairs = ", ".join(_pair([key], each) for key, each in entries)
            return f"{{{f' {pairs} ' if pairs else ''}}}"
        case tuple():
            return "[" + ", ".join(map(_encoded, new)) + "]"
        case _:
            return _text(new)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")

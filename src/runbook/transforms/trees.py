"""Data files as trees of values with their places, whatever language they are in."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Literal

from runbook.core.model.data import Keys, show_keys
from runbook.core.text.counting import count
from runbook.core.value import value

Splice = tuple[int, int, str]
"""Start, end and new text of a stretch that changes."""


@value
class Entry:
    """A key of a mapping, where it begins and ends, and its value."""

    key: str
    start: int
    end: int
    node: Node


@value
class Node:
    """A value and its stretch of the text; a mapping or list that is no `flow` has no brackets."""

    kind: Literal["mapping", "list", "scalar"]
    start: int
    end: int
    scalar: object = None
    entries: tuple[Entry, ...] = ()
    items: tuple[Node, ...] = ()
    flow: bool = True
    style: str = ""  # of a scalar: its quotes
    alias: bool = False
    home: object = None  # what the language's writer knows of it

    def data(self) -> object:
        """The value as Python has it."""
        match self.kind:
            case "mapping":
                return {entry.key: entry.node.data() for entry in self.entries}
            case "list":
                return [item.data() for item in self.items]
            case "scalar":
                return self.scalar

    @property
    def children(self) -> list[tuple[int, int]]:
        """The stretches of its entries or items."""
        if self.kind == "mapping":
            return [(entry.start, entry.node.end) for entry in self.entries]
        return [(item.start, item.end) for item in self.items]


def item_quotes(node: Node) -> str:
    """The quotes that all texts in a list have, and new ones get; none where they differ."""
    styles = {each.style for each in node.items if isinstance(each.scalar, str)}
    return styles.pop() if len(styles) == 1 else ""


@value
class Place:
    """Beside which entry of a mapping a new one goes."""

    side: Literal["before", "after"]
    index: int


class Unreadable(Exception):
    """A file is not in its language: line and column (from 1), and what is wrong there."""

    def __init__(self, line: int, column: int, message: str) -> None:
        self.line = line
        self.column = column
        self.message = message
        super().__init__(f"line {line}, column {column}: {message}")


class Refused(Exception):
    """A value can't be set: why, where in the file (an offset), and what to do instead."""

    def __init__(self, message: str, offset: int | None = None, hint: str | None = None) -> None:
        self.message = message
        self.offset = offset
        self.hint = hint
        super().__init__(message)


class KeyOfList(Refused):
    """The way leads to a list, and goes on with a key."""


def unreadable(text: str, offset: int, message: str) -> Unreadable:
    """What is wrong at an offset."""
    column = offset - line_start(text, offset) + 1
    return Unreadable(text.count("\n", 0, offset) + 1, column, message)


def find(root: Node, keys: Keys) -> tuple[Node, Keys]:
    """The deepest value there is on the way, and the keys that lead on from it.

    Raises:
        Refused: the way leads through something else than mappings and lists.
    """
    node = root
    for done, key in enumerate(keys):
        name = show_keys(keys[:done])
        it = f"`{name}`" if done else "the file"
        if node.alias:
            raise Refused(f"{it} stands for a text that is elsewhere (an alias)", node.start)
        if isinstance(key, int):
            node = _item(node, it, key)
            continue
        if node.kind == "scalar":
            if node.scalar is None and node.start == node.end:
                return node, keys[done:]
            raise Refused(f"{it} is no mapping: it has no key `{key}`", node.start)
        if node.kind == "list":
            raise KeyOfList(
                f"{it} is a list: it has no key `{key}`",
                node.start,
                f"name an item by its index, from 0: `{name}[0]`",
            )
        same = [entry for entry in node.entries if entry.key == key]
        if len(same) > 1:
            raise Refused(
                f"`{show_keys(keys[: done + 1])}` stands there twice",
                same[1].start,
                "state the line with `replace`, as it stands in the file",
            )
        if not same:
            return node, keys[done:]
        node = same[0].node
    return node, ()


def _item(node: Node, it: str, index: int) -> Node:
    if node.kind != "list":
        raise Refused(f"{it} is no list: it has no item [{index}]", node.start)
    if not -len(node.items) <= index < len(node.items):
        raise Refused(
            f"{it} has {count(len(node.items), 'item')}, and no item [{index}]",
            node.start,
            "a `+` after the list's key appends to it",
        )
    return node.items[index]


def same(first: object, second: object) -> bool:
    """Whether two values are equal and of one kind: `1` is neither `true` nor `1.0`."""
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(
            same(each, second[key]) for key, each in first.items()
        )
    if isinstance(first, list) and isinstance(second, list):
        return len(first) == len(second) and all(map(same, first, second))
    # Not a number is not even itself.
    return type(first) is type(second) and (
        first == second or (first != first and second != second)
    )


def with_value(data: object, keys: Keys, new: Any, *, append: bool) -> object:
    """The data with a value set, missing mappings made; the way has been found to be there."""

    def at_the_end(there: object) -> object:
        return [*(there if isinstance(there, list) else ()), *new] if append else new

    return _changed(data, keys, at_the_end)


def without(data: object, keys: Keys, items: list[object] | None) -> object:
    """The data without a value, or without items of a list; the way has been found to be there."""
    if items is None:
        *above, key = keys
        return _changed(
            data, tuple(above), lambda there: {k: v for k, v in there.items() if k != key}
        )
    return _changed(
        data, keys, lambda there: [x for x in there if not any(holds(x, item) for item in items)]
    )


def _changed(data: Any, keys: Keys, change: Callable[[Any], object]) -> object:
    """The data with what stands at the end of a way changed, in mappings that are made for it."""
    if not keys:
        return change(data)
    key, rest = keys[0], keys[1:]
    if isinstance(key, int):
        index = key % len(data)
        return [_changed(x, rest, change) if i == index else x for i, x in enumerate(data)]
    there = data if isinstance(data, dict) else {}
    return {**there, key: _changed(there.get(key), rest, change)}


def without_empty(data: object, keys: Keys) -> object:
    """The data without a mapping that has nothing in it but such mappings, or an empty list."""
    if not keys or not isinstance(data, dict) or keys[0] not in data:
        return data
    key, rest = str(keys[0]), keys[1:]
    if not rest and not _has_content(data[key]):
        return {name: each for name, each in data.items() if name != key}
    return {**data, key: without_empty(data[key], rest)}


def _has_content(data: object) -> bool:
    if data == []:
        return False
    return not isinstance(data, dict) or any(map(_has_content, data.values()))


def holds(there: object, stated: object) -> bool:
    """Whether an item is the one stated: equal, or a mapping with all of its keys and values."""
    if isinstance(there, dict) and isinstance(stated, dict) and stated:
        return all(name in there and holds(there[name], each) for name, each in stated.items())
    return same(there, stated)


def indentation(text: str, offset: int) -> str:
    """The blanks before the first word of the line that holds an offset."""
    found = re.compile(r"[ \t]*").match(text, line_start(text, offset))
    assert found is not None
    return found[0]


def above_comments(text: str, offset: int, signs: str) -> int:
    """Where the line that holds an offset begins, or the comments right above it."""
    begin = line_start(text, offset)
    while begin:
        above = line_start(text, begin - 1)
        if not text[above:begin].lstrip().startswith(tuple(signs)):
            break
        begin = above
    return begin


def line_start(text: str, offset: int) -> int:
    """Where the line that holds an offset begins."""
    return text.rfind("\n", 0, offset) + 1


def line_after(text: str, offset: int) -> int:
    """Where the line after the one that holds an offset begins, or the text ends."""
    end = text.find("\n", offset)
    return len(text) if end < 0 else end + 1


def beside(text: str, node: Node, place: Place, signs: str) -> int:
    """Where a line goes that stands beside an entry, above whose comments it goes."""
    start, end = node.children[place.index]
    return above_comments(text, start, signs) if place.side == "before" else line_after(text, end)


def line_in(text: str, at: int, line: str) -> Splice:
    """A line put in where another one begins, or at the text's end."""
    return at, at, f"{line}\n" if not at or text[at - 1] == "\n" else f"\n{line}"


def parted(text: str, at: int, lines: str) -> Splice:
    """Lines put in at a line's beginning or the text's end, below an empty line."""
    before = text[:at]
    apart = not before.strip() or before.endswith("\n\n")
    return at, at, ("" if apart else "\n" if before.endswith("\n") else "\n\n") + lines


def written(text: str, edits: list[Splice]) -> str:
    """A text with some stretches replaced."""
    pieces, done = [], 0
    for start, end, new in edits:
        pieces += [text[done:start], new]
        done = end
    return "".join([*pieces, text[done:]])


def lines_out(text: str, begin: int, end: int, *, first: bool, last: bool) -> Splice:
    """Lines that go, with the empty lines around them that are too many.

    Of empty lines above and below, as many stay as there were on the side with more. None stay
    below the `first` thing of its kind, unless a comment is above, nor above the `last` one, unless
    some part it from what follows.
    """
    above = begin
    # Line by line: of places there may be thousands. What begins the file counts for none.
    while start := line_start(text, max(0, above - 1)):
        if text[start:above].strip(" \t") != "\n":
            break
        above = start
    below = re.compile(r"(?:[ \t]*\n)*").match(text, end)
    assert below is not None
    headed = text[:begin].rstrip().rpartition("\n")[2].lstrip().startswith(("#", ";", "//"))
    if first and not last and not headed:
        return begin, below.end(), ""
    if last and not first and below.end() in (end, len(text)):
        return above, end, ""
    gone = below[0].splitlines(keepends=True)[: text.count("\n", above, begin)]
    return begin, end + sum(map(len, gone)), ""


def child_out(text: str, node: Node, index: int, begin: int) -> Splice:
    """A child whose lines begin at an offset, out of a mapping or a list without brackets."""
    children = [start for start, _ in node.children]
    first, last = index == 0, index == len(children) - 1
    return lines_out(text, begin, line_after(text, node.children[index][1]), first=first, last=last)

"""Data files as trees of values with their places, whatever language they are in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

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


def with_value(data: object, keys: Keys, new: object, *, append: bool) -> object:
    """The data with a value set, missing mappings made; the way has been found to be there."""
    if not keys:
        if append:
            items = data if isinstance(data, list) else []
            assert isinstance(new, list)
            return [*items, *new]
        return new
    key, rest = keys[0], keys[1:]
    if isinstance(key, int):
        assert isinstance(data, list)
        index = key % len(data)
        return [
            with_value(each, rest, new, append=append) if i == index else each
            for i, each in enumerate(data)
        ]
    there = data if isinstance(data, dict) else {}
    return {**there, key: with_value(there.get(key), rest, new, append=append)}


def without(data: object, keys: Keys, items: list[object] | None) -> object:
    """The data without a value, or without items of a list; the way has been found to be there."""
    if not keys:
        assert isinstance(data, list)
        return [each for each in data if not any(holds(each, item) for item in items or ())]
    key, rest = keys[0], keys[1:]
    if isinstance(key, int):
        assert isinstance(data, list)
        index = key % len(data)
        return [without(each, rest, items) if i == index else each for i, each in enumerate(data)]
    assert isinstance(data, dict)
    if not rest and items is None:
        return {name: each for name, each in data.items() if name != key}
    return {**data, key: without(data[key], rest, items)}


def without_empty(data: object, keys: Keys) -> object:
    """The data without a mapping that has nothing in it but such mappings."""
    if not keys or not isinstance(data, dict) or keys[0] not in data:
        return data
    key, rest = str(keys[0]), keys[1:]
    if not rest and not _has_content(data[key]):
        return {name: each for name, each in data.items() if name != key}
    return {**data, key: without_empty(data[key], rest)}


def _has_content(data: object) -> bool:
    return not isinstance(data, dict) or any(map(_has_content, data.values()))


def holds(there: object, stated: object) -> bool:
    """Whether an item is the one stated: equal, or a mapping with all of its keys and values."""
    if isinstance(there, dict) and isinstance(stated, dict) and stated:
        return all(name in there and holds(there[name], each) for name, each in stated.items())
    return same(there, stated)


def removed_inside(text: str, node: Node, index: int, comment: str) -> Iterator[Splice]:
    """Take a member or an item out of brackets, with its comma, and its line if that is its own."""
    children = node.children
    start, end = children[index]
    begin = line_start(text, start)
    last = index == len(children) - 1
    if len(children) == 1 and not (text[node.start + 1 : start] + text[end : node.end - 1]).strip(
        " \t\n,"
    ):
        yield node.start + 1, node.end - 1, ""
        return
    rest = re.compile(rf"[ \t]*(,?)[ \t]*(?:{comment})?[ \t]*\n").match(text, end)
    if rest is not None and not text[begin:start].strip():
        if last and not rest[1] and index:
            comma = re.compile(rf"(?:\s|{comment})*?,").match(text, children[index - 1][1])
            if comma is not None:
                yield comma.end() - 1, comma.end(), ""
        yield lines_out(text, begin, rest.end(), first=index == 0, last=last)
    elif len(children) == 1 and "\n" not in text[node.start : start]:
        yield node.start + 1, node.end - 1, ""
    elif len(children) == 1:
        # Comments on lines above stay.
        comma = re.compile(r"[ \t]*,?").match(text, end)
        yield start, end if comma is None else comma.end(), ""
    elif last:
        yield children[index - 1][1], end, ""
    else:
        yield start, children[index + 1][0], ""


def placed_inside(
    text: str, node: Node, index: int, side: str, piece: str, comment: str
) -> Iterator[Splice]:
    """Put a new member beside another one in brackets, laid out as that."""
    start, end = node.children[index]
    begin = line_start(text, start)
    own = not text[begin:start].strip()
    gap = f"\n{indentation(text, start)}" if own else _gap(text, node)
    if side == "before":
        yield start, start, f"{piece},{gap}"
        return
    rest = re.compile(rf"[ \t]*,[ \t]*(?:{comment})?(?=\n)").match(text, end)
    if own and rest is not None:
        yield rest.end(), rest.end(), f"{gap}{piece},"
    else:
        yield end, end, f",{gap}{piece}"


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


def _gap(text: str, node: Node) -> str:
    """The blanks behind a comma between members or items on one line: a blank, or none at all."""
    between = {text[one[1] : two[0]] for one, two in pairwise(node.children)}
    return "" if between == {","} else " "


def _below_comments(text: str, node: Node, inside: str, pieces: list[str]) -> Splice:
    """The first members or items of brackets in which there are comments on lines of their own."""
    bare = inside.rstrip()
    if "\n" not in inside[len(bare) :]:
        raise Refused("there is nothing but a comment in the brackets", node.start)
    at = node.start + 1 + len(bare)
    indent = indentation(text, at) if "\n" in bare else indentation(text, at) + "  "
    return at, at, f"\n{indent}" + f",\n{indent}".join(pieces)


def added_inside(
    text: str, node: Node, pieces: list[str], comment: str, around: str | None = None
) -> Iterator[Splice]:
    """Put new members or items at the end of brackets, laid out as those that are there.

    `comment` is the pattern of a comment in the language. Empty brackets are filled on their
    line, or with the lines indented by `around`.
    """
    children = node.children
    if not children:
        inside = text[node.start + 1 : node.end - 1]
        if inside.strip():
            yield _below_comments(text, node, inside, pieces)
            return
        filled = ", ".join(pieces)
        if around is not None:
            filled = f"\n{around}" + f",\n{around}".join(pieces)
            filled += "\n" + indentation(text, node.start)
        yield node.start + 1, node.end - 1, filled
        return
    first, (_, last_end) = children[0], children[-1]
    blank = re.compile(rf"(?:\s|{comment})*,").match(text, last_end)
    comma = blank.end() if blank is not None and blank.end() <= node.end else None
    if "\n" not in text[node.start : first[0]]:
        gap = _gap(text, node)
        if comma is None:
            yield last_end, last_end, "".join(f",{gap}{piece}" for piece in pieces)
        else:
            yield comma, comma, "".join(f"{gap}{piece}," for piece in pieces)
        return
    indent = indentation(text, first[0])
    if comma is None:
        yield last_end, last_end, ","
    rest = re.compile(rf"[ \t]*(?:{comment})?").match(text, comma or last_end)
    assert rest is not None
    at = rest.end() if text[rest.end() : rest.end() + 1] == "\n" else comma or last_end
    ends = (
        [",", *[","] * (len(pieces) - 1)] if comma is not None else [*[","] * (len(pieces) - 1), ""]
    )
    yield at, at, "".join(f"\n{indent}{p}{e}" for p, e in zip(pieces, ends, strict=True))

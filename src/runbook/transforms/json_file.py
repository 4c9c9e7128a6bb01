"""JSON files: where each value stands, and how new ones are written. Comments are allowed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from runbook.core.model.data import Keys, Number, Table, Value
from runbook.core.patterns import regex
from runbook.transforms.brackets import added_inside, inserted_inside, removed_inside
from runbook.transforms.trees import Entry, Node, Place, Splice, indentation, unreadable

COMMENT = r"//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/"
_SKIPPED = regex(rf"(?:[ \t\n\r]|{COMMENT})*")
_STRING = regex(r'"(?:[^"\\\x00-\x1f]|\\.)*"')
_WORD = regex(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)\b")
_DEEPEST = 500


def read(text: str) -> Node:
    """The file's value.

    Raises:
        Unreadable: it is no JSON.
    """
    reader = _Reader(text)
    root = reader.value(reader.skip(0), 0)
    end = reader.skip(root.end)
    if end != len(text):
        raise unreadable(text, end, "nothing may follow the value")
    return root


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text

    def skip(self, at: int) -> int:
        found = _SKIPPED.match(self.text, at)
        assert found is not None
        return found.end()

    def value(self, at: int, depth: int) -> Node:
        if depth > _DEEPEST:
            raise unreadable(self.text, at, f"nested over {_DEEPEST} levels deep")
        match self.text[at : at + 1]:
            case "{":
                return self._members(at, depth)
            case "[":
                return self._items(at, depth)
        found = _STRING.match(self.text, at) or _WORD.match(self.text, at)
        if found is None:
            raise unreadable(self.text, at, "a JSON value is expected")
        return Node("scalar", at, found.end(), self._scalar(at, found[0]))

    def _scalar(self, at: int, written: str) -> object:
        try:
            return json.loads(written)
        except ValueError:
            raise unreadable(self.text, at, "this text has a wrong escape sequence") from None

    def _members(self, start: int, depth: int) -> Node:
        entries = []
        at = self.skip(start + 1)
        while self.text[at : at + 1] != "}":
            key = _STRING.match(self.text, at)
            if key is None:
                raise unreadable(self.text, at, "a key in double quotes is expected")
            colon = self.skip(key.end())
            if self.text[colon : colon + 1] != ":":
                raise unreadable(self.text, colon, "a `:` is expected")
            node = self.value(self.skip(colon + 1), depth + 1)
            entries.append(Entry(str(self._scalar(at, key[0])), at, key.end(), node))
            at = self._next(node.end, "}")
        return Node("mapping", start, at + 1, entries=tuple(entries))

    def _items(self, start: int, depth: int) -> Node:
        items = []
        at = self.skip(start + 1)
        while self.text[at : at + 1] != "]":
            items.append(self.value(at, depth + 1))
            at = self._next(items[-1].end, "]")
        return Node("list", start, at + 1, items=tuple(items))

    def _next(self, at: int, end: str) -> int:
        at = self.skip(at)
        if self.text[at : at + 1] == ",":
            return self.skip(at + 1)
        if self.text[at : at + 1] != end:
            raise unreadable(self.text, at, f"a `,` or `{end}` is expected")
        return at


def replaced(text: str, node: Node, new: Value) -> Iterator[Splice]:
    """Write a value in place of another one, on several lines if that one was."""
    several = "\n" in text[node.start : node.end]
    if node.kind == "scalar":
        several = isinstance(new, Table) and "\n" in text.strip()
    yield node.start, node.end, _encoded(new, indentation(text, node.start), _unit(text), several)


def removed(text: str, node: Node, index: int) -> Iterator[Splice]:
    """Take a member of a mapping or an item of a list out."""
    yield from removed_inside(text, node, index, COMMENT)


def inserted(
    text: str, node: Node, keys: Keys, new: Value, place: Place | None
) -> Iterator[Splice]:
    """Write a new member into a mapping, with the mappings on the way to it."""
    for key in reversed(keys[1:]):
        new = Table(((str(key), new),))
    unit = _unit(text)
    around = None
    if not node.entries and "\n" in text.strip():
        around = indentation(text, node.start) + unit
    indent = around
    if indent is None:
        indent = indentation(text, node.children[-1][0] if node.children else node.start)
    several = around is not None or _is_laid_out(text, node)
    colon = ": "
    if node.entries:
        last = node.entries[-1]
        between = text[last.end : last.node.start]
        colon = between if "\n" not in between and "/" not in between else colon
    piece = json.dumps(str(keys[0]), ensure_ascii=False) + colon
    piece += _encoded(new, indent, unit, several)
    yield from inserted_inside(text, node, piece, COMMENT, place, around)


def appended(text: str, node: Node, new: tuple[Value, ...]) -> Iterator[Splice]:
    """Write new items at a list's end."""
    laid_out = _is_laid_out(text, node)
    indent = indentation(text, (node.children or [(node.start, 0)])[-1][0])
    pieces = [_encoded(each, indent, _unit(text), laid_out) for each in new]
    yield from added_inside(text, node, pieces, COMMENT)


def _is_laid_out(text: str, node: Node) -> bool:
    return bool(node.children) and "\n" in text[node.start : node.children[0][0]]


def _unit(text: str) -> str:
    found = re.search(r"^([ \t]+)[\"{\[]", text, re.MULTILINE)
    return found[1] if found else "  "


def _encoded(new: Value, indent: str, unit: str, several: bool) -> str:
    """A value as JSON, in lines where `several`; a list in lines only if its items are."""
    match new:
        case Number(written):
            return written
        case Table(entries):
            pieces = [
                json.dumps(key, ensure_ascii=False) + ": "
                + _encoded(each, indent + unit, unit, several)
                for key, each in entries
            ]  # fmt: skip
            return _bracketed("{}", pieces, indent, unit, several)
        case tuple():
            pieces = [_encoded(each, indent + unit, unit, several) for each in new]
            return _bracketed("[]", pieces, indent, unit, several)
        case _:
            return json.dumps(new, ensure_ascii=False)


def _bracketed(brackets: str, pieces: list[str], indent: str, unit: str, several: bool) -> str:
    if not pieces:
        return brackets
    if not several:
        return brackets[0] + ", ".join(pieces) + brackets[1]
    lines = ",\n".join(f"{indent}{unit}{piece}" for piece in pieces)
    return f"{brackets[0]}\n{lines}\n{indent}{brackets[1]}"

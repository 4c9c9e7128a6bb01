"""Files of variables (`.env`): where each value stands, and how new ones are written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runbook.core.model.data import Keys, Value
from runbook.core.patterns import regex
from runbook.transforms.trees import (
    Entry,
    Node,
    Place,
    Splice,
    beside,
    child_out,
    line_after,
    line_in,
    line_start,
    unreadable,
)

_LINE = regex(
    r"[ \t]*(?:export[ \t]+)?(?P<key>[A-Za-z_][\w.-]*)[ \t]*=(?P<blanks>[ \t]*)"
    r"(?P<value>\"(?:[^\"\\]|\\.)*\"|'[^']*'|(?:(?<==)#|[^\s#'\"])[^\n]*?)?"
    r"(?P<rest>[ \t]*(?:(?<=\s)#[^\n]*)?)(?:\n|$)",
    re.DOTALL,
)
_PLAIN = regex(r"[^\s#'\"\\$`]*")


def read(text: str) -> Node:
    """The file's value: a mapping of texts.

    Raises:
        Unreadable: a line is no variable.
    """
    entries = []
    at = 0
    while at < len(text):
        after = line_after(text, at)
        bare = text[at:after].strip()
        if bare and not bare.startswith("#"):
            found = _LINE.match(text, at)
            if found is None:
                raise unreadable(text, at, "this is no `NAME=value`")
            value = found["value"] or ""
            # Without a value it goes before the blanks: a comment may follow them.
            place = found.span("value") if value else (found.start("blanks"),) * 2
            node = Node("scalar", *place, _unquoted(value), style=value[:1] or " ")
            entries.append(Entry(found["key"], *found.span("key"), node))
            after = max(after, found.end())
        at = after
    return Node("mapping", 0, len(text), entries=tuple(entries), flow=False)


def _unquoted(value: str) -> str:
    if value[:1] == "'":
        return value[1:-1]
    if value[:1] != '"':
        return value
    ends = {"n": "\n", "r": "\r", "t": "\t"}
    return re.sub(
        r"\\(.)", lambda found: ends.get(found[1], found[1]), value[1:-1], flags=re.DOTALL
    )


def _written(new: Value, style: str = "", *, refers: bool = False) -> str:
    """A value, in quotes if need be; with `refers` a `$` in it stands for another variable."""
    text = str(new)
    if refers and style == '"' and not re.search(r'["\\`\n]', text):
        return f'"{text}"'
    if refers and style != "'" and re.fullmatch(r"[^\s#'\"\\`]*", text):
        return text
    if style not in ("'", '"') and _PLAIN.fullmatch(text):
        return text
    if "'" not in text and "\n" not in text and (style == "'" or re.search(r"[\\$`\"]", text)):
        return f"'{text}'"
    return '"' + re.sub(r'(["\\$`])', r"\\\1", text).replace("\n", "\\n") + '"'


def replaced(text: str, node: Node, new: Value) -> Iterator[Splice]:
    """Write a value in place of another one, in its quotes, with references where it has some."""
    refers = re.search(r"(?<!\\)\$[A-Za-z_{]", text[node.start : node.end]) is not None
    yield node.start, node.end, _written(new, node.style, refers=refers)


def inserted(
    text: str, node: Node, keys: Keys, new: Value, place: Place | None
) -> Iterator[Splice]:
    """Write a new variable, which is exported where the one next to it is."""
    export = ""
    if node.children:
        start, end = node.children[-1 if place is None else place.index]
        export = "export " if re.match(r"\s*export\s", text[line_start(text, start) : end]) else ""
    at = len(text) if place is None else beside(text, node, place, "#")
    yield line_in(text, at, f"{export}{keys[0]}={_written(new)}")


def removed(text: str, node: Node, index: int) -> Iterator[Splice]:
    """Take a variable out, with its line."""
    yield child_out(text, node, index, line_start(text, node.children[index][0]))

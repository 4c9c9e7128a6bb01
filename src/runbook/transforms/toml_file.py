"""TOML files: how new values are written, and how they go."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, time

from runbook.core.model.data import Keys, Number, Table, Value
from runbook.transforms.brackets import HASH, added_inside, inserted_inside, removed_inside
from runbook.transforms.toml_tables import BARE_KEY, Section, Sections
from runbook.transforms.toml_tables import read as read
from runbook.transforms.trees import (
    Node,
    Place,
    Refused,
    Splice,
    above_comments,
    beside,
    indentation,
    item_quotes,
    line_after,
    line_in,
    line_start,
    lines_out,
    parted,
)


def replaced(text: str, node: Node, new: Value) -> Iterator[Splice]:
    """Write a value in place of another one, on several lines if that one was."""
    if node.home is not None:
        what = "a table" if isinstance(node.home, Section) else "an array of tables"
        raise Refused(f"it is {what}", node.start, "set its keys, or state the text by `replace`")
    if isinstance(node.scalar, date | time) and isinstance(new, str):
        raise Refused("it is a date or a time, and would become a text", node.start)
    first = node.children[0][0] if node.children else node.start
    if isinstance(new, tuple) and new and "\n" in text[node.start : first]:
        pad = f"\n{indentation(text, first)}"
        style = item_quotes(node)
        lines = pad + f",{pad}".join(_encoded(each, style) for each in new) + ","
        yield node.start + 1, node.end - 1, f"{lines}\n{indentation(text, node.end - 1)}"
        return
    yield node.start, node.end, _encoded(new, node.style or item_quotes(node))


def removed(text: str, node: Node, index: int) -> Iterator[Splice]:
    """Take a key of a table, a table or an item of an array out, with its lines."""
    if not isinstance(node.home, Section | Sections):
        yield from removed_inside(text, node, index, HASH)
        return
    found: Section | Sections
    if isinstance(node.home, Sections):
        found = node.home.tables[index]
    else:
        child = node.home.children[node.entries[index].key][2]
        if isinstance(child, Node):
            own = [at for at, _, each in node.home.children.values() if isinstance(each, Node)]
            at = node.entries[index].start
            begin, end = line_start(text, at), line_after(text, child.end)
            yield lines_out(text, begin, end, first=at <= min(own), last=at >= max(own))
            return
        found = child
    merged: list[tuple[int, int]] = []
    for start, end in sorted(_lines_of(found, text)):
        if merged and start <= merged[-1][1]:
            start, end = merged[-1][0], max(end, merged.pop()[1])
        merged.append((start, end))
    for start, end in merged:
        # At the end of the file, the empty lines before go instead of those after.
        yield len(text[:start].rstrip()) + 1 if end == len(text) and start else start, end, ""


def _lines_of(table: Section | Sections, text: str) -> Iterator[tuple[int, int]]:
    """The lines of tables and all that is in them, with the empty ones after them."""
    if isinstance(table, Sections):
        for each in table.tables:
            yield from _lines_of(each, text)
        return
    if table.kind == "section":
        end = table.end
        while text[end : line_after(text, end)].strip() == "" and end < len(text):
            end = line_after(text, end)
        yield table.start, end
    for start, _, child in table.children.values():
        if isinstance(child, Node):
            yield line_start(text, start), line_after(text, child.end)
        else:
            yield from _lines_of(child, text)


def _beside(text: str, node: Node, place: Place, names: list[str], new: Value) -> Iterator[Splice]:
    """Write a new key beside another one, above whose comments it goes."""
    assert isinstance(node.home, Section)
    entry = node.entries[place.index]
    found = node.home.children[entry.key][2]
    if not isinstance(found, Node) or node.home.kind != "section":
        raise Refused(f"`{entry.key}` is no key of the table's own lines", entry.start)
    line = indentation(text, entry.start) + _pair(names, new)
    yield line_in(text, beside(text, node, place, "#"), line)


def inserted(
    text: str, node: Node, keys: Keys, new: Value, place: Place | None
) -> Iterator[Splice]:
    """Write a new key into a table, or a new table with it."""
    names = [str(key) for key in keys]
    table = node.home
    if not isinstance(table, Section):
        yield from inserted_inside(text, node, _pair(names, new), HASH, place)
        return
    if place is not None:
        yield from _beside(text, node, place, names, new)
        return
    if table.kind == "inline":
        raise Refused("it stands in an inline table, in keys with dots", node.start)
    if table.kind == "dotted":
        # Its keys begin with those that lead to it from the table in whose lines it stands.
        assert table.owner is not None
        names = [*map(str, table.path[len(table.owner.path) :]), *names]
        yield _line(text, table.end, _pair(names, new), table)
    elif len(names) > 1 and not any(isinstance(key, int) for key in table.path):
        path = _header_path((*table.path, *names[:-1]))
        at = table.region_end() if table.path else len(text)
        yield parted(text, at, f"[{path}]\n{_pair(names[-1:], new)}\n")
    elif table.kind == "implicit":
        # Its own header comes before those of the tables in it, above their comments.
        begin = above_comments(text, table.start, "#")
        yield begin, begin, f"[{_header_path(table.path)}]\n{_pair(names, new)}\n\n"
    elif not table.path and table.end == 0:
        yield from _first(text, _pair(names, new))
    else:
        yield _line(text, table.end, _pair(names, new), table)


def _header_path(path: Keys) -> str:
    """The way to a table as a header has it: of an array's tables it means the one above it."""
    return ".".join(_key(key) for key in path if isinstance(key, str))


def _first(text: str, pair: str) -> Iterator[Splice]:
    """The first line of a file that begins with tables or has nothing but comments."""
    header = re.search(r"^[ \t]*\[", text, re.MULTILINE)
    if header is None:
        gap = "" if not text or text.endswith("\n") else "\n"
        yield len(text), len(text), f"{gap}{pair}\n"
        return
    begin = above_comments(text, header.start(), "#")
    yield begin, begin, f"{pair}\n\n"


def _line(text: str, at: int, line: str, table: Section) -> Splice:
    own = [
        start
        for start, _, each in table.children.values()
        if isinstance(each, Node) or (isinstance(each, Section) and each.kind == "dotted")
    ]
    return line_in(text, at, (indentation(text, max(own)) if own else "") + line)


def appended(text: str, node: Node, new: tuple[Value, ...]) -> Iterator[Splice]:
    """Write new items at an array's end, or new tables after the last one of theirs."""
    if not isinstance(node.home, Sections):
        style = item_quotes(node)
        yield from added_inside(text, node, [_encoded(each, style) for each in new], HASH)
        return
    path = _header_path(node.home.path)
    lines = []
    for each in new:
        if not isinstance(each, Table):
            raise Refused("it is an array of tables, and a table is expected", node.start)
        pairs = "".join(f"{_pair([key], value)}\n" for key, value in each.entries)
        lines.append(f"[[{path}]]\n{pairs}")
    yield parted(text, node.home.tables[-1].region_end(), "\n".join(lines))


def _pair(names: list[str], new: Value) -> str:
    return f"{'.'.join(map(_key, names))} = {_encoded(new)}"


def _key(name: str) -> str:
    return name if BARE_KEY.fullmatch(name) else _text(name)


def _encoded(new: Value, style: str = "") -> str:
    """A value on one line; a text has single quotes if that is the style and it can."""
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
            return "[" + ", ".join(_encoded(each, style) for each in new) + "]"
        case str() if style == "'" and new.isprintable() and "'" not in new:
            return f"'{new}'"
        case _:
            return _text(new)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")

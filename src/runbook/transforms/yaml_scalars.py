"""Scalars and collections written as YAML, so that YAML 1.1 and 1.2 read the same in them."""

from __future__ import annotations

import json
import re
from typing import Any

import yaml

from runbook.core.model.data import NUMBER, Number, Table, Value
from runbook.core.patterns import regex
from runbook.core.value import value

_WORDS = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("null", "Null", "NULL", "~", ""), None),
}
# What YAML 1.2 takes for something else than text, beside numbers as JSON has them.
_OTHER = regex(
    r"[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?|0o[0-7]+|0x[0-9a-fA-F]+|\.nan|[-+]?\.inf", re.I
)
_BREAKS = regex("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_RESOLVER: Any = yaml.resolver.Resolver()
_TEXT = "tag:yaml.org,2002:str"


def resolved(text: str) -> object:
    """A plain scalar's value; a pair where versions of YAML differ about it, equal to no value."""
    if text in _WORDS:
        return _WORDS[text]
    if NUMBER.fullmatch(text):
        return Number(text).number
    tag = _RESOLVER.resolve(yaml.ScalarNode, text, (True, False))
    return text if tag == _TEXT and not _OTHER.fullmatch(text) else (tag, text)


def flow(new: Value, style: str = "", *, inside: bool = True) -> str:
    """A value on one line; `inside` brackets more must be quoted. Texts get the quotes."""
    match new:
        case None:
            return "null"
        case bool():
            return "true" if new else "false"
        case Number(written):
            return _number(written)
        case Table(entries):
            return "{" + ", ".join(f"{key(name)}: {flow(each)}" for name, each in entries) + "}"
        case tuple():
            return "[" + ", ".join(flow(each, style) for each in new) + "]"
        case _:
            return _text(new, style, inside)


def _number(written: str) -> str:
    """A number as it is stated, but for exponents: YAML 1.1 wants them with a point and a sign."""
    found = re.fullmatch(r"(-?\d+)(\.\d+)?[eE]([+-]?)(\d+)", written)
    if found is None:
        return written
    return f"{found[1]}{found[2] or '.0'}e{found[3] or '+'}{found[4]}"


def key(name: str) -> str:
    """A key of a mapping, quoted where it must be."""
    plain = "?" not in name and _reads_back(f"{{{name}: 1}}", name)
    return name if plain else _double(name)


def _text(text: str, style: str, inside: bool) -> str:
    if style == "'" and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    # In brackets some parsers take a question mark for the sign of a key.
    bare = style != '"' and not (inside and "?" in text)
    # In a list both ways, whatever the context: a text that is no list item is no value either.
    if bare and _reads_back(f"[{text}]" if inside else f"- {text}\n", text):
        return text
    return _double(text)


def _double(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    return _BREAKS.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def _reads_back(document: str, text: str) -> bool:
    """Whether the one scalar of a small document is a plain text of this value."""
    if not text.isprintable() or not isinstance(resolved(text), str):
        return False
    try:
        node = yaml.compose(document, Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        return False
    if not isinstance(node, yaml.CollectionNode) or len(node.value) != 1:
        return False
    (found,) = node.value
    scalar = found[0] if isinstance(found, tuple) else found
    return isinstance(scalar, yaml.ScalarNode) and not scalar.style and scalar.value == text


@value
class Layout:
    """How many columns below its key a file begins the keys of a mapping, the dashes of a list."""

    keys: int = 2
    dashes: int = 2


# A key alone on its line, and what the next one begins with that is no comment.
_BELOW = r"^( *)(?![#\s-])[^\n]*:[ \t]*(?:#[^\n]*)?\n(?=(?:[ \t]*(?:#[^\n]*)?\n)*( *)(-?)[^\s#-]?)"
_KEY = regex(_BELOW, re.MULTILINE)


def layout(text: str) -> Layout:
    """How a file does it, where it does it in one way."""
    keys: set[int] = set()
    dashes: set[int] = set()
    for found in _KEY.finditer(text):
        more = len(found[2]) - len(found[1])
        if found[3] and more >= 0:
            dashes.add(more)
        elif more > 0:
            keys.add(more)
    return Layout(*(each.pop() if len(each) == 1 else 2 for each in (keys, dashes)))


def under(new: Value, column: int, layout: Layout) -> str:
    """A value after the `:` of a key in this column: on its line, or on lines of its own."""
    match new:
        case Table(entries) if entries:
            inner = column + layout.keys
            return "\n" + " " * inner + mapping(new, inner, layout)
        case tuple() if new:
            inner = column + layout.dashes
            pad = "\n" + " " * inner
            return "".join(f"{pad}- {item(each, inner + 2, layout)}" for each in new)
        case _:
            return f" {_own_line(new, column + layout.keys)}"


def mapping(table: Table, column: int, layout: Layout) -> str:
    """The lines of a mapping whose keys stand in this column, the first one without its blanks."""
    pad = "\n" + " " * column
    return pad.join(f"{key(name)}:{under(each, column, layout)}" for name, each in table.entries)


def item(new: Value, column: int, layout: Layout, style: str = "") -> str:
    """A value after the `- ` of a list; its lines stand in this column, a text has these quotes."""
    if isinstance(new, Table) and new.entries:
        return mapping(new, column, layout)
    return _own_line(new, column, style)


def _own_line(new: Value, column: int, style: str = "") -> str:
    """A value that no mapping or list is, outside of brackets; lines stand in this column."""
    block = literal(new, " " * column) if isinstance(new, str) else None
    return flow(new, style, inside=False) if block is None else block


def literal(text: str, indent: str) -> str | None:
    """A text of whole lines, or of several, as a block; `None` where a block can't hold it."""
    lines = text.removesuffix("\n").split("\n")
    if "\n" not in text or not lines[0].strip() or lines[0][0] == " " or text.endswith("\n\n"):
        return None
    if not all(line.replace("\t", "").isprintable() for line in lines):
        return None
    head = "|" if text.endswith("\n") else "|-"
    return "\n".join([head, *(indent + line if line else "" for line in lines)])

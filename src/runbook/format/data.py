"""What `set` sets, and rules of ast-grep: keys to values, whose types are JSON's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from runbook.core.model.data import (
    NUMBER,
    Assignment,
    KeyMistake,
    Keys,
    Number,
    Removal,
    Table,
    Value,
    read_keys,
    show_keys,
    show_value,
)
from runbook.core.patterns import regex
from runbook.format.content import Content, Inline, Mapping, Plain, Sequence
from runbook.format.forms import Kind, Schema, check_block, kind, refused_mark
from runbook.format.shown import Shown, by_line, code_span
from runbook.format.texts import code
from runbook.format.yamltree import MappingNode, Node, ScalarNode, SequenceNode, Source

_WORDS = {"true": True, "false": False, "null": None, "~": None}


def _write_assignments(stated: Iterable[Assignment]) -> Content:
    return _written(
        (show_keys(each.keys) + ("+" if each.append else ""), each.value) for each in stated
    )


def _show_line(assignment: Assignment) -> str:
    sign = "+=" if assignment.append else "="
    return f"{_show_keys(assignment.keys)} {sign} {show_value(assignment.value)}"


def _show_keys(keys: Keys) -> str:
    # They stand on a line: a line end in a key is written as an escape.
    return show_keys(keys).replace("\n", "\\u000a").replace("\r", "\\u000d")


def _read_keys(shown: str) -> Keys:
    return read_keys(_QUOTED.sub(_line_ends, shown))[0]


def _read_line(line: str) -> Assignment:
    """What a line such as `tool.ruff.line-length = 100` sets.

    Raises:
        KeyMistake: it is no such line.
    """
    for found in re.finditer(r" (\+?)= ", line):
        try:
            keys, content = _read_keys(line[: found.start()]), read_json(line[found.end() :])
        except (KeyMistake, ValueError):
            continue
        appends = bool(found[1])
        if appends and content == ():
            break
        return Assignment(keys, _items(content) if appends else content, appends)
    raise KeyMistake(f"`{line[:60]}` sets nothing")


def _items(stated: Value) -> tuple[Value, ...]:
    """The values that are appended, of which one may stand without a list."""
    return stated if isinstance(stated, tuple) else (stated,)


_QUOTED = regex(r"\"(?:[^\"\\]|\\.)*\"")


def _line_ends(quoted: re.Match[str]) -> str:
    """A key in quotes with its escaped line ends as such."""
    ends = {"u000a": "\n", "u000d": "\r"}
    return re.sub(r"\\(\\|\"|u000[ad])", lambda m: ends.get(m[1], m[0]), quoted[0])


@kind(
    {"type": "object", "minProperties": 1},
    _write_assignments,
    shown=by_line(_show_line, _read_line, "text"),
)
def assignments(source: Source, node: Node) -> tuple[Assignment, ...] | None:
    """The values that are set, in order; a mapping under a key goes deeper."""
    if not isinstance(node, MappingNode) or not node.value:
        source.error(
            node,
            "`set` is a mapping of keys to values",
            'such as `set: {project.requires-python: ">=3.12"}`',
        )
        return None
    found: list[Assignment] = []
    before = len(source.diagnostics)
    _read_mapping(source, node, (), found)
    return tuple(found) if len(source.diagnostics) == before else None


def _read_mapping(source: Source, node: MappingNode, above: Keys, found: list[Assignment]) -> None:
    for key_node, value_node in node.value:
        if refused_mark(source, key_node):
            continue
        try:
            below, append = read_keys(str(key_node.value))
        except KeyMistake as mistake:
            source.error(
                key_node,
                f"{mistake}",
                'write `tool.ruff.line-length`, `steps[0].name`, `tool."a.b"`, or `dependencies+` '
                "to append to a list",
            )
            continue
        keys = (*above, *below)
        if refused_mark(source, value_node):
            continue
        if isinstance(value_node, MappingNode) and value_node.value and not append:
            _read_mapping(source, value_node, keys, found)
        else:
            _assign(source, keys, append, key_node, value_node, found)


def _assign(
    source: Source, keys: Keys, append: bool, key_node: Node, node: Node, found: list[Assignment]
) -> None:
    check_block(source, node, key_node.start_mark.column)
    stated = read_value(source, node)
    if append:
        stated = _items(stated)
    if append and not stated:
        source.error(node, "there is nothing in the list that could be appended")
    for other in found:
        shorter = min(len(keys), len(other.keys))
        # A list can grow beside what is set in its items.
        grows = append if len(keys) == shorter else other.append
        if keys[:shorter] == other.keys[:shorter] and not (grows and keys != other.keys):
            mine, others = show_keys(keys), show_keys(other.keys)
            message = f"`{mine}` is set twice"
            if keys != other.keys:
                message = f"`{mine}` and `{others}` are set, and one of them is in the other"
            source.error(key_node, message)
            return
    found.append(Assignment(keys, stated, append, at=source.position(key_node)))


_UNSET_HINT = (
    "write `tool.black`, a list of such keys, or `{project.dependencies: [six]}` for items"
)


def _show_removal(removal: Removal) -> str:
    keys = _show_keys(removal.keys)
    return f"{keys} -= {show_value(removal.items)}" if removal.items else keys


def _read_removal(line: str) -> Removal:
    for found in re.finditer(" -= ", line):
        try:
            return Removal(_read_keys(line[: found.start()]), read_json(line[found.end() :]))
        except (KeyMistake, ValueError):
            continue
    return Removal(_read_keys(line))


def _write_removals(stated: tuple[Removal, ...]) -> Content:
    items: list[Content] = []
    for each in stated:
        keys = show_keys(each.keys)
        whole = Table(((keys, each.items),))
        items.append(_write_value(whole) if each.items else Inline(keys))
    return Sequence(tuple(items))


_REMOVALS: Schema = {
    "type": ["string", "object", "array"],
    "minProperties": 1,
    "minItems": 1,
    "items": {"type": ["string", "object"]},
}


@kind(_REMOVALS, _write_removals, shown=by_line(_show_removal, _read_removal, "text"))
def removals(source: Source, node: Node) -> tuple[Removal, ...] | None:
    """What is taken away, in order: keys, or keys of lists with the items that go."""
    found: list[Removal] = []
    before = len(source.diagnostics)
    for each in node.value if isinstance(node, SequenceNode) else [node]:
        if refused_mark(source, each):
            continue
        if isinstance(each, MappingNode) and each.value:
            _read_items(source, each, (), found)
        elif isinstance(each, ScalarNode) and each.value.strip():
            keys = _removed_keys(source, each)
            if keys is not None:
                found.append(Removal(keys, at=source.position(each)))
        else:
            source.error(each, "a key is expected here", _UNSET_HINT)
    if isinstance(node, SequenceNode) and not node.value:
        source.error(node, "the list is empty", _UNSET_HINT)
    return tuple(found) if len(source.diagnostics) == before else None


def _read_items(source: Source, node: MappingNode, above: Keys, found: list[Removal]) -> None:
    for key_node, value_node in node.value:
        keys = _removed_keys(source, key_node, item=True)
        if keys is None:
            continue
        if isinstance(value_node, MappingNode) and value_node.value:
            _read_items(source, value_node, (*above, *keys), found)
            continue
        stated = read_value(source, value_node)
        items = stated if isinstance(stated, tuple) else (stated,)
        if not items:
            source.error(value_node, "there is nothing in the list that could go")
        found.append(Removal((*above, *keys), items, at=source.position(key_node)))


def _removed_keys(source: Source, node: Node, *, item: bool = False) -> Keys | None:
    if refused_mark(source, node):
        return None
    try:
        keys, append = read_keys(str(node.value))
    except KeyMistake as mistake:
        source.error(node, f"{mistake}", _UNSET_HINT)
        return None
    if append or (isinstance(keys[-1], int) and not item):
        source.error(
            node,
            "an item is named by what it is: by its place, another one would go the next time",
            _UNSET_HINT,
        )
        return None
    return keys


def _read_sibling(source: Source, node: Node) -> str | None:
    """A key of a mapping, beside which another one goes."""
    found: str | None = code.read(source, node)
    if found is None:
        return None
    try:
        keys, append = read_keys(found.removesuffix("\n"))
    except KeyMistake as mistake:
        source.error(node, f"beside `set` this is a key, and {mistake}")
        return None
    if append or isinstance(keys[-1], int):
        source.error(node, "a key of a mapping is expected here, not an item of a list")
        return None
    return show_keys(keys)


def sibling(side: str) -> Kind:
    """The key `after` or `before` which new ones go, as a kind of value."""
    words = Shown(
        lambda key: "" if key is None else f" {side} {code_span(key)}",
        lambda shown: shown.strip().partition(" ")[2][1:-1] or None,
        rf"(?: {side} `[^`]*`)?",
    )
    return Kind(_read_sibling, Inline, {"type": "string"}, shown=words)


def read_value(source: Source, node: Node) -> Value:
    """A value of JSON's types: text, number, `true`, `false`, `null`, list or mapping."""
    if refused_mark(source, node):
        return None
    if isinstance(node, SequenceNode):
        return tuple(_item(source, item, node.start_mark.column) for item in node.value)
    if isinstance(node, MappingNode):
        entries: dict[str, Value] = {}
        for key_node, value_node in node.value:
            if refused_mark(source, key_node):
                continue
            if key_node.value in entries:
                source.error(key_node, f"duplicate key `{key_node.value}`", "remove one of the two")
            else:
                check_block(source, value_node, key_node.start_mark.column)
                entries[str(key_node.value)] = read_value(source, value_node)
        return Table(tuple(entries.items()))
    assert isinstance(node, ScalarNode)
    if not node.style:
        if node.value in _WORDS:
            return _WORDS[node.value]
        if NUMBER.fullmatch(node.value):
            return Number(node.value)
    if not node.style and not node.value:
        source.error(
            node, "a value is expected here, and nothing stands here", 'say `null` or `""`'
        )
        return None
    found: Value = code.read(source, node)
    return found


def _item(source: Source, node: Node, dash: int) -> Value:
    check_block(source, node, dash, "dash")
    return read_value(source, node)


def _write_rule(written: str) -> Content:
    table: Table = read_json(written)
    return _written(table.entries)


_AS_JSON = Shown(
    lambda written: json.dumps(json.loads(written), indent=2, ensure_ascii=False),
    lambda content: json.dumps(json.loads(content), ensure_ascii=False),
    language="json",
)


@kind({"type": "object"}, _write_rule, shown=_AS_JSON)
def rule(source: Source, node: Node) -> str | None:
    """A rule of ast-grep, or a mapping of `rule`, `constraints` and `utils`, as JSON."""
    if source.exact and isinstance(node, ScalarNode):
        return show_value(read_json(node.value))
    if not isinstance(node, MappingNode) or not node.value:
        source.error(node, "`rule` is a mapping, such as `rule: {pattern: f($A)}`")
        return None
    before = len(source.diagnostics)
    stated = read_value(source, node)
    if len(source.diagnostics) > before or not isinstance(stated, Table):
        return None
    keys = [key for key, _ in stated.entries]
    if "rule" in keys:
        for key_node, _ in node.value:
            if key_node.value not in ("rule", "constraints", "utils"):
                source.error(
                    key_node,
                    f"`{key_node.value}` has no meaning beside a rule's own `rule`",
                    "there may be `constraints` and `utils`",
                )
    return show_value(stated)


def read_json(written: str) -> Any:
    """A value of JSON with its numbers as they are written.

    Raises:
        ValueError: it is no JSON.
    """
    return _listed(
        json.loads(
            written,
            parse_int=Number,
            parse_float=Number,
            parse_constant=Number,
            object_pairs_hook=lambda pairs: Table(
                tuple((key, _listed(each)) for key, each in pairs)
            ),
        )
    )


def _listed(loaded: Any) -> Any:
    return tuple(map(_listed, loaded)) if isinstance(loaded, list) else loaded


def _written(entries: Iterable[tuple[str, Value]], *, tight: bool = False) -> Content:
    # Imported when there is something to write, which most commands never do.
    from runbook.format.emit import scalar

    shown = ((scalar(key, inside=True), _write_value(each)) for key, each in entries)
    return Mapping(tuple(shown), tight)


def _write_value(value: Value) -> Content:
    match value:
        case None:
            return Plain("null")
        case bool():
            return Plain("true" if value else "false")
        case Number(text):
            return Plain(text)
        case Table(entries):
            return _written(entries, tight=True)
        case tuple():
            return Sequence(tuple(map(_write_value, value)))
        case _:
            # A text that would be read as a number, a word or nothing needs its quotes.
            is_text = value and value not in _WORDS and not NUMBER.fullmatch(value)
            return Inline(value) if is_text else Plain(f'"{value}"')

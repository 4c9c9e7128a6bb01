"""Changes: the operations of an edit, read and written by their table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from runbook.core.matching.texts import Text
from runbook.core.model.operations import Operation, Replace, Target
from runbook.core.value import fields
from runbook.format.content import Content, Entry, Sequence, mapping
from runbook.format.forms import Form, Key, Kind, dashes, read_form, refused_mark
from runbook.format.operations import BY_KEY, BY_TABLE, ROW_OF, ROWS, value_node
from runbook.format.yamltree import MappingNode, Node, SequenceNode, Source

# In an order that a person may read them in: what a change is, then what bounds it.
_LAST = ("count", "lines", "match")
_ALL: dict[str, Key] = {}
for _row in ROWS:
    for _name, _key in _row.keys.items():
        # A key that several operations have is read as the first one of them has it.
        if _name not in _LAST:
            _ALL.setdefault(_name, _key)
_ALL |= {name: ROW_OF[Replace].keys[name] for name in _LAST}
# Keys that different operations keep in different fields are values by their own names.
OPERATION_KEYS = {name: Key(key.kind, name, key.meaning) for name, key in _ALL.items()}
OPERATION = Form("a change", OPERATION_KEYS)
_BESIDE = ("edit", "title", "note", "changes")


def _read_later(_source: Source, node: Node) -> Node:
    """The list of changes, which `read_changes` reads when the step is known."""
    return node


def _write_changes(changes: tuple[Operation, ...]) -> Content:
    return Sequence(tuple(mapping(write_operation(each)) for each in changes), tight=False)


CHANGES = Kind(
    _read_later,
    _write_changes,
    {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/change"}},
)


def read_changes(source: Source, node: Node) -> tuple[Operation, ...]:
    """The operations listed under `changes`, in order."""
    if not isinstance(node, SequenceNode) or not node.value:
        source.error(node, "`changes` is a list of at least one change", dashes(node, "change"))
        return ()
    found = []
    for item in node.value:
        if refused_mark(source, item):
            continue
        if isinstance(item, MappingNode):
            operation = read_operation(source, item, read_form(source, item, OPERATION))
            if operation is not None:
                found.append(operation)
        else:
            source.error(item, "a change is a mapping such as `replace:` and `with:`")
    return tuple(found)


def read_operation(source: Source, node: MappingNode, values: dict[str, Any]) -> Operation | None:
    """The one operation stated by a mapping's keys, whose values are given."""
    names = {key.value: key for key, _ in node.value}
    stated = names.keys() & OPERATION_KEYS.keys()
    main = _main(stated)
    if main is None:
        _refuse_unclear(source, node, names)
        return None
    row = BY_KEY[main]
    if isinstance(value_node(node, main), MappingNode):
        row = BY_TABLE.get(main, row)
    for name in stated - row.beside - {main}:
        hint = "a text that begins with a bracket must be quoted" if row.table else None
        source.error(names[name], f"`{name}` has no meaning beside `{main}`", hint)
    for name in row.required:
        if name not in values:
            hint = f"`{name}` is {row.keys[name].meaning}"
            source.error(names[main], f"`{main}` needs the key `{name}`", hint)
    if any(values.get(name) is None for name in (main, *row.required)):
        return None
    anchor = values[main]
    if values.get("match") == "indent" and isinstance(anchor, Text) and not anchor.whole_lines:
        source.error(
            value_node(node, "match"),
            "`match: indent` is about whole lines, and the text stands inside a line",
            f"put the text of `{main}` under `|`",
        )
    if anchor is False:
        source.error(value_node(node, main), f"`{main}` is `true` or is left out")
    if row.check is not None:
        row.check(source, node, values)
    return row.made(main, values, at=source.position(names[main]))


def _main(stated: set[str]) -> str | None:
    """The key that tells the operation; what tells one by itself may stand beside another."""
    mains = stated & BY_KEY.keys()
    found = [name for name in mains if mains - {name} <= BY_KEY[name].beside]
    return found[0] if len(found) == 1 else None


def _refuse_unclear(source: Source, node: MappingNode, names: dict[str, Node]) -> None:
    """Record that a change states no operation, or two."""
    mains = [name for name in names if name in BY_KEY]
    if mains:
        source.error(
            names[mains[1]],
            f"`{mains[1]}` and `{mains[0]}` in one change",
            "list the two under `changes:`",
        )
        return
    if any(name not in OPERATION_KEYS and name not in _BESIDE for name in names):
        # Most likely a misspelt one, which has been told.
        return
    hint = "an edit has `replace` and `with`, or `create`, or another operation"
    if "mode" in names:
        hint = "`mode` stands beside `create`; `run: chmod` changes it of a file that is there"
    if "insert" in names:
        hint = "`insert` stands beside `after` or `before`, which name the anchor"
    elif "with" in names:
        hint = "`with` stands beside `replace`, or `from` and `through`"
    source.error(node, "no change is stated", hint)


def fitted(source: Source, operation: Operation, targets: tuple[Target, ...]) -> Operation:
    """The operation as it is of these targets; what does not fit is recorded."""
    fit = ROW_OF[type(operation)].fit
    if fit is None:
        return operation
    line, column = operation.at.line - 1, operation.at.column - 1
    return fit(
        operation, targets, lambda message, hint: source.error_at(line, column, message, hint)
    )


def write_operation(operation: Operation) -> Iterator[Entry]:
    """The keys that state an operation: its hint, what it does, and what bounds it."""
    row = ROW_OF[type(operation)]
    main = row.main_of(operation)
    defaults = {each.name: each.default for each in fields(operation)}
    own = [name for name in row.keys if name not in _LAST]
    for name in ("lines", *own, "count", "match"):
        if name not in row.keys or (name in row.main_keys and name != main):
            continue
        key, content = row.keys[name], row.content(name, operation)
        unstated = content is None or (name != main and content == defaults[key.field])
        yield name, None if unstated else key.kind.write(content)

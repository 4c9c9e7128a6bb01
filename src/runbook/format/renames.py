"""Tables of names that are replaced, as a kind of value."""

from __future__ import annotations

import json

from runbook.core.matching.texts import Text
from runbook.format.content import Content, Inline, Mapping
from runbook.format.forms import check_block, either, key_name, kind, refused_mark
from runbook.format.shown import Shown
from runbook.format.texts import code, search_text
from runbook.format.yamltree import MappingNode, Node, Source

Renames = tuple[tuple[str, str], ...]

_SCHEMA = {
    "type": "object",
    "minProperties": 1,
    "propertyNames": {"pattern": r"\S"},
    "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
}


def _write(table: Renames) -> Content:
    # Imported when there is something to write, which most commands never do.
    from runbook.format.emit import scalar

    return Mapping(tuple((scalar(old, inside=True), Inline(new)) for old, new in table))


_AS_JSON = Shown(
    lambda table: json.dumps(dict(table), indent=2, ensure_ascii=False),
    lambda content: tuple(json.loads(content).items()),
    language="json",
)


@kind(_SCHEMA, _write, shown=_AS_JSON)
def names(source: Source, node: Node) -> Renames | None:
    """Old names with their new ones, all on one line."""
    if not isinstance(node, MappingNode) or not node.value:
        source.error(node, "a table of names is expected here", "such as `{old_name: new_name}`")
        return None
    table: dict[str, str] = {}
    before = len(source.diagnostics)
    for key_node, value_node in node.value:
        old = key_name(source, key_node)
        if old is None:
            continue
        if refused_mark(source, value_node):
            continue
        check_block(source, value_node, key_node.start_mark.column)
        new = code.read(source, value_node)
        if not old.strip() or "\n" in old or "\n" in (new or ""):
            source.error(key_node, "a name stands on one line, and is not empty")
        elif old in table:
            source.error(key_node, f"duplicate key `{old}`", "remove one of the two")
        elif new is not None:
            table[old] = new
            if old == new:
                source.error(value_node, f"`{old}` is replaced by itself: nothing would change")
    for key_node, value_node in node.value:
        if value_node.value in table and value_node.value != key_node.value:
            source.error(
                value_node,
                f"`{value_node.value}` is replaced and is a new name as well: what was done could "
                "not be told from what is to be done",
                "rename in two edits, over a name that stands nowhere",
            )
    return tuple(table.items()) if len(source.diagnostics) == before else None


@kind(
    either({"type": "object"}, _SCHEMA, search_text.schema), search_text.write,
    shown=search_text.shown,
)  # fmt: skip
def text_or_names(source: Source, node: Node) -> Text | Renames | None:
    """A text to look for, or a table of names."""
    found: Text | Renames | None
    found = (names if isinstance(node, MappingNode) else search_text).read(source, node)
    return found

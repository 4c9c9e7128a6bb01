"""Import statements of Python as a kind of value."""

from __future__ import annotations

from runbook.format.content import Content, Inline, Sequence
from runbook.format.forms import Schema, check_block, kind, refuse_mark
from runbook.format.shown import by_line
from runbook.format.texts import code
from runbook.format.yamltree import Node, SequenceNode, Source

_ONE: Schema = {"type": "string", "pattern": r"^\s*(from|import)\s"}
_SCHEMA: Schema = {
    "anyOf": [_ONE, {"type": "array", "minItems": 1, "items": _ONE}],
}


def _write(stated: tuple[str, ...]) -> Content:
    if len(stated) == 1:
        return Inline(stated[0])
    return Sequence(tuple(map(Inline, stated)))


@kind(_SCHEMA, _write, shown=by_line(str, str))
def statements(source: Source, node: Node) -> tuple[str, ...] | None:
    """Imports: one, a list of them, or a block with one on each line."""
    found: list[str] = []
    before = len(source.diagnostics)
    listed = isinstance(node, SequenceNode)
    for each in node.value if listed else [node]:
        if source.mark_before(each):
            refuse_mark(source, each)
            continue
        if listed:
            check_block(source, each, node.start_mark.column, "dash")
        text = code.read(source, each)
        for line in (text or "").strip("\n").split("\n") if text is not None else ():
            written = _as_written(line)
            if written is None:
                source.error(
                    each,
                    f"`{line[:60]}` is no import",
                    "write `import os` or `from typing import Any`",
                )
            else:
                found.append(written)
    if listed and not node.value:
        source.error(node, "the list is empty")
    return tuple(found) if len(source.diagnostics) == before else None


def _as_written(line: str) -> str | None:
    """An import as Python writes it, or `None` for any other text."""
    import ast  # only phases with imports pay for it

    try:
        body = ast.parse(line.strip()).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if len(body) != 1 or not isinstance(body[0], ast.Import | ast.ImportFrom):
        return None
    return ast.unparse(body[0])

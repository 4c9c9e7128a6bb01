"""Import statements of Python as a kind of value."""

from __future__ import annotations

from runbook.format.content import Content, Inline, Sequence
from runbook.format.forms import Schema, check_block, kind, refused_mark
from runbook.format.shown import by_line
from runbook.format.texts import code
from runbook.format.yamltree import Node, SequenceNode, Source

_LOOKED_AT = 50  # lines of a text in which the first mistake is looked for
_ONE: Schema = {"type": "string", "pattern": r"^\s*(from|import)\s"}
_SCHEMA: Schema = {"anyOf": [_ONE, {"type": "array", "minItems": 1, "items": _ONE}]}


def _write(stated: tuple[str, ...]) -> Content:
    if len(stated) == 1:
        return Inline(stated[0])
    return Sequence(tuple(map(Inline, stated)))


@kind(_SCHEMA, _write, shown=by_line(str, str))
def statements(source: Source, node: Node) -> tuple[str, ...] | None:
    """Imports: one, a list of them, or a block of them as Python has them."""
    found: list[str] = []
    before = len(source.diagnostics)
    listed = isinstance(node, SequenceNode)
    for each in node.value if listed else [node]:
        if refused_mark(source, each):
            continue
        if listed:
            check_block(source, each, node.start_mark.column, "dash")
        text = code.read(source, each)
        if text is None:
            continue
        written = _as_written(text)
        found += written or ()
        if written is None:
            line = _no_import(text.strip())
            source.error(
                each, f"`{line[:60]}` is no import", "write `import os` or `from typing import Any`"
            )
    if listed and not node.value:
        source.error(node, "the list is empty")
    return tuple(found) if len(source.diagnostics) == before else None


def _as_written(text: str) -> list[str] | None:
    """Imports as Python writes them, or `None` where anything else stands there, or nothing."""
    import ast  # only phases with imports pay for it

    from runbook.core.text.otherpythons import syntax_tree

    tree = syntax_tree(text.strip())
    body = [] if isinstance(tree, Exception) else tree.body
    known = [ast.unparse(each) for each in body if isinstance(each, ast.Import | ast.ImportFrom)]
    return known if body and len(known) == len(body) else None


def _no_import(text: str) -> str:
    """The first line of a text after which it is not imports alone."""
    lines = text.split("\n", _LOOKED_AT)[:_LOOKED_AT]
    ends = [end for end in range(1, len(lines)) if _as_written("\n".join(lines[:end]))]
    return lines[ends[-1] if ends else 0]

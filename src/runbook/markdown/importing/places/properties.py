"""Properties of an object that JavaScript or TypeScript binds to a name."""

from __future__ import annotations

from typing import Any

from runbook.core.model.operations import Operation
from runbook.markdown.importing.places.inplace import anchored, in_place
from runbook.markdown.importing.places.lines import margin_of, moved_to, plain_lines
from runbook.markdown.importing.places.treesymbols import last_line, root_of, walk

_SCRIPTS = (".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts")
_BINDS = "variable_declarator"
_CALLED = ("arrow_function", "function_expression", "generator_function", "method_definition")
_PROPERTIES = ("pair", "shorthand_property_identifier", "method_definition", "spread_element")


def property_behind(
    text: str, path: str, code: str, owner: str, beside: str, *, last: bool
) -> Operation | str:
    """The insertion of properties behind one of the object that a name is bound to.

    Of objects in each other, the outermost that has it. If `last`, nothing else may come after it.
    """
    root = root_of(text, path) if path.endswith(_SCRIPTS) else None
    bound = [each for each in walk(root) if each.kind() == _BINDS]
    bound = [each for each in bound if each.field("name").text() == owner]
    found = _outermost(bound[0], beside) if len(bound) == 1 else []
    block = root_of(f"({{\n{code}\n}})", path)
    objects = [each for each in walk(block) if each.kind() == "object"]
    if len(found) != 1 or not objects:
        return ""
    (one,), lines = found, plain_lines(text)
    around, new = _own(one.parent()), _own(min(objects, key=lambda it: it.range().start.index))
    if (
        not new
        or any(_key(each) in map(_key, around) for each in new)
        or (last and _key(around[-1]) != beside)
    ):
        return ""
    first, end = one.range().start.line, last_line(one)
    behind = lines[end][one.range().end.column :].strip()
    own = moved_to(code, margin_of(lines[first]))
    if own is None or behind not in ("", ",") or lines[first][: one.range().start.column].strip():
        return ""
    own[-1] = own[-1] if own[-1].rstrip().endswith(",") else f"{own[-1].rstrip()},"
    if behind:
        return anchored(text, lines, first, end, "after", own) or ""
    return in_place(text, lines, end, end, [f"{lines[end].rstrip()},", *own]) or ""


def _outermost(bound: Any, name: str) -> list[Any]:
    """The properties of a name in what is bound, of the least depth at which there are any.

    What a function in it makes is none of its own.
    """
    level = [bound]
    while level:
        found = [each for each in level if each.kind() in _PROPERTIES and _key(each) == name]
        if found:
            return found
        level = [it for each in level if each.kind() not in _CALLED for it in each.children()]
    return []


def _own(around: Any) -> list[Any]:
    """What an object has, in its order."""
    return [each for each in around.children() if each.kind() in _PROPERTIES]


def _key(node: Any) -> str:
    named = node.field("key") or node.field("name")
    return str(node.text() if named is None else named.text()).strip("\"'")

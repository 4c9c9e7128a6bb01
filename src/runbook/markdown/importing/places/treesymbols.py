"""What JavaScript, TypeScript, Rust and Go define, by ast-grep.

Without ast-grep, an extra of the package, nothing is found, and the step is left to a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from runbook.core.edit.syntax import language_of
from runbook.core.value import replace
from runbook.markdown.importing.places.definitions import Definition, Kind, Source
from runbook.markdown.importing.places.lines import plain_text

LANGUAGES = ("javascript", "typescript", "tsx", "rust", "go")
_FUNCTIONS = ("function_declaration", "generator_function_declaration", "function_item")
_METHODS = ("method_definition", "method_declaration")
_TYPES = (
    "class_declaration", "abstract_class_declaration", "interface_declaration", "enum_declaration",
    "type_alias_declaration", "struct_item", "enum_item", "trait_item", "type_item", "union_item",
)  # fmt: skip
_VALUES = ("lexical_declaration", "variable_declaration", "const_item", "static_item")
_GROUPS = ("type_declaration", "const_declaration", "var_declaration")  # of Go
ABOVE = ("comment", "line_comment", "block_comment", "attribute_item", "decorator")
_PLAIN = ("use_declaration", "import_statement", "import_declaration", "package_clause")


def knows(path: str) -> bool:
    """Whether a file is of a language whose definitions are looked up here."""
    return language_of(path) in LANGUAGES


def outline(text: str, path: str) -> Source | None:
    """What a text without an error defines at its top, with the comments and marks above it.

    Where its first line is blank, nothing is said of the lines after it.
    """
    root = root_of(text, path)
    lines = tuple(plain_text(text).rstrip("\n").split("\n"))
    if root is None or not lines[0].strip():
        return None
    definitions: list[Definition] = []
    other = False
    above: list[Any] = []
    for node in root.children():
        kind = node.kind()
        if kind in ABOVE:
            if above and last_line(above[-1]) + 1 < node.range().start.line:
                above = []
            above.append(node)
            continue
        found = _definition(node, above, lines)
        if found is not None:
            if definitions:
                definitions[-1] = replace(definitions[-1], following=found.first)
            definitions.append(found)
        elif kind not in _PLAIN:
            other = True
        above = []
    return Source(lines, tuple(definitions), other)


def root_of(text: str, path: str) -> Any:
    """The syntax tree of a text that has no error; `None` if there is none."""
    plain = plain_text(text)
    if "\r" in plain or any("\ud800" <= each <= "\udfff" for each in plain):
        return None
    root = _root(plain, language_of(path) or "")
    return None if root is None or root.find_all({"rule": {"kind": "ERROR"}}) else root


def walk(root: Any) -> Iterator[Any]:
    """All nodes of a tree; those that are written first do not come first."""
    below = [] if root is None else [root]
    while below:
        node = below.pop()
        yield node
        below += node.children()


def last_line(node: Any) -> int:
    """The last line of a node; some end with the line end, at the start of the next line."""
    end = node.range().end
    line: int = end.line if end.column else end.line - 1
    return line


def functions_named(text: str, path: str, name: str) -> list[tuple[int, int]]:
    """The first and last lines of all functions and methods of a name."""
    return [
        (node.range().start.line, last_line(node))
        for node in walk(root_of(text, path))
        if node.kind() in (*_FUNCTIONS, *_METHODS)
        and name == _text(node.field("name"))
        and last_line(node) > node.range().start.line
    ]


def names(text: str, path: str) -> set[str]:
    """The names that a text defines at its top."""
    tree = outline(text.lstrip("\n"), path)
    return set() if tree is None else {each.name for each in tree.definitions}


def only_code(text: str, path: str) -> bool:
    """Whether a text has nothing but functions and types, which may be defined after their use."""
    tree = outline(text.lstrip("\n"), path)
    return tree is not None and not tree.other and bool(tree.definitions) and all(
        each.kind != "value" for each in tree.definitions
    )  # fmt: skip


def top_named(text: str, path: str, name: str) -> list[tuple[int, int]]:
    """The lines of all that a file defines under a name at its top, with comments above it."""
    there = outline(text, path)
    found = [] if there is None else there.named(name)
    return [(each.first, each.last) for each in found]


def spans(text: str, path: str) -> list[tuple[str, int, int]]:
    """What stands at the top of a text over several lines: what it is, its first and last line."""
    root = _root(plain_text(text), language_of(path) or "")
    found = []
    for node in [] if root is None else root.children():
        first, last = node.range().start.line, last_line(node)
        if node.kind() not in (*ABOVE, "ERROR") and last > first:
            shown = _named(node.field("declaration") or node)[0]
            found.append((shown or node.text().partition("\n")[0].strip(), first, last))
    return found


def _root(text: str, language: str) -> Any:
    try:
        import ast_grep_py
    except ImportError:
        return None
    try:
        return ast_grep_py.SgRoot(text, language).root()
    except BaseException as panic:
        # Its panics are no `Exception`.
        if type(panic).__name__ != "PanicException":
            raise
        return None


def _definition(node: Any, above: list[Any], lines: tuple[str, ...]) -> Definition | None:
    inner = node.field("declaration") or node
    name, kind = _named(inner)
    first = head = node.range().start.line
    last = last_line(node)
    alone = node.range().start.column == 0 and not lines[last][node.range().end.column :].strip(
        " ;"
    )
    if not name or not alone or not re.search(rf"\b{re.escape(name)}\b", lines[head]):
        return None
    marks = False
    for each in reversed(above):
        if last_line(each) + 1 < first:
            break
        first = each.range().start.line
        marks = marks or each.kind() in ("attribute_item", "decorator")
    return Definition(name, kind, "", first, head, last, "", decorated=marks)


def _named(node: Any) -> tuple[str, Kind]:
    kind = node.kind()
    if kind in _FUNCTIONS:
        return _text(node.field("name")), "function"
    if kind in _TYPES:
        return _text(node.field("name")), "class"
    if kind in ("const_item", "static_item"):
        return _text(node.field("name")), "value"
    if kind in _VALUES or kind in _GROUPS:
        parts = [each for each in node.children() if each.field("name") is not None]
        if len(parts) != 1:
            return "", "value"
        (part,) = parts
        bound = part.field("value")
        arrow = bound is not None and bound.kind() in ("arrow_function", "function_expression")
        return _text(part.field("name")), "function" if arrow else "value"
    return "", "value"


def _text(node: Any) -> str:
    text: str = node.text() if node is not None else ""
    return text if re.fullmatch(r"[A-Za-z_$][\w$]*", text) else ""

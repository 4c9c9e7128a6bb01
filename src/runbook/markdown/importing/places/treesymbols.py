"""What files of the languages in the table of grammars define, by ast-grep.

Without ast-grep, an extra of the package, nothing is found, and the step is left to a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, zip_longest
from typing import Any

from runbook.core.value import replace
from runbook.markdown.importing.places.definitions import Definition, Kind, Source
from runbook.markdown.importing.places.grammars import (
    COMPONENTS,
    GRAMMARS,
    Grammar,
    grammar_of,
    read_as,
)
from runbook.markdown.importing.places.lines import plain_text

_ENDS = re.compile(r"[ ;,]*(?://.*)?")  # what may stand behind a definition
ABOVE = ("comment", "line_comment", "block_comment", "attribute_item", "decorator")
_MARKS = ("modifiers", "attribute_list")  # of a definition, in its own node
_SCRIPT = re.compile(r"^<script\b[^>\n]*>\n(?P<code>\n*\S.*?)^</script>", re.MULTILINE | re.DOTALL)
_PLAIN = ("use_declaration", "import_statement", "import_declaration", "package_clause")


def knows(path: str) -> bool:
    """Whether a file is of a language whose definitions are looked up here."""
    return read_as(path) in GRAMMARS


def outline(text: str, path: str) -> Source | None:
    """What a text without an error defines, with the comments and marks above it.

    That is what stands at its top, and the members of its types and implementations.
    Where its first line is blank, nothing is said of the lines after it.
    """
    root, grammar = root_of(text, path), grammar_of(path)
    lines = tuple(plain_text(text).rstrip("\n").split("\n"))
    if root is None or not lines[0].strip():
        return None
    top = [(node, _definition(node, above, lines, grammar)) for node, above in _remarked(root)]
    plain = [found for _, found in top if found is not None and not found.owner]
    other = any((found is None or found.owner) and node.kind() not in _PLAIN for node, found in top)
    members = [found for _, found in top if found is not None and found.owner]
    for node, _ in top:
        members += _chained(_members(node, lines, grammar))
    return Source(lines, (*_chained(plain), *members), other)


def _remarked(parent: Any) -> Iterator[tuple[Any, list[Any]]]:
    """What stands in a node, each with the comments and marks right above it."""
    above: list[Any] = []
    before = -1
    for node in parent.children():
        if node.kind() not in ABOVE:
            yield node, above
            above, before = [], last_line(node)
            continue
        if node.range().start.line == before:
            continue  # it is of what stands before it in its line
        if above and last_line(above[-1]) + 1 < node.range().start.line:
            above = []
        above.append(node)


def _chained(found: list[Definition]) -> list[Definition]:
    """The definitions, each with where the next one begins."""
    begins = [each.first for each in found[1:]]
    return [replace(each, following=begin) for each, begin in zip_longest(found, begins)]


def _members(node: Any, lines: tuple[str, ...], grammar: Grammar) -> list[Definition]:
    """What a class, a struct and the like has, or what implements a type."""
    found: list[Definition] = []
    for owner, body in _owned(node.field("declaration") or node, grammar):
        own = (
            _definition(each, above, lines, grammar, owner)
            for each, above in _remarked(body)
            if each.kind() in grammar.members
        )
        found += (each for each in own if each is not None)
        within = (each for each in body.children() if grammar.nests)
        found += chain.from_iterable(_members(each, lines, grammar) for each in within)
    return found


def _owned(node: Any, grammar: Grammar) -> Iterator[tuple[str, Any]]:
    """The types that a node declares or implements, and what holds their members."""
    specs = node.children() if node.kind() == "type_declaration" else [node]  # of Go
    for each in specs:
        named = each.field("name") or each.field("type")
        if each.kind() not in grammar.owners or named is None:
            continue
        body = each.field("body")
        if body is None and (of := each.field("type")) is not None:
            lists = (it for it in of.children() if it.kind() == "field_declaration_list")
            body = next(lists, of)
        if body is not None:
            yield str(named.text()), body


@lru_cache(maxsize=16)  # several finders look into the same few texts
def root_of(text: str, path: str) -> Any:
    """The syntax tree of a text that has no error; `None` if there is none."""
    plain = _code(text, path)
    if re.search("[\r\ud800-\udfff]", plain):
        return None
    root = _root(plain, read_as(path))
    return None if root is None or root.find_all({"rule": {"kind": "ERROR"}}) else root


def walk(root: Any) -> Iterator[Any]:
    """All nodes of a tree; those that are written first do not come first."""
    below = [] if root is None else [root]
    while below:
        node = below.pop()
        yield node
        below += node.children()


def _code(text: str, path: str) -> str:
    """What is read of a text: of a component the lines of its only script, where they stand.

    A text without one is the script alone.
    """
    plain = plain_text(text)
    if not path.endswith(COMPONENTS) or "<script" not in plain:
        return plain
    found = _SCRIPT.search(plain)
    if found is None or plain.count("<script") > 1:
        return plain  # which is no code
    first, last = found.span("code")
    return re.sub(r".", " ", plain[:first]) + plain[first:last] + re.sub(r".", " ", plain[last:])


def last_line(node: Any) -> int:
    """The last line of a node; some end with the line end, at the start of the next line."""
    end = node.range().end
    line: int = end.line if end.column else end.line - 1
    return line


def functions_named(text: str, path: str, name: str) -> list[tuple[int, int]]:
    """The first and last lines of all functions and methods of a name."""
    grammar = grammar_of(path)
    return [
        (node.range().start.line, last_line(node))
        for node in walk(root_of(text, path))
        if node.kind() in (*grammar.functions, *grammar.methods)
        and name == _text(node.field("name"))
        and last_line(node) > node.range().start.line
    ]


def top(text: str, path: str) -> list[Definition]:
    """What a text defines at its top."""
    tree = outline(text, path)
    return [] if tree is None else [each for each in tree.definitions if not each.owner]


def names(text: str, path: str) -> set[str]:
    """The names that a text defines at its top."""
    return {each.name for each in top(text.lstrip("\n"), path)}


def only_code(text: str, path: str) -> bool:
    """Whether a text has nothing but functions and types, which may be defined after their use."""
    tree = outline(text.lstrip("\n"), path)
    return tree is not None and not tree.other and bool(tree.definitions) and all(
        each.kind != "value" for each in tree.definitions if not each.owner
    )  # fmt: skip


def spans(text: str, path: str) -> list[tuple[str, int, int]]:
    """What stands at the top of a text over several lines: what it is, its first and last line."""
    root, grammar = _root(_code(text, path), read_as(path)), grammar_of(path)
    found = []
    for node in [] if root is None else root.children():
        first, last = node.range().start.line, last_line(node)
        if node.kind() not in (*ABOVE, "ERROR") and last > first:
            shown = _named(node.field("declaration") or node, grammar)[0]
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


def _definition(
    node: Any, above: list[Any], lines: tuple[str, ...], grammar: Grammar, owner: str = ""
) -> Definition | None:
    inner = node.field("declaration") or node
    name, kind = _named(inner, grammar)
    first = head = node.range().start.line
    last, column = last_line(node), node.range().start.column
    indent, owner = lines[head][:column], owner or _receiver(inner)
    alone = _ENDS.fullmatch(lines[last][node.range().end.column :]) is not None
    if not name or not alone or (indent.strip() if owner else indent):
        return None
    before = [each for each in inner.children() if each.kind() in _MARKS]
    named = inner.field("name").range().start.line if before else head
    if not re.search(rf"\b{re.escape(name)}\b", lines[named]):
        return None
    marks = any(each.kind() == "attribute" for each in chain.from_iterable(map(_below, before)))
    for each in reversed(above):
        if last_line(each) + 1 < first:
            break
        first = each.range().start.line
        marks = marks or each.kind() in ("attribute_item", "decorator")
    return Definition(name, kind, owner, first, head, last, indent, decorated=marks)


def _below(node: Any) -> list[Any]:
    return list(node.children())


def _receiver(method: Any) -> str:
    """The type that a method of Go is of; nothing of other functions."""
    receiver = method.field("receiver")
    if receiver is None:
        return ""
    return re.sub(r".*?(\w+)(?:\[[^\]]*\])?\s*\)$", r"\1", receiver.text())


def _named(node: Any, grammar: Grammar) -> tuple[str, Kind]:
    kind, own = node.kind(), _text(node.field("name"))
    if kind in (*grammar.functions, *grammar.methods):
        return own, "function"
    if kind in grammar.types:
        return "" if is_extension(node) else own, "class"
    if kind in grammar.constants:
        return own, "value"
    if kind in grammar.fields:
        bound = node.field("value")
        does = any(each.kind() == "computed_property" for each in node.children())
        does = does or (bound is not None and bound.kind() == "arrow_function")
        several = kind == "enum_entry" and "," in re.sub(r"\(.*\)", "", node.text())
        return "" if several else own, "function" if does else "value"
    parts = [each for each in node.children() if each.field("name") is not None]
    if kind not in grammar.values or len(parts) != 1:
        return "", "value"
    (part,) = parts
    bound = part.field("value")
    arrow = bound is not None and bound.kind() in ("arrow_function", "function_expression")
    return _text(part.field("name")), "function" if arrow else "value"


def is_extension(node: Any) -> bool:
    """Whether a type of Swift is defined elsewhere, and gets more members here."""
    kind = node.field("declaration_kind")
    return kind is not None and kind.text() == "extension"


def _text(node: Any) -> str:
    text: str = node.text() if node is not None else ""
    return text if re.fullmatch(r"[A-Za-z_$][\w$]*", text) else ""

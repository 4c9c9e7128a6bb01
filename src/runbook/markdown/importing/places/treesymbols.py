"""Edits at what JavaScript, TypeScript, Rust and Go define at the top of a file, by ast-grep.

Without ast-grep, an extra of the package, nothing is found, and the step is left to a person.
"""

from __future__ import annotations

import re
from typing import Any

from runbook.core.edit.edits import apply
from runbook.core.edit.syntax import language_of
from runbook.core.matching.results import Applied
from runbook.core.model.operations import Operation
from runbook.core.value import value
from runbook.markdown.importing.places.definitions import Definition, Kind
from runbook.markdown.importing.places.inplace import anchored, in_place
from runbook.markdown.importing.words.symbolwords import Anew, Spot

LANGUAGES = ("javascript", "typescript", "tsx", "rust", "go")
_FUNCTIONS = ("function_declaration", "generator_function_declaration", "function_item")
_METHODS = ("method_definition", "method_declaration")
_TYPES = (
    "class_declaration", "abstract_class_declaration", "interface_declaration", "enum_declaration",
    "type_alias_declaration", "struct_item", "enum_item", "trait_item", "type_item", "union_item",
)  # fmt: skip
_VALUES = ("lexical_declaration", "variable_declaration", "const_item", "static_item")
_GROUPS = ("type_declaration", "const_declaration", "var_declaration")  # of Go
_ABOVE = ("comment", "line_comment", "block_comment", "attribute_item", "decorator")
_PLAIN = ("use_declaration", "import_statement", "import_declaration", "package_clause")


@value
class _Tree:
    """A text that parses, as lines, with what it defines; `other` if it has other statements."""

    lines: tuple[str, ...]
    definitions: tuple[Definition, ...]
    marked: frozenset[str]  # names of those with attributes or decorators
    other: bool


def knows(path: str) -> bool:
    """Whether a file is of a language whose definitions are looked up here."""
    return language_of(path) in LANGUAGES


def inserted(text: str, path: str, code: str, place: Spot) -> Operation | str:
    """The edit that puts a block next to what is defined in a text, or why there is none."""
    there, block = _tree(text, path), _tree(code, path)
    if there is None or block is None or not _can_stand(block) or not _plain(place):
        return ""
    names = [each.name for each in block.definitions]
    if any(code.removesuffix("()") not in names for code in place.what):
        return ""
    found = [each for each in there.definitions if each.name == place.name]
    if len(found) != 1:
        return f"`{place.name}` is defined {'more than once' if found else 'nowhere'} in the file"
    (one,) = found
    at = there.definitions.index(one) + 1
    following = there.definitions[at].name if at < len(there.definitions) else None
    if place.then is not None and place.then != following:
        return f"`{place.then}` does not come next after `{place.name}`"
    taken = next((n for n in names if any(each.name == n for each in there.definitions)), None)
    if taken is not None:
        return f"already there: `{taken}` is defined in the file"
    made = _apart(there, block, one, after=place.side == "after")
    change = anchored(text, there.lines, one.first, one.last, place.side, made)
    if change is None:
        return f"the lines of `{place.name}` stand elsewhere too"
    return change if _defines(text, path, change, names) else ""


def replaced(text: str, path: str, code: str, said: Anew) -> Operation | str:
    """The edit that puts a block in place of the definition of its name, or why there is none."""
    there, block = _tree(text, path), _tree(code, path)
    if there is None or block is None or block.other or len(block.definitions) != 1:
        return ""
    (new,) = block.definitions
    found = [each for each in there.definitions if each.name == new.name]
    if said.name not in (None, new.name) or new.kind != "function":
        return ""
    if len(found) != 1 or found[0].kind != "function":
        return f"`{new.name}` is no function that the file defines once"
    (old,) = found
    size = old.last - old.head + 1
    stated = None if said.lines is None else said.lines.last - said.lines.first + 1
    if said.verb not in ("replace", "rewrite") and not said.entire and stated != size:
        return ""
    if stated not in (None, 1) and abs(stated - size) > 1 + old.head - old.first:
        return ""
    if old.name in there.marked and old.name not in block.marked:
        return f"`{old.name}` has attributes, of which the new text says nothing"
    # A comment above it stays, unless the new text has its own.
    first = old.first if new.first < new.head else old.head
    change = in_place(text, there.lines, first, old.last, list(block.lines))
    if change is None:
        return f"the lines of `{old.name}` stand elsewhere too"
    return change if _defines(text, path, change, [old.name]) else ""


def renamed(text: str, path: str, code: str, old: str, new: str) -> Operation | str:
    """The edit that puts the definition of a new name in place of that of an old one."""
    there, block = _tree(text, path), _tree(code.strip("\n"), path)
    if there is None or block is None or block.other or len(block.definitions) != 1:
        return ""
    (shown,) = block.definitions
    found = [each for each in there.definitions if each.name == old]
    if shown.name != new or any(each.name == new for each in there.definitions):
        return ""
    if len(found) != 1 or found[0].kind != shown.kind:
        return f"`{old}` is defined {'more than once' if found else 'nowhere'} in the file"
    (one,) = found
    if old in there.marked and new not in block.marked:
        return f"`{old}` has attributes, of which the new text says nothing"
    # A comment above it is of the old one.
    return in_place(text, there.lines, one.first, one.last, list(block.lines)) or ""


def names(text: str, path: str) -> set[str]:
    """The names that a text defines at its top."""
    tree = _tree(text.lstrip("\n"), path)
    return set() if tree is None else {each.name for each in tree.definitions}


def only_code(text: str, path: str) -> bool:
    """Whether a text has nothing but functions and types, which may be defined after their use."""
    tree = _tree(text.lstrip("\n"), path)
    return tree is not None and not tree.other and bool(tree.definitions) and all(
        each.kind != "value" for each in tree.definitions
    )  # fmt: skip


def root_of(text: str, path: str) -> Any:
    """The syntax tree of a text that has no error; `None` if there is none."""
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if "\r" in plain or any("\ud800" <= each <= "\udfff" for each in plain):
        return None
    root = _root(plain, language_of(path) or "")
    return None if root is None or root.find_all({"rule": {"kind": "ERROR"}}) else root


def functions_named(text: str, path: str, name: str) -> list[tuple[int, int]]:
    """The first and last lines of all functions and methods of a name."""
    root, found = root_of(text, path), []
    below = [] if root is None else list(root.children())
    while below:
        node = below.pop()
        named = node.field("name") if node.kind() in (*_FUNCTIONS, *_METHODS) else None
        if named is not None and named.text() == name and _ends(node) > node.range().start.line:
            found.append((node.range().start.line, _ends(node)))
        below += node.children()
    return found


def top_named(text: str, path: str, name: str) -> list[tuple[int, int]]:
    """The lines of all that a file defines under a name at its top, with comments above it."""
    tree = _tree(text, path)
    found = [] if tree is None else [each for each in tree.definitions if each.name == name]
    return [(each.first, each.last) for each in found]


def spans(text: str, path: str) -> list[tuple[str, int, int]]:
    """What stands at the top of a text over several lines: what it is, its first and last line."""
    root = _root(text.removeprefix("\ufeff").replace("\r\n", "\n"), language_of(path) or "")
    found = []
    for node in [] if root is None else root.children():
        first, last = node.range().start.line, _ends(node)
        if node.kind() not in (*_ABOVE, "ERROR") and last > first:
            shown = _named(node.field("declaration") or node)[0]
            found.append((shown or node.text().partition("\n")[0].strip(), first, last))
    return found


def _plain(place: Spot) -> bool:
    return not (place.into or place.owner or place.comment_next or place.all_before)


def _can_stand(block: _Tree) -> bool:
    # Calls and the like alone may belong into something.
    return any(each.kind != "value" for each in block.definitions) or (
        bool(block.definitions) and not block.other
    )


def _tree(text: str, path: str) -> _Tree | None:
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if "\r" in text or any("\ud800" <= each <= "\udfff" for each in text):
        return None
    root = _root(text, language_of(path) or "")
    if root is None or root.find_all({"rule": {"kind": "ERROR"}}):
        return None
    lines = tuple(text.rstrip("\n").split("\n"))
    if not lines[0].strip():
        # Where the first line is blank, nothing is said of the lines after it.
        return None
    definitions: list[Definition] = []
    marked: set[str] = set()
    other = False
    above: list[Any] = []
    for node in root.children():
        kind = node.kind()
        if kind in _ABOVE:
            if above and _ends(above[-1]) + 1 < node.range().start.line:
                above = []
            above.append(node)
            continue
        found = _definition(node, above, lines)
        if found is not None:
            definitions.append(found)
            if found.decorated:
                marked.add(found.name)
        elif kind not in _PLAIN:
            other = True
        above = []
    return _Tree(lines, tuple(definitions), frozenset(marked), other)


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


def _ends(node: Any) -> int:
    """The last line of a node; some end with the line end, at the start of the next line."""
    end = node.range().end
    line: int = end.line if end.column else end.line - 1
    return line


def _definition(node: Any, above: list[Any], lines: tuple[str, ...]) -> Definition | None:
    inner = node.field("declaration") or node
    name, kind = _named(inner)
    first = head = node.range().start.line
    last = _ends(node)
    alone = node.range().start.column == 0 and not lines[last][node.range().end.column :].strip(
        " ;"
    )
    if not name or not alone or not re.search(rf"\b{re.escape(name)}\b", lines[head]):
        return None
    marks = False
    for each in reversed(above):
        if _ends(each) + 1 < first:
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


def _apart(there: _Tree, block: _Tree, one: Definition, *, after: bool) -> list[str]:
    """The block's lines with the blank ones that keep it apart."""
    small = one.kind == "value" and one.first == one.last
    small = small and all(
        each.kind == "value" and each.first == each.last for each in block.definitions
    )
    gap = 0 if small else 1
    if not after:
        return [*block.lines, *[""] * gap]
    below = one.last + 1
    while below < len(there.lines) and not there.lines[below].strip():
        below += 1
    more = max(0, gap - (below - one.last - 1)) if below < len(there.lines) else 0
    return [*[""] * gap, *block.lines, *[""] * more]


def _defines(text: str, path: str, change: Operation, names: list[str]) -> bool:
    """Whether what comes of it parses, with all that was defined and the new names."""
    made = apply(text, change)
    before = _tree(text, path)
    after = _tree(made.text, path) if isinstance(made, Applied) and made.text is not None else None
    if before is None or after is None:
        return False
    there = [each.name for each in after.definitions]
    return {each.name for each in before.definitions} | set(names) <= set(there)

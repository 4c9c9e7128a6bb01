"""What code defines, in a file or a block: by Python's own parser, or ast-grep."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from collections.abc import Callable
from textwrap import dedent

from runbook.core.value import value
from runbook.markdown.importing.places import treesymbols
from runbook.markdown.importing.places.definitions import (
    Definition,
    Kind,
    Source,
    is_definition,
    is_import,
    is_text,
    kind_of,
    name_of,
    parsed,
    source,
)
from runbook.markdown.importing.places.grammars import grammar_of
from runbook.markdown.importing.places.lines import margin_of, without_blank_ends

PYTHON = (".py", ".pyi")
_DATA: dict[str, Callable[[str], object]] = {".json": json.loads, ".toml": tomllib.loads}
_DECLARES = ("inner_attribute_item", "mod_item", "use_declaration", "extern_crate_declaration")


def is_read(path: str) -> bool:
    """Whether what a file defines can be looked up."""
    return path.endswith(PYTHON) or treesymbols.knows(path)


def outline(text: str, path: str) -> Source | None:
    """What a text defines; of Python with what is in its classes, else at its top."""
    return source(text) if path.endswith(PYTHON) else treesymbols.outline(text, path)


def parses(text: str, path: str) -> bool:
    """Whether a text has no error, as Python where the language is none that is known."""
    if treesymbols.knows(path):
        return treesymbols.root_of(text, path) is not None
    if path.endswith(tuple(_DATA)):
        try:
            _DATA[path[path.rindex(".") :]](text.removeprefix("\ufeff"))
        except (ValueError, RecursionError):
            return False
        return True
    return parsed(text) is not None


def spoilt(text: str, whole: str, path: str) -> bool:
    """Whether a text of a language that can be read is no longer one that is."""
    read = treesymbols.knows(path) or path.endswith((*PYTHON, *_DATA))
    return read and parses(text, path) and not parses(whole, path)


def functions_named(text: str, path: str, name: str) -> list[tuple[int, int]]:
    """The first and last lines (from 0) of all functions and methods of a name."""
    if treesymbols.knows(path):
        return treesymbols.functions_named(text, path, name)
    there = source(text)
    named = there.named(name) if there else []
    return [(each.head, each.last) for each in named if each.kind == "function"]


def declarations(text: str, path: str) -> set[str]:
    """The kinds of a file's declarations, where it has nothing else; none if it has."""
    if path.endswith(PYTHON):
        tree = parsed(text)
        body = tree.body if tree is not None else []
        plain = all(map(_declares, body[ast.get_docstring(tree) is not None :] if tree else []))
        return {type(each).__name__ for each in body} if plain else set()
    root = treesymbols.root_of(text, path) if path.endswith(".rs") else None
    nodes = [] if root is None else root.children()
    nodes = [node for node in nodes if node.kind() not in treesymbols.ABOVE]
    plain = all(node.kind() in _DECLARES and node.field("body") is None for node in nodes)
    return {f"{node.kind()} {node.text()[:3]}" for node in nodes} if plain else set()


def is_headed(text: str, path: str) -> bool:
    """Whether a text begins with what is of a whole file, and stands above all of it."""
    if path.endswith(PYTHON):
        tree = parsed(text)
        return tree is not None and ast.get_docstring(tree) is not None
    return re.match(r"\s*(?://!|#!\[)", text) is not None


def _declares(statement: ast.stmt) -> bool:
    named = statement.targets[0] if isinstance(statement, ast.Assign) else None
    listed = isinstance(named, ast.Name) and named.id == "__all__"
    return listed or is_import(statement)


def times(count: int) -> str:
    """How often something is defined that is not to be found once and for sure."""
    return "more than once" if count > 1 else "once, under a condition" if count else "nowhere"


@value
class Shown:
    """A block's code at the left margin, and what it defines; `kind` is that of the first."""

    lines: tuple[str, ...]
    names: tuple[str, ...]
    kind: Kind
    statements: tuple[ast.stmt, ...] = ()  # of Python
    margin: str = ""  # the indentation that the plan shows it with
    rigid: bool = False  # a string goes over lines, which another indentation would change
    values: bool = False  # nothing but fields or constants, and strings that describe them
    methods: bool = False  # each function in it is one of a class
    alone: bool = False  # it has nothing but one definition
    small: bool = False  # nothing but constants of a line each
    decorated: bool = False
    remarked: bool = False  # a comment of its own stands above it


def shown(code: str, path: str) -> Shown | None:
    """What a block defines, if it has nothing that may belong into something."""
    return _of_python(code) if path.endswith(PYTHON) else _of_tree(code, path)


# A statement in the place of a method would be read as one that is called so.
_STATEMENTS = {
    "if", "for", "while", "switch", "return", "catch", "with", "do", "else", "try", "await",
}  # fmt: skip


def _of_methods(code: str, path: str) -> Shown | None:
    plain, grammar = dedent(code).strip("\n"), grammar_of(path)
    found = next(filter(None, (_owned(plain, path, each) for each in grammar.around)), [])
    names = [each.name for each in found]
    if not names or _STATEMENTS.intersection(names):
        return None
    kinds = {each.kind for each in found}
    return Shown(
        tuple(plain.split("\n")),
        tuple(names),
        found[0].kind,
        (),
        margin_of(code.lstrip("\n")),
        rigid=any(mark in code for mark in grammar.raw),
        values=kinds == {"value"},
        methods=kinds == {"function"},
        alone=len(found) == 1,
        small=_are_small(found),
        decorated=found[0].decorated,
        remarked=found[0].first < found[0].head,
    )


def _owned(plain: str, path: str, around: str) -> list[Definition]:
    """The members that a text has where it stands in a type."""
    whole = f"{around} {{\n{plain}\n}}" if around else plain
    tree = treesymbols.outline(whole, path)
    owned = [] if tree is None else [each for each in tree.definitions if each.owner]
    return [each for each in owned if each.owner == "It"] if around else owned


def _are_small(found: list[Definition]) -> bool:
    """Whether definitions are constants, or names of types, of a line each."""
    return all(each.kind != "function" and each.head == each.last for each in found)


def _of_tree(code: str, path: str) -> Shown | None:
    tree = treesymbols.outline(code, path)
    top = [] if tree is None else [each for each in tree.definitions if not each.owner]
    if tree is None or not top:
        return _of_methods(code, path)
    kinds = {each.kind for each in top}
    if tree.other and kinds == {"value"}:
        return None  # calls and the like alone may belong into something
    alike = grammar_of(path).alike
    (first, *others), names = top, tuple(each.name for each in top)
    return Shown(
        tree.lines,
        names,
        first.kind,
        values=alike and kinds == {"value"},
        methods=alike and kinds == {"function"},
        alone=not (tree.other or others),
        small=_are_small(top),
        decorated=first.decorated,
        remarked=first.first < first.head,
    )


def _of_python(code: str) -> Shown | None:
    lines = without_blank_ends(code.split("\n"))
    if not lines:
        return None
    plain = dedent("\n".join(lines))
    tree = parsed(plain + "\n")
    if tree is None or not tree.body:
        return None
    named = [name for each in tree.body if (name := name_of(each))]
    defines = list(filter(is_definition, tree.body))
    # A call and the like may belong into something, but beside a definition.
    others = [each for each in tree.body if not (name_of(each) or is_text(each))]
    if not named or any(map(is_sketch, defines)) or not (defines or all(map(is_import, others))):
        return None
    values = not (defines or others)
    shown, opens = plain.split("\n"), tree.body[0]
    return Shown(
        tuple(shown),
        tuple(named),
        kind_of(opens),
        tuple(tree.body),
        lines[0][: len(lines[0]) - len(shown[0])],
        rigid=_has_long_strings(tree),
        values=values,
        methods=not (values or others) and all(map(is_method, defines)),
        alone=len(tree.body) == 1,
        decorated=bool(getattr(opens, "decorator_list", [])),
    )


def is_sketch(statement: ast.stmt) -> bool:
    """Whether a function has no body yet: only what it is to do."""
    if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    for each in statement.body:
        match each:
            case ast.Pass() | ast.Expr(value=ast.Constant()):
                continue
            case ast.Raise(exc=ast.Name(id=name) | ast.Call(func=ast.Name(id=name))):
                if name != "NotImplementedError":
                    return False
            case _:
                return False
    return True


def is_method(statement: ast.stmt) -> bool:
    """Whether a function is one of a class, by its first parameter."""
    if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    arguments = [*statement.args.posonlyargs, *statement.args.args]
    first = arguments[0].arg if arguments else ""
    marks = [each.id for each in statement.decorator_list if isinstance(each, ast.Name)]
    return first in ("self", "cls") or "staticmethod" in marks


def has_methods(code: str) -> bool:
    """Whether a block has methods by the first parameter, without their class."""
    tree = parsed(dedent(code))
    return tree is not None and any(map(is_method, tree.body))


def _has_long_strings(tree: ast.AST) -> bool:
    """Whether a string goes over lines, which other indentation would change."""
    # What describes a function or field may stand anywhere.
    described = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return any(
        isinstance(node, ast.Constant | ast.JoinedStr)
        and id(node) not in described
        and (isinstance(node, ast.JoinedStr) or isinstance(node.value, str | bytes))
        and node.end_lineno != node.lineno
        for node in ast.walk(tree)
    )

"""What code of a file defines, whichever parser reads it: Python's own, or ast-grep."""

from __future__ import annotations

import ast
import re

from runbook.markdown.importing.places import treesymbols
from runbook.markdown.importing.places.definitions import Source, parsed, source

PYTHON = (".py", ".pyi")
_DECLARES = ("inner_attribute_item", "mod_item", "use_declaration", "extern_crate_declaration")


def is_read(path: str) -> bool:
    """Whether what a file defines can be looked up."""
    return path.endswith(PYTHON) or treesymbols.knows(path)


def outline(text: str, path: str) -> Source | None:
    """What a text defines; of Python with what is in its classes, else at its top."""
    return source(text) if path.endswith(PYTHON) else treesymbols.outline(text, path)


def parses(text: str, path: str) -> bool:
    """Whether a text has no error, as Python where the language is none of ast-grep's."""
    if treesymbols.knows(path):
        return treesymbols.root_of(text, path) is not None
    return parsed(text) is not None


def spoilt(text: str, whole: str, path: str) -> bool:
    """Whether a text that ast-grep reads is no longer one that it does."""
    return treesymbols.knows(path) and parses(text, path) and not parses(whole, path)


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
    return listed or isinstance(statement, ast.Import | ast.ImportFrom)


def times(count: int) -> str:
    """How often something is defined that is not to be found once and for sure."""
    return "more than once" if count > 1 else "once, under a condition" if count else "nowhere"

"""Whether a block of code is a whole file, by itself: from its head to what it defines."""

from __future__ import annotations

import ast
import re
from typing import Any

from runbook.markdown.importing.places.definitions import is_definition, is_text, parsed, unbound
from runbook.markdown.importing.places.grammars import grammar_of
from runbook.markdown.importing.places.treesymbols import (
    ABOVE,
    knows,
    root_of,
    walk,
)
from runbook.markdown.importing.words.vocabulary import spelled

_REMARKS = r"(?:\s*//(?!!)[^\n]*\n|\s*/\*[\s\S]*?\*/\s*\n)*\s*"
# How whole files begin, by their ending: with their package, with what describes them.
_HEADS = {
    "go": rf"{_REMARKS}package \w+\s*\n|//!",
    "rs": rf"{_REMARKS}package \w+\s*\n|//!",
    "kt": rf"{_REMARKS}package [\w.]+\s*\n",
    "java": rf"{_REMARKS}package [\w.]+;",
    "cs": rf"{_REMARKS}(?:using [\w.= ]+;\s*)*namespace [\w.]+",
    "php": rf"<\?php\s(?:{_REMARKS}declare\(strict_types=1\);)?{_REMARKS}namespace [\w\\]+;",
    "proto": rf"{_REMARKS}syntax = ",
}
_HEADED = {ending: re.compile(head) for ending, head in _HEADS.items()}
_SCRIPT = re.compile(r"(?<!\.d)\.[cm]?[jt]sx?$")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_BODIES = ("statement_block", "block")
_MOST_REMARKS = 2  # of a function that does nothing
# Of its head, that it gives something back: `-> i64`, `): string`, `) error`.
_RETURNS = spelled(r"->\s*\S|\)\s*:?\s*(?!void\b|Promise<void>)[\w*(\[<][^)]*$")
_DIRECTIVE = re.compile(r"\s*([\"'])use \w+\1")


def all_of_a_file(code: str, path: str) -> bool:
    """Whether a block shows by itself that it is a whole file, from its head to what it defines."""
    if path.endswith(".py"):
        tree = parsed(code)
        held = [each for each in (tree.body if tree else ()) if not is_text(each)]
        headed = held[:1] and isinstance(held[0], ast.Import | ast.ImportFrom)
        return bool(headed and any(map(is_definition, held)))
    ending = path.rpartition(".")[2]
    if ending == "swift":
        return _imports_and_defines(code, path)
    if ending in _HEADED:
        return _HEADED[ending].match(code) is not None
    return _SCRIPT.search(path) is not None and _is_module(code, path)


def _is_module(code: str, path: str) -> bool:
    """Whether JavaScript or TypeScript imports, then exports, and defines all that it declares."""
    root = root_of(code, path)
    if root is None:
        return False
    kinds = [each.kind() for each in root.children() if each.kind() not in ABOVE]
    if _DIRECTIVE.match(code):
        kinds = kinds[1:]
    headed = kinds[:1] == ["import_statement"] and "export_statement" in kinds
    return headed and not any(each.kind() == "function_signature" for each in walk(root))


def _imports_and_defines(code: str, path: str) -> bool:
    """Whether a text of Swift begins with imports, and defines or extends something below them."""
    root, grammar = root_of(code, path), grammar_of(path)
    nodes = [each.kind() for each in root.children()] if root else []
    kinds = [each for each in nodes if each not in (*ABOVE, "directive")]
    defined = (*grammar.types, *grammar.functions)
    return kinds[:1] == ["import_declaration"] and any(each in defined for each in kinds)


def is_sketched(code: str, path: str) -> bool:
    """Whether a function of the code has no body yet, but remarks on what it is to do.

    Of Python: whether one at the margin is no more than its signature.
    """
    if path.endswith(".py"):
        tree = parsed(code)
        own = [it for it in tree.body if isinstance(it, _FUNCTIONS)] if tree else []
        return any(map(_is_left_out, own))
    root = root_of(code, path) if knows(path) else None
    if root is None:
        return False
    grammar = grammar_of(path)
    functions = (*grammar.functions, *grammar.methods)
    return any(_is_sketch(each) for each in walk(root) if each.kind() in functions)


def _is_left_out(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether `...` is all that a function does, where that is no overload."""
    held = [it.value for it in function.body if isinstance(it, ast.Expr)]
    only = [it.value for it in held if isinstance(it, ast.Constant)]
    rest = [it for it in only if not isinstance(it, str)]
    return len(only) == len(function.body) and rest == [...] and not function.decorator_list


def _is_sketch(node: Any) -> bool:
    """Whether the body of a function only says, in comments, what it is to do."""
    body = next((each for each in node.children() if each.kind() in _BODIES), None)
    held = [each.kind() for each in body.children() if each.is_named()] if body else []
    if body is None or not held or not all("comment" in each for each in held):
        return False
    head = node.text().removesuffix(body.text())
    return len(held) > _MOST_REMARKS or _RETURNS.search(head) is not None


def lacks_a_name(code: str) -> bool:
    """Whether Python code uses what it neither imports nor defines, so that it is a part."""
    tree = parsed(code)
    return tree is not None and bool(unbound(tree))

"""Statements of a Python file: a value given anew, what goes below the imports, fields."""

from __future__ import annotations

import ast
import re
from itertools import takewhile
from textwrap import dedent

from runbook.core.model.operations import EnsureImport, Operation
from runbook.markdown.importing.places import swift, treeadditions
from runbook.markdown.importing.places.definitions import (
    Definition,
    Source,
    begin_of,
    end_of,
    is_definition,
    is_import,
    is_text,
    kind_of,
    name_of,
    parsed,
    source,
    unreadable,
)
from runbook.markdown.importing.places.grammars import grammar_of
from runbook.markdown.importing.places.inplace import anchored, in_place, made_of
from runbook.markdown.importing.places.lines import filled_from, is_whole
from runbook.markdown.importing.places.symbols import class_named, inserted
from runbook.markdown.importing.places.treesymbols import knows
from runbook.markdown.importing.words.symbolwords import Spot


def value_anew(text: str, name: str, verb: str, code: str) -> Operation | str:
    """The assignment of a name at the top of a Python file, or in the one class that has it."""
    there, block = source(text), parsed(dedent(code))
    named = [(name_of(each), kind_of(each)) for each in block.body] if block is not None else []
    if there is None or named != [(name, "value")]:
        return ""
    found = there.named(name)
    if len(found) != 1 or found[0].loose or found[0].kind != "value":
        return ""
    (old,) = found
    shown = list(there.lines[old.first : old.last + 1])
    if any("#" in line and line.strip() not in code for line in shown):
        return ""  # what is said beside it would be lost
    if not is_whole(verb, shown, code.strip("\n").split("\n")) and verb.lower() != "change":
        return ""
    own = [
        old.indent + line if line.strip() else "" for line in dedent(code).strip("\n").split("\n")
    ]
    return in_place(text, there.lines, old.first, old.last, own) or ""


def below_imports_of(text: str, code: str) -> Operation | str:
    """Statements below the imports that a file begins with."""
    there, tree, block = source(text), parsed(text), parsed(code)
    if there is None or tree is None or block is None:
        return ""
    new = list(filter(None, map(name_of, block.body)))
    taken = [name for name in new if there.named(name, "")]
    if taken:
        return f"already there: `{taken[0]}` is defined in the file"
    head = list(takewhile(_of_the_head, tree.body))
    imports = list(filter(is_import, tree.body))
    if not new or not imports or imports[-1] not in head:
        return ""  # it has imports further down, too
    first, last = begin_of(head[-1]), end_of(head[-1])
    below = filled_from(there.lines, last + 1)
    gap = 2 if any(map(is_definition, [block.body[-1], *tree.body[len(head) :][:1]])) else 1
    more = 0 if below == len(there.lines) else max(0, gap - (below - last - 1))
    apart = 2 if is_definition(block.body[0]) else 1
    own = [*[""] * apart, *code.strip("\n").split("\n"), *[""] * more]
    change = anchored(text, there.lines, first, last, "after", own)
    made = None if change is None else made_of(text, change)
    after = None if made is None else source(made)
    whole = after is not None and all(after.named(name, "") for name in new)
    return change if change is not None and whole else ""


def _of_the_head(statement: ast.stmt) -> bool:
    """Whether a statement is of those that a file begins with: its docstring and imports."""
    match statement:
        case ast.If(body=body, orelse=[]) | ast.Try(body=body):
            return all(map(_of_the_head, body))
        case _:
            return is_import(statement) or is_text(statement)


def within(text: str, path: str, code: str, owner: str, beside: str = "") -> Operation | str:
    """Members behind the last one of their kind in a class, or the like of another language.

    Where they are to stand behind one that is named, that is `beside`. In Python, no `owner` is the
    only class that the file has.
    """
    if grammar_of(path).nests:
        return "" if beside else swift.member(text, path, code, owner)
    if knows(path):
        return treeadditions.member(text, path, code, owner, beside)
    there, tree = source(text), parsed(dedent(code))
    if there is None or tree is None:
        return unreadable(text) if tree is not None else ""
    classes = [each.name for each in there.definitions if each.kind == "class"]
    owner = owner or (classes[0] if len(classes) == 1 else "")
    inside = class_named(there, owner) if owner else None
    if inside is None:
        return owner and f"`{owner}` is no class that the file defines once"
    own = [each for each in there.definitions if each.owner == inside and not each.loose]
    functions = all(isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) for each in tree.body)
    last = own[-1] if functions and own and own[-1].kind == "function" else None
    if not functions:
        last = _last_field(own, tree, there)
    if beside:
        last = next((each for each in own if each.name == beside), None)
    if last is None or len(there.named(last.name, inside)) != 1:
        return ""
    return inserted(text, ".py", code, Spot("after", last.name, inside, called=True))


def _last_field(own: list[Definition], tree: ast.Module, there: Source) -> Definition | None:
    """The last field above the methods, if one can be added behind it."""
    fields = list(takewhile(lambda each: each.kind == "value", own))
    if not fields:
        return None
    bare = [each for each in tree.body if isinstance(each, ast.AnnAssign) and each.value is None]
    defaults = any(re.search(r"[^=!<>]=[^=]", there.lines[each.head]) for each in fields)
    # A field without a value can't come behind one that has one.
    return None if bare and defaults else fields[-1]


def import_lines(code: str) -> tuple[str, ...] | None:
    """The imports that a block is made of, a line each; `None` if it is anything else."""
    tree = parsed(code)
    found = [] if tree is None else list(filter(is_import, tree.body))
    if tree is None or not found or len(found) != len(tree.body):
        return None
    if "#" in code or code[0] in " \t" or "*" in [it.name for each in found for it in each.names]:
        return None
    future = any(isinstance(each, ast.ImportFrom) and each.module == "__future__" for each in found)
    return None if future else tuple(map(ast.unparse, found))


def imports_of(code: str, *, library: bool) -> tuple[tuple[EnsureImport, ...], str] | None:
    """What puts the imports that a block begins with to those of its file, and the rest of it.

    `None` where they can't be told apart, or the `library` that does so is not at hand.
    """
    tree = parsed(code)
    body = [] if tree is None else tree.body
    heads = list(filter(is_import, body))
    if body[: len(heads)] != heads or len(heads) == len(body):
        return None
    if not heads:
        return (), code
    lines, last = code.split("\n"), heads[-1].end_lineno or 1
    statements = import_lines("\n".join(lines[:last]) + "\n") if library else None
    rest = "\n".join(lines[last:]).lstrip("\n")
    return None if statements is None or not rest.strip() else ((EnsureImport(statements),), rest)

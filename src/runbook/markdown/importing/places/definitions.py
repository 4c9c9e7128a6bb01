"""What Python source defines by name, and which lines that takes; by Python's own parser."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import takewhile
from textwrap import dedent
from typing import Literal, TypeGuard

from runbook.core.text.otherpythons import lowered, syntax_tree, tree_of_another
from runbook.core.value import value
from runbook.markdown.importing.places.lines import margin_of, plain_text

_OF_MODULES = ("__file__", "__path__", "__annotations__", "__builtins__", "__class__")
_BOUND = frozenset((*dir(builtins), *_OF_MODULES))
Kind = Literal["function", "class", "value"]


@value
class Definition:
    """A function, class or value, with its lines (from 0, both included).

    `first` is that of its decorators, `head` that of its name; `last` takes in what stands below
    it and is its own: the string that describes a field, comments in a body.
    """

    name: str
    kind: Kind
    owner: str  # the class it is in, with those around it; empty at the top of the file
    first: int
    head: int
    last: int
    indent: str
    loose: bool = False  # under a condition or in a function: it may be there or not
    decorated: bool = False
    before: int | None = None  # where the statement before it in its body ends
    following: int | None = None  # where the one after it begins
    follower: str = ""  # what that is: `def` or `other`
    preceding: str = ""


@value
class Source:
    """A text as lines, with what it defines in the order of the lines."""

    lines: tuple[str, ...]
    definitions: tuple[Definition, ...]
    other: bool = False  # not of Python: it has other statements, too

    def named(self, name: str, owner: str | None = None) -> list[Definition]:
        """All definitions of a name, in one class or anywhere."""
        return [
            each
            for each in self.definitions
            if each.name == name and (owner is None or each.owner == owner)
        ]


@lru_cache(maxsize=16)  # several finders look into the same few texts
def source(text: str) -> Source | None:
    """The definitions of a Python text; `None` if it is none, or has more than one a line."""
    text = plain_text(text)
    if "\r" in text or "\f" in text:
        return None
    tree = parsed(text)
    if tree is None:
        return None
    lines = tuple(text.split("\n"))
    return Source(lines, tuple(_definitions(tree.body, lines, "", loose=False)))


@lru_cache(maxsize=16)
def parsed(text: str) -> ast.Module | None:
    """The syntax tree of a Python text, of whatever version, if it is one."""
    own = syntax_tree(text)
    return own if isinstance(own, ast.Module) else tree_of_another(text)


def unreadable(text: str) -> str:
    """Why a text is not read as Python, or nothing."""
    if parsed(text) is not None:
        return ""
    other = lowered(text)
    error = syntax_tree(text if other is None else other)
    line = error.lineno if isinstance(error, SyntaxError) else None
    where = "the file" if line is None else f"line {line} of the file"
    return f"{where} is no Python that can be read here, so nothing is looked up in it"


def in_string(tree: ast.Module, line: int) -> bool:
    """Whether a line (from 1) begins inside a string that goes over several lines."""
    return any(
        isinstance(each, ast.Constant | ast.JoinedStr)
        and each.end_lineno is not None
        and each.lineno < line <= each.end_lineno
        for each in ast.walk(tree)
    )


def is_definition(
    statement: ast.stmt,
) -> TypeGuard[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """Whether a statement defines a function or class."""
    return isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)


def is_import(statement: ast.stmt) -> TypeGuard[ast.Import | ast.ImportFrom]:
    """Whether a statement imports something."""
    return isinstance(statement, ast.Import | ast.ImportFrom)


def is_text(statement: ast.stmt) -> bool:
    """Whether a statement is a string and no more, which describes what it stands below."""
    match statement:
        case ast.Expr(value=ast.Constant(value=str())):
            return True
        case _:
            return False


def unbound(tree: ast.Module) -> frozenset[str]:
    """The names that a file uses, and neither imports, defines, nor has from Python itself."""
    used, bound = set[str](), set(_BOUND)
    for each in ast.walk(tree):
        match each:
            case ast.Name(id=name, ctx=ast.Load()):
                used.add(name)
            case ast.Name(id=name):
                bound.add(name)
            case ast.alias(name="*"):
                return frozenset()  # whatever that has
            case ast.alias(name=name, asname=other):
                bound.add(other or name.partition(".")[0])
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                bound.update(names)
            case ast.keyword():
                pass
            case _:
                # Functions, classes, their parameters, what is caught, what a pattern takes.
                own = (getattr(each, key, None) for key in ("name", "arg", "rest"))
                bound.update(name for name in own if isinstance(name, str))
    return frozenset(used - bound)


def names_in(code: str) -> list[str]:
    """The names of the functions and classes that a block defines."""
    tree = parsed(dedent(code))
    return [name_of(each) for each in tree.body if is_definition(each)] if tree is not None else []


def defined(code: str) -> str:
    """The name of the one function or class that a block is; nothing if it is anything else."""
    tree, names = parsed(dedent(code)), names_in(code)
    return names[0] if tree is not None and len(names) == len(tree.body) == 1 else ""


def _definitions(
    body: list[ast.stmt], lines: tuple[str, ...], owner: str, *, loose: bool, inside: bool = False
) -> Iterator[Definition]:
    for index, statement in enumerate(body):
        name = name_of(statement)
        if name and not (inside and not is_definition(statement)):
            yield _definition(name, body, index, lines, owner, loose)
        if isinstance(statement, ast.ClassDef):
            within = f"{owner}.{statement.name}" if owner else statement.name
            yield from _definitions(statement.body, lines, within, loose=loose)
        elif is_definition(statement):
            yield from _definitions(statement.body, lines, owner, loose=True, inside=True)
        else:
            for inner in _blocks(statement):
                yield from _definitions(inner, lines, owner, loose=True, inside=inside)


def _blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    for field in ("body", "orelse", "finalbody"):
        inner = getattr(statement, field, None)
        if isinstance(inner, list):
            yield inner
    for handler in [*getattr(statement, "handlers", []), *getattr(statement, "cases", [])]:
        yield handler.body


def name_of(statement: ast.stmt) -> str:
    """What a statement gives a name to, if that is one thing."""
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return name
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
        case _:
            return ""


def begin_of(statement: ast.stmt) -> int:
    """The line (from 0) in which a statement or its first decorator begins."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(each.lineno for each in decorators)]) - 1


def end_of(statement: ast.stmt) -> int:
    """The line (from 0) in which a statement ends."""
    return (statement.end_lineno or statement.lineno) - 1


def _definition(
    name: str, body: list[ast.stmt], index: int, lines: tuple[str, ...], owner: str, loose: bool
) -> Definition:
    statement, end = body[index], index
    defines, head, first = is_definition(statement), statement.lineno - 1, begin_of(statement)
    indent = margin_of(lines[head])
    if not defines and _described(body, index):
        end = index + 1
    last = end_of(body[end])
    if defines:
        last = _with_comments(lines, last, indent)
    above, below = body[:index][-1:], body[end + 1 :][:1]
    begin, before = next(map(begin_of, below), None), next(map(end_of, above), None)
    shared = (begin is not None and begin <= last) or (before is not None and before >= first)
    return Definition(
        name,
        kind_of(statement),
        owner,
        first,
        head,
        last,
        indent,
        # Two statements in a line can't be told apart by lines.
        loose or shared or (end == index and lines[last].rstrip().endswith(";")),
        bool(getattr(statement, "decorator_list", [])),
        before,
        begin,
        _sort_of(below),
        _sort_of(above),
    )


def _sort_of(beside: list[ast.stmt]) -> str:
    return "".join("def" if is_definition(each) else "other" for each in beside)


def kind_of(statement: ast.stmt) -> Kind:
    """What a statement gives a name to: a function, a class, or else a value."""
    if isinstance(statement, ast.ClassDef):
        return "class"
    return "function" if is_definition(statement) else "value"


def _described(body: list[ast.stmt], index: int) -> bool:
    """Whether the next statement is a string that describes a field."""
    return any(
        is_text(each) and begin_of(each) == end_of(body[index]) + 1
        for each in body[index + 1 : index + 2]
    )


def _with_comments(lines: tuple[str, ...], last: int, indent: str) -> int:
    """The last line of a body, with the comments that end it."""
    below = (at for at in range(last + 1, len(lines)) if lines[at].strip())
    comment = re.compile(rf"{indent}[ \t]\s*#")
    return max(takewhile(lambda at: comment.match(lines[at]), below), default=last)

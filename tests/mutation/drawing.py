"""Small changes of a module that a test ought to notice.

Left out is what no test should hold: docstrings, annotations and other words for tools that check
types, and texts with a blank in them, which are words for people.
"""

from __future__ import annotations

import ast
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

ROOMS = ("core", "format", "engine", "world")

OPPOSITES: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq,
    ast.Lt: ast.LtE,
    ast.Gt: ast.GtE,
    ast.In: ast.NotIn,
    ast.Is: ast.IsNot,
    ast.And: ast.Or,
    ast.Add: ast.Sub,
}
OPPOSITES |= {value: key for key, value in OPPOSITES.items()}


@dataclass(frozen=True)
class Mutant:
    """A place of a file, below `src/runbook`, in a function; and what stands there instead.

    It is the `nth` of those that are called the same.
    """

    path: str
    where: str
    line: int
    start: int
    end: int
    source: str
    new: str
    nth: int = 1

    @property
    def old(self) -> str:
        """What stood there."""
        return self.source.encode()[self.start : self.end].decode()

    @property
    def mutated(self) -> str:
        """The file with the mutant."""
        data = self.source.encode()
        return (data[: self.start] + self.new.encode() + data[self.end :]).decode()

    @property
    def name(self) -> str:
        """As it is kept: with its function and text, which stay when lines move."""
        again = f" ({self.nth})" if self.nth > 1 else ""
        return f"{self.path} {self.where}: {_flat(self.old)} -> {_flat(self.new)}{again}"


def _flat(text: str) -> str:
    return " ".join(text.split())


def mutants(root: Path, path: str) -> Iterator[Mutant]:
    """All of a module's."""
    source = (root / path).read_text(encoding="utf-8")
    lines = [0]
    for line in source.encode().split(b"\n"):
        lines.append(lines[-1] + len(line) + 1)
    tree = ast.parse(source)
    scopes = [
        (each.lineno, each.end_lineno or 0, each.name)
        for each in ast.walk(tree)
        if isinstance(each, ast.FunctionDef | ast.ClassDef)
    ]
    called: Counter[str] = Counter()
    for whole in _looked_at(tree):
        for node, new in _instead(whole):
            start = lines[node.lineno - 1] + node.col_offset
            end = lines[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)
            within = [name for first, last, name in scopes if first <= node.lineno <= last]
            where = ".".join(within) or "module"
            first = Mutant(path, where, node.lineno, start, end, source, new)
            called[first.name] += 1
            yield replace(first, nth=called[first.name])


def all_of(root: Path, rooms: tuple[str, ...] = ROOMS) -> Iterator[Mutant]:
    """Those of all modules of these rooms."""
    for room in rooms:
        for file in sorted((root / room).rglob("*.py")):
            yield from mutants(root, str(file.relative_to(root)))


def drawn(root: Path, count: int, seed: int, rooms: tuple[str, ...] = ROOMS) -> list[Mutant]:
    """So many mutants of different lines, each line as likely as any other."""
    lines: dict[tuple[str, int], list[Mutant]] = defaultdict(list)
    for mutant in all_of(root, rooms):
        lines[mutant.path, mutant.line].append(mutant)
    by_seed = random.Random(seed)
    chosen = by_seed.sample(sorted(lines), min(count, len(lines)))
    return [by_seed.choice(lines[place]) for place in chosen]


def _looked_at(node: ast.AST) -> Iterator[ast.AST]:
    """The node and those below it that say what a program does."""
    yield node
    for field, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and field not in _SAID and not _is_said(child):
                yield from _looked_at(child)


_SAID = ("annotation", "returns", "decorator_list")


def _is_said(node: ast.AST) -> bool:
    match node:
        case ast.Expr(ast.Constant()) | ast.JoinedStr():
            return True
        case ast.If(ast.Name("TYPE_CHECKING")) | ast.Subscript(ast.Name("Literal")):
            return True
        case ast.Call(ast.Name("TypeVar" | "NewType" | "cast")):
            return True
        case ast.Assign([ast.Name("__all__")]):
            return True
    return False


def _instead(node: ast.AST) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    """Nodes of the node that may be replaced, and by what."""
    match node:
        case ast.Constant(bool(value)):
            yield node, str(not value)
        case ast.Constant(int(value) | float(value)):
            yield node, str(value + 1)
        case ast.Constant(str(value)) if value and " " not in value:
            yield node, repr(value + "X")
        case ast.Compare(left, [operator], others) if type(operator) in OPPOSITES:
            yield node, _text(ast.Compare(left, [_opposite(operator)], others))
        case ast.BoolOp(operator, values):
            yield node, _text(ast.BoolOp(_opposite(operator), values))
        case ast.BinOp(left, ast.Add() | ast.Sub() as operator, right):
            yield node, _text(ast.BinOp(left, _opposite(operator), right))
        case ast.UnaryOp(ast.Not(), operand):
            yield node, _text(operand)
        case ast.IfExp(_, body, orelse):
            yield node, _text(body)
            yield node, _text(orelse)
        case ast.Subscript(value, ast.Slice(lower, upper, None)):
            if lower:
                yield node, _text(ast.Subscript(value, ast.Slice(None, upper)))
            if upper:
                yield node, _text(ast.Subscript(value, ast.Slice(lower, None)))
        case ast.Return(ast.expr() as value) if not isinstance(value, ast.Constant):
            yield node, "return None"
        case ast.Expr() | ast.Raise() | ast.AugAssign() | ast.Break() | ast.Continue():
            yield node, "pass"
        case ast.If(test) | ast.While(test):
            yield test, f"(not {_text(test)})"
        case ast.comprehension(ifs=[*tests]):
            for test in tests:
                yield test, "True"
        case ast.ExceptHandler(body=[first, *_]) if not isinstance(first, ast.Raise):
            if first.lineno == first.end_lineno:
                yield first, "raise"


def _text(node: ast.AST) -> str:
    return f"({ast.unparse(node)})"


def _opposite(operator: ast.AST) -> Any:
    return OPPOSITES[type(operator)]()

"""What a block defines that a plan shows, whichever parser reads it."""

from __future__ import annotations

import ast
from textwrap import dedent

from runbook.core.edit.syntax import language_of
from runbook.core.value import value
from runbook.markdown.importing.places import treesymbols
from runbook.markdown.importing.places.definitions import Kind, is_definition, parsed
from runbook.markdown.importing.places.lines import margin_of
from runbook.markdown.importing.places.parsers import PYTHON


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
    "if",
    "for",
    "while",
    "switch",
    "return",
    "catch",
    "with",
    "do",
    "else",
    "try",
    "await",
}
# What methods of other languages than Go stand in.
_AROUND = {"rust": "impl It", "go": ""}


def _of_methods(code: str, path: str) -> Shown | None:
    plain = dedent(code).strip("\n")
    around = _AROUND.get(language_of(path) or "", "class It")
    whole = f"{around} {{\n{plain}\n}}" if around else plain
    tree = treesymbols.outline(whole, path)
    names = [] if tree is None else [each.name for each in tree.definitions if each.owner]
    if not names or _STATEMENTS.intersection(names):
        return None
    long = "`" in code or '"""' in code
    return Shown(tuple(plain.split("\n")), tuple(names), "function", (), margin_of(code), long)


def _of_tree(code: str, path: str) -> Shown | None:
    tree = treesymbols.outline(code, path)
    top = [] if tree is None else [each for each in tree.definitions if not each.owner]
    if tree is None or not top:
        return _of_methods(code, path)
    kinds = {each.kind for each in top}
    if tree.other and kinds == {"value"}:
        return None  # calls and the like alone may belong into something
    (first, *others), names = top, tuple(each.name for each in top)
    return Shown(
        tree.lines,
        names,
        first.kind,
        alone=not (tree.other or others),
        small=all(each.kind == "value" and each.first == each.last for each in top),
        decorated=first.decorated,
        remarked=first.first < first.head,
    )


def _of_python(code: str) -> Shown | None:
    lines = code.rstrip("\n").split("\n")
    while lines and not lines[0].strip():
        lines.pop(0)
    if not lines:
        return None
    plain = dedent("\n".join(lines))
    tree = parsed(plain + "\n")
    if tree is None or not tree.body:
        return None
    names: list[str] = []
    values = methods = True
    others = False
    for statement in tree.body:
        match statement:
            case (
                ast.FunctionDef(name=name)
                | ast.AsyncFunctionDef(name=name)
                | ast.ClassDef(name=name)
            ):
                if is_sketch(statement):
                    return None
                names.append(name)
                values = False
                methods = methods and is_method(statement)
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                names.append(name)
            case ast.Expr(value=ast.Constant(value=str())):
                pass
            case ast.Import() | ast.ImportFrom():
                values = methods = False
            case _:
                # A call and the like may belong into something, but beside a definition.
                values = methods = False
                others = True
    if not names or (others and not any(map(is_definition, tree.body))):
        return None
    first, opens = lines[0], tree.body[0]
    kind: Kind = "function" if is_definition(opens) else "value"
    return Shown(
        tuple(plain.split("\n")),
        tuple(names),
        "class" if isinstance(opens, ast.ClassDef) else kind,
        tuple(tree.body),
        first[: len(first) - len(plain.split("\n")[0])],
        rigid=_has_long_strings(tree),
        values=values,
        methods=methods and not values,
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

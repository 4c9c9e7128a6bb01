"""Names that are added to a list of names in a Python file, such as `__all__`."""

from __future__ import annotations

import ast
from collections.abc import Callable
from itertools import pairwise

from runbook.core.matching.texts import Text
from runbook.core.model.operations import Insert, Operation
from runbook.markdown.importing.places.definitions import parsed
from runbook.markdown.importing.places.lines import plain_lines
from runbook.markdown.importing.words.sides import Side

Order = Callable[[str], tuple[int, str]]
# As they stand, whatever their case, and constants before classes before others.
_ORDERS: tuple[Order, ...] = (
    lambda name: (0, name),
    lambda name: (0, name.casefold()),
    lambda name: (0 if name.isupper() else 1 if name[:1].isupper() else 2, name),
)


def listed(text: str, name: str, new: tuple[str, ...]) -> tuple[Operation, ...] | str:
    """The insertions of strings into the one list of a name, where each stands in its own line.

    They go where the list's order has them; to the end of one that has none.
    """
    tree, lines = parsed(text), plain_lines(text)
    lists = [each for each in tree.body if _named(each) == name] if tree else []
    items = _strings(lists[0], lines) if len(lists) == 1 else None
    if not items:
        return ""
    missing = [each for each in dict.fromkeys(new) if each not in items]
    if not missing:
        return f"already there: {', '.join(new)}"
    order = next((each for each in _ORDERS if _sorted(list(items), each)), None)
    there = list(items)
    made: list[Operation] = []
    for each in missing:
        at = len(there) if order is None else sum(order(other) <= order(each) for other in there)
        beside = items[there[at - 1] if at else there[0]]
        line = beside.replace(beside.strip(), f'"{each}",')
        side: Side = "after" if at else "before"
        made.append(Insert(side, Text(beside + "\n", True), Text(line + "\n", True)))
        items[each] = line
        there.insert(at, each)
    return tuple(made)


def imported_names(code: str) -> list[str]:
    """The names that a text of nothing but imports brings, as they are called there."""
    tree = parsed(code)
    body = tree.body if tree else []
    imports = [each for each in body if isinstance(each, ast.Import | ast.ImportFrom)]
    if len(imports) < len(body):
        return []
    return [name.asname or name.name for each in imports for name in each.names]


def _named(statement: ast.stmt) -> str:
    match statement:
        case (
            ast.Assign(targets=[ast.Name(id=name)], value=ast.List() | ast.Tuple())
            | ast.AnnAssign(target=ast.Name(id=name), value=ast.List() | ast.Tuple())
        ):
            return name
        case _:
            return ""


def _strings(statement: ast.stmt, lines: list[str]) -> dict[str, str] | None:
    """The strings of a list with their lines, which none other in the file is like."""
    assert isinstance(statement, ast.Assign | ast.AnnAssign)
    assert isinstance(statement.value, ast.List | ast.Tuple)
    found: dict[str, str] = {}
    for each in statement.value.elts:
        line = lines[each.lineno - 1]
        string = each.value if isinstance(each, ast.Constant) else None
        if not isinstance(string, str):
            return None
        if line.strip() != f'"{string}",' or lines.count(line) != 1:
            return None
        found[string] = line
    return found


def _sorted(names: list[str], order: Order) -> bool:
    return len(names) > 1 and all(order(a) <= order(b) for a, b in pairwise(names))

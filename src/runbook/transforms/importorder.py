"""The order that imports stand in: by group, by form or module, and names among others."""

from __future__ import annotations

import ast
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

Statement = ast.Import | ast.ImportFrom
FUTURE = 0
"""The section of what is imported from `__future__`."""


def module_of(statement: Statement) -> str:
    """The module of an import, the first one where it names several; dots before a relative one."""
    if isinstance(statement, ast.ImportFrom):
        return "." * statement.level + (statement.module or "")
    return statement.names[0].name


def section_of(statement: Statement) -> int:
    """In which of the usual groups an import stands: of the language, its library, others, here."""
    module = module_of(statement)
    if module.startswith("."):
        return 3
    if module == "__future__":
        return FUTURE
    return 1 if module.partition(".")[0] in sys.stdlib_module_names else 2


def by_form(statement: Statement) -> tuple[bool, str]:
    """The order by form: `import` before `from`, and by modules."""
    return isinstance(statement, ast.ImportFrom), module_of(statement).lower()


def by_module(statement: Statement) -> str:
    """The order by modules, whatever the form."""
    return module_of(statement).lower()


def ordered(things: Iterable[Any], key: Callable[[Any], Any]) -> bool:
    """Whether imports, or names in one, stand in an order."""
    return all(a <= b for a, b in pairwise(map(key, things)))


def place(names: list[str], name: str) -> int:
    """Where a name belongs among others: by their order if they are sorted, else last."""
    orders: tuple[Callable[[str], Any], ...] = (str, str.lower, _by_kind)
    for key in orders:
        if ordered(names, key):
            return bisect_right(names, key(name), key=key)
    return len(names)


def _by_kind(name: str) -> tuple[int, str]:
    """As linters sort names: constants, then classes, then the rest."""
    return (0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2), name

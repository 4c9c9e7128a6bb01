"""Appends to Python scripts: what is added goes above the guard that ends them."""

from __future__ import annotations

import ast
import re

from runbook.core.matching.texts import Text
from runbook.core.model.operations import Append, Insert
from runbook.markdown.importing.places.definitions import parsed

_GUARD = re.compile(r"if\s+__name__\s*==\s*([\"'])__main__\1\s*:")


def above_guard(text: str | None, change: Append, quoted: str = "") -> Insert | str | None:
    """The insertion above `if __name__ == "__main__":` where that ends the file, or `None`.

    Behind it, what is added would be defined only after the script has run. As many blank lines
    stand between them as stood above the guard. Where the plan itself says that it goes above the
    guard, `quoted` is what it says of it: then an insertion it is, or why there is none.
    """
    plain = (text or "").removeprefix("\ufeff").replace("\r\n", "\n")
    lines = plain.split("\n")
    at = _last_statement(plain, lines)
    if at >= 0 and _GUARD.match(lines[at]) and lines.count(lines[at]) == 1:
        above = at
        while above > 0 and not lines[above - 1].strip():
            above -= 1
        return _insertion(lines[at], change, at - above)
    if not quoted:
        return None
    if text is not None:
        return "no guard `if __name__ …` ends the file"
    return _insertion(quoted, change, 2) if _GUARD.fullmatch(quoted) else "its guard is not known"


def _last_statement(plain: str, lines: list[str]) -> int:
    """The line (from 0) of the `if` that ends a script, or -1.

    What does not parse, as a plan's own slip, is read by its lines.
    """
    tree = parsed(plain)
    if tree is None:
        begun = [at for at, line in enumerate(lines) if line[:1].strip() and line[0] != "#"]
        return begun[-1] if begun else -1
    last = tree.body[-1] if tree.body else None
    return last.lineno - 1 if isinstance(last, ast.If) else -1


def _insertion(guard: str, change: Append, blank_lines: int) -> Insert:
    code = change.text.value.rstrip("\n")
    # Blank lines stand above the guard already.
    opens = len(code) - len(code.lstrip("\n"))
    code = code[min(opens, blank_lines) :]
    ends = len(change.text.value) - len(change.text.value.rstrip("\n")) - 1
    added = code + "\n" * (1 + max(ends, blank_lines))
    return Insert("before", Text(guard + "\n", True), Text(added, True))

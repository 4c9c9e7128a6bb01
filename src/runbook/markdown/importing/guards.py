"""Appends to Python scripts: what is added goes above the guard that ends them."""

from __future__ import annotations

import re

from runbook.core.operations import Append, Insert, Text

_GUARD = re.compile(r"if\s+__name__\s*==\s*([\"'])__main__\1\s*:")


def above_guard(text: str, change: Append) -> Insert | None:
    """The insertion above `if __name__ == "__main__":` where that ends the file, or `None`.

    Behind it, what is added would be defined only after the script has run. As many blank lines
    stand between them as stood above the guard.
    """
    lines = text.rstrip().split("\n")
    at = next((i for i in range(len(lines) - 1, -1, -1) if _begins(lines[i])), -1)
    if at < 0 or not _GUARD.match(lines[at]) or lines.count(lines[at]) != 1:
        return None
    above = at
    while above > 0 and not lines[above - 1].strip():
        above -= 1
    code = change.text.value.rstrip("\n")
    ends = change.text.value.count("\n", len(code)) - 1
    added = code + "\n" * (1 + max(ends, at - above))
    return Insert("before", Text(lines[at] + "\n", True), Text(added, True))


def _begins(line: str) -> bool:
    """Whether a line is of the module itself, and no comment."""
    return bool(line.strip()) and not line.startswith((" ", "\t", "#"))

"""Numbers of things in words."""

from __future__ import annotations

from collections.abc import Iterable

from runbook.core.text.lines import on_one_line

NAMED = 8
"""How many names are told one by one where nothing else is said."""


def count(number: int, noun: str) -> str:
    """A number of things: `1 task`, `3 tasks`, `2 tries`."""
    if number == 1:
        return f"{number} {noun}"
    many = f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2] not in "aeou" else f"{noun}s"
    return f"{number} {many}"


def one_of(names: Iterable[str]) -> str:
    """Any of some names: `a`, `a or b`, `a, b or c`."""
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last


def enumerated(names: Iterable[str]) -> str:
    """Names after each other; three or more that count on are the first and the last of them.

    `task-1`, `task-2`, `task-3`, `task-5` are "task-1 to task-3, task-5".
    """
    runs: list[list[str]] = []
    for name in names:
        if runs and _next(runs[-1][-1]) == name:
            runs[-1].append(name)
        else:
            runs.append([name])
    shown = (f"{run[0]} to {run[-1]}" if len(run) > 2 else ", ".join(run) for run in runs)
    return ", ".join(shown)


def named(names: Iterable[str], most: int = NAMED) -> str:
    """The first of some names, and how many more there are: `a, b and 3 more`."""
    every = [*names]
    more = len(every) - most
    return ", ".join(map(on_one_line, every[:most])) + (f" and {more} more" if more > 0 else "")


def _next(name: str) -> str | None:
    """The name that counts on from one, `None` where it has no number, or a very long one."""
    word = name.rstrip("0123456789")
    number = name[len(word) :]
    return f"{word}{int(number) + 1}" if 0 < len(number) < 10 else None

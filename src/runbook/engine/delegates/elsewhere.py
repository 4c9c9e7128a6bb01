"""What changes in the checkout of the phase files while a delegate is at work in another one."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from runbook.core.text.counting import named
from runbook.engine.ground.context import Context
from runbook.world.git.checkout import NoCheckout, find_checkout
from runbook.world.git.gitfailed import GitFailed
from runbook.world.git.reader import Reader

Changed = dict[str, tuple[int, int] | None]
"""Paths that differ from HEAD, each with the time and size of its file; `None` where none is."""


def changed(context: Context) -> Changed:
    """What differs there now; nothing where the delegate is at work in that checkout itself."""
    with suppress(NoCheckout, GitFailed):
        place = find_checkout(context.phase_files or context.repository.root)
        if place.root != context.repository.root:
            return {each.path: _state(place.root / each.path) for each in Reader(place).changes()}
    return {}


def since(context: Context, before: Changed) -> tuple[str, ...]:
    """What to look at there: it may be a person's work, and so it stays as it is."""
    now = changed(context)
    other = [path for path in sorted({*before, *now}) if before.get(path) != now.get(path)]
    if not other:
        return ()
    place = find_checkout(context.phase_files or context.repository.root).root
    return (f"changed meanwhile in {place}, where it was not to work: {named(other)}",)


def _state(path: Path) -> tuple[int, int] | None:
    try:
        found = path.lstat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size

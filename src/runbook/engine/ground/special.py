"""Links and submodules that a command may change: seen, recorded and put back beside files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from runbook.core.record.stepevents import Special
from runbook.engine.ground.ground import Ground
from runbook.world.files.workspace import Unreachable
from runbook.world.git.special import clear, make, special

if TYPE_CHECKING:
    from runbook.engine.ground.context import Context


def specials(ground: Ground, paths: Iterable[str]) -> dict[str, str]:
    """Those of some paths that are links or submodules, with what they are."""
    found = {}
    for path in paths:
        with suppress(Unreachable):
            now = special(ground.workspace.reached(path))
            if now is not None:
                found[path] = now
    return found


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Special, ...]:
    """What became of links and submodules."""
    paths = dict.fromkeys([*before, *after])
    pairs = ((path, before.get(path), after.get(path)) for path in paths)
    return tuple(Special(*each) for each in pairs if each[1] != each[2])


def cleared(context: Context, wanted: Mapping[str, str | None]) -> None:
    """Remove the links that are to be something else, before files are put back."""
    for path, then in wanted.items():
        place = context.workspace.reached(path)
        if special(place) != then:
            clear(place)


def made(context: Context, wanted: Mapping[str, str | None]) -> None:
    """Put links and submodules back, once files are.

    Raises:
        Unreachable: one can't be.
    """
    for path, then in wanted.items():
        make(context.workspace.reached(path), then)

"""What a series carries into worktrees, looked for where it is carried from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from runbook.core.model.diagnostics import suggestion

if TYPE_CHECKING:
    from runbook.core.model.model import Phase
    from runbook.world.git.checkout import Checkout


def absent(checkout: Checkout, phases: Iterable[Phase]) -> dict[str, list[str]]:
    """What is to be said of names under `carry` that nothing has, by the first phase of each.

    It is no mistake: elsewhere, in CI for instance, what git ignores is not there.
    """
    found: dict[str, list[str]] = {}
    seen: set[str] = set()
    places = tuple(dict.fromkeys((checkout.root, checkout.main_worktree)))
    for phase in phases:
        for name in phase.settings.carry or ():
            if name not in seen and not any((place / name).exists() for place in places):
                hint = suggestion(Path(name).name, _beside(places, Path(name).parent))
                words = f"not there to be carried: {name}" + (f"; {hint}" if hint else "")
                found.setdefault(phase.id, []).append(words)
            seen.add(name)
    return found


def _beside(places: tuple[Path, ...], folder: Path) -> Iterator[str]:
    for place in places:
        try:
            yield from sorted(each.name for each in (place / folder).iterdir())
        except OSError:
            continue

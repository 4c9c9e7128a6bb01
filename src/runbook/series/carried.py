"""What a series carries into worktrees, looked at where it is carried from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from runbook.core.lint.finding import Finding
from runbook.core.model.diagnostics import suggestion
from runbook.core.model.model import Phase, Series, Verify

if TYPE_CHECKING:
    from runbook.world.git.checkout import Checkout

_SETTINGS = ("pyproject.toml", "pytest.ini", ".pytest.ini", "tox.ini", "setup.cfg")


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


def imported_from_the_checkout(
    checkout: Checkout, phase: Phase, series: Series
) -> Iterator[Finding]:
    """RB123: what is carried has the project installed in place, from a folder such as `src`.

    Where pytest or a variable puts the folder of the worktree first, that one is imported.
    """
    carried = phase.settings.carry or ()
    if not carried or not any(isinstance(step, Verify) for _, step in phase.named_steps()):
        return
    folder = checkout.root / (phase.settings.workdir or "")
    variables = [name for name, _ in phase.settings.env or ()]
    if "PYTHONPATH" in variables or any(_puts_first(folder / name) for name in _SETTINGS):
        return
    by_series = phase.settings.carry == series.settings.carry
    for name in carried:
        for place in dict.fromkeys((checkout.root, checkout.main_worktree)):
            sources = [each for each in _installed(place / name) if _below(each, place)]
            if not sources:
                continue
            yield Finding(
                "RB123", series.at if by_series else phase.at,
                f"{name} has the project installed in place: in a scratch worktree as well, what "
                f"is imported is {sources[0].relative_to(place)} of your checkout",
                "have `setup` make an environment there, and leave this one out", key="carry",
                text=name,
            )  # fmt: skip
            break


def _installed(environment: Path) -> Iterator[Path]:
    """The folders that an environment imports from beside its own packages."""
    for file in sorted(environment.glob("lib/python*/site-packages/*.pth")):
        try:
            lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            continue
        yield from (Path(line.strip()) for line in lines if line.strip().startswith("/"))


def _below(folder: Path, place: Path) -> bool:
    return folder != place and folder.is_relative_to(place)


def _puts_first(settings: Path) -> bool:
    try:
        return "pythonpath" in settings.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False

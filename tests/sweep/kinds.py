"""The kinds of sweeps, each with all its points in a run, or some of them by a seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from sweep.mutants import MUTANTS
from sweep.powerloss import Loss
from sweep.preload import Action
from sweep.sweeper import Disturbance, Sweeper

Points = Callable[[int], Disturbance]

# Name → whether everybody's calls are swept, and the disturbance at one of them.
KINDS: dict[str, tuple[bool, Points]] = {
    "kill": (False, lambda at: Disturbance(Action.KILL, at)),
    "kill-all": (True, lambda at: Disturbance(Action.KILL, at, everybody=True)),
    "tear": (True, lambda at: Disturbance(Action.TEAR, at, everybody=True)),
    "loss": (True, lambda at: Disturbance(Action.KILL, at, True, Loss("all"))),
    "loss-some": (True, lambda at: Disturbance(Action.KILL, at, True, Loss("some", at))),
    "no-space": (False, lambda at: Disturbance(Action.NO_SPACE, at)),
    "no-space-on": (False, lambda at: Disturbance(Action.NO_SPACE_FROM_HERE, at)),
    "io-error": (False, lambda at: Disturbance(Action.IO_ERROR, at)),
    "meddle": (False, lambda at: Disturbance(Action.KILL, at, meddle=True)),
}
WORDS = {
    "kill": "SIGKILL at each call of the runner",
    "kill-all": "SIGKILL of runner and caller at each call of anybody: git, hooks, commands too",
    "tear": "the same, each write done by half",
    "loss": "power loss at each call: all that was not synced is gone",
    "loss-some": "power loss at each call: of what was not synced some is gone, by a seed",
    "no-space": "ENOSPC at each call of the runner",
    "no-space-on": "ENOSPC at each call of the runner and all after it",
    "io-error": "EIO at each call of the runner",
    "meddle": "SIGKILL at each call of the runner, then a file is edited by hand",
}


def points(sweeper: Sweeper, kind: str, *, sample: int = 0, seed: int = 0) -> Iterator[Disturbance]:
    """The disturbances of a kind: one at each call, or at `sample` of them."""
    everybody, make = KINDS[kind]
    calls = list(range(1, sweeper.calls[everybody] + 1))
    if sample:
        calls = sorted(random.Random(f"{seed} {sweeper.name} {kind}").sample(calls, sample))
    yield from map(make, calls)


def doubles(sweeper: Sweeper, count: int, seed: int) -> Iterator[Disturbance]:
    """Two kills each, at random: in a run, and in the one after it."""
    choice = random.Random(f"{seed} {sweeper.name} doubles")
    for _ in range(count):
        everybody = choice.random() < 0.5
        calls = sweeper.calls[everybody]
        first, second = choice.randint(1, calls), choice.randint(1, calls // 2)
        action = choice.choice([Action.KILL, Action.TEAR])
        yield Disturbance(action, first, everybody, again=second)


def hunt(sweeper: Sweeper, seed: int, limit: int = 0) -> tuple[int, str]:
    """Disturb a mutant until it is caught; how often, and by what (nothing: it was not)."""
    found = list(points(sweeper, MUTANTS[sweeper.mutant].kind))
    random.Random(f"{seed} {sweeper.mutant}").shuffle(found)
    for number, disturbance in enumerate(found[: limit or None], 1):
        problems = sweeper.disturb(disturbance)
        if problems:
            return number, f"{disturbance}: {problems[0]}"
    return len(found), ""

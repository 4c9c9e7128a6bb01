"""The kinds of sweeps, each with all its points in a run, or some of them by a seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from sweep.mutants import MUTANTS
from sweep.powerloss import Loss
from sweep.preload import Action, Who
from sweep.sweeper import Disturbance, Sweeper

Points = Callable[[int], Disturbance]

_ALL = Who.EVERYBODY

# The disturbance of each kind at a call.
KINDS: dict[str, Points] = {
    "kill": lambda at: Disturbance(Action.KILL, at),
    "kill-all": lambda at: Disturbance(Action.KILL, at, _ALL),
    "tear": lambda at: Disturbance(Action.TEAR, at, _ALL),
    "loss": lambda at: Disturbance(Action.KILL, at, _ALL, Loss("all")),
    "loss-some": lambda at: Disturbance(Action.KILL, at, _ALL, Loss("some", at)),
    "no-space": lambda at: Disturbance(Action.NO_SPACE, at),
    "no-space-on": lambda at: Disturbance(Action.NO_SPACE_FROM_HERE, at),
    "io-error": lambda at: Disturbance(Action.IO_ERROR, at),
    "meddle": lambda at: Disturbance(Action.KILL, at, meddle=True),
    "git": lambda at: Disturbance(Action.KILL, at, Who.GIT),
    "supervisor": lambda at: Disturbance(Action.KILL, at, Who.SUPERVISOR),
    "server": lambda at: Disturbance(Action.KILL, at, Who.SERVER),
    "hook": lambda at: Disturbance(Action.KILL, at, Who.HOOK),
    "stop": lambda at: Disturbance(Action.STOP, at, _ALL),
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
    "git": "SIGKILL of git alone at each call of it, its hooks or their commands",
    "supervisor": "SIGKILL of the supervisor alone at each call of git or a command below it",
    "server": "SIGKILL of the server that forks supervisors, alone, at the same calls",
    "hook": "SIGKILL of a hook alone, or what else git has started, at each call of it",
    "stop": "SIGSTOP of the runner at each call of anybody; the rest goes on; then SIGKILL",
}


def points(sweeper: Sweeper, kind: str, *, sample: int = 0, seed: int = 0) -> Iterator[Disturbance]:
    """The disturbances of a kind: one at each call, or at `sample` of them."""
    make = KINDS[kind]
    calls = list(range(1, sweeper.calls[make(1).who] + 1))
    if sample:
        choice = random.Random(f"{seed} {sweeper.name} {kind}")
        calls = sorted(choice.sample(calls, min(sample, len(calls))))
    yield from map(make, calls)


def doubles(sweeper: Sweeper, count: int, seed: int) -> Iterator[Disturbance]:
    """Two kills each, at random: in a run, and in the one after it."""
    choice = random.Random(f"{seed} {sweeper.name} doubles")
    for _ in range(count):
        who = choice.choice([Who.RUNNER, Who.EVERYBODY])
        calls = sweeper.calls[who]
        first, second = choice.randint(1, calls), choice.randint(1, calls // 2)
        action = choice.choice([Action.KILL, Action.TEAR])
        yield Disturbance(action, first, who, again=second)


def hunt(sweeper: Sweeper, seed: int, limit: int = 0) -> tuple[int, str]:
    """Disturb a mutant until it is caught; how often, and by what (nothing: it was not)."""
    found = list(points(sweeper, MUTANTS[sweeper.mutant].kind))
    random.Random(f"{seed} {sweeper.mutant}").shuffle(found)
    for number, disturbance in enumerate(found[: limit or None], 1):
        problems = sweeper.disturb(disturbance)
        if problems:
            return number, f"{disturbance}: {problems[0]}"
    return len(found), ""

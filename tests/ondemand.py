"""What every run does a part of, and all of on demand.

RUNBOOK_ON_DEMAND=1 tests/run      all of it
RUNBOOK_SEED=N tests/run PATH      the part that was chosen by the seed N, which was printed
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterable
from typing import TypeVar

import pytest

Item = TypeVar("Item")

ON_DEMAND = bool(os.environ.get("RUNBOOK_ON_DEMAND"))
SEED = int(os.environ.get("RUNBOOK_SEED") or random.SystemRandom().randrange(10**9))

on_demand = pytest.mark.skipif(not ON_DEMAND, reason="RUNBOOK_ON_DEMAND=1 runs it")


def some(items: Iterable[Item], count: int, of: object) -> list[Item]:
    """So many of the items, in their order, or all on demand; `of` says what they are points of."""
    found = list(items)
    if ON_DEMAND or len(found) <= count:
        return found
    print(f"RUNBOOK_SEED={SEED}: {count} of {len(found)} for {of}")
    chosen = sorted(random.Random(f"{SEED} {of}").sample(range(len(found)), count))
    return [found[index] for index in chosen]

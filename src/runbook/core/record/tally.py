"""How far the tests of a command are that still runs."""

from __future__ import annotations

from runbook.core.value import value


@value
class Tally:
    """How many tests are done, of how many, and how many failed; `failing` are new among those."""

    done: int = 0
    total: int | None = None
    failed: int = 0
    failing: tuple[str, ...] = ()

"""Details of what happened, for programs and reports: never journaled, as they are kept elsewhere.

What tests did stands beside the output of their command, what a commit holds in git. What an edit
changed (`EditShown`) is a detail as well, which a run may show by itself.
"""

from __future__ import annotations

from typing import ClassVar

from runbook.core.record.stepevents import CheckedState, TestOutcome
from runbook.core.value import value


@value
class TestSeen:
    """One test as it ended: `duration` in seconds, `worker` is "main" without xdist.

    `at` is where one failed that did: path:line, from the root of the worktree.
    """

    # pytest would collect the class for its name.
    __test__: ClassVar[bool] = False

    test: str
    outcome: TestOutcome
    duration: float
    worker: str
    message: str = ""
    at: str = ""


@value
class TestsSeen:
    """What each test of a command did; `left_out` are so many that passed and are not named."""

    __test__: ClassVar[bool] = False
    transient: ClassVar[bool] = True

    step: str
    state: CheckedState
    tests: tuple[TestSeen, ...]
    left_out: int = 0


@value
class CommitSeen:
    """What a commit holds: its message, and its difference to its parent."""

    transient: ClassVar[bool] = True

    step: str  # that made it; of one that takes another back, the task
    commit: str
    author: str
    when: int  # seconds since the epoch
    message: str
    difference: str


DetailEvent = TestsSeen | CommitSeen

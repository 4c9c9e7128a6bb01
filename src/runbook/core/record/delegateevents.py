"""Events of work that is handed over: attempts of delegates, and what people did to tests."""

from __future__ import annotations

from typing import ClassVar, Literal

from runbook.core.record.stepevents import FileImage, TestCounts
from runbook.core.value import value

Verdict = Literal[
    "accepted", "refused", "unmet", "blocked", "unchanged", "overrun", "failed", "killed"
]
"""What came of an attempt:

accepted: judged as good; refused: it changed what is not its own, or weakened checks; unmet: the
checks are not met; blocked: the delegate says why it can't do it; unchanged: nothing new came of
it; overrun: out of time; failed: the command could not be started; killed: with its run.
"""


UNASKED = "not asked for"
"""Why the kernel does not hold a command that is not to be held."""
JudgedState = Literal["before", "after", "here", "originals", "carried"]
"""What a check is run on: what was there before the first attempt; what an attempt made of it, in a
clean place or here in the worktree; that with the tests as they were; what was there before, with
the tests that the attempt made."""


@value
class DelegateBegan:
    """An attempt begins: `files` are what the delegate may change, as they are before it.

    `brief` is the digest (SHA-256, hex) of what it is told. `guard` and `inventory` are those of
    records of the repository and its files before the attempt, kept in the journal. `confined` is
    empty, or why the kernel does not hold the command.
    """

    step: str
    attempt: int
    of: int
    command: str
    brief: str
    files: tuple[FileImage, ...]
    guard: str
    inventory: str
    confined: str = ""


@value
class JudgementBegan:
    """A check is run for a delegate's step: before its first attempt, or on what one made."""

    step: str
    check: str
    command: str
    state: JudgedState


@value
class JudgementEnded:
    """A check that was run for a delegate's step has ended; `why` is what is amiss."""

    step: str
    check: str
    state: JudgedState
    exit: int | None
    duration: float  # seconds
    tests: str
    log: str
    counts: TestCounts | None = None
    why: tuple[str, ...] = ()


@value
class AttemptEnded:
    """An attempt is over: what came of it, and what was put back.

    `why` says what is amiss, `warnings` what is to be looked at; `said` are the delegate's own
    words where it is blocked. `put_back` are paths and parts of the repository, and `rescued` is
    where what they held is kept. `files` are what accepted work changed. The attempt with the
    number 0 is none: all that was tried is put back.
    """

    step: str
    attempt: int
    verdict: Verdict
    exit: int | None = None
    duration: float = 0.0  # seconds
    changed: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    said: str = ""
    put_back: tuple[str, ...] = ()
    rescued: str = ""
    log: str = ""
    cost: str = ""
    files: tuple[FileImage, ...] = ()


@value
class Mended:
    """What a check that failed looks at was mended `by` a command; `files` are what it changed."""

    step: str
    by: str
    files: tuple[FileImage, ...]
    difference: str = ""


@value
class TestsDoubted:
    """Work by hand made the tests of a check say less, which passed all the same; `warnings` how.

    `before` is what they did before that work, in short; empty where they were not run for it.
    """

    # pytest would collect the class for its name.
    __test__: ClassVar[bool] = False

    step: str
    warnings: tuple[str, ...]
    before: str = ""


DelegateEvent = (
    Mended | DelegateBegan | JudgementBegan | JudgementEnded | AttemptEnded | TestsDoubted
)

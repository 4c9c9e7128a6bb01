"""Events of an audit: checks made again, each on the commit whose state it saw."""

from __future__ import annotations

from runbook.core.record.stepevents import Mismatch
from runbook.core.value import value


@value
class AuditBegan:
    """The checks of a phase are about to be made again."""

    phase: str
    title: str
    checks: int
    commits: int


@value
class AuditedCheckBegan:
    """One check is about to be made again."""

    step: str
    title: str  # of its task
    commit: str
    command: str


@value
class CheckMadeAlone:
    """A check did not hold while others were made beside it; it is made again, alone."""

    step: str
    commit: str


@value
class CheckHeld:
    """A check passes at its commit, as it did when it was made."""

    step: str
    commit: str


@value
class CheckBroke:
    """A check does not pass at its commit: the first one that does not."""

    step: str
    at: str  # path:line:column in the phase file
    commit: str
    message: str
    mismatches: tuple[Mismatch, ...] = ()
    output: str = ""  # the end of the command's output, printable
    log: str = ""


@value
class AuditEnded:
    """Every check was made again and holds; the state that those `beyond` saw is in no commit."""

    phase: str
    checks: int
    commits: int
    beyond: tuple[str, ...] = ()


AuditEvent = AuditBegan | AuditedCheckBegan | CheckMadeAlone | CheckHeld | CheckBroke | AuditEnded

"""How one command ended and what it left to judge."""

from __future__ import annotations

from runbook.core.check.evidence import Evidence
from runbook.core.check.questions import Answers
from runbook.core.value import value


@value
class Outcome:
    """What a command did: its exit, its output in short, its evidence.

    `exit` is what the shell would say, so 128 + n after signal n; None where we stopped the command
    (`timed_out`, because of nothing that could be seen where `idle`; `interrupted`). `duration` is
    in seconds. `head` and `tail` are the first and the last of the output, made printable; in a
    short output they overlap. `left_running` names the processes that were still there at the end
    and were stopped, as "sleep 1000 (pid 123)".
    """

    exit: int | None
    duration: float
    timed_out: bool
    interrupted: int | None
    answers: Answers
    head: str
    tail: str
    output_bytes: int
    log_digest: str
    left_running: tuple[str, ...]
    evidence: Evidence
    idle: bool = False

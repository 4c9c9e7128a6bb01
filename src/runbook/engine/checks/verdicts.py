"""Verdicts in bounded time: what a check expects may take for ever to be looked for."""

from __future__ import annotations

from runbook.core.check.expectations import Verdict, judge
from runbook.core.check.outcome import Outcome
from runbook.core.check.outputs import SLOW_HINT
from runbook.core.check.questions import TooLong
from runbook.core.model.model import Expect
from runbook.core.record.stepevents import Mismatch
from runbook.world.processes.timelimit import SEARCH_LIMIT, time_limit


def verdict_of(outcome: Outcome, expect: Expect, command: str = "") -> Verdict:
    """What a command did, compared with what it was to do; of `command` causes are told."""
    try:
        with time_limit(SEARCH_LIMIT):
            return judge(outcome, expect, command)
    except TooLong:
        message = "comparing the output with the one expected took too long"
        return Verdict((Mismatch(message, hint=SLOW_HINT),))

"""A check that runs ahead in a view, and whether what it showed can count in its turn."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from runbook.core.check.outcome import Outcome
from runbook.core.model.ids import StepId
from runbook.core.model.model import Phase
from runbook.core.value import mutable, replace
from runbook.engine.ahead.ahead import Point
from runbook.engine.checks.startingstate import as_wanted, tests_after
from runbook.engine.checks.verdicts import verdict_of
from runbook.world.overlay.views import View
from runbook.world.processes.command import Command
from runbook.world.processes.process import Running

if TYPE_CHECKING:
    from runbook.engine.ground.context import Context

UNEXPECTED = "it was not as expected, and is seen anew"

_BY_A_SIGNAL = 128
"""A shell adds the number of a signal; such an end may be owed to the company."""


@mutable(eq=False)
class Job:
    """A check under way in its view, or through with it."""

    point: Point
    view: View
    asked: Command  # as it would be run in its turn
    command: Command
    running: Running
    worker: int
    place: Path | None = None  # the worktree that shows its starting state
    attended: bool = True  # by the look-ahead, and not by whoever runs the check in its turn
    ended: bool = False
    lost: str = ""  # why it is not known how it ended

    def on_a_start_of(self, where: StepId) -> bool:
        """Whether it is the check of that step on its starting state."""
        return self.place is not None and self.point.where == where

    def why_not(self, context: Context, phase: Phase, command: Command) -> tuple[str, bool]:
        """Why what it showed is not what the command would show, and if it never can be.

        Empty where nothing is against it but what became of the worktree.
        """
        outcome = self.running.outcome
        if replace(self.asked, log=command.log) != command:
            return "it was to run otherwise", False
        if outcome.exit is None or outcome.duration > command.timeout:
            return "it took too long beside others", False
        if outcome.left_running:
            return "it left something running", False
        if self.view.asked_git():
            return "it asked git, which has other commits by now", True
        if not self.is_as_expected(context, phase, outcome):
            return UNEXPECTED, False
        left = self.view.left()
        if left:
            return f"it left files: {', '.join(left[:3])}", True
        return "", False

    def is_as_expected(self, context: Context, phase: Phase, outcome: Outcome) -> bool:
        """Whether an outcome is one with which the phase goes on."""
        where, step, start = self.point.where, self.point.step, self.point.start
        passed = verdict_of(outcome, step.expect, step.command).passed
        if start is None or (passed and context.goes_on):
            return passed
        if outcome.exit is None or outcome.exit >= _BY_A_SIGNAL:
            return False
        if not start.carried and tests_after(context, phase, step, where, outcome):
            return True  # what it shows with tests will be judged
        return as_wanted(step, outcome, tuple(start.carried))

    def hand_over(self, command: Command) -> None:
        """Put its output where that of its step is looked for."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
        with (
            self.command.log.open("rb") as source,
            os.fdopen(os.open(command.log, flags, 0o600), "wb") as target,
        ):
            import shutil  # 2 ms

            shutil.copyfileobj(source, target)

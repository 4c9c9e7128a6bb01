"""The command of a step, as it is asked for and as it is run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from runbook.core.check.expectations import questions
from runbook.core.model.ids import StepId
from runbook.core.model.model import Phase, Run, StartingState, Verify
from runbook.core.shell.probing import never_finds
from runbook.core.value import value
from runbook.world.processes.command import Command

if TYPE_CHECKING:
    from runbook.engine.ground.context import Context


@value
class Order:
    """A command of a step, and where it is to run."""

    where: StepId
    step: Run | Verify
    root: Path
    state: StartingState | Literal["commit"] | None = None
    commit: str | None = None
    carried: str = ""  # a digest of what of the worktree stands in that commit's
    again: bool = False  # a further try is always run

    def in_turn(self, worktree: Path) -> bool:
        """Whether it is the first try of a check in the worktree itself."""
        here = self.root == worktree and self.state is None
        return here and isinstance(self.step, Verify) and not self.again

    @property
    def on_a_start(self) -> bool:
        """Whether it is a check on its starting state."""
        return self.commit is not None and self.state != "commit"


def command_of(context: Context, phase: Phase, order: Order, log: Path) -> Command:
    """What is run; `log` is where its output goes."""
    check = order.step if isinstance(order.step, Verify) and context.request.reuse else None
    repeats = context.evidence.repeats(phase)
    return Command(
        text=order.step.command,
        cwd=context.folder(order.root, phase),
        env=context.environment(phase, order.step.env),
        timeout=context.timeout(phase, order.step.timeout),
        log=log,
        questions=(check and repeats.asked(check)) or questions(order.step.expect),
        secrets=context.secrets(phase, order.step.env),
        # Where nobody asks what tests did, a command is not to fail of what watches it.
        probe=order.step.expect.tests is not None or not never_finds(order.step.command),
        held=context.journal.lock,
        tick=context.tick,
    )

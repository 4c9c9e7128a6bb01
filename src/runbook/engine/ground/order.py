"""The command of a step, as it is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from runbook.core.model.ids import StepId
from runbook.core.model.model import Run, StartingState, Verify
from runbook.core.value import value


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

"""Which checks of a phase can be made again, and on which of its commits."""

from __future__ import annotations

from collections.abc import Container, Mapping

from runbook.core.model.ids import StepId
from runbook.core.model.model import Commit, Confirm, Phase, Task, Verify
from runbook.core.value import value


@value
class AuditedCheck:
    """A check, its step, and the commit whose state it was made on."""

    task: Task
    step: StepId
    check: Verify
    commit: str


@value
class AuditPlan:
    """The checks to make again, in order, and the steps of those whose state is in no commit."""

    checks: tuple[AuditedCheck, ...]
    beyond: tuple[str, ...]


def audit_plan(
    phase: Phase, made: Mapping[str, str], done: Container[str], start: str | None
) -> AuditPlan:
    """What an audit of a phase makes again, of the steps that are `done`.

    `made` are its commits by the step that made them.

    A check saw the state of the commit that follows it, or that it follows, if nothing is changed
    in between. Before the first change that is `start`, the commit that the phase began on.
    """
    checks: list[AuditedCheck] = []
    beyond: list[str] = []
    waiting: list[tuple[Task, StepId, Verify]] = []
    state = start
    for task in phase.every_task:
        for where, step in task.named_steps():
            if where not in done:
                continue
            match step:
                case Verify() if state is not None:
                    checks.append(AuditedCheck(task, where, step, state))
                case Verify():
                    waiting.append((task, where, step))
                case Commit() if where in made:
                    state = made[where]
                    checks += [AuditedCheck(*each, state) for each in waiting]
                    waiting.clear()
                case Commit():
                    # Already committed before, or not landed: what HEAD was is not known.
                    state = None
                case Confirm():
                    pass  # A person looked, and nothing was changed.
                case _:
                    beyond += [where for _, where, _ in waiting]
                    waiting.clear()
                    state = None
    beyond += [where for _, where, _ in waiting]
    return AuditPlan(tuple(checks), tuple(beyond))

"""A step in short: its kind, and what it is about."""

from __future__ import annotations

from typing import assert_never

from runbook.core.model.model import Commit, Confirm, Edit, Manual, Run, Step, Verify
from runbook.core.record.stepevents import StepKind


def describe(step: Step) -> tuple[StepKind, str]:
    """A step's kind, and the path, command or subject that it is about."""
    match step:
        case Edit():
            return "edit", ", ".join(map(str, step.targets))
        case Run():
            return "run", step.command.strip()
        case Verify():
            return "verify", step.command.strip()
        case Commit():
            return "commit", step.subject
        case Manual():
            return "manual", step.title or step.instructions.strip().partition("\n")[0]
        case Confirm():
            return "confirm", step.title or step.question.strip().partition("\n")[0]
        case _:
            assert_never(step)

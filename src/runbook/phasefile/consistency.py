"""What steps say only together, or with the rest of their phase."""

from __future__ import annotations

from runbook.core.model.model import Commit, Confirm, Manual, Phase, Step, Verify
from runbook.format.yamltree import Source


def check_phase(source: Source, phase: Phase) -> None:
    """Record the contradictions between the steps of a phase, and with the phase."""
    for task in phase.tasks:
        for index, step in enumerate(task.steps):
            _check_starting_state(source, phase, step)
            if isinstance(step, Manual) and not step.files:
                _check_manual(source, step, task.steps[index + 1 :])
    for step in phase.verification:
        _check_starting_state(source, phase, step)
        if isinstance(step, Verify) and step.fails_in == "task":
            _error(
                source,
                step,
                "`fails-at: task` in the phase's verification, which belongs to no task",
                "say `fails-at: phase`",
            )
        if not isinstance(step, Verify | Manual | Confirm):
            _error(
                source,
                step,
                "the phase's verification has `verify`, `manual` and `confirm` steps only",
                "put it into a task",
            )


def _check_starting_state(source: Source, phase: Phase, step: Step) -> None:
    if isinstance(step, Verify) and step.fails_in == "base" and phase.base is None:
        message = "`fails-at: base` needs the phase's key `base`"
        _error(source, step, message, "state the commit the phase was written against")


def _check_manual(source: Source, step: Manual, following: tuple[Step, ...]) -> None:
    commit = next((each for each in following if isinstance(each, Commit)), None)
    if commit is not None and commit.files is None:
        _error(
            source,
            step,
            "the commit after this manual step can't know which files it may contain",
            "list them under the step's `files:`, or under the commit's",
        )


def _error(source: Source, step: Step, message: str, hint: str) -> None:
    source.error_at(step.at.line - 1, step.at.column - 1, message, hint)

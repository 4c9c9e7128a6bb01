"""Identifiers, put together and taken apart: `phase-3`, `phase-3/task-1`, `phase-3/task-1/step-2`.

What verifies a phase is a task of it as well, `phase-3/verification`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NewType, TypeVar

from runbook.core.patterns import regex

Known = TypeVar("Known")

PhaseId = NewType("PhaseId", str)
TaskId = NewType("TaskId", str)
StepId = NewType("StepId", str)

_A_WORD = regex(r"(?!-|runbook\Z)[\w@%+=:,.-]+")
"""What no shell takes for anything but itself, and is not the name of the series file."""
_STEP = regex(r"[^/]+/[^/]+/step-\d+")


def is_phase_name(name: str) -> bool:
    """Whether a phase can be called so: every command that is told names it, as it stands."""
    return _A_WORD.fullmatch(name) is not None


def task_id(phase: str, number: int) -> TaskId:
    """The identifier of a task that has none of its own; they count from 1."""
    return TaskId(f"{phase}/task-{number}")


def step_id(task: str, number: int) -> StepId:
    """The identifier of a task's step; they count from 1."""
    return StepId(f"{task}/step-{number}")


def verification_id(phase: str) -> TaskId:
    """The identifier under which a phase's own verification is recorded."""
    return TaskId(f"{phase}/verification")


def phase_of(where: str) -> PhaseId:
    """The phase that a task or a step is in, or that it is."""
    return PhaseId(where.partition("/")[0])


def task_of(step: str) -> TaskId:
    """The task that a step is in."""
    return TaskId(step.rpartition("/")[0])


def last(where: str) -> str:
    """What a task or a step is called within its phase or task: `task-2`, `step-1`."""
    return where.rpartition("/")[2]


def inside(where: str) -> str:
    """What a task or a step is called within its phase, with its task: `task-2/step-1`."""
    return where.partition("/")[2]


def within(where: str, outer: str) -> bool:
    """Whether a phase, task or step is `outer`, or is in it."""
    return f"{where}/".startswith(f"{outer}/")


def by_phase(known: Mapping[str, Known]) -> dict[str, dict[str, Known]]:
    """What is known of tasks or steps, by the phase that each is in."""
    found: dict[str, dict[str, Known]] = {}
    for where, each in known.items():
        found.setdefault(phase_of(where), {})[where] = each
    return found


def is_step(where: str) -> bool:
    """Whether it is a step, and no task, phase or service."""
    return _STEP.fullmatch(where) is not None

"""Identifiers, put together and taken apart."""

from __future__ import annotations

import pytest

from runbook.core.model.ids import (
    is_step,
    last,
    phase_of,
    step_id,
    task_of,
    verification_id,
    within,
)


def test_an_identifier_is_taken_apart_as_it_was_put_together() -> None:
    for task in ("phase-3/task-1", "phase-3/prices", verification_id("phase-3")):
        step = step_id(task, 2)
        assert (phase_of(step), task_of(step), last(step)) == ("phase-3", task, "step-2")
        assert (phase_of(task), is_step(task), is_step(step)) == ("phase-3", False, True)
    assert (phase_of("phase-3"), is_step("phase-3")) == ("phase-3", False)


@pytest.mark.parametrize(
    ("where", "outer", "inside"),
    [
        ("phase-1/task-1/step-1", "phase-1", True),
        ("phase-1/task-1/step-1", "phase-1/task-1", True),
        ("phase-1/task-1", "phase-1/task-1", True),
        ("phase-1/task-10", "phase-1/task-1", False),
        ("phase-12", "phase-1", False),
        ("phase-1", "phase-1/task-1", False),
    ],
)
def test_what_is_within_what(where: str, outer: str, inside: bool) -> None:
    assert within(where, outer) is inside

"""What notes say of a phase, retold in the events that its journal would have."""

from __future__ import annotations

from typing import get_args

import pytest

from runbook.core.model.model import Commit, Phase, StartingState, Task, Verify
from runbook.core.record.ledgerevents import PhaseRebuilt, RebuiltTask, StepCommit
from runbook.core.record.proofs import Check, CommitNote, SeenToFail
from runbook.core.record.reconcile import Landed
from runbook.core.record.retold import retold
from runbook.core.record.stepevents import CommandBegan, FailedBefore

TASK = Task("p/task-1", "T", (Verify("true"), Commit("Subject")))


@pytest.mark.parametrize("state", get_args(StartingState))
def test_a_check_was_seen_to_fail_on_any_starting_state(state: str) -> None:
    check = Check("p/task-1/step-1", "true", 0, passed=True, before=SeenToFail(state, "c0", 1))
    note = CommitNote(
        "", "phases", "p", TASK.id, "T", "d", "p/task-1/step-2", 2, 2, "r", None, (check,)
    )
    made = StepCommit("p/task-1/step-2", "c1")
    tasks = (RebuiltTask(TASK.id, "T", "d", True, "c0", (made,), ()),)
    rebuilt = PhaseRebuilt("p", "Goal", "c0", "c1", None, True, tasks)
    landed = [Landed("c1", "c0", note)]
    told = [each.event for each in retold(Phase("p", "Goal", (TASK,)), rebuilt, landed)]
    assert FailedBefore("p/task-1/step-1", state, "c0", ()) in told
    assert [e.state for e in told if isinstance(e, CommandBegan)] == ["", state]

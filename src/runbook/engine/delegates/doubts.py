"""What work by hand did to tests, told beside a check that passed all the same.

A person may skip a test, or take one away, for good reasons; nobody is to overlook it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator

from runbook.core.check.outcome import Outcome
from runbook.core.check.summary import summary
from runbook.core.handover import testimony
from runbook.core.handover.steering import steers
from runbook.core.handover.testimony import Told, told
from runbook.core.handover.weakening import signs
from runbook.core.model.ids import StepId
from runbook.core.model.model import Phase, Task, Verify
from runbook.core.record.delegateevents import TestsDoubted
from runbook.core.record.events import Event
from runbook.engine.checks.cleanplace import tried
from runbook.engine.contract.stops import CannotContinue
from runbook.engine.delegates.row import Files, Row, own_files, row_of_all, with_edits
from runbook.engine.delegates.signs import found_in
from runbook.engine.ground.context import Context


def doubts(
    context: Context, phase: Phase, task: Task, index: int, outcome: Outcome
) -> Iterator[Event]:
    """Tell what work by hand since the last commit did to the tests of a check that passed.

    Raises:
        CannotContinue: interrupted.
    """
    step, where = task.steps[index], task.step_id(index)
    assert isinstance(step, Verify)
    row = row_of_all(context, phase, task, index)
    if not row.by_hand:
        return
    here = own_files(context, phase, task, step, where)
    warnings = list(found_in(row.files, {path: here.get(path) for path in row.files}, signs))
    seen = ""
    now = told(outcome.evidence)
    if _to_be_compared(now, outcome, row):
        before, seen = yield from _before(context, phase, step, where, row, here)
        if before is not None:
            warnings += map(str, testimony.lost(before, now))
        elif seen:
            warnings.append(seen)
            seen = ""
    known = context.journal.progress.tasks[task.id].steps.values()
    told_before = {each for state in known for each in state.doubts}
    new = tuple(each for each in warnings if each not in told_before)
    if new:
        yield TestsDoubted(where, new, seen)


def _to_be_compared(now: Told, outcome: Outcome, row: Row) -> bool:
    """Whether tests may say less: some are left out, or what steers them was changed."""
    if not now.runs:
        return False
    left_out = bool({"skipped", "xfailed"} & set(now.outcomes.values()))
    return left_out or bool(outcome.evidence.deselected) or any(map(steers, row.by_hand))


def _before(
    context: Context, phase: Phase, step: Verify, where: StepId, row: Row, here: Files
) -> Generator[Event, None, tuple[Told | None, str]]:
    """What the tests said before the work, and in short; `None`, and why it can't be seen."""
    files, _ = with_edits(context, row.edits, {**here, **row.files})
    try:
        outcome, _, _ = yield from tried(context, phase, step, step, where, files)
    except CannotContinue as raised:
        if raised.stopped.kind == "interrupted":
            raise
        return None, f"what tests did before can't be seen: {raised.stopped.message}"
    before = told(outcome.evidence)
    if not before.runs:
        return None, f"what tests did before can't be seen: exit status {outcome.exit} elsewhere"
    return before, summary(outcome.evidence)

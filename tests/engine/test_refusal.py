"""What a verb says that is not carried out, or not to its end."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from runbook.core.record import verbevents
from runbook.core.record.events import Event
from runbook.core.record.fold import fold
from runbook.engine.outlook.refusal import Refusal, refusing
from runbook.world.files.workspace import Unreachable

RESTORE = verbevents.RestorePlanned("phase-1/task-1", "retry", ())
UNDO = verbevents.UndoBegan("phase-1", ("phase-1/task-1",), ("c1",))
GIVEN_UP = verbevents.UndoGivenUp("phase-1", 1)
REOPENED = verbevents.TaskReopened("phase-1/task-1")


@pytest.mark.parametrize("failure", [Refusal("no"), Unreachable("no")])
@pytest.mark.parametrize(
    ("verb", "known", "begun"),
    [
        # Something was settled before, which is not a part of the verb.
        ("abort", [], False),
        ("retry", [RESTORE], True),
        ("abort", [RESTORE], True),
        ("undo", [UNDO], True),
        ("retry", [UNDO], False),
        ("abort", [UNDO], False),
        ("abort", [UNDO, GIVEN_UP], True),
    ],
)
def test_it_goes_on_only_where_it_had_begun(
    verb: str, known: list[Event], begun: bool, failure: Exception
) -> None:
    progress = fold(known)
    context: Any = SimpleNamespace(journal=SimpleNamespace(progress=progress))

    def work() -> Iterator[Event]:
        yield REOPENED
        raise failure

    *_, last = refusing(context, verb, "phase-1", work())
    assert isinstance(last, verbevents.VerbRefused)
    assert (last.verb, last.where, last.begun) == (verb, "phase-1", begun)

"""Abort: the unfinished task is taken back, if nobody else has touched anything since."""

from __future__ import annotations

from collections.abc import Iterator

from runbook.core.model.ids import within
from runbook.core.model.model import Phase
from runbook.core.record.events import Event
from runbook.core.record.verbevents import TaskRestored
from runbook.core.text.counting import named
from runbook.engine.ground.context import Context
from runbook.engine.outlook.refusal import Refusal, refuse_other, refusing
from runbook.engine.resume.restore import changed_by_others, restore, to_put_back, unfinished_task
from runbook.engine.running.takeup import take_up, unfinished
from runbook.engine.verbs.undo import give_up


def abort(context: Context, phase: Phase, *, asked: str | None = None) -> Iterator[Event]:
    """Put back what the unfinished task did since its last commit, and forget it was begun.

    Only if HEAD and the files are as the run left them; else the last event is `VerbRefused`
    and nothing is changed; so, too, where another task is `asked` for. An undo that is not finished
    is given up in the same way.
    """
    yield from refusing(context, "abort", asked or phase.id, _abort(context, phase, asked))


def _abort(context: Context, phase: Phase, asked: str | None) -> Iterator[Event]:
    undo = context.journal.progress.undo
    if undo is not None:
        refuse_other("abort", asked, undo.target)
        yield from give_up(context, phase, undo)
        return
    begun = context.journal.progress.restoring
    if begun is not None and not within(begun.task, phase.id):
        begun = None
    if begun is not None:
        refuse_other("abort", asked, begun.task)
    yield from take_up(context, phase)
    if begun is not None:
        # It was to be put back already, and is now.
        if begun.purpose != "abort":
            yield TaskRestored(begun.task, "abort", ())
        return
    task = unfinished_task(context, phase)
    refuse_other("abort", asked, None if task is None else task.id)
    task = unfinished(context, phase, "abort")
    others = changed_by_others(context, task, to_put_back(context, phase, task))
    if others:
        raise Refusal(
            f"changed by hand since the run stopped: {named(others)}",
            hint="`retry` and `skip` put such files back too, and keep what they hold in rescued/",
            where=task.id,
        )
    yield from restore(context, phase, task, "abort")

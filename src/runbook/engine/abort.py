"""Abort: the unfinished task is taken back, if nobody else has touched anything since."""

from __future__ import annotations

from collections.abc import Iterator

from runbook.core.events import Event
from runbook.core.model import Phase
from runbook.core.verbevents import TaskRestored
from runbook.engine.refusal import Refusal, refusing
from runbook.engine.restore import changed_by_others, restore, to_put_back
from runbook.engine.site import Site
from runbook.engine.standing import take_up, unfinished
from runbook.engine.undo import give_up


def abort(site: Site, phase: Phase) -> Iterator[Event]:
    """Put back what the unfinished task did since its last commit, and forget it was begun.

    Only if HEAD and the files are as the run left them; else the last event is `VerbRefused`
    and nothing is changed. An undo that is not finished is given up in the same way.
    """
    yield from refusing(site, "abort", phase.id, _abort(site, phase))


def _abort(site: Site, phase: Phase) -> Iterator[Event]:
    undo = site.journal.progress.undo
    if undo is not None:
        yield from give_up(site, phase, undo)
        return
    begun = site.journal.progress.restoring
    yield from take_up(site, phase)
    if begun is not None and begun.task.startswith(f"{phase.id}/"):
        # It was to be put back already, and is now.
        if begun.purpose != "abort":
            yield TaskRestored(begun.task, "abort", ())
        return
    task = unfinished(site, phase, "abort")
    others = changed_by_others(site, task, to_put_back(site, phase, task))
    if others:
        raise Refusal(
            "abort",
            task.id,
            f"changed by hand since the run stopped: {', '.join(others)}",
            hint="`retry` and `skip` put such files back too, and keep what they hold in rescued/",
        )
    yield from restore(site, phase, task, "abort")

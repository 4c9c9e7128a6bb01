"""What a verb finds: an undo or a put-back that was interrupted, a commit nobody recorded."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from runbook.core.model.model import Phase, Task
from runbook.core.record.events import Event
from runbook.core.record.verbevents import Adopted
from runbook.engine.delegation import settle_attempt
from runbook.engine.outlook import refuse_undo
from runbook.engine.recovery import recover
from runbook.engine.refusal import Refusal
from runbook.engine.restore import finish_restore, unfinished_task
from runbook.engine.site import Site
from runbook.world.git.heads import Head


def take_up(site: Site, phase: Phase) -> Iterator[Event]:
    """Finish what a killed run had begun, before anything new.

    Raises:
        Halt: an undo is to be finished first; or a file can't be put back.

    """
    refuse_undo(site.journal.progress, phase)
    yield from recover(site, phase)
    yield from settle_attempt(site, phase)
    yield from finish_restore(site, phase)
    yield from _settle_adoption(site, phase)


def _settle_adoption(site: Site, phase: Phase) -> Iterator[Event]:
    """Record an adoption that a killed run had begun, if it had written the phase file."""
    planned = site.journal.progress.adopting
    if planned is None or planned.phase != phase.id:
        return
    folder = site.phase_files or site.repository.root / "phases"
    (image,) = planned.files
    try:
        there = hashlib.sha256((folder / image.path).read_bytes()).hexdigest()
    except FileNotFoundError:
        there = ""
    made = tuple(each.task for each in planned.tasks) if there == image.after else ()
    yield Adopted(phase.id, made)


def unfinished(site: Site, phase: Phase, verb: str) -> Task:
    """The task that a verb is about.

    Raises:
        Refusal: none is unfinished, or HEAD is no longer where the run left it.

    """
    task = unfinished_task(site, phase)
    if task is None:
        message = f"no task of {phase.id} is unfinished: there is nothing to {verb}"
        raise Refusal(verb, phase.id, message)
    refuse_moved(site, verb, task.id)
    return task


def refuse_moved(site: Site, verb: str, where: str) -> None:
    """Refuse where HEAD is not where the last run left it, unless the user has accepted that.

    Nor is anything put back while git is at work, or in the middle of something.

    Raises:
        Refusal: naming both places, or what is in the way.

    """
    obstacle = site.repository.obstacle()
    if obstacle is not None:
        raise Refusal(verb, where, obstacle)
    progress = site.journal.progress
    head = site.repository.head()
    if (head.commit, head.ref) != (progress.head, progress.ref) and not site.request.accept_head:
        raise Refusal(
            verb,
            where,
            f"HEAD moved since the last run: it was on {Head(progress.head, progress.ref)} "
            f"and is on {head}",
            hint="go back there"
            + ("" if verb == "abort" else f", or give `{verb}` again with --accept-head"),
        )

"""The verbs that apply to a run that has stopped."""

from __future__ import annotations

import dataclasses

from runbook.core.events import Choice, Stopped
from runbook.core.model import Phase
from runbook.engine.halt import Halt
from runbook.engine.restore import changed_by_others, to_put_back, unfinished_task
from runbook.engine.site import Site
from runbook.world.repository import GitFailed


def with_choices(site: Site, phase: Phase, stopped: Stopped) -> Stopped:
    """The stop with the verbs that apply now, and the task that most of them are about."""
    undo = site.journal.progress.undo
    if undo is not None:
        return dataclasses.replace(stopped, task=undo.target, choices=("undo", "abort"))
    task = unfinished_task(site, phase)
    try:
        names = _choices(site, phase, stopped)
    except (Halt, GitFailed):
        # What can't be read can't be put back either.
        names = ("run",)
    return dataclasses.replace(stopped, task=None if task is None else task.id, choices=names)


def _choices(site: Site, phase: Phase, stopped: Stopped) -> tuple[Choice, ...]:
    progress = site.journal.progress
    if stopped.kind == "moved":
        return ("accept-head",)
    if stopped.kind == "changed":
        return "run", "repair"
    head = site.repository.head()
    if phase.id in progress.phases and (head.commit, head.ref) != (progress.head, progress.ref):
        # A commit that is not as it should be: the other verbs want it settled first.
        return ("run",)
    task = unfinished_task(site, phase)
    if task is not None:
        images = to_put_back(site, phase, task)
        if not images:
            return "run", "skip"
        if changed_by_others(site, task, images):
            return "run", "retry", "skip"
        return "run", "retry", "skip", "abort"
    if stopped.where.startswith(f"{phase.verification_id}/") and progress.commits(phase.id):
        return "run", "undo"
    named = next((each for each in phase.tasks if each.id == stopped.where), None)
    return ("run",) if named is None else ("run", "skip")

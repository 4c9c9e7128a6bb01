"""What a verb finds: an undo or a put-back that was interrupted, a commit nobody recorded."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from runbook.core.model.ids import phase_of
from runbook.core.model.model import Phase, Task
from runbook.core.record.delegateevents import DelegateBegan
from runbook.core.record.events import Event
from runbook.core.record.stepevents import CommitIntended
from runbook.core.record.verbevents import Adopted, RestorePlanned
from runbook.core.value import replace
from runbook.engine.delegates.delegation import finish_attempt
from runbook.engine.ground.context import Context
from runbook.engine.outlook.refusal import Refusal
from runbook.engine.resume.abandoned import refuse_unfinished
from runbook.engine.resume.recovery import recover, tidy
from runbook.engine.resume.restore import finish_restore, unfinished_task
from runbook.world.files.workspace import Workspace
from runbook.world.git.heads import Head, moved


def take_up(context: Context, phase: Phase) -> Iterator[Event]:
    """Finish what a killed run had begun, before anything new.

    Raises:
        CannotContinue: an undo is to be finished first; or a file can't be put back.
    """
    progress = context.journal.progress
    refuse_unfinished(progress, phase)
    tidy(context, phase)
    yield from recover(*_of(context, phase, progress.intent))
    yield from finish_attempt(*_of(context, phase, progress.handed_over))
    yield from finish_restore(*_of(context, phase, progress.restoring))
    yield from _finish_adoption(context, phase)


def _of(
    context: Context, phase: Phase, left: CommitIntended | DelegateBegan | RestorePlanned | None
) -> tuple[Context, Phase]:
    """The phase that a killed run was at, in its own folder, where that is another one."""
    if left is None:
        return context, phase
    where = left.task if isinstance(left, RestorePlanned) else left.step
    other = context.series.get(phase_of(where), phase)
    if other.id == phase.id:
        return context, phase
    workspace = Workspace(context.repository.root, other.settings.workdir)
    there = replace(context, workspace=workspace)
    tidy(there, other)
    return there, other


def _finish_adoption(context: Context, phase: Phase) -> Iterator[Event]:
    """Record an adoption that a killed run had begun, if it had written the phase file."""
    planned = context.journal.progress.adopting
    if planned is None or planned.phase != phase.id:
        return
    folder = context.phase_files or context.repository.root / "phases"
    (image,) = planned.files
    try:
        there = hashlib.sha256((folder / image.path).read_bytes()).hexdigest()
    except FileNotFoundError:
        there = ""
    made = tuple(each.task for each in planned.tasks) if there == image.after else ()
    yield Adopted(phase.id, made)


def unfinished(context: Context, phase: Phase, verb: str) -> Task:
    """The task that a verb is about.

    Raises:
        Refusal: none is unfinished, or HEAD is no longer where the run left it.
    """
    task = unfinished_task(context, phase)
    if task is None:
        message = f"no task of {phase.id} is unfinished: there is nothing to {verb}"
        raise Refusal(message, where=phase.id)
    refuse_moved(context, verb, task.id)
    return task


def refuse_moved(context: Context, verb: str, where: str) -> None:
    """Refuse where HEAD is not where the last run left it, unless the user has accepted that.

    Nor is anything put back while git is at work, or in the middle of something.

    Raises:
        Refusal: naming both places, or what is in the way.
    """
    obstacle = context.repository.obstacle()
    if obstacle is not None:
        raise Refusal(obstacle, where=where)
    progress = context.journal.progress
    head = context.repository.head()
    if (head.commit, head.ref) != (progress.head, progress.ref) and not context.request.accept_head:
        raise Refusal(
            moved(Head(progress.head, progress.ref), head),
            hint="go back there"
            + ("" if verb == "abort" else f", or give `{verb}` again with --accept-head"),
            where=where,
        )

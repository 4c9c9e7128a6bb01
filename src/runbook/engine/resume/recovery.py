"""What a killed run left half done, brought to an end before anything else is done."""

from __future__ import annotations

from collections.abc import Iterator

from runbook.core.model.model import Phase
from runbook.core.record import stepevents
from runbook.core.record.events import Event
from runbook.core.record.progress import Progress
from runbook.core.value import replace
from runbook.engine.contract.stops import reaching, refused
from runbook.engine.ground import putting
from runbook.engine.ground.context import Context
from runbook.engine.ground.putting import Change, holds
from runbook.engine.resume.leftbehind import by_hooks, committed_otherwise, made_commit
from runbook.world.files.workspace import FileState, Workspace
from runbook.world.git import commits, contents
from runbook.world.git.heads import Head


def tidy(context: Context, phase: Phase) -> None:
    """Remove the temporary files that a killed run left of a phase's."""
    context.workspace.tidy(_half_written(context.journal.progress, phase))


def recover(context: Context, phase: Phase) -> Iterator[Event]:
    """Settle a commit of a phase that was begun and whose end is not recorded.

    Raises:
        CannotContinue: a commit was made, and it is not what was intended; or a file can't be
            restored.
    """
    progress = context.journal.progress
    intent = progress.intent
    if progress.open_run is not None:
        # The command may have been git, which was killed with it.
        context.repository.clear_locks(progress.open_run.since)
    if intent is None:
        return
    Workspace(context.repository.root, None).tidy(intent.paths)
    commits.clear_locks(context.repository, intent)
    obstacle = context.repository.obstacle()
    if obstacle is not None:
        raise refused(phase, obstacle)
    made = found(context, phase, intent, intent.step)
    if made is not None:
        subject = context.repository.subject(made)
        changed = committed_otherwise(
            context.repository, context.journal.load, phase, progress, intent, made
        )
        yield stepevents.CommitMade(intent.step, made, subject, intent.paths, recovered=True)
        yield changed or stepevents.StepDone(intent.step)
    elif context.repository.head() == Head(intent.parent, intent.ref):
        ours = by_hooks(Workspace(context.repository.root, None), intent, context.journal.ended)
        yield without_hooks(context, phase, replace(intent, files=ours))


def found(
    context: Context, phase: Phase, intent: stepevents.CommitIntended, where: str
) -> str | None:
    """The commit that a killed run intended, if git made it; files and index are brought up to it.

    Raises:
        CannotContinue: it is not what was intended; or a file can't be written.
    """
    made = made_commit(context.repository, phase, intent, where)
    if made is not None and context.repository.head() == Head(made, intent.ref):
        _brought_up(context, phase, intent)
        context.repository.last_status.remember(None)
        commits.finish(context.repository, intent, made)
    return made


def _half_written(progress: Progress, phase: Phase) -> list[str]:
    """The files of the phase that a killed run may have been about to put in place."""
    paths: dict[str, None] = {}
    for task in phase.tasks:
        state = progress.tasks.get(task.id)
        if state is not None and not state.done:
            for step in state.steps.values():
                paths |= dict.fromkeys(image.path for image in step.planned or ())
    for planned in (progress.open_run, progress.open_attempt, progress.restoring):
        if planned is not None:
            paths |= dict.fromkeys(image.path for image in planned.files)
    return list(paths)


def _brought_up(context: Context, phase: Phase, intent: stepevents.CommitIntended) -> None:
    """Give files what was committed of them, where a power loss took what a hook had written.

    Such a file is empty, or as it was before the hooks. Whatever else it holds is somebody's, and
    what git sees no difference in is as it is to be.
    """
    workspace = Workspace(context.repository.root, None)
    changes = []
    with reaching(intent.step, phase):
        for image in intent.files:
            now = workspace.read(image.path)
            ours = Change.recorded(image).after
            if now is None or (now.data and not holds(now, ours)):
                continue
            sent = None if ours is None else context.journal.load(ours.digest)
            known = (now.data,) if sent is None else (now.data, sent)
            data = contents.in_worktree(context.repository, image.path, *known)
            if data is not None and data != now.data:
                to_be = FileState(data, now.mode)
                changes.append(putting.plan(context.journal, image.path, now, to_be))
        putting.write(workspace, context.journal, changes)


def without_hooks(
    context: Context, phase: Phase, intent: stepevents.CommitIntended
) -> stepevents.CommitRestored:
    """Put back what hooks have made of the files of a commit that git did not make.

    It was never verified.
    """
    workspace = Workspace(context.repository.root, None)
    with reaching(intent.step, phase):
        changes = [
            putting.back_to(workspace, image.path, Change.recorded(image).after)
            for image in intent.files
        ]
        done = putting.put_back(workspace, context.journal, changes)
    # New files were announced to the index.
    context.repository.unstage(intent.paths)
    return stepevents.CommitRestored(intent.step, done.paths, done.rescued)

"""Commit steps: exactly the declared paths, with the message and trailers of the plan."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator

from runbook.core.edit.comparison import comparison
from runbook.core.model.declared import contained
from runbook.core.model.ids import StepId
from runbook.core.model.message import co_authors, compose
from runbook.core.model.model import Commit, Phase, Task
from runbook.core.record import stepevents
from runbook.core.record.events import Event, Stopped
from runbook.core.record.stepevents import FileImage
from runbook.core.text.counting import named
from runbook.core.value import replace
from runbook.engine.checks.cleanplace import misses
from runbook.engine.contract.stops import CannotContinue, interrupted, reaching, refused, stop
from runbook.engine.ground import putting
from runbook.engine.ground.context import Context
from runbook.engine.ground.nowhere import absent, nowhere
from runbook.engine.ground.targets import declared, refuse_no_files
from runbook.engine.ground.undeclared import empty, left_out, only_ignored, others
from runbook.engine.outlook.assignment import trailers as delegates_trailers
from runbook.engine.outlook.moved import refuse_other_branch
from runbook.engine.resume.leftbehind import committed_otherwise, unsound
from runbook.engine.resume.recovery import without_hooks
from runbook.engine.resume.resume import left_for_later, left_untouched
from runbook.engine.steps.hooks import changed_beside, checked_again, left_otherwise, with_beside
from runbook.world.files.workspace import Unreachable, Workspace
from runbook.world.git import commits, readback
from runbook.world.git.expectedtree import Expected, expected
from runbook.world.git.heads import Head
from runbook.world.git.overlooked import overlooked, uncommitted


def commit(
    context: Context, phase: Phase, task: Task, step: Commit, where: StepId, dirty: tuple[str, ...]
) -> Iterator[Event]:
    """Carry out a commit step of a task; `dirty` are paths that were the user's before it began.

    Raises:
        CannotContinue: there is nothing to commit and never was, another tracked file changed,
            another branch was checked out, or git or one of its hooks refused.
    """
    refuse_other_branch(context, phase, step, where)
    yield from checked_again(context, phase, where)
    refuse_no_files(context, step, where)
    lost = nowhere(context, phase, step, where)
    if lost is not None:
        raise CannotContinue(lost)
    steps = contained(phase, step)
    passed_over = only_ignored(context, steps)
    if passed_over and not step.force:
        reasons = overlooked(context.repository.root, passed_over)
        raise CannotContinue(left_out(step, where, reasons))
    paths = (*declared(context, steps), *passed_over)
    if not paths:
        raise CannotContinue(empty(step, where))
    changes = context.repository.around(paths)
    own = set(paths)
    changed = {change.path: change for change in changes if change.path in own}
    refused = others(context, phase, step, where, dirty, changes)
    if refused is not None:
        raise CannotContinue(refused)
    hidden = uncommitted(context.repository, tuple(path for path in paths if path not in changed))
    if hidden and not step.force:
        raise CannotContinue(left_out(step, where, hidden))
    committed = tuple(path for path in paths if path in changed or path in hidden)
    new = tuple(path for path in committed if path in hidden or changed[path].untracked)
    if committed:
        before = tuple(change.path for change in changes)
        yield from _made(context, phase, task, step, where, committed, new, before)
    elif context.journal.progress.task_of(where).steps[where].commit is None:
        never = absent(context, paths)
        known = tuple(path for path in paths if path not in never)
        yield stepevents.AlreadyCommitted(where, known)


def _made(
    context: Context,
    phase: Phase,
    task: Task,
    step: Commit,
    where: StepId,
    committed: tuple[str, ...],
    new: tuple[str, ...],
    before: tuple[str, ...],
) -> Iterator[Event]:
    """Have git commit some paths, and once more where a hook refused what it had changed."""
    retry = (step.hooks or phase.settings.hooks or "retry") == "retry"
    while True:
        message, intent, made_of = _intended(context, phase, step, where, committed)
        unseen = _changed_unseen(context, phase, task, step, intent)
        if unseen is not None:
            raise CannotContinue(unseen)
        yield intent
        limits = commits.Limits(context.timeout(phase, None), context.interrupts)
        try:
            made = commits.make(context.repository, message, intent, new, limits, made_of)
        except readback.CommitUnsound as error:
            raise CannotContinue(unsound(where, str(step.at), error, intent.parent)) from None
        except commits.NotMade as error:
            stays = context.repository.head() == Head(intent.parent, intent.ref)
            if error.killed and stays:
                yield without_hooks(context, phase, intent)
            elif stays and context.interrupts.received is None:
                beside = changed_beside(context, before)
                with reaching(where, step):
                    found = left_otherwise(context, phase, intent)
                left = with_beside(context, found, beside, where)
                if left is not None:
                    retried = retry and not beside
                    yield replace(left, tried=retried)
                    if retried:
                        retry = False
                        yield from checked_again(context, phase, where)
                        continue
                raise CannotContinue(_by_a_hook(context, phase, step, where, error, left)) from None
            raise CannotContinue(_refused(context, phase, step, where, error)) from None
        break
    context.notebook.new.add(made.commit)
    changed = committed_otherwise(
        context.repository,
        context.journal.load,
        phase,
        context.journal.progress,
        intent,
        made.commit,
    )
    yield stepevents.CommitMade(where, made.commit, step.subject, committed, despite=made.despite)
    beside = changed_beside(context, before, committed)
    changed = with_beside(context, changed, beside, where, made.commit)
    if changed is None:
        return
    yield changed
    differing = context.repository.changes(changed.paths)
    if differing and changed.checks:
        raise CannotContinue(
            _elsewhere(step, where, made.commit, [each.path for each in differing])
        )
    yield from checked_again(context, phase, where)


def _intended(
    context: Context, phase: Phase, step: Commit, where: StepId, committed: tuple[str, ...]
) -> tuple[str, stepevents.CommitIntended, Expected]:
    """The message of a commit, how it will be recognised, and what it is made of."""
    head = context.repository.head()
    trailers = tuple(
        dict.fromkeys(
            (
                *co_authors(phase.settings.co_authored_by or ()),
                *step.trailers,
                *delegates_trailers(context, phase, where, step),
            )
        )
    )
    message = compose(step.message, trailers)
    date = f"{int(time.time())} {time.strftime('%z')}"
    digest = hashlib.sha256(message.encode("utf-8", "surrogateescape")).hexdigest()
    made_of = expected(context.repository, head.commit, committed)
    intent = stepevents.CommitIntended(
        where, head.commit, head.ref, committed, digest, date, trailers,
        _images(context, committed), made_of.tree,
    )  # fmt: skip
    return message, intent, made_of


def _changed_unseen(
    context: Context, phase: Phase, task: Task, step: Commit, intent: stepevents.CommitIntended
) -> Stopped | None:
    """The stop where files are no more what the steps of this or earlier tasks left for checks.

    A check may have changed them, or somebody meanwhile. The next run takes that for work by hand:
    it is shown, and checked.
    """
    state = context.journal.progress.task_of(intent.step)
    left = left_untouched(task, state, len(task.steps)) | state.images
    prefix = context.workspace.prefix
    if any(image.path.removeprefix(prefix) not in left for image in intent.files):
        left = {**left_for_later(context, phase, task).images, **left}
    by_hand = {(each.path, each.after) for work in state.handmade.works for each in work.files}
    changed = {
        path: image
        for image in intent.files
        if (path := image.path.removeprefix(prefix)) in left
        and left[path] != image.after
        and (path, image.after) not in by_hand
    }
    if not changed:
        return None
    load = context.journal.load
    shown = "".join(
        comparison(path, load(left[path]), load(image.after), "as the steps left it")
        for path, image in changed.items()
    )
    was = "was" if len(changed) == 1 else "were"
    return refused(
        step,
        f"{named(changed)} {was} changed while the task was checked, and no check saw that",
        output=shown,
        hint="run again: it is shown, checked, and committed as it is then. If a check changed it, "
        "make that a `run` step, or have it only look",
        where=intent.step,
    ).stopped


def _elsewhere(step: Commit, where: StepId, commit: str, paths: list[str]) -> Stopped:
    names = named(paths)
    return stop(
        "commit",
        where,
        step,
        f"commit {commit[:9]} has {names} otherwise than the worktree: a hook staged what it did "
        "not write",
        hint="nothing was checked as it is committed: bring the files to what the commit has "
        "(`git checkout HEAD -- FILE`) and run again",
    )


def _images(context: Context, paths: tuple[str, ...]) -> tuple[FileImage, ...]:
    """The files as they are to be committed; links and the like have no image."""
    workspace = Workspace(context.repository.root, None)
    images = []
    for path in paths:
        try:
            now = workspace.read(path)
        except Unreachable:
            continue
        images.append(putting.plan(context.journal, path, None, now).image())
    return tuple(images)


def _by_a_hook(
    context: Context,
    phase: Phase,
    step: Commit,
    where: StepId,
    error: commits.NotMade,
    left: stepevents.HooksChanged | None,
) -> Stopped:
    """The stop of a commit that a hook refused, after it may have changed files."""
    stopped = _refused(context, phase, step, where, error)
    if left is None:
        return stopped
    if left.beside:
        hint = (
            f"a hook changed what is not in the commit: {named(left.beside)}. Undo that, or "
            "list it under the commit's `files:`, and run again"
        )
    else:
        hint = (
            f"a hook changed {named(left.paths)} and refused the commit: run again, and it is "
            "tried with that, once its checks hold"
        )
    return replace(stopped, hint=hint)


def _refused(
    context: Context, phase: Phase, step: Commit, where: StepId, error: commits.NotMade
) -> Stopped:
    if context.interrupts.received is not None:
        return interrupted(where, step, context.interrupts.received)
    return stop(
        "commit",
        where,
        step,
        "git did not make the commit",
        output=str(error),
        hint=misses(context, phase, str(error)),
    )

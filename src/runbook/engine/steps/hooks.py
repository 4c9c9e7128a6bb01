"""What hooks of the user's made of the files of a commit: told, and checked as it is."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from runbook.core.edit.difference import difference
from runbook.core.model.digest import digest
from runbook.core.model.ids import StepId, task_of
from runbook.core.model.model import Phase, Verify
from runbook.core.model.paths import prefix_of
from runbook.core.record import stepevents
from runbook.core.record.described import describe
from runbook.core.record.events import Event, Stopped
from runbook.core.record.hooked import checks_before, to_make_again
from runbook.core.record.progress import Progress
from runbook.core.record.stepevents import CommitIntended, HooksChanged
from runbook.core.value import replace
from runbook.engine.contract.stops import CannotContinue
from runbook.engine.ground import putting
from runbook.engine.ground.context import Context
from runbook.engine.resume.leftbehind import SHOWN
from runbook.engine.steps.verify import verify
from runbook.world.files.workspace import FileState, Unreachable, Workspace, data_of
from runbook.world.git.userhooks import runs_hooks


def left_otherwise(context: Context, phase: Phase, intent: CommitIntended) -> HooksChanged | None:
    """What hooks made of the files of a commit that they refused, `None` where nothing.

    The bytes are kept, so that they are known as theirs and not as somebody's by hand.

    Raises:
        Unreachable: they can't be synced.
    """
    workspace = Workspace(context.repository.root, None)
    prefix = prefix_of(phase.settings.workdir)
    told: dict[str, str] = {}
    images = []
    for image in intent.files:
        sent = context.journal.load(image.after)
        try:
            now = workspace.read(image.path)
        except Unreachable:
            return None
        mode = image.mode if now is None else now.mode
        if putting.digest_of(now) == image.after and not ((mode or 0) ^ (image.mode or 0)) & 0o100:
            continue
        was = None if sent is None else FileState(sent, image.mode or 0o644)
        path = image.path.removeprefix(prefix)
        images.append(putting.plan(context.journal, path, was, now).image())
        told[image.path] = difference(image.path, sent, data_of(now), (image.mode, mode))
    if not told:
        return None
    workspace.sync(list(told))
    return HooksChanged(
        intent.step, tuple(told), "".join(told.values())[:SHOWN],
        checks_before(phase, context.journal.progress, intent.step), tuple(images),
    )  # fmt: skip


def changed_beside(
    context: Context, before: Collection[str], committed: Collection[str] = ()
) -> tuple[str, ...]:
    """The files that hooks changed and that are in no commit, where any were run.

    `before` are those that differed from HEAD already; of those that were `committed` none does.
    """
    if not runs_hooks(context.repository):
        return ()
    status = context.repository.last_status.now()
    now = [each.path for each in status if not each.untracked]
    return tuple(path for path in now if path in committed or path not in before)


def with_beside(
    context: Context,
    changed: HooksChanged | None,
    beside: tuple[str, ...],
    where: StepId,
    made: str = "",
) -> HooksChanged | None:
    """What hooks changed of a commit, which was `made` or which they refused, and beside it."""
    if changed is not None:
        beside = tuple(path for path in beside if path not in changed.paths)
    if not beside:
        return changed
    changed = changed or HooksChanged(where, (), "", commit=made)
    shown = f"{changed.difference}{context.repository.difference(beside)}"
    return replace(changed, beside=beside, difference=shown[:SHOWN])


def checked_again(context: Context, phase: Phase, where: StepId) -> Iterator[Event]:
    """Make the checks again whose files a hook of a commit step has changed since.

    Raises:
        CannotContinue: one does not hold any more.
    """
    progress = context.journal.progress
    again = set(to_make_again(progress, where))
    for task in phase.tasks if again else ():
        for name, step in task.named_steps():
            if name not in again or not isinstance(step, Verify):
                continue
            kind, subject = describe(step)
            yield stepevents.StepBegan(name, kind, subject, digest(step), str(step.at))
            try:
                yield from verify(
                    context, phase, step, name, progress.tasks[task_of(name)].head or ""
                )
            except CannotContinue as raised:
                if raised.stopped.kind != "unmet":
                    raise
                raise CannotContinue(_broken(progress, where, raised)) from None
            yield stepevents.StepDone(name)


def _broken(progress: Progress, where: StepId, raised: CannotContinue) -> Stopped:
    commit = progress.task_of(where).steps[where].commit
    message = "the check does not hold on what a hook has made of the files"
    hint = (
        f"commit {commit[:9]} was made and stays: mend the files, the hook or the check, and run "
        "again"
        if commit
        else "mend the files, the hook or the check, and run again"
    )
    return replace(raised.stopped, message=message, hint=hint)

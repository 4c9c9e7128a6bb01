"""What a killed run left half done, found out without touching it."""

from __future__ import annotations

from collections.abc import Callable

from runbook.core.edit.difference import difference
from runbook.core.model.model import Phase
from runbook.core.record import stepevents
from runbook.core.record.delegateevents import AttemptEnded, DelegateBegan
from runbook.core.record.events import Event, Stopped
from runbook.core.record.hooked import checks_before
from runbook.core.record.progress import Progress
from runbook.core.record.stepevents import FileImage
from runbook.core.record.verbevents import TaskRestored
from runbook.core.value import value
from runbook.engine.halt import Halt
from runbook.world.files.workspace import Workspace
from runbook.world.git import contents, readback
from runbook.world.git.heads import Head
from runbook.world.git.reader import Reader

SHOWN = 6000
"""Characters of the difference that a hook made."""


@value
class LeftBehind:
    """What a killed run left that the next one settles before anything else.

    `found` are the events that it will record, `committed` the files of a commit that was not
    made, from the repository's root, and `restored` those of a task that is being put back.
    """

    found: tuple[Event, ...] = ()
    committed: tuple[FileImage, ...] = ()
    restored: tuple[FileImage, ...] = ()
    since: float = 0.0  # when a git of ours may have left its locks, in seconds since the epoch


def by_hooks(
    workspace: Workspace, intent: stepevents.CommitIntended, ended: int | None
) -> tuple[FileImage, ...]:
    """The files of a commit that was not made which may be as its hooks left them.

    What was changed after the time `ended` (nanoseconds since the epoch), when nothing of the
    killed run was left any more, is a person's; without it, nothing tells.
    """
    if ended is None:
        return intent.files
    return tuple(each for each in intent.files if workspace.changed_at(each.path) <= ended)


def left_behind(
    repository: Reader,
    progress: Progress,
    phase: Phase,
    ended: int | None,
    load: Callable[[str], bytes | None],
) -> LeftBehind:
    """What `recover` and `finish_restore` will do; nothing is done. `ended` is as of `by_hooks`.

    Raises:
        Halt: a commit was made, and it is not what was intended.

    """
    found: list[Event] = []
    committed: tuple[FileImage, ...] = ()
    since = 0.0 if progress.open_run is None else float(progress.open_run.since)
    intent = progress.intent
    if intent is not None:
        since = float(intent.date.split(" ")[0])
        made = made_commit(repository, phase, intent, intent.step)
        if made is not None:
            subject = repository.subject(made)
            found += [
                stepevents.CommitMade(intent.step, made, subject, intent.paths, recovered=True)
            ]
            changed = committed_otherwise(repository, load, phase, progress, intent, made)
            found += [changed or stepevents.StepDone(intent.step)]
        elif repository.head() == Head(intent.parent, intent.ref):
            committed = by_hooks(Workspace(repository.root, None), intent, ended)
            found += [stepevents.CommitRestored(intent.step, (), "")]
    first = progress.handed_over
    if first is not None:
        found.append(AttemptEnded(first.step, 0, "killed"))
    planned = progress.restoring
    if planned is None:
        files = () if first is None else put_back_first(first, progress.open_attempt)
        return LeftBehind(tuple(found), committed, files, since)
    found.append(TaskRestored(planned.task, planned.purpose, ()))
    return LeftBehind(tuple(found), committed, planned.files, since or planned.since)


def put_back_first(first: DelegateBegan, latest: DelegateBegan | None) -> tuple[FileImage, ...]:
    """The files of work whose attempts were broken off, each as it was handed over."""
    known = {image.path for image in first.files}
    made = () if latest is None else latest.files
    return (*first.files, *(FileImage(i.path, None, None) for i in made if i.path not in known))


def committed_otherwise(
    repository: Reader,
    load: Callable[[str], bytes | None],
    phase: Phase,
    progress: Progress,
    intent: stepevents.CommitIntended,
    commit: str,
) -> stepevents.HooksChanged | None:
    """What hooks made of the files of a commit before it was made, `None` where nothing.

    `load` gives the bytes of a digest, `None` where they are not kept.
    """
    if intent.tree and repository.run("rev-parse", f"{commit}^{{tree}}").strip() == intent.tree:
        return None
    told: dict[str, str] = {}
    for image in intent.files:
        sent = None if image.after is None else load(image.after)
        if (sent is None) != (image.after is None):
            continue
        if sent is not None and contents.unchanged(repository, image.path, sent, commit):
            continue
        made = contents.committed(repository, image.path, commit)
        if made != sent:
            told[image.path] = difference(image.path, sent, made, (image.mode, image.mode))
    if not told:
        return None
    return stepevents.HooksChanged(
        intent.step, tuple(told), "".join(told.values())[:SHOWN],
        checks_before(phase, progress, intent.step), commit=commit,
    )  # fmt: skip


def made_commit(
    repository: Reader, phase: Phase, intent: stepevents.CommitIntended, where: str
) -> str | None:
    """The commit that was made and not recorded, read back.

    Raises:
        Halt: it is not what was intended.

    """
    made = readback.find(repository, intent)
    if made is not None:
        try:
            readback.check(repository, made, intent)
        except readback.CommitUnsound as error:
            raise Halt(unsound(where, str(phase.at), error)) from None
    return made


def unsound(step: str, at: str, error: readback.CommitUnsound) -> Stopped:
    """The stop that a commit makes which is not what was intended."""
    hint = (
        "the commit was made and stays: take it back with `git reset --soft HEAD~1`, mend "
        "the hook and run again, or go on with the commit as it is with --accept-head"
    )
    return Stopped("commit", step, at, str(error), hint=hint)

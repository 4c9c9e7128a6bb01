"""What a killed run left half done, found out without touching it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from runbook.core.edit.difference import difference
from runbook.core.model.ids import phase_of
from runbook.core.model.model import Phase
from runbook.core.model.paths import prefix_of
from runbook.core.record import stepevents
from runbook.core.record.delegateevents import AttemptEnded, DelegateBegan
from runbook.core.record.events import Event, Stopped
from runbook.core.record.hooked import checks_before
from runbook.core.record.progress import Progress
from runbook.core.record.stepevents import FileImage
from runbook.core.record.verbevents import TaskRestored
from runbook.core.value import replace, value
from runbook.engine.contract.stops import CannotContinue
from runbook.engine.ground.ground import Ground, Lookout
from runbook.engine.ground.putting import Change
from runbook.engine.ground.strangers import Gate, Guard, Strangers, to_put_back
from runbook.engine.ground.targets import is_phase_file
from runbook.world.files.workspace import Workspace
from runbook.world.git import contents, readback
from runbook.world.git.heads import Head
from runbook.world.git.protected import by_a_person
from runbook.world.git.reader import Reader

SHOWN = 6000
"""Characters of the difference that a hook made."""


@value
class LeftBehind:
    """What a killed run left that the next one settles before anything else.

    `found` are the events that it will record, `committed` the files of a commit that was not
    made, and `restored` those of a task that is being put back, both from the repository's root.
    `strangers` is what an attempt of a delegate changed that is not its own.
    """

    found: tuple[Event, ...] = ()
    committed: tuple[FileImage, ...] = ()
    restored: tuple[FileImage, ...] = ()
    since: float = 0.0  # when a git of ours may have left its locks, in seconds since the epoch
    strangers: Strangers | None = None


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
    ground: Lookout,
    progress: Progress,
    phase: Phase,
    series: Mapping[str, Phase],
    ended: int | None,
) -> LeftBehind:
    """What `take_up` of a phase will do; nothing is done. `ended` is as of `by_hooks`.

    Raises:
        CannotContinue: a commit was made, and it is not what was intended.
    """
    repository, load = ground.repository, ground.journal.load

    def of(where: str) -> Phase:
        return series.get(phase_of(where), phase)

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
            changed = committed_otherwise(repository, load, of(intent.step), progress, intent, made)
            found += [changed or stepevents.StepDone(intent.step)]
        elif repository.head() == Head(intent.parent, intent.ref):
            committed = by_hooks(Workspace(repository.root, None), intent, ended)
            found += [stepevents.CommitRestored(intent.step, (), "")]
    first = progress.handed_over
    restored: tuple[FileImage, ...] = ()
    strangers = None
    if first is not None:
        found.append(AttemptEnded(first.step, 0, "killed"))
        began = progress.open_attempt
        workdir = of(first.step).settings.workdir
        there = Workspace(repository.root, workdir)
        restored = _from_root(workdir, put_back_first(there, first, began, ended))
        if began is not None:
            guard = Guard(began.guard, began.inventory)
            gate = gate_after(ground, of(first.step), ended)
            strangers = to_put_back(repository, load, guard, gate)
    planned = progress.restoring
    if planned is not None:
        found.append(TaskRestored(planned.task, planned.purpose, ()))
        restored = _from_root(of(planned.task).settings.workdir, planned.files)
        since = since or planned.since
    return LeftBehind(tuple(found), committed, restored, since, strangers)


def _from_root(workdir: str | None, images: tuple[FileImage, ...]) -> tuple[FileImage, ...]:
    """Files of a phase, named from the repository's root."""
    return tuple(replace(each, path=prefix_of(workdir) + each.path) for each in images)


def gate_after(ground: Ground, phase: Phase, ended: int | None) -> Gate:
    """What an attempt that was killed with its run may leave.

    What it may change is put back as well, so nothing of it is its own. Phase files a person mends
    between two runs.
    """
    carried = phase.settings.carry or ()
    return Gate(passed_over=lambda path: is_phase_file(ground, path), carried=carried, ended=ended)


def put_back_first(
    workspace: Workspace, first: DelegateBegan, latest: DelegateBegan | None, ended: int | None
) -> tuple[FileImage, ...]:
    """The files of work whose attempts were broken off, `after` as each was handed over.

    What a person changed after the time `ended` is theirs.
    """
    known = {image.path: image for image in first.files}
    made = {i.path: FileImage(i.path, None, None) for i in (latest.files if latest else ())}
    return tuple(
        Change.recorded(image).back.image()
        for image in (made | known).values()
        if not by_a_person(workspace.folder / image.path, ended)
    )


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
    if intent.tree and repository.tree(commit) == intent.tree:
        return None
    told: dict[str, str] = {}
    for image in intent.files:
        sent = None if image.after is None else load(image.after)
        if (sent is None) != (image.after is None):
            continue
        same = sent is not None and contents.unchanged(repository, image.path, sent, commit)
        made = sent if same else contents.committed(repository, image.path, commit)
        mode = _committed_mode(repository, image, commit)
        if made != sent or mode != image.mode:
            told[image.path] = difference(image.path, sent, made, (image.mode, mode))
    if not told:
        return None
    return stepevents.HooksChanged(
        intent.step, tuple(told), "".join(told.values())[:SHOWN],
        checks_before(phase, progress, intent.step), commit=commit,
    )  # fmt: skip


def _committed_mode(repository: Reader, image: FileImage, commit: str) -> int | None:
    """The permission bits of a file of a commit, of which git keeps whether it is executable."""
    if image.mode is None or not repository.settings.is_true("core.filemode", default=True):
        return image.mode
    if contents.executable(repository, image.path, commit) == bool(image.mode & 0o100):
        return image.mode
    return image.mode ^ 0o111


def made_commit(
    repository: Reader, phase: Phase, intent: stepevents.CommitIntended, where: str
) -> str | None:
    """The commit that was made and not recorded, read back.

    Raises:
        CannotContinue: it is not what was intended.
    """
    made = readback.find(repository, intent)
    if made is not None:
        try:
            readback.check(repository, made, intent)
        except readback.CommitUnsound as error:
            raise CannotContinue(unsound(where, str(phase.at), error, intent.parent)) from None
    return made


_WAYS = ", mend the hook and run again, or go on with the commit as it is with --accept-head"


def unsound(
    step: str, at: str, error: readback.CommitUnsound, parent: str | None, ways: str = _WAYS
) -> Stopped:
    """The stop that a commit makes which is not what was intended to follow `parent`."""
    # Not HEAD~1: a hook may have made commits of its own.
    back = "update-ref -d HEAD" if parent is None else f"reset --soft {parent[:9]}"
    hint = f"the commit was made and stays: take it back with `git {back}`{ways}"
    return Stopped("commit", step, at, str(error), hint=hint)

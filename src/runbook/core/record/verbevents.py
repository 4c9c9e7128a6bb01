"""Events of the verbs: what a person has a run put back, leave out, take back or accept."""

from __future__ import annotations

from typing import Literal

from runbook.core.record.stepevents import FileImage, Special
from runbook.core.value import value

Purpose = Literal["retry", "skip", "abort"]


@value
class TaskSkipped:
    """A task is left out, for a reason; `dependents` are the phases and tasks that may miss it."""

    task: str
    title: str
    reason: str
    who: str
    commits: tuple[str, ...] = ()  # made by it before, and kept
    dependents: tuple[str, ...] = ()


@value
class RestorePlanned:
    """The uncommitted part of a task is about to be put back.

    Of each file `before` is what it holds now, and `after` what it held when that part began. With
    `skipped` the task is left out once it is put back.
    """

    task: str
    purpose: Purpose
    files: tuple[FileImage, ...]
    since: int = 0  # seconds since the epoch
    skipped: TaskSkipped | None = None
    special: tuple[Special, ...] = ()  # links and submodules


@value
class TaskRestored:
    """The uncommitted part of a task is put back, and nothing of it counts as done any more.

    `rescued` is the folder that has what the files held; `stay` are the commits of its commands,
    the last one first, each its name and its subject.
    """

    task: str
    purpose: Purpose
    files: tuple[str, ...]
    rescued: str = ""
    stay: tuple[str, ...] = ()


@value
class TaskReopened:
    """A task that was skipped or undone is to be carried out after all."""

    task: str


@value
class TaskRepaired:
    """A finished task counts as done although the phase file says something else now."""

    task: str
    digest: str
    text: str
    who: str
    reason: str
    difference: str = ""


@value
class AdoptedStep:
    """A step of a task whose handwork was adopted; it `was` this one, or is new."""

    digest: str
    was: str = ""


@value
class AdoptedTask:
    """A finished task as it stands with what was made by hand among its edits."""

    task: str
    digest: str
    text: str
    steps: tuple[AdoptedStep, ...]


@value
class AdoptionShown:
    """What a phase file would say with what was made by hand; nothing was changed."""

    phase: str
    tasks: tuple[str, ...]
    difference: str


@value
class AdoptionPlanned:
    """The phase file is about to say what was made by hand; `files` is that one file."""

    phase: str
    files: tuple[FileImage, ...]
    tasks: tuple[AdoptedTask, ...]
    difference: str = ""


@value
class Adopted:
    """The phase file says what was made by hand in these tasks; without any, it stayed as it was.

    `left` are steps that a person has to do every time, because nothing was changed in them.
    """

    phase: str
    tasks: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


@value
class UndoBegan:
    """Commits are about to be taken back by commits that revert them, the last one first."""

    target: str
    tasks: tuple[str, ...]
    commits: tuple[str, ...]


@value
class RevertPlanned:
    """The files that reverting a commit changes, named from the repository's root.

    Links and submodules have no image, and are `special`.
    """

    task: str
    commit: str
    files: tuple[FileImage, ...]
    special: tuple[Special, ...] = ()


@value
class RevertIntended:
    """A commit that reverts another is about to be made."""

    task: str
    commit: str  # the one that is reverted
    parent: str | None
    ref: str | None
    paths: tuple[str, ...]
    message_digest: str
    date: str  # as of `CommitIntended`
    trailers: tuple[str, ...] = ()


@value
class RevertMade:
    """A commit was reverted by another; without one, nothing of it was left to revert.

    `despite` is as of `CommitMade`.
    """

    task: str
    commit: str
    by: str | None
    subject: str
    recovered: bool = False
    despite: str = ""


@value
class UndoGivenUp:
    """The files of an undo that is not finished are about to be put back."""

    target: str
    since: int  # seconds since the epoch


@value
class UndoEnded:
    """An undo is over; `tasks` are undone now, and not `complete` is one that was given up.

    `stay` are the commits of their commands, as of `TaskRestored`.
    """

    target: str
    tasks: tuple[str, ...]
    complete: bool = True
    dependents: tuple[str, ...] = ()
    stay: tuple[str, ...] = ()


@value
class CheckRepeated:
    """A check of a task that stays done is run once more."""

    step: str
    subject: str


@value
class EndedAsAsked:
    """A run ends before the end of its phase, because it was asked for no more."""

    phase: str
    left: tuple[str, ...]  # tasks that are still to do


@value
class PassedOver:
    """Tasks that this run leaves out: skipped or undone before, or not asked for."""

    phase: str
    skipped: tuple[str, ...] = ()
    undone: tuple[str, ...] = ()
    not_asked: tuple[str, ...] = ()


@value
class VerbRefused:
    """A verb is not carried out; what stopped before stays so.

    Nothing was changed, but for one that had `begun`: given again it goes on.
    """

    verb: str
    where: str
    message: str
    details: tuple[str, ...] = ()
    hint: str | None = None
    begun: bool = False


VerbEvent = (
    RestorePlanned
    | TaskRestored
    | TaskSkipped
    | TaskReopened
    | TaskRepaired
    | AdoptionShown
    | AdoptionPlanned
    | Adopted
    | UndoBegan
    | RevertPlanned
    | RevertIntended
    | RevertMade
    | UndoGivenUp
    | UndoEnded
    | CheckRepeated
    | EndedAsAsked
    | PassedOver
    | VerbRefused
)

"""The verbs that apply to a run that has stopped."""

from __future__ import annotations

from runbook.core.model.ids import within
from runbook.core.model.model import Phase, Task
from runbook.core.record.events import WAITING, Choice, Stopped
from runbook.core.record.progress import Progress
from runbook.core.record.status import past_commits, waiting_step
from runbook.core.record.ways import argv
from runbook.core.value import replace, value
from runbook.engine.contract.stops import CannotContinue
from runbook.engine.ground.ground import Ground
from runbook.engine.resume.restore import (
    changed_by_others,
    special_to_put_back,
    to_put_back,
    unfinished_task,
)
from runbook.world.git.gitfailed import GitFailed


@value
class ByThen:
    """What a run has done by a stop that is only foreseen.

    `task` is unfinished then, and may have `written` these files since its last commit; `settled`:
    it has made one, so that what it holds now is not to be put back any more. `commits`: the phase
    has made one. `taken` are the files of work by hand that is done by then, and `mended` those
    that a person changed before the task began.
    """

    task: Task | None = None
    written: frozenset[str] = frozenset()
    settled: bool = False
    commits: bool = False
    taken: frozenset[str] = frozenset()
    mended: frozenset[str] = frozenset()


def with_choices(
    ground: Ground, phase: Phase, stopped: Stopped, by_then: ByThen | None = None
) -> Stopped:
    """The stop with the verbs that apply to it, and the task that most of them are about.

    A stop that has `retry` for its choice goes on by that, and not by `run`.
    """
    undo = ground.journal.progress.undo
    if undo is not None:
        return chosen(replace(stopped, task=undo.target), ("undo", "abort"))
    task = unfinished_task(ground, phase)
    if by_then is not None:
        task = by_then.task
    try:
        names = _choices(ground, phase, stopped, task, by_then)
    except (CannotContinue, GitFailed):
        # What can't be read can't be put back either.
        names = ("run",)
    if stopped.choices == ("retry",) and "retry" in names:
        names = ("retry", *(name for name in names if name not in ("run", "retry")))
    past = stopped.kind in ("unmet", "vacuous") and past_commits(
        phase, ground.journal.progress, stopped.where
    )
    name = None if task is None else task.id
    return chosen(replace(stopped, task=name, past_commits=past), names)


def chosen(stopped: Stopped, choices: tuple[Choice, ...]) -> Stopped:
    """The stop with these choices, and the arguments by which each is made."""
    stopped = replace(stopped, choices=choices)
    return replace(stopped, argv=tuple(argv(each, stopped) for each in choices))


def _was_asked(phase: Phase, progress: Progress, stopped: Stopped) -> bool:
    """Whether a person was asked at a stop, and said no or Ctrl-C: the question is open still."""
    return stopped.kind in ("interrupted", "unmet") and (
        waiting_step(phase, progress) == stopped.where
    )


def _choices(
    ground: Ground, phase: Phase, stopped: Stopped, task: Task | None, by_then: ByThen | None
) -> tuple[Choice, ...]:
    progress = ground.journal.progress
    if stopped.undone:
        return ("restart",)
    if stopped.kind == "moved":
        return ("accept-head",)
    if stopped.kind == "changed":
        return "run", ("repair" if progress.done(stopped.where) else "skip")
    head = ground.repository.head()
    moved = (head.commit, head.ref) != (progress.head, progress.ref)
    if by_then is None and phase.id in progress.phases and moved:
        # A commit that is not as it should be: the other verbs want it settled first.
        return ("run",)
    if ground.repository.obstacle() is not None:
        return ("run",)
    waits = stopped.kind in WAITING or _was_asked(phase, progress, stopped)
    on: tuple[Choice, ...] = ("run", "done") if waits else ("run",)
    then = by_then or ByThen()
    if task is not None:
        begun = task.id in progress.tasks and not then.settled
        images = to_put_back(ground, phase, task) if begun else ()
        special = special_to_put_back(ground, task) if begun else ()
        if not images and not special and not then.written and not then.mended:
            return (*on, "skip")
        others = {*then.mended, *changed_by_others(ground, task, images)}
        if others - then.written - then.taken:
            return (*on, "retry", "skip")
        return (*on, "retry", "skip", "abort")
    commits = progress.commits(phase.id) or then.commits
    if within(stopped.where, phase.verification_id) and commits:
        return (*on, "undo")
    named = next((each for each in phase.tasks if each.id == stopped.where), None)
    if named is None:
        return on
    before = [each.id for each in phase.tasks[: phase.tasks.index(named)]]
    left_out = any(progress.settled(each) and not progress.done(each) for each in before)
    if stopped.kind == "conflict" and left_out:
        # What it looks for may be what they make.
        return (*on, "restart", "skip")
    return (*on, "skip")

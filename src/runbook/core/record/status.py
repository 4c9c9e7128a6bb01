"""Where phases and tasks stand, as values: what `status`, `list` and `show` tell."""

from __future__ import annotations

from typing import Literal

from runbook.core.model.digest import unchanged
from runbook.core.model.ids import phase_of, within
from runbook.core.model.model import Confirm, Manual, Phase, Step, Task, Verify
from runbook.core.record import ledgerevents
from runbook.core.record.events import Choice, Event, Stopped
from runbook.core.record.progress import Progress
from runbook.core.record.proofs import Word
from runbook.core.record.reconcile import again
from runbook.core.value import value

Mark = Literal["done", "stopped", "under way", "to verify again", "to do", "skipped", "undone"]


_SETTLED = ("done", "skipped", "undone")


@value
class TaskStatus:
    """Where a task, or the verification of a phase, stands; `commits` are those it made.

    `reason` is why it was skipped, `words` are what people said of its steps.
    """

    task: str
    title: str
    mark: Mark
    commits: tuple[str, ...] = ()
    reason: str | None = None
    words: tuple[Word, ...] = ()


@value
class Moved:
    """HEAD is not where the last run left it, and a run does not go on from there."""

    before: str | None
    before_ref: str | None
    now: str | None
    now_ref: str | None


@value
class Killed:
    """Where a run is, or was when it was killed: the step, and its place in the phase file.

    `task` is the one that is unfinished, `choices` the verbs that apply. With `asks` the step is
    one that the run asks a person about.
    """

    where: str
    at: str
    task: str | None = None
    choices: tuple[Choice, ...] = ()
    asks: bool = False

    def as_stop(self) -> Stopped:
        """The stop that a run makes which is interrupted there."""
        return Stopped("interrupted", self.where, self.at, "", task=self.task, choices=self.choices)


ASKS = "it may be waiting for an answer at its terminal; Ctrl-C there ends it, and nothing is lost"
"""What is said of a run at work on a step that a person is asked about."""


@value
class Awaited:
    """What is to be complete before a phase and is not: phases, in the order of the series.

    Those among them of which all was undone are passed over by a run that does not restart them.
    """

    phases: tuple[str, ...] = ()
    undone: tuple[str, ...] = ()


@value
class PhaseStatus:
    """Where a phase stands.

    `done` counts tasks; `stopped` is why the last run stopped, `killed` where it was killed
    instead, and `refused` the stop that the next one would make before it does anything, `moved`
    among them; with `settled` the stop before would not be made again, and `handed_to` is the
    command that a run gives that step to first. `changed` is a finished task that says something
    else now. `locked_by` is the process at work in its worktree, `at` the step, if it is at work
    on this phase; `undoing` is the phase or
    task whose undo is not finished. `rebuilt` phases are known from the notes of their commits;
    `gone` is a recorded commit that the branch does not have any more, `rewritten` are those that
    are others now; `doubted` notes say of commits what is not so. Of the phases that it `waits_for`
    those to be restarted were undone as a whole.
    """

    phase: str
    title: str
    mark: Mark
    done: int
    tasks: tuple[TaskStatus, ...]
    verification: TaskStatus | None = None
    waits_for: tuple[str, ...] = ()
    locked_by: str | None = None
    at: Killed | None = None
    stopped: Stopped | None = None
    killed: Killed | None = None
    refused: Stopped | None = None
    settled: bool = False
    handed_to: str = ""
    moved: Moved | None = None
    changed: str | None = None
    undoing: str | None = None
    rebuilt: bool = False
    gone: str | None = None
    rewritten: tuple[ledgerevents.RewrittenCommit, ...] = ()
    doubted: tuple[ledgerevents.NoteDoubted, ...] = ()
    restarts: tuple[str, ...] = ()

    @property
    def left(self) -> int:
        """How many tasks are still to be carried out."""
        return sum(task.mark not in _SETTLED for task in self.tasks)

    @property
    def complete(self) -> bool:
        """Whether nothing is left to do."""
        return self.mark == "done"

    @property
    def at_work(self) -> str:
        """Who is at work, and whether on this phase as far as is known."""
        on = "in its worktree" if self.at is None else "on it"
        return f"process {self.locked_by} is at work {on} now"


def phase_status(
    phase: Phase,
    progress: Progress,
    locked_by: str | None,
    changes: tuple[Event, ...] = (),
    waits_for: Awaited = Awaited(),  # noqa: B008 # a value
) -> PhaseStatus:
    """Where a phase stands, as its journal tells.

    `locked_by` is the process at work on it; `changes` are what git said otherwise, folded into
    `progress`.
    """
    done = sum(progress.done(task.id) for task in phase.tasks)
    settled = all(progress.settled(task.id) for task in phase.tasks)
    changed = changed_task(phase, progress)
    complete = progress.complete(phase.id) and settled and changed is None
    stopped = None if complete else progress.stops.get(phase.id)
    begun = progress.under_way(phase.id)
    if stopped is not None and stopped.waits_for and not begun:
        stopped = None  # `waits_for` tells for which phases it waits now
    known = progress.phases.get(phase.id)
    killed = at = None
    if begun and known is not None and known.at_work is not None and stopped is None:
        under_way = _step_under_way(phase, progress)
        if locked_by is None:
            killed = under_way
        elif known.at_work == progress.running:
            at = under_way
    where = stopped.where if stopped is not None else killed.where if killed is not None else ""
    tasks = tuple(_task_status(phase, progress, task, where) for task in phase.tasks)
    mark: Mark = "to do"
    if complete:
        mark = "done"
    elif where or changed is not None:
        mark = "stopped"
    elif begun:
        mark = "under way"
    undo = progress.undo
    return PhaseStatus(
        phase.id,
        phase.title or phase.goal,
        mark,
        done,
        tasks,
        _verification_status(phase, progress, where) if phase.verification else None,
        waits_for.phases,
        locked_by,
        at,
        stopped,
        killed,
        changed=None if changed is None else changed.id,
        undoing=undo.target if undo is not None and phase_of(undo.target) == phase.id else None,
        rebuilt=known is not None and known.rebuilt,
        gone=next((e.commit for e in changes if isinstance(e, ledgerevents.PhaseForgotten)), None),
        rewritten=next(
            (e.rewritten for e in changes if isinstance(e, ledgerevents.CommitsRewritten)), ()
        ),
        doubted=tuple(e for e in changes if isinstance(e, ledgerevents.NoteDoubted)),
        restarts=waits_for.undone,
    )


def _verification_status(phase: Phase, progress: Progress, where: str) -> TaskStatus:
    task = phase.verification_task
    mark: Mark = "done" if progress.complete(phase.id) else _mark(phase, progress, task, where)
    return TaskStatus(task.id, task.title, mark, words=_words(progress, task))


def _task_status(phase: Phase, progress: Progress, task: Task, where: str) -> TaskStatus:
    state = progress.tasks.get(task.id)
    commits = () if state is None else tuple(state.commits)
    reason = None if state is None else state.skipped
    mark, words = _mark(phase, progress, task, where), _words(progress, task)
    return TaskStatus(task.id, task.title, mark, commits, reason, words)


def _words(progress: Progress, task: Task) -> tuple[Word, ...]:
    state = progress.tasks.get(task.id)
    steps = () if state is None else state.steps.values()
    return tuple(step.said for step in steps if step.said is not None)


def _mark(phase: Phase, progress: Progress, task: Task, where: str) -> Mark:
    mark = mark_of(progress, task.id, where)
    unsettled = mark in ("under way", "to do")
    return "to verify again" if unsettled and again(phase, progress, task) else mark


def mark_of(progress: Progress, task: str, where: str) -> Mark:
    """The mark of a task, as far as it is known without its phase file.

    `where` is what the last run stopped at.
    """
    if progress.done(task):
        return "done"
    state = progress.tasks.get(task)
    if state is not None and state.undone:
        return "undone"
    if state is not None and state.skipped is not None:
        return "skipped"
    if within(where, task):
        return "stopped"
    return "under way" if state is not None else "to do"


def next_step(progress: Progress, task: Task) -> int:
    """The index of the first step of a task that is not done as the phase file has it now."""
    for index, (where, step) in enumerate(task.named_steps()):
        known = progress.step(where)
        if known is None or not known.done or not unchanged(step, known.digest):
            return index
    return len(task.steps)


def past_commits(phase: Phase, progress: Progress, where: str) -> bool:
    """Whether nothing of a step's task is uncommitted, and only checks and looks come in it.

    What a person then changes is in no commit of the task, and may be committed by hand.
    """
    task = next((each for each in phase.every_task if within(where, each.id)), None)
    if task is None or task.id == phase.verification_id:
        return task is not None
    state = progress.tasks.get(task.id)
    if state is None or state.touched or state.special:
        return False
    rest = task.named_steps(next_step(progress, task))
    return all(isinstance(step, Verify | Confirm) for _, step in rest)


def waiting_step(phase: Phase, progress: Progress) -> str | None:
    """The step of a phase that was handed over to a person and is next, if it is."""
    for task in phase.every_task:
        if progress.unfinished(task.id):
            index = next_step(progress, task)
            name = task.step_id(index)
            known = progress.step(name)
            return name if known is not None and known.offered is not None else None
    return None


def _step_under_way(phase: Phase, progress: Progress) -> Killed | None:
    """The step, and its place, at which a run was that did not come to its end."""
    for task in phase.every_task:
        if progress.unfinished(task.id):
            index = next_step(progress, task)
            if index < len(task.steps):
                step, name = task.steps[index], task.step_id(index)
                known = progress.step(name)
                asks = isinstance(step, Manual | Confirm) and not (known and known.attempts)
                return Killed(name, str(step.at), asks=asks)
            return Killed(task.id, str(task.at))
    return None


def changed_task(phase: Phase, progress: Progress) -> Task | None:
    """The first task of a phase of which what is finished does something else now, or `None`."""
    if phase.id not in progress.phases:
        return None
    for task in phase.tasks:
        if progress.done(task.id) and not progress.as_done(task):
            return task
        if changed_step(task, progress) is not None:
            return task
    return None


def changed_step(task: Task, progress: Progress) -> str | None:
    """The first step up to the last commit of an unfinished task that does something else now.

    The phase file may not have it any more. Without one `None`.
    """
    if not progress.unfinished(task.id):
        return None
    state = progress.tasks[task.id]
    now: dict[str, Step] = dict(task.named_steps())
    for name, known in state.steps.items():
        made = name in state.committed and (known.done or known.commit is not None)
        if made and (name not in now or not unchanged(now[name], known.digest)):
            return name
    return None

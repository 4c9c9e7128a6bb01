"""Progress: what is done and what stopped, as `fold` makes it of the events of all runs so far."""

from __future__ import annotations

from runbook.core.model.digest import unchanged
from runbook.core.model.ids import phase_of, task_of, within
from runbook.core.model.model import Phase, Task
from runbook.core.record import events, stepevents, verbevents
from runbook.core.record.delegateevents import DelegateBegan
from runbook.core.record.manualevents import ManualEvent
from runbook.core.record.taskstate import StepState, TaskState
from runbook.core.value import field, mutable

GOING_ON = ("run", "retry")
"""The verbs that carry phases out; how the others end does not change what stopped."""


LeftOpen = (
    stepevents.CommitIntended | stepevents.RunPlanned | DelegateBegan | verbevents.RestorePlanned
)
"""What a run may be in the middle of, with the files that it changes."""


@mutable
class UndoState:
    """An undo that has begun: what it is to revert, and how far it is."""

    target: str
    tasks: tuple[str, ...]
    left: list[str]  # commits that are still to be reverted, in the order of doing so
    undone: list[str] = field(default_factory=list)  # tasks of which a commit is reverted
    planned: verbevents.RevertPlanned | None = None  # its files may be written
    intent: verbevents.RevertIntended | None = None
    answered: bool = False  # git has said that it does not make the intended commit
    given_up: verbevents.UndoGivenUp | None = None


@mutable
class PhaseState:
    """What is known of one phase; `head` is the commit it began on.

    `at_work` is the run that carries it out, or did so when it was killed. `astray`: HEAD was moved
    otherwise than by a run since it was last seen that the phase's commits are in the branch.
    """

    title: str
    head: str | None
    ref: str | None
    complete: bool = False
    rebuilt: bool = False  # from the notes of its commits
    at_work: str | None = None
    astray: bool = False


@mutable
class Progress:
    """The state of a worktree: a fold over its events.

    `head` and `ref` are where the last run left the branch, which is where the next one must
    find it while a phase is under way.
    """

    phases: dict[str, PhaseState] = field(default_factory=dict)
    tasks: dict[str, TaskState] = field(default_factory=dict)
    worktree: events.WorktreeMade | None = None
    set_up: str | None = None  # the command by which the worktree was made ready
    planned_worktree: events.WorktreePlanned | None = None
    removing: events.WorktreeRemovalPlanned | None = None  # it may be half removed
    head: str | None = None
    ref: str | None = None
    stops: dict[str, events.Stopped] = field(default_factory=dict)  # the last of each phase
    intent: stepevents.CommitIntended | None = None
    unnoted: dict[str, str] = field(default_factory=dict)  # step → commit without its note
    reverted: dict[str, str] = field(default_factory=dict)  # step → its revert without its note
    open_run: stepevents.RunPlanned | None = None  # its command was started and has not ended
    open_attempt: DelegateBegan | None = None  # of a delegate, which has not ended
    handed_over: DelegateBegan | None = None  # the first attempt, until work is taken or given up
    running: str | None = None  # identifier of a run that has not ended
    verb: str = "run"
    finished: verbevents.VerbEvent | ManualEvent | None = None  # ended a verb whose run did not
    restoring: verbevents.RestorePlanned | None = None  # its files may be half put back
    undo: UndoState | None = None
    adopting: verbevents.AdoptionPlanned | None = None  # the phase file may be written

    @property
    def left_open(self) -> tuple[LeftOpen | None, ...]:
        """What a run was in the middle of, and has not brought to an end."""
        return (self.intent, self.open_run, self.open_attempt, self.handed_over, self.restoring)

    def task_of(self, step: str) -> TaskState:
        """The task of a step, known from its first event on."""
        return self.tasks.setdefault(task_of(step), TaskState())

    def step(self, where: str) -> StepState | None:
        """What is known of a step, if anything is."""
        task = self.tasks.get(task_of(where))
        return None if task is None else task.steps.get(where)

    def stopped_in(self, task: str) -> events.Stopped | None:
        """The stop of the last run, if it was at a task or one of its steps."""
        stopped = self.stops.get(phase_of(task))
        at_task = stopped is not None and within(stopped.where, task)
        return stopped if at_task else None

    def found_at(self, head: str | None, ref: str | None) -> None:
        """Take note of where the branch is; moved otherwise, it may lack the commits of phases."""
        if head != self.head:
            self.may_be_astray()
        self.head, self.ref = head, ref

    def may_be_astray(self) -> None:
        """Take note that HEAD was moved: the commits of every phase are to be looked for."""
        for state in self.phases.values():
            state.astray = True

    def under_way(self, phase: str) -> bool:
        """Whether a phase was begun and is not complete."""
        return phase in self.phases and not self.phases[phase].complete

    def images(self) -> set[str]:
        """The digests of all that files may have to be given back, and that only they tell of."""
        kept: set[str | None] = set()
        for name, task in self.tasks.items():
            kept |= task.handmade.digests()
            # Reports show it: it is in no commit.
            kept |= task.uncommitted()
            if not task.done and not self.complete(phase_of(name)):
                kept |= set(task.images.values())
                for step in task.steps.values():
                    kept |= {d for file in step.planned or () for d in (file.before, file.after)}
                    kept |= {*(step.offered or {}).values(), *step.later.values()}
            if not self.complete(phase_of(name)):
                for path, file in task.touched.items():
                    kept |= {file.before, task.images.get(path)}
        planned = None if self.undo is None else self.undo.planned
        for event in (*self.left_open, self.adopting, planned):
            for file in event.files if event is not None else ():
                kept |= {file.before, file.after}
        if self.open_attempt is not None:
            kept |= {self.open_attempt.guard, self.open_attempt.inventory}
        return {digest for digest in kept if digest is not None}

    def has_ended(self, phase: str) -> None:
        """Take note that no run is at a phase any more, nor was killed there."""
        if phase in self.phases:
            self.phases[phase].at_work = None

    def complete(self, phase: str) -> bool:
        """Whether a phase is complete."""
        return phase in self.phases and self.phases[phase].complete

    def done(self, task: str) -> bool:
        """Whether a task, or a verification, is done."""
        return task in self.tasks and self.tasks[task].done

    def as_done(self, task: Task) -> bool:
        """Whether a finished task says what was done, or what was just adopted of it."""
        adopting = () if self.adopting is None else self.adopting.tasks
        known = [self.tasks[task.id].digest, *(a.digest for a in adopting if a.task == task.id)]
        return any(unchanged(task, digest) for digest in known)

    def settled(self, task: str) -> bool:
        """Whether nothing of a task is to be done: it is done, or left out, or undone."""
        state = self.tasks.get(task)
        return state is not None and (state.done or state.undone or state.skipped is not None)

    def undone(self, phase: Phase) -> bool:
        """Whether all of a phase was undone: a run passes over it."""
        states = [self.tasks.get(task.id) for task in phase.tasks]
        return bool(states) and all(state is not None and state.undone for state in states)

    def unfinished(self, task: str) -> bool:
        """Whether a task was begun and is neither done nor left out."""
        return task in self.tasks and not self.settled(task)

    def commits(self, phase: str) -> list[str]:
        """The commits made for a phase, in order."""
        tasks = [state for task, state in self.tasks.items() if within(task, phase)]
        return [commit for state in tasks for commit in state.commits]

    def recorded(self, phase: str) -> list[str]:
        """The commits of a phase that are to be in the branch, those of an undo included."""
        return [*self.commits(phase), *self.reverts(phase)]

    def nothing_made(self, phase: str) -> bool:
        """Whether no step of a phase is done or has changed a file yet, and nothing is left out."""
        states = [state for task, state in self.tasks.items() if within(task, phase)]
        return self.open_run is None and not any(
            state.commits or state.reverts or state.undone or state.skipped is not None
            or state.images or any(step.done for step in state.steps.values())
            for state in states
        )  # fmt: skip

    def reverts(self, phase: str) -> list[str]:
        """The commits by which tasks of a phase were undone, in order; none while one still is."""
        if self.undo is not None:
            return []
        undone = [state for task, state in self.tasks.items() if within(task, phase)]
        return [commit for state in undone if state.undone for commit in state.reverts]

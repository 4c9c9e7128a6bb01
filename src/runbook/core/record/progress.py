"""Progress: what is done and what stopped, folded from the events of all runs so far."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from runbook.core.record import events, proofs, verbevents
from runbook.core.record.events import Event
from runbook.core.record.taskstate import StepState, TaskState

REFUSALS = ("refused", "moved", "changed")
"""The kinds of stops of which most are made before anything is done."""

GOING_ON = ("run", "retry")
"""The verbs that carry phases out; how the others end does not change what stopped."""


@dataclass(slots=True)
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


@dataclass(slots=True)
class PhaseState:
    """What is known of one phase; `head` is the commit it began on."""

    title: str
    head: str | None
    ref: str | None
    complete: bool = False
    rebuilt: bool = False  # from the notes of its commits


@dataclass(slots=True)
class Progress:
    """The state of a worktree: a fold over its events.

    `head` and `ref` are where the last run left the branch, which is where the next one must
    find it while a phase is under way.
    """

    phases: dict[str, PhaseState] = field(default_factory=dict)
    tasks: dict[str, TaskState] = field(default_factory=dict)
    worktree: events.WorktreeMade | None = None
    planned_worktree: events.WorktreePlanned | None = None
    head: str | None = None
    ref: str | None = None
    stops: dict[str, events.Stopped] = field(default_factory=dict)  # the last of each phase
    intent: events.CommitIntended | None = None
    unnoted: dict[str, str] = field(default_factory=dict)  # step → commit without its note
    reverted: dict[str, str] = field(default_factory=dict)  # step → its revert without its note
    open_run: events.RunPlanned | None = None  # its command was started and has not ended
    running: str | None = None  # identifier of a run that has not ended
    verb: str = "run"
    restoring: verbevents.RestorePlanned | None = None  # its files may be half put back
    undo: UndoState | None = None

    def apply(self, event: Event) -> None:
        """Take one event into account."""
        match event:
            case events.RunBegan(run=run, verb=verb):
                self.running, self.verb = run, verb
            case events.WorktreePlanned():
                self.planned_worktree = event
            case events.WorktreeMade(new_branch=new):
                if new:
                    self._forget_all()
                self.worktree = event
                self.planned_worktree = None
            case events.WorktreeRemoved(branch_deleted=deleted, lost=lost):
                if lost:
                    self._forget_all()
                if deleted:
                    self.worktree = self.planned_worktree = None
            case events.PhaseBegan(phase, title, head, ref):
                self.phases[phase] = PhaseState(title, head, ref)
                self._at(head, ref)
            case events.PhaseResumed(phase=phase):
                self.phases[phase].complete = False
            case events.PhaseForgotten(phase=phase):
                self._forget(phase)
            case events.PhaseRebuilt():
                self._rebuild(event)
            case events.CommitsRewritten(phase, start, rewritten):
                self.phases[phase].head = start
                for each in rewritten:
                    self._rewrite(each)
            case events.PhaseAlreadyComplete(phase=phase):
                self.stops.pop(phase, None)
            case events.PhaseCompleted(phase=phase):
                self.phases[phase].complete = True
                self.stops.pop(phase, None)
            case events.TaskBegan(task, title, digest, head, ref, dirty, text, adopted):
                self.tasks[task] = TaskState(
                    title, digest, head, ref, dirty=dirty, text=text,
                    by_hand=adopted, resumed=bool(adopted),
                )  # fmt: skip
                self._at(head, ref)
            case events.TaskResumed(task=task, digest=digest, adopted=adopted, text=text):
                self.tasks[task].digest = digest
                self.tasks[task].resumed = True
                self.tasks[task].text = text or self.tasks[task].text
                self._by_hand(task, adopted)
            case events.VerificationBegan(phase):
                self.tasks.setdefault(f"{phase}/verification", TaskState("verification"))
            case events.TaskDone(task=task, files=files):
                self.tasks[task].done = True
                self.tasks[task].hold(files)
                # What was verified before is to be verified again on what the task made.
                self.tasks.pop(f"{task.partition('/')[0]}/verification", None)
            case events.StepBegan(step=step, digest=digest):
                steps = self._task(step).steps
                known = steps.get(step)
                if known is None or known.digest != digest or known.done:
                    steps[step] = StepState(digest)
                self._goes_on(step)
            case events.StepDone(step):
                self._task(step).steps[step].done = True
            case events.EditPlanned(step, files):
                self._task(step).steps[step].planned = files
                self._task(step).touch(files)
                self._task(step).hold(files)
            case events.ManualBegan(step=step, files=files):
                self._task(step).touch(files)
                self._task(step).steps[step].offered = {image.path: image.before for image in files}
            case events.CommitIntended():
                self.intent = event
            case events.CommitMade(step=step, commit=commit):
                self._task(step).commits.append(commit)
                if step in self._task(step).steps:
                    self._task(step).steps[step].commit = commit
                self.unnoted[step] = commit
                self._task(step).settle(step)
                self.intent = None
                self.head = commit
            case events.AlreadyCommitted(step=step):
                self._task(step).settle(step)
            case events.NoteAdded(step, commit) if self.unnoted.get(step) == commit:
                del self.unnoted[step]
            case events.NoteAdded(step, commit) if self.reverted.get(step) == commit:
                del self.reverted[step]
            case events.ManualDone(step=step, changed=changed, files=files):
                self._task(step).touch(files)
                self._task(step).hold(files)
                self._by_hand(step.rpartition("/")[0], changed)
            case events.CommitRestored():
                self.intent = None
            case events.RunPlanned(step=step, files=files):
                self._task(step).touch(files)
                self.open_run = event
            case events.RunRestored():
                self.open_run = None
            case events.RunDone(step=step, files=files):
                self._task(step).touch(files)
                self._task(step).hold(files)
                self.open_run = None
                if step in (steps := self._task(step).steps):
                    steps[step].ran = True
                self._check(step, event)
            case (
                events.CommandBegan(step=step)
                | events.CommandEnded(step=step)
                | events.VerifyPassed(step=step)
                | events.FailedBefore(step=step)
            ):
                self._check(step, event)
            case events.HeadAccepted(head, ref):
                self._at(head, ref)
                self.intent = None
            case events.Stopped(kind=kind, where=where):
                if self.verb in GOING_ON:
                    self._stop(event)
                task_state = self.tasks.get(where.rpartition("/")[0])
                known = None if task_state is None else task_state.steps.get(where)
                if kind in ("manual", "refused") and known and known.offered is not None:
                    known.handed_over = known.offered
                if kind == "commit":
                    # git's answer is known: what there is to see was told.
                    self.intent = None
                    if self.undo is not None:
                        self.undo.answered = True
            case events.RunEnded():
                self.running = None
            case _:
                self._verb(event)

    def _verb(self, event: Event) -> None:
        match event:
            case verbevents.RestorePlanned():
                self.restoring = event
            case verbevents.TaskRestored(task, purpose):
                self._restored(task, aborted=purpose == "abort")
            case verbevents.TaskSkipped(task, title, reason):
                state = self.tasks.setdefault(task, TaskState(title))
                state.skipped = reason
                if self.stopped_in(task) is not None:
                    del self.stops[task.partition("/")[0]]
                self._unverified(task)
            case verbevents.TaskReopened(task):
                del self.tasks[task]
                self._unverified(task)
            case verbevents.TaskRepaired(task, digest, text):
                self.tasks[task].digest, self.tasks[task].text = digest, text
            case verbevents.UndoBegan(target, tasks, commits):
                self.undo = UndoState(target, tasks, list(commits))
            case verbevents.RevertPlanned() if self.undo is not None:
                self.undo.planned = event
            case verbevents.RevertIntended() if self.undo is not None:
                self.undo.intent, self.undo.answered = event, False
            case verbevents.UndoGivenUp() if self.undo is not None:
                self.undo.given_up = event
            case verbevents.RevertMade(task, commit, by) if self.undo is not None:
                self.undo.left.remove(commit)
                self.undo.undone.append(task)
                self.undo.planned = self.undo.intent = None
                self.tasks[task].commits.remove(commit)
                self.head = by or self.head
                for name, step in self.tasks[task].steps.items():
                    if step.commit == commit and by is not None:
                        self.reverted[name] = by
            case verbevents.UndoEnded(tasks=tasks):
                self.undo = None
                self.stops = {
                    phase: stop for phase, stop in self.stops.items() if "undo" not in stop.choices
                }
                for task in tasks:
                    state = self.tasks[task]
                    self.tasks[task] = TaskState(state.title, commits=state.commits, undone=True)
                    self._unverified(task)
            case _:
                pass

    def _forget(self, phase: str) -> None:
        self.phases.pop(phase, None)
        self.stops.pop(phase, None)
        for known in (self.tasks, self.unnoted, self.reverted):
            for name in [name for name in known if name.startswith(f"{phase}/")]:
                del known[name]

    def _rebuild(self, rebuilt: events.PhaseRebuilt) -> None:
        self._forget(rebuilt.phase)
        self.phases[rebuilt.phase] = PhaseState(
            rebuilt.title, rebuilt.start, rebuilt.ref, rebuilt.complete, rebuilt=True
        )
        for task in rebuilt.tasks:
            state = TaskState(task.title, task.digest, task.head, rebuilt.ref, task.done)
            state.undone = task.undone
            state.commits += [each.commit for each in task.made]
            for number, digest in enumerate(task.steps, 1):
                state.steps[f"{task.task}/step-{number}"] = StepState(digest, done=True)
            for each in task.made:
                if each.step in state.steps:
                    state.steps[each.step].commit = each.commit
            self.tasks[task.task] = state
        self._at(rebuilt.head, rebuilt.ref)

    def _rewrite(self, commit: events.RewrittenCommit) -> None:
        state = self._task(commit.step)
        state.commits = [commit.after if c == commit.before else c for c in state.commits]
        if commit.step in state.steps:
            state.steps[commit.step].commit = commit.after
        self.unnoted.pop(commit.step, None)
        if self.head == commit.before:
            self.head = commit.after

    def _restored(self, task: str, *, aborted: bool) -> None:
        self.restoring = self.open_run = None
        self.stops.pop(task.partition("/")[0], None)
        state = self.tasks.get(task)
        if state is not None:
            state.forget_uncommitted()
            if not state.steps and not state.commits:
                del self.tasks[task]
        phase = task.partition("/")[0]
        if aborted and not any(name.startswith(f"{phase}/") for name in self.tasks):
            self.phases.pop(phase, None)

    def _unverified(self, task: str) -> None:
        phase = task.partition("/")[0]
        self.tasks.pop(f"{phase}/verification", None)
        if phase in self.phases:
            self.phases[phase].complete = False

    def _forget_all(self) -> None:
        self.phases.clear()
        self.tasks.clear()
        self.unnoted.clear()
        self.reverted.clear()
        self.stops.clear()
        self.head = self.ref = self.intent = self.restoring = self.undo = None

    def _stop(self, stopped: events.Stopped) -> None:
        """Remember why a phase stopped; that a run was refused says nothing of what stopped it."""
        phase = stopped.where.partition("/")[0]
        known = self.stops.get(phase)
        if known is None or known.kind in REFUSALS or stopped.kind not in REFUSALS:
            self.stops[phase] = stopped

    def _goes_on(self, step: str) -> None:
        """Forget the stop of a task that goes on, and that of the phase as a whole."""
        phase, _, rest = step.partition("/")
        known = self.stops.get(phase)
        if known is not None:
            of_task = self.stopped_in(step.rpartition("/")[0]) is not None
            if of_task or known.where == phase or not rest.startswith("task"):
                del self.stops[phase]

    def _at(self, head: str | None, ref: str | None) -> None:
        self.head, self.ref = head, ref

    def _check(self, step: str, event: proofs.CheckEvent) -> None:
        state = self._task(step).steps.get(step)
        if state is not None:
            state.check = proofs.after(state.check, event)

    def _by_hand(self, task: str, paths: tuple[str, ...]) -> None:
        state = self.tasks.setdefault(task, TaskState())
        state.by_hand = tuple(dict.fromkeys((*state.by_hand, *paths)))

    def _task(self, step: str) -> TaskState:
        return self.tasks.setdefault(step.rpartition("/")[0], TaskState())

    def stopped_in(self, task: str) -> events.Stopped | None:
        """The stop of the last run, if it was at a task or one of its steps."""
        stopped = self.stops.get(task.partition("/")[0])
        at_task = stopped is not None and f"{stopped.where}/".startswith(f"{task}/")
        return stopped if at_task else None

    def under_way(self, phase: str) -> bool:
        """Whether a phase was begun and is not complete."""
        return phase in self.phases and not self.phases[phase].complete

    def images(self) -> set[str]:
        """The digests of all files that a phase under way may still have to be given back."""
        kept: set[str | None] = set()
        for name, task in self.tasks.items():
            if not task.done and not self.complete(name.partition("/")[0]):
                kept |= set(task.images.values())
                for step in task.steps.values():
                    kept |= {d for file in step.planned or () for d in (file.before, file.after)}
                    kept |= set((step.offered or {}).values())
            if not self.complete(name.partition("/")[0]):
                for path, file in task.touched.items():
                    kept |= {file.before, task.images.get(path)}
        planned = None if self.undo is None else self.undo.planned
        for event in (self.open_run, self.intent, self.restoring, planned):
            for file in event.files if event is not None else ():
                kept |= {file.before, file.after}
        return {digest for digest in kept if digest is not None}

    def complete(self, phase: str) -> bool:
        """Whether a phase is complete."""
        return phase in self.phases and self.phases[phase].complete

    def done(self, task: str) -> bool:
        """Whether a task, or a verification, is done."""
        return task in self.tasks and self.tasks[task].done

    def settled(self, task: str) -> bool:
        """Whether nothing of a task is to be done: it is done, or left out, or undone."""
        state = self.tasks.get(task)
        return state is not None and (state.done or state.undone or state.skipped is not None)

    def unfinished(self, task: str) -> bool:
        """Whether a task was begun and is neither done nor left out."""
        return task in self.tasks and not self.settled(task)

    def commits(self, phase: str) -> list[str]:
        """The commits made for a phase, in order."""
        tasks = [state for task, state in self.tasks.items() if task.startswith(f"{phase}/")]
        return [commit for state in tasks for commit in state.commits]


def fold(history: Iterable[Event]) -> Progress:
    """The progress that a history of events amounts to."""
    progress = Progress()
    for event in history:
        progress.apply(event)
    return progress

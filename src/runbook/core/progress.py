"""Progress: what is done and what stopped, folded from the events of all runs so far."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from runbook.core import events, proofs
from runbook.core.events import Event


@dataclass(slots=True)
class StepState:
    """What is known of one step: the digest it was begun with, and whether it is done."""

    digest: str
    done: bool = False
    planned: tuple[events.FileImage, ...] | None = None  # of an edit step, before it is written
    check: proofs.Check | None = None  # its command, as it ended last
    offered: dict[str, str | None] | None = None  # a manual step's files, path → digest
    handed_over: dict[str, str | None] | None = None  # the same once the run stopped for it
    commit: str | None = None  # that it made


@dataclass(slots=True)
class TaskState:
    """What is known of one task, or of a phase's verification."""

    title: str = ""
    digest: str = ""
    head: str | None = None
    ref: str | None = None
    done: bool = False
    dirty: tuple[str, ...] = ()
    steps: dict[str, StepState] = field(default_factory=dict)
    commits: list[str] = field(default_factory=list)
    images: dict[str, str | None] = field(default_factory=dict)  # path → digest last planned
    by_hand: tuple[str, ...] = ()  # paths that a person changed meanwhile


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
    stopped: events.Stopped | None = None
    intent: events.CommitIntended | None = None
    unnoted: dict[str, str] = field(default_factory=dict)  # step → commit without its note
    open_run: events.RunPlanned | None = None  # its command was started and has not ended
    running: str | None = None  # identifier of a run that has not ended

    def apply(self, event: Event) -> None:
        """Take one event into account."""
        match event:
            case events.RunBegan(run=run):
                self.running = run
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
            case events.PhaseCompleted(phase=phase):
                self.phases[phase].complete = True
            case events.TaskBegan(task, title, digest, head, ref, dirty):
                self.tasks[task] = TaskState(title, digest, head, ref, dirty=dirty)
                self._at(head, ref)
            case events.TaskResumed(task=task, digest=digest, adopted=adopted):
                self.tasks[task].digest = digest
                self._by_hand(task, adopted)
            case events.VerificationBegan(phase):
                self.tasks.setdefault(f"{phase}/verification", TaskState("verification"))
            case events.TaskDone(task=task):
                self.tasks[task].done = True
                # What was verified before is to be verified again on what the task made.
                self.tasks.pop(f"{task.partition('/')[0]}/verification", None)
            case events.StepBegan(step=step, digest=digest):
                steps = self._task(step).steps
                known = steps.get(step)
                if known is None or known.digest != digest or known.done:
                    steps[step] = StepState(digest)
                self.stopped = None
            case events.StepDone(step):
                self._task(step).steps[step].done = True
            case events.EditPlanned(step, files):
                self._task(step).steps[step].planned = files
                for image in files:
                    self._task(step).images[image.path] = image.after
            case events.ManualBegan(step=step, files=files):
                self._task(step).steps[step].offered = {image.path: image.before for image in files}
            case events.CommitIntended():
                self.intent = event
            case events.CommitMade(step=step, commit=commit):
                self._task(step).commits.append(commit)
                if step in self._task(step).steps:
                    self._task(step).steps[step].commit = commit
                self.unnoted[step] = commit
                self.intent = None
                self.head = commit
            case events.NoteAdded(step, commit) if self.unnoted.get(step) == commit:
                del self.unnoted[step]
            case events.ManualDone(step=step, changed=changed):
                self._by_hand(step.rpartition("/")[0], changed)
            case events.CommitRestored():
                self.intent = None
            case events.RunPlanned():
                self.open_run = event
            case events.RunRestored():
                self.open_run = None
            case events.RunDone(step=step):
                self.open_run = None
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
                self.stopped = event
                if kind == "manual" and where in (steps := self._task(where).steps):
                    steps[where].handed_over = steps[where].offered
                if kind == "commit":
                    # git's answer is known: what there is to see was told.
                    self.intent = None
            case events.RunEnded(exit=status):
                self.running = None
                if status == 0:
                    self.stopped = None
            case _:
                pass

    def _forget(self, phase: str) -> None:
        self.phases.pop(phase, None)
        for known in (self.tasks, self.unnoted):
            for name in [name for name in known if name.startswith(f"{phase}/")]:
                del known[name]

    def _rebuild(self, rebuilt: events.PhaseRebuilt) -> None:
        self._forget(rebuilt.phase)
        self.phases[rebuilt.phase] = PhaseState(
            rebuilt.title, rebuilt.start, rebuilt.ref, rebuilt.complete, rebuilt=True
        )
        for task in rebuilt.tasks:
            state = TaskState(task.title, task.digest, task.head, rebuilt.ref, task.done)
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

    def _forget_all(self) -> None:
        self.phases.clear()
        self.tasks.clear()
        self.unnoted.clear()
        self.head = self.ref = self.stopped = self.intent = None

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
        for event in (self.open_run, self.intent):
            for file in event.files if event is not None else ():
                kept |= {file.before, file.after}
        return {digest for digest in kept if digest is not None}

    def complete(self, phase: str) -> bool:
        """Whether a phase is complete."""
        return phase in self.phases and self.phases[phase].complete

    def done(self, task: str) -> bool:
        """Whether a task, or a verification, is done."""
        return task in self.tasks and self.tasks[task].done

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

"""The story of some runs, as `fold` makes it of their events; everything that reports tell is here.

Times are seconds since the epoch, durations seconds; what is not known is `None`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from runbook.core.model.ids import last, phase_of
from runbook.core.record.auditevents import CheckBroke
from runbook.core.record.delegateevents import AttemptEnded, DelegateBegan, JudgementEnded
from runbook.core.record.detailevents import TestSeen
from runbook.core.record.events import Stopped, WorktreeMade
from runbook.core.record.proofs import Word
from runbook.core.record.status import Mark
from runbook.core.record.stepevents import CheckProved, FailedBefore, HooksChanged, TestCounts
from runbook.core.value import field, mutable

Waits = Literal["waits"]
"""Of a task or step that is stopped at, where that waits for a person: nothing of it failed."""

SpanKind = Literal[
    "check", "failed", "before", "run", "commit", "edit", "delegate", "person", "service"
]


@mutable
class Span:
    """Something that took its time: of which step, and in what it was spent."""

    kind: SpanKind
    where: str  # the step, or the service
    label: str
    began: float
    ended: float | None = None


@mutable
class RunStory:
    """One run; its `exit` is `None` where it was killed, or is still at work."""

    run: str
    verb: str = "run"
    version: str = ""
    system: str = ""
    began: float | None = None
    ended: float | None = None
    exit: int | None = None
    stopped: Stopped | None = None


@mutable
class CommandStory:
    """One time that a command ran; `state` is as of `CommandBegan`.

    `accepted` says whether it was as expected, once that was judged.
    """

    command: str
    state: str = ""
    commit: str | None = None
    began: float | None = None
    ended: bool = False
    exit: int | None = None
    duration: float = 0.0
    summary: str = ""
    how: str = ""  # it ended, where no tests tell
    counts: TestCounts | None = None
    tests: tuple[TestSeen, ...] = ()
    tests_left_out: int = 0
    dirty: tuple[str, ...] = ()
    left_running: tuple[str, ...] = ()
    reused: str = ""  # the step that had run it on the same files
    ahead: bool = False  # it ran before its turn, in a view of the worktree as it would be
    accepted: bool | None = None
    why: tuple[str, ...] = ()


@mutable
class AttemptStory:
    """One attempt of a delegate, and how what it made was judged."""

    began: DelegateBegan
    judgements: list[JudgementEnded] = field(default_factory=list)
    ended: AttemptEnded | None = None


@mutable
class CommitStory:
    """A commit that was made; `reverts` is the one it takes back."""

    commit: str
    subject: str
    step: str = ""
    paths: tuple[str, ...] = ()
    author: str = ""
    when: int | None = None
    message: str = ""
    difference: str = ""
    reverted_by: str = ""
    reverts: str = ""
    noted: bool = False
    note_failed: str = ""
    remarks: list[str] = field(default_factory=list)


@mutable
class StepStory:
    """One step: what it is, where it stands, and all that came of it."""

    step: str
    kind: str = ""
    subject: str = ""
    at: str = ""
    mark: Mark | Waits = "under way"
    commands: list[CommandStory] = field(default_factory=list)
    flaky: int = 0
    failed_before: FailedBefore | None = None
    proved: CheckProved | None = None
    written: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    changes: str = ""  # of an edit, in words
    difference: str = ""
    rescued: list[str] = field(default_factory=list)
    asked: str = ""  # of a person: what to do, or the question
    word: Word | None = None
    by: str = ""  # the command that did work in place of a person
    by_hand: tuple[str, ...] = ()  # files that a person changed for it
    doubts: tuple[str, ...] = ()  # what work by hand did to tests
    attempts: list[AttemptStory] = field(default_factory=list)
    commit: CommitStory | None = None
    hooks: list[HooksChanged] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The step within its task."""
        return last(self.step)

    @property
    def last_command(self) -> CommandStory | None:
        """The last time that its command ran on what the phase made."""
        return next((each for each in reversed(self.commands) if not each.state), None)

    @property
    def before(self) -> CommandStory | None:
        """The last time that its command ran on a starting state."""
        states = ("", "commit")
        return next((each for each in reversed(self.commands) if each.state not in states), None)


@mutable
class TaskStory:
    """One task, or the verification of a phase."""

    task: str
    title: str = ""
    mark: Mark | Waits = "to do"
    duration: float = 0.0
    steps: dict[str, StepStory] = field(default_factory=dict)
    commits: list[CommitStory] = field(default_factory=list)
    by_hand: dict[str, None] = field(default_factory=dict)  # files
    differences_by_hand: list[str] = field(default_factory=list)
    reason: str = ""  # why it was skipped
    who: str = ""  # who skipped it
    remarks: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The task within its phase."""
        return last(self.task)

    def uncommitted(self) -> Iterator[StepStory]:
        """The steps that no commit of it comes after, the last one first."""
        for step in reversed(self.steps.values()):
            if step.commit is not None:
                break
            yield step

    @property
    def checks(self) -> list[StepStory]:
        """Its steps that check something."""
        return [step for step in self.steps.values() if step.kind == "verify"]


@mutable
class PhaseStory:
    """One phase."""

    phase: str
    title: str = ""
    head: str | None = None
    ref: str | None = None
    total: int = 0  # of tasks, as far as that is known
    complete: bool = False
    duration: float = 0.0
    tasks: dict[str, TaskStory] = field(default_factory=dict)
    stopped: Stopped | None = None
    broke: CheckBroke | None = None  # in its last audit
    audited: bool = False  # and nothing else is known of it
    remarks: list[str] = field(default_factory=list)

    @property
    def commits(self) -> list[CommitStory]:
        """Its commits, in the order of its tasks."""
        return [commit for task in self.tasks.values() for commit in task.commits]


@mutable
class Story:
    """All of it; `source` says what it is known from."""

    title: str = ""
    source: str = ""
    runs: dict[str, RunStory] = field(default_factory=dict)
    phases: dict[str, PhaseStory] = field(default_factory=dict)
    spans: list[Span] = field(default_factory=list)
    services: dict[str, tuple[str, ...]] = field(default_factory=dict)  # and their variables
    worktree: WorktreeMade | None = None
    remarks: list[str] = field(default_factory=list)

    @property
    def tasks(self) -> list[TaskStory]:
        """Every task, and the verifications, in order."""
        return [task for phase in self.phases.values() for task in phase.tasks.values()]

    @property
    def steps(self) -> list[StepStory]:
        """Every step, in order."""
        return [step for task in self.tasks for step in task.steps.values()]

    @property
    def commits(self) -> list[CommitStory]:
        """Every commit, in order."""
        return [commit for phase in self.phases.values() for commit in phase.commits]

    def phase_of(self, where: str) -> PhaseStory:
        """The phase of a task or step, known from its first event on."""
        name = phase_of(where)
        return self.phases.setdefault(name, PhaseStory(name))

"""Events: what a run does, in the order it does it.

The engine yields each event before it acts on it; the journal writes it before anybody else
sees it. State is a fold over events (`progress`), so a run can be looked at later.
"""

from __future__ import annotations

from typing import Literal

from runbook.core.record.aheadevents import AheadEvent
from runbook.core.record.auditevents import AuditEvent
from runbook.core.record.delegateevents import DelegateEvent
from runbook.core.record.detailevents import DetailEvent
from runbook.core.record.ledgerevents import LedgerEvent
from runbook.core.record.manualevents import ManualEvent
from runbook.core.record.stepevents import FileImage, Mismatch, StepEvent
from runbook.core.record.verbevents import VerbEvent
from runbook.core.value import value


@value
class RunBegan:
    """A run over some phases begins; `verb` is the command that was given."""

    run: str
    version: str
    phases: tuple[str, ...]
    verb: str = "run"
    system: str = ""  # that it runs on: the kernel, Python
    series: str = ""  # its title


@value
class WorktreePlanned:
    """A linked worktree is about to be made, which makes its branch recognisable as ours.

    `known` are the names of git's records of other worktrees.
    """

    path: str
    branch: str
    head: str | None
    known: tuple[str, ...] = ()
    since: int = 0  # seconds since the epoch


@value
class WorktreeMade:
    """The linked worktree was made; with a new branch nothing done before counts any more."""

    path: str
    branch: str
    head: str
    new_branch: bool


@value
class WorktreeSetUp:
    """The command that makes the worktree ready has succeeded in it."""

    path: str
    setup: str


@value
class WorktreeSetAside:
    """What a power loss left of a new worktree was put out of the way, to `kept`."""

    path: str
    kept: str


@value
class WorktreeRemovalPlanned:
    """`clean` is about to remove the worktree, and with `branch_deleted` its branch.

    `lost` commits will be gone with it. `known` are the names of git's records of other worktrees.
    """

    path: str
    branch: str
    branch_deleted: bool
    lost: int
    known: tuple[str, ...] = ()
    since: int = 0  # seconds since the epoch


@value
class WorktreeRemoved:
    """`clean` removed the worktree; `lost` commits are in no other branch and gone with it."""

    path: str
    branch: str
    branch_deleted: bool
    lost: int


@value
class PhaseBegan:
    """A phase begins on the commit `head`, which `fails-at: phase` goes back to.

    It has `total` tasks.
    """

    phase: str
    title: str
    head: str | None
    ref: str | None
    total: int = 0


@value
class PhaseResumed:
    """A phase begun in an earlier run goes on."""

    phase: str
    title: str
    done: int
    total: int


@value
class PhaseAlreadyComplete:
    """A phase has nothing left to do."""

    phase: str
    title: str


@value
class PhaseCompleted:
    """All tasks and the verification of a phase are done, but for those left out.

    `mended` are the tasks with repairs by a person that the phase file does not say, `uncommitted`
    the paths that a step declares and that differ from HEAD, as git names them.
    """

    phase: str
    head: str | None
    commits: int
    duration: float  # seconds, of this run
    skipped: tuple[str, ...] = ()
    undone: tuple[str, ...] = ()
    mended: tuple[str, ...] = ()
    uncommitted: tuple[str, ...] = ()


@value
class TaskBegan:
    """A task begins; `dirty` are the changed tracked paths that are the user's own.

    `text` is what it does, in words to be compared with a phase file that says something else;
    `adopted` are declared files by which a person mended a conflict, `files` the same with what
    they were and are.
    """

    task: str
    title: str
    digest: str
    head: str | None
    ref: str | None
    dirty: tuple[str, ...] = ()
    text: str = ""
    adopted: tuple[str, ...] = ()
    difference: str = ""
    files: tuple[FileImage, ...] = ()


@value
class TaskResumed:
    """A task that stopped goes on; `adopted` are declared files that were changed by hand.

    `files` are the same with what they were and are, `step` is the one that comes next. `text` is
    what the task does now, when the phase file has been changed.
    """

    task: str
    title: str
    digest: str
    adopted: tuple[str, ...] = ()
    difference: str = ""
    text: str = ""
    files: tuple[FileImage, ...] = ()
    step: str = ""


@value
class TaskDone:
    """Every step of a task is done; `files` it left uncommitted are not as its edits made them."""

    task: str
    duration: float  # seconds, of this run
    files: tuple[FileImage, ...] = ()


@value
class VerificationBegan:
    """The verification of a phase begins."""

    phase: str


@value
class ServiceBegan:
    """A service starts."""

    name: str
    command: str


@value
class ServiceReady:
    """A service is ready; `variables` are the names it gave to every command."""

    name: str
    variables: tuple[str, ...]
    duration: float  # seconds


@value
class ServiceNotNeeded:
    """A service is not started, because the user set the variable that replaces it."""

    name: str
    variable: str


@value
class HeadAccepted:
    """The user told the run to go on from where HEAD is now."""

    head: str | None
    ref: str | None


StopKind = Literal[
    "conflict",
    "unmet",
    "failed",
    "vacuous",
    "commit",
    "manual",  # waits for a person's work
    "confirm",  # waits for a person's yes
    "service",
    "refused",
    "interrupted",
    "declined",  # by the user, who is asked before each step
    "moved",  # HEAD
    "changed",  # a finished task, in the phase file
]

WAITING: tuple[StopKind, ...] = ("manual", "confirm")
"""The kinds of stops at which a run waits for a person."""

Choice = Literal[
    "run", "done", "accept-head", "retry", "skip", "abort", "repair", "undo", "restart", "audit"
]


@value
class Watched:
    """A file that a person may change, and whether it is another one since the work was theirs."""

    path: str
    changed: bool


@value
class Stopped:
    """A run stops before its end: where, why, and what a person can do."""

    kind: StopKind
    where: str  # identifier of the step, task or phase
    at: str  # path:line:column in the phase file
    message: str
    mismatches: tuple[Mismatch, ...] = ()
    output: str = ""  # the end of the command's output, printable
    log: str = ""
    hint: str | None = None
    signal: int | None = None
    prose: str | None = None  # the plan's own words on what was expected
    task: str | None = None  # the one that is unfinished now
    choices: tuple[Choice, ...] = ()  # the verbs that apply
    argv: tuple[tuple[str, ...], ...] = ()  # the arguments of each, after the program's name
    waits_for: tuple[str, ...] = ()  # phases that are to be carried out before this one
    undone: tuple[str, ...] = ()  # those of them of which all was undone: they are to be restarted
    watched: tuple[Watched, ...] = ()  # the files of work by hand
    then: tuple[str, ...] = ()  # the steps that come after it, each in a line
    needs_reason: bool = False  # to be taken as done although no file was changed
    past_commits: bool = False  # no commit of its task comes: what is mended is committed by hand


@value
class RunEnded:
    """A run is over."""

    exit: int


Event = (
    RunBegan
    | WorktreePlanned
    | WorktreeMade
    | WorktreeSetUp
    | WorktreeSetAside
    | WorktreeRemovalPlanned
    | WorktreeRemoved
    | PhaseBegan
    | PhaseResumed
    | LedgerEvent
    | PhaseAlreadyComplete
    | PhaseCompleted
    | TaskBegan
    | TaskResumed
    | TaskDone
    | VerificationBegan
    | StepEvent
    | ServiceBegan
    | ServiceReady
    | ServiceNotNeeded
    | AheadEvent
    | ManualEvent
    | DelegateEvent
    | HeadAccepted
    | Stopped
    | RunEnded
    | VerbEvent
    | AuditEvent
    | DetailEvent
)


def is_transient(event: Event) -> bool:
    """Whether an event is for live views only and is not recorded."""
    return getattr(event, "transient", False)

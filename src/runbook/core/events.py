"""Events: what a run does, in the order it does it.

The engine yields each event before it acts on it; the journal writes it before anybody else
sees it. State is a fold over events (`progress`), so a run can be looked at later.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any, ClassVar, Literal, get_args

from runbook.core.value import value


@value
class RunBegan:
    """A run over some phases begins."""

    run: str
    version: str
    phases: tuple[str, ...]


@value
class WorktreePlanned:
    """A linked worktree is about to be made, which makes its branch recognisable as ours."""

    path: str
    branch: str
    head: str | None


@value
class WorktreeMade:
    """The linked worktree was made; with a new branch nothing done before counts any more."""

    path: str
    branch: str
    head: str
    new_branch: bool


@value
class WorktreeRemoved:
    """`clean` removed the worktree; `lost` commits are in no other branch and gone with it."""

    path: str
    branch: str
    branch_deleted: bool
    lost: int


@value
class PhaseBegan:
    """A phase begins on the commit `head`, which `fails-at: phase` goes back to."""

    phase: str
    title: str
    head: str | None
    ref: str | None


@value
class PhaseResumed:
    """A phase begun in an earlier run goes on."""

    phase: str
    title: str
    done: int
    total: int


@value
class PhaseForgotten:
    """A phase recorded as begun starts anew, because `commit` of it is no longer in the branch."""

    phase: str
    title: str
    commit: str


@value
class PhaseAlreadyComplete:
    """A phase has nothing left to do."""

    phase: str
    title: str


@value
class PhaseCompleted:
    """All tasks and the verification of a phase are done."""

    phase: str
    head: str | None
    commits: int
    duration: float  # seconds, of this run


@value
class TaskBegan:
    """A task begins; `dirty` are the changed tracked paths that are the user's own."""

    task: str
    title: str
    digest: str
    head: str | None
    ref: str | None
    dirty: tuple[str, ...] = ()


@value
class TaskResumed:
    """A task that stopped goes on; `adopted` are declared files that were changed by hand."""

    task: str
    title: str
    digest: str
    adopted: tuple[str, ...] = ()
    difference: str = ""


@value
class TaskDone:
    """Every step of a task is done."""

    task: str
    duration: float  # seconds, of this run


@value
class VerificationBegan:
    """The verification of a phase begins."""

    phase: str


StepKind = Literal["edit", "run", "verify", "commit", "manual"]


@value
class StepBegan:
    """A step begins; `subject` is its path, command or commit subject."""

    step: str
    kind: StepKind
    subject: str
    digest: str
    at: str  # path:line:column in the phase file


@value
class StepDone:
    """A step is done."""

    step: str


@value
class FileImage:
    """One file of a planned edit: digests (SHA-256, hex) before and after, `None` where absent."""

    path: str
    before: str | None
    after: str | None
    mode: int | None = None  # permission bits of a new file
    lines: str = ""  # of the first changed place


@value
class EditPlanned:
    """All of a step's edits are planned; its files are written only after this."""

    step: str
    files: tuple[FileImage, ...]


@value
class EditApplied:
    """The files of a step hold what was planned; none written means already applied."""

    step: str
    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    lines: str = ""


@value
class CommandBegan:
    """A command starts; `state` names the starting state that a `fails-at` looks at."""

    step: str
    command: str
    state: Literal["", "task", "phase", "base"] = ""
    commit: str | None = None


@value
class CommandOutput:
    """The latest line of a running command's output; for live views, never journaled."""

    step: str
    line: str
    transient: ClassVar[bool] = True


@value
class CommandEnded:
    """A command ended; `tests` is what they did in short, and `log` its whole output."""

    step: str
    exit: int | None
    duration: float  # seconds
    tests: str
    log: str
    log_digest: str
    left_running: tuple[str, ...] = ()
    state: Literal["", "task", "phase", "base"] = ""


@value
class MismatchSeen:
    """One unmet expectation, as the verdict words it."""

    message: str
    details: tuple[str, ...] = ()
    hint: str | None = None


@value
class VerifyPassed:
    """Every expectation was met; `flaky` is how many tries failed before."""

    step: str
    flaky: int = 0


@value
class VerifyRetried:
    """A try failed, and the check is run again; `why` are its mismatches."""

    step: str
    tries_left: int
    why: tuple[str, ...]


@value
class FailedBefore:
    """The check fails on its starting state, as `fails-at` demands; `why` is the first reason."""

    step: str
    state: str
    commit: str
    why: tuple[str, ...]


@value
class CommitIntended:
    """A commit is about to be made; parent, dates and message say how to recognise it."""

    step: str
    parent: str | None
    ref: str | None
    paths: tuple[str, ...]
    message_digest: str
    date: str  # of author and committer, "<seconds since the epoch> <offset>"


@value
class CommitMade:
    """A commit was made."""

    step: str
    commit: str
    subject: str
    paths: tuple[str, ...]


@value
class AlreadyCommitted:
    """The paths equal HEAD, because their edits were applied before: nothing to commit."""

    step: str
    paths: tuple[str, ...]


@value
class RunPlanned:
    """A run step's command starts; `files` are what it may change, as they are before it."""

    step: str
    files: tuple[FileImage, ...]


@value
class RunRestored:
    """The files of a run step that did not succeed were put back."""

    step: str
    files: tuple[str, ...]


@value
class RunDone:
    """A run step's command succeeded; `changed` are the declared files that differ now."""

    step: str
    changed: tuple[str, ...]


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
class ManualBegan:
    """A manual step waits; its instructions go to the user and the run stops."""

    step: str
    instructions: str
    files: tuple[FileImage, ...]  # as they are when the work is handed over


@value
class ManualDone:
    """The work of a manual step is taken as done; `changed` are its files that differ."""

    step: str
    changed: tuple[str, ...]
    difference: str = ""


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
    "manual",
    "service",
    "refused",
    "interrupted",
]


@value
class Stopped:
    """A run stops before its end: where, why, and what a person can do."""

    kind: StopKind
    where: str  # identifier of the step, task or phase
    at: str  # path:line:column in the phase file
    message: str
    mismatches: tuple[MismatchSeen, ...] = ()
    output: str = ""  # the end of the command's output, printable
    log: str = ""
    hint: str | None = None
    signal: int | None = None


@value
class RunEnded:
    """A run is over."""

    exit: int


Event = (
    RunBegan
    | WorktreePlanned
    | WorktreeMade
    | WorktreeRemoved
    | PhaseBegan
    | PhaseResumed
    | PhaseForgotten
    | PhaseAlreadyComplete
    | PhaseCompleted
    | TaskBegan
    | TaskResumed
    | TaskDone
    | VerificationBegan
    | StepBegan
    | StepDone
    | EditPlanned
    | EditApplied
    | CommandBegan
    | CommandOutput
    | CommandEnded
    | VerifyPassed
    | VerifyRetried
    | FailedBefore
    | CommitIntended
    | CommitMade
    | AlreadyCommitted
    | RunPlanned
    | RunRestored
    | RunDone
    | ServiceBegan
    | ServiceReady
    | ServiceNotNeeded
    | ManualBegan
    | ManualDone
    | HeadAccepted
    | Stopped
    | RunEnded
)

_NESTED: dict[str, type] = {"files": FileImage, "mismatches": MismatchSeen}
_EVENTS: dict[str, type] = {kind.__name__: kind for kind in get_args(Event)}


def is_transient(event: Event) -> bool:
    """Whether an event is for live views only and is not recorded."""
    return getattr(event, "transient", False)


def to_record(event: Event) -> dict[str, Any]:
    """The event as JSON values, its kind under `event`."""
    return {"event": type(event).__name__, **_plain(event)}


def from_record(record: dict[str, Any]) -> Event:
    """The event a record holds.

    Raises:
        ValueError: the record is of no event that this version knows.

    """
    try:
        kind = _EVENTS[record["event"]]
        names = {field.name for field in fields(kind)}
        values = {name: _tuples(name, record[name]) for name in names & record.keys()}
        event: Event = kind(**values)
    except (KeyError, TypeError) as error:
        raise ValueError(f"not an event of this version: {record.get('event')!r}") from error
    return event


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def _tuples(name: str, value: Any) -> Any:
    if not isinstance(value, list):
        return value
    nested = _NESTED.get(name)
    return tuple(
        nested(**{key: _tuples(key, item) for key, item in element.items()})
        if nested is not None and isinstance(element, dict)
        else _tuples(name, element)
        for element in value
    )

"""Events of a step: what it plans, runs, writes, sees and commits."""

from __future__ import annotations

from typing import ClassVar, Literal

from runbook.core.value import value

StepKind = Literal["edit", "run", "verify", "commit", "manual", "confirm"]
CheckedState = Literal["", "task", "phase", "series", "base", "commit"]
"""What a check looks at: empty is what its phase has made, "commit" what an audit goes back to."""


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
    before_mode: int | None = None  # permission bits of the file that was there


@value
class Special:
    """A link, `-> TARGET`, or a submodule, `@ COMMIT`, before and after; `None` is neither."""

    path: str
    before: str | None
    after: str | None = None


@value
class EditPlanned:
    """All of a step's edits are planned; its files are written only after this."""

    step: str
    files: tuple[FileImage, ...]


@value
class EditApplied:
    """The files of a step hold what was planned; none written means already applied.

    `lines` are those of one file, at so many `places`; `added` and `removed` count lines. `places`
    is 0 where a file was moved. `rescued` is where files are kept as they were, with lines made by
    hand that the edit replaced.
    """

    step: str
    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    lines: str = ""
    rescued: str = ""
    places: int = 0
    added: int = 0
    removed: int = 0
    how: Literal["changed", "deleted", "moved"] = "changed"  # of a move the last file is new


@value
class EditShown:
    """What an edit has changed, as a unified diff; where a run is to show it, never journaled."""

    step: str
    difference: str
    transient: ClassVar[bool] = True


@value
class CommandBegan:
    """A command starts; `state` names the starting state that a `fails-at` looks at.

    An audit's is "commit". `usual` is how many seconds it took the last time, where that is known.
    """

    step: str
    command: str
    state: CheckedState = ""
    commit: str | None = None
    usual: float | None = None


@value
class Tally:
    """How many tests are done, of how many, and how many failed; `failing` are new among those."""

    done: int = 0
    total: int | None = None
    failed: int = 0
    failing: tuple[str, ...] = ()


@value
class CommandOutput:
    """The latest line of a running command, and how far its tests are; never journaled.

    `ahead` are the steps of the checks that run before their turn meanwhile.
    """

    step: str
    line: str
    tally: Tally | None = None
    ahead: tuple[str, ...] = ()
    transient: ClassVar[bool] = True


TestOutcome = Literal["passed", "failed", "error", "skipped", "xfailed", "xpassed"]


@value
class TestCounts:
    """How many tests had which outcome, and on how many xdist workers they ran (0: without)."""

    # pytest would collect the class for its name.
    __test__: ClassVar[bool] = False

    passed: int = 0
    failed: int = 0
    errors: int = 0
    skipped: int = 0
    xfailed: int = 0
    xpassed: int = 0
    not_collected: int = 0
    workers: int = 0


@value
class CommandEnded:
    """A command ended; `tests` is what they did in short, and `log` its whole output.

    `dirty` are the paths that differed from HEAD while it ran and are declared for no commit to
    come.
    Where it is `reused`, that step had run the same command on the same files in the same run.
    `stopped` is why it has no exit status. `tree` is HEAD's with the declared files at its begin.
    """

    step: str
    exit: int | None
    duration: float  # seconds
    tests: str
    log: str
    log_digest: str
    left_running: tuple[str, ...] = ()
    state: CheckedState = ""
    counts: TestCounts | None = None
    dirty: tuple[str, ...] = ()
    reused: str = ""
    stopped: Literal["", "timeout", "idle", "interrupt"] = ""
    tree: str = ""
    ahead: bool = False  # it ran before its turn, in a view of the files as they are in it


@value
class Mismatch:
    """One unmet expectation, as the verdict words it."""

    message: str
    details: tuple[str, ...] = ()
    hint: str | None = None


@value
class VerifyPassed:
    """All was as expected; `flaky` tries failed before, and `skipped` says which tests, and why."""

    step: str
    flaky: int = 0
    skipped: tuple[str, ...] = ()


@value
class VerifyRetried:
    """A try failed, and the check is run again; `why` are its mismatches."""

    step: str
    tries_left: int
    why: tuple[str, ...]


@value
class FailedBefore:
    """The check fails on its starting state, as `fails-at` demands; `why` is the first reason.

    Tests that were `carried` back to it are as they are now.
    """

    step: str
    state: str
    commit: str
    why: tuple[str, ...]
    carried: tuple[str, ...] = ()


ProofKind = Literal["proves", "guards", "vacuous", "invalid", "contradicts", "failing", "untried"]
"""What a check showed, before and after its phase:

proves: failed before, passes after; guards: passes both times, as it declares; vacuous: passes both
times, undeclared; invalid: could not even run before; contradicts: declared a guard, and failed
before; failing: does not pass after; untried: what it looks at is not known.
"""


@value
class CheckProved:
    """A check was held against its starting state; `before` and `after` are why it failed there.

    `tests` are those changed since, of which the starting state has the old ones.
    """

    step: str
    at: str  # path:line:column in the phase file
    command: str
    kind: ProofKind
    state: str
    commit: str | None
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    guard: bool = False  # by its words it passes before, too
    tests: tuple[str, ...] = ()  # in `workdir`


@value
class CommitIntended:
    """A commit is about to be made; parent, dates, message and tree say how to recognise it.

    `files` are its paths as they are before hooks run: what a killed one left can be put back.
    """

    step: str
    parent: str | None
    ref: str | None
    paths: tuple[str, ...]  # from the repository's root, as git names them
    message_digest: str
    date: str  # of author and committer, "<seconds since the epoch> <offset>"
    trailers: tuple[str, ...] = ()
    files: tuple[FileImage, ...] = ()  # as git names them; `before` is None
    tree: str = ""  # that the commit has if no hook changes anything; empty if unknown


@value
class CommitRestored:
    """A killed run had begun a commit that git did not make: `files` were put back to be committed.

    `rescued` is where what they held is kept.
    """

    step: str
    files: tuple[str, ...]
    rescued: str = ""


@value
class CommitMade:
    """A commit was made, `despite` how git ended; `recovered` is one that a killed run made."""

    step: str
    commit: str
    subject: str
    paths: tuple[str, ...]
    recovered: bool = False
    despite: str = ""


@value
class HooksChanged:
    """Hooks changed files of a commit that was made, or, without one, of one that they refused.

    `checks` are made again on `files` as they left them; what they changed `beside` is in none.
    """

    step: str
    paths: tuple[str, ...]  # as git names them
    difference: str
    checks: tuple[str, ...] = ()
    files: tuple[FileImage, ...] = ()
    commit: str = ""
    beside: tuple[str, ...] = ()
    tried: bool = True  # once more, if they refused it


@value
class NoteAdded:
    """The evidence of a commit was added to it as a git note."""

    step: str
    commit: str


@value
class NoteFailed:
    """git did not take the note of a commit; the next run tries again."""

    step: str
    commit: str
    message: str


@value
class AlreadyCommitted:
    """The paths equal HEAD, because their edits were applied before: nothing to commit.

    There are none where no step made what the commit was to have.
    """

    step: str
    paths: tuple[str, ...]


@value
class RunPlanned:
    """A run step's command starts; `files` are what it may change, as they are before it.

    `absent` are folders that it may make for them, `special` are links and submodules.
    """

    step: str
    files: tuple[FileImage, ...]
    absent: tuple[str, ...] = ()
    special: tuple[Special, ...] = ()
    since: int = 0  # seconds since the epoch


@value
class RunRestored:
    """The files of a run step that did not succeed were put back."""

    step: str
    files: tuple[str, ...]


@value
class RunDone:
    """A run step's command succeeded; `changed` are the declared files that differ now.

    `rescued` is where files are kept as they were, with lines made by hand that are gone now.
    `head` is the commit that it has brought HEAD to, and `ref` the branch, where it did.
    """

    step: str
    changed: tuple[str, ...]
    files: tuple[FileImage, ...] = ()  # the same, with what they were and are
    rescued: str = ""
    special: tuple[Special, ...] = ()  # links and submodules among them
    head: str | None = None
    ref: str | None = None


StepEvent = (
    StepBegan
    | StepDone
    | EditPlanned
    | EditApplied
    | EditShown
    | CommandBegan
    | CommandOutput
    | CommandEnded
    | VerifyPassed
    | VerifyRetried
    | FailedBefore
    | CheckProved
    | CommitIntended
    | CommitMade
    | HooksChanged
    | NoteAdded
    | NoteFailed
    | CommitRestored
    | AlreadyCommitted
    | RunPlanned
    | RunRestored
    | RunDone
)

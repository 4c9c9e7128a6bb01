"""Events of comparing the journal with git, which has the last word on what was committed."""

from __future__ import annotations

from runbook.core.value import value


@value
class PhaseForgotten:
    """A phase recorded as begun starts anew, because `commit` of it is no longer in the branch."""

    phase: str
    title: str
    commit: str


@value
class StepCommit:
    """The commit that a step made."""

    step: str
    commit: str


@value
class RebuiltTask:
    """A task as the notes of its commits tell it; `steps` are the digests of those that are done.

    `digest` is what the task said when it was carried out, `head` the commit it began on.
    """

    task: str
    title: str
    digest: str
    done: bool
    head: str | None
    made: tuple[StepCommit, ...]
    steps: tuple[str, ...]
    undone: bool = False


@value
class PhaseRebuilt:
    """What was done of a phase is known from the notes of its commits, not from the journal.

    `start` is the commit the phase began on; `head` and `ref` are where the branch is now.
    """

    phase: str
    title: str
    start: str | None
    head: str | None
    ref: str | None
    complete: bool
    tasks: tuple[RebuiltTask, ...]


@value
class RewrittenCommit:
    """A commit that is another one now."""

    step: str
    before: str
    after: str


@value
class CommitsRewritten:
    """Commits of a phase were rewritten, as by a rebase; `rewritten` tells which they are now."""

    phase: str
    start: str | None
    rewritten: tuple[RewrittenCommit, ...]


@value
class NoteDoubted:
    """A note says that a commit was made by a step, and is not believed: `why`."""

    phase: str
    step: str
    commit: str
    why: str


LedgerEvent = PhaseForgotten | PhaseRebuilt | CommitsRewritten | NoteDoubted

"""The one way a run stops before its end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, TypedDict, Unpack

from runbook.core.model.model import Phase, Step, Task
from runbook.core.patterns import regex
from runbook.world.files.workspace import Unreachable

if TYPE_CHECKING:
    from runbook.core.position import Position
    from runbook.core.record.events import StopKind, Stopped, Watched
    from runbook.core.record.stepevents import Mismatch


GIT_FAILED = "git failed"

_LOST = regex(
    r"bad object|is corrupt|unable to read (tree|sha1 file of)|missing (blob|tree|commit)"
    r"|(invalid reference:|unable to (find|read)|could not get object info for) [0-9a-f]{40}"
    r"|[0-9a-f]{40} is no commit"
)
_LOST_HINT = (
    "git's objects are gone or damaged: delete the files of damaged ones, then "
    "`git fetch --refetch REMOTE` gets them anew, also with the path of another clone as REMOTE; "
    "`git fsck` says what is missing"
)


class CannotContinue(Exception):
    """Raised where nothing more can be done; the engine turns it into its `Stopped` event."""

    def __init__(self, stopped: Stopped) -> None:
        self.stopped = stopped
        super().__init__(stopped.message)


class Told(TypedDict, total=False):
    """What a stop may say besides its message; `Stopped` says what each is."""

    mismatches: tuple[Mismatch, ...]
    output: str
    log: str
    hint: str | None
    signal: int | None
    prose: str | None
    waits_for: tuple[str, ...]
    undone: tuple[str, ...]
    watched: tuple[Watched, ...]
    then: tuple[str, ...]
    needs_reason: bool


class Placed(Protocol):
    """What stands at a place of the phase file: a phase, task, step or service."""

    @property
    def at(self) -> Position:
        """The place."""


def stop(kind: StopKind, where: str, part: Placed, message: str, **told: Unpack[Told]) -> Stopped:
    """The stop at a step, task or phase, with the place of `part` in the phase file."""
    from runbook.core.record.events import Stopped  # what a check need not load

    return Stopped(kind, where, str(part.at), message, **told)


def refused(
    part: Phase | Task | Step, message: str, *, where: str = "", **told: Unpack[Told]
) -> CannotContinue:
    """What is raised where a phase, a task, or the step `where` can't be carried out."""
    if isinstance(part, Phase | Task):
        where = where or part.id
    return CannotContinue(stop("refused", where, part, message, **told))


def git_failed(phase: Phase, error: Exception) -> Stopped:
    """The stop where git can't tell what is to be known of a repository."""
    text = str(error)
    return stop("refused", phase.id, phase, GIT_FAILED, output=text, hint=lost_hint(text))


def lost_hint(said: str) -> str | None:
    """What helps where git says that one of its objects is gone or damaged."""
    return _LOST_HINT if _LOST.search(said) else None


def interrupted(where: str, part: Placed, signal: int) -> Stopped:
    """The stop that a signal asked for, or that nobody reads what a run writes."""
    from signal import SIGPIPE  # seldom does one stop so

    unread = signal == SIGPIPE
    message = "interrupted: nobody reads the output any more" if unread else "interrupted"
    return stop("interrupted", where, part, message, signal=signal)


@contextmanager
def reaching(where: str, part: Placed) -> Iterator[None]:
    """Read and write files for a step, task or phase with the place of `part` in the phase file.

    Raises:
        CannotContinue: one of them can't be read or written.
    """
    try:
        yield
    except Unreachable as error:
        raise CannotContinue(stop("refused", where, part, str(error), hint=error.hint)) from None

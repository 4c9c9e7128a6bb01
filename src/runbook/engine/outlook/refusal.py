"""The way a verb ends that is not carried out."""

from __future__ import annotations

from collections.abc import Iterator

from runbook.core.model.ids import within
from runbook.core.record.events import Event
from runbook.core.record.manualevents import Confirmed, ManualDone, ManualEvent
from runbook.core.record.verbevents import (
    TaskRestored,
    TaskSkipped,
    UndoEnded,
    VerbEvent,
    VerbRefused,
)
from runbook.engine.contract.stops import CannotContinue
from runbook.engine.ground.context import Context
from runbook.world.files.workspace import Unreachable


class Refusal(Exception):
    """Raised where a verb does not apply, or can't go on; what stopped before stays so."""

    def __init__(
        self,
        message: str,
        details: tuple[str, ...] = (),
        hint: str | None = None,
        *,
        where: str | None = None,
    ) -> None:
        """Say why; `where` is what that is about, if not what the verb is about."""
        self.details, self.hint, self.where = details, hint, where
        super().__init__(message)


def refusing(context: Context, verb: str, where: str, work: Iterator[Event]) -> Iterator[Event]:
    """Pass the events of a verb on; where it does not apply, the last one is `VerbRefused`.

    `where` is what the verb is about, named where a file can't be read or written.
    """
    try:
        yield from work
    except Refusal as refusal:
        finished = context.journal.progress.finished
        if finished is not None and _is_about(finished, where):
            # Killed after that, it was complete, and says so again.
            yield finished
            return
        about = where if refusal.where is None else refusal.where
        begun = _begun(context, verb, where)
        yield VerbRefused(verb, about, str(refusal), refusal.details, refusal.hint, begun)
    except Unreachable as error:
        yield VerbRefused(verb, where, str(error), (), error.hint, _begun(context, verb, where))
    except CannotContinue as raised:
        stopped = raised.stopped
        details = tuple(stopped.output.strip("\n").split("\n")) if stopped.output else ()
        hint = stopped.hint
        if stopped.kind == "moved":
            accept = f"`run {stopped.where} --accept-head`"
            hint = f"go back there, or go on from where HEAD is: {accept}"
        yield VerbRefused(
            verb, stopped.where, stopped.message, details, hint, _begun(context, verb, where)
        )


def _is_about(finished: VerbEvent | ManualEvent, where: str) -> bool:
    match finished:
        case TaskSkipped(task=about) | TaskRestored(task=about) | UndoEnded(target=about):
            return within(about, where)
        case ManualDone(step=about) | Confirmed(step=about):
            return within(about, where)
        case _:
            return False


def refuse_other(verb: str, asked: str | None, found: str | None) -> None:
    """Refuse where a task was named and the verb would be about another one, or about none.

    Raises:
        Refusal: naming the one that it is about.
    """
    if asked in (None, found):
        return
    hint = None if found is None else f"that is {found}: `{verb} {found}`"
    raise Refusal(f"{asked} is not what is unfinished", hint=hint)


def _begun(context: Context, verb: str, where: str) -> bool:
    """Whether a part of the verb is done, so that it goes on when it is given again."""
    progress = context.journal.progress
    undo = progress.undo
    if undo is None:
        return progress.restoring is not None
    if verb == "abort":
        return undo.given_up is not None
    return verb == "undo" and undo.target == where

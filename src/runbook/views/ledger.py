"""What git says otherwise than the journal, in words."""

from __future__ import annotations

from collections.abc import Iterator

from runbook.core.model.ids import inside, last, task_of
from runbook.core.record import ledgerevents
from runbook.core.record.ledgerevents import LedgerEvent, NoteDoubted


def ledger_lines(event: LedgerEvent) -> Iterator[tuple[str, str]]:
    """The lines of what git says of a phase, each with a style."""
    match event:
        case ledgerevents.PhaseForgotten(phase, _, commit):
            yield (
                f"{phase} was recorded as begun, but its commit {commit[:9]} is no longer in "
                "the branch: it begins anew",
                "yellow",
            )
        case ledgerevents.PhaseRebuilt(phase=phase, tasks=tasks):
            landed = [last(task.task) for task in tasks if not task.undone]
            names = ", ".join(landed) or "all of it is undone"
            yield f"{phase}: what is done is known from notes in git: {names}", "yellow"
        case ledgerevents.CommitsRewritten(phase, _, rewritten):
            yield f"{phase}: its commits were rewritten since", "yellow"
            for each in rewritten:
                task = last(task_of(each.step))
                yield f"  {task}: {each.before[:9]} is now {each.after[:9]}", ""
        case ledgerevents.NoteDoubted(phase=phase):
            yield f"{phase}: {doubted(event)}", "yellow"


def doubted(event: NoteDoubted) -> str:
    """What is said of a note that is not believed."""
    step = inside(event.step)
    return f"the note of {event.commit[:9]} as {step} is not believed: {event.why}"

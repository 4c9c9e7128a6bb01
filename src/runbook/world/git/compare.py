"""What git says otherwise than the journals: commits that are gone, or were made anew."""

from __future__ import annotations

from runbook.core.model.ids import phase_of
from runbook.core.model.model import Phase
from runbook.core.record.events import Event
from runbook.core.record.ledgerevents import NoteDoubted
from runbook.core.record.progress import Progress
from runbook.core.record.reconcile import Landed, landed_steps, reconcile
from runbook.world.git.heads import Head
from runbook.world.git.ledger import Doubt, Ledger
from runbook.world.git.rewritten import rewritten


def compare(
    ledger: Ledger,
    folder: str,
    phase: Phase,
    progress: Progress,
    tip: Head,
    doubt: Doubt,
    *,
    anywhere: bool = False,
) -> list[Event]:
    """What git says otherwise than the journal of a phase, as events (`core.reconcile`).

    `folder` is that of the phase files in the repository; `tip` is where the phase's worktree is.
    A note that `doubt` says something of counts as none, and is named. Where there is nothing to
    ask, no process is started. While a phase is under way on a branch that is not checked out, as
    in a rebase, what that branch has is not gone, unless HEAD counts, which may be `anywhere`.

    Raises:
        GitFailed: git can't read its notes or its history.

    """
    head, known = tip.commit, progress.phases.get(phase.id)
    gone: set[str] = set()
    # Where the last run left the branch, all that it committed is there.
    if known is not None and (known.astray or head != progress.head):
        # Of all phases at once: the next is asked for as well.
        every = [commit for each in progress.phases for commit in progress.recorded(each)]
        gone = ledger.gone(every, head).intersection(progress.recorded(phase.id))
    if known is not None and not gone:
        return []
    if not anywhere and _left_elsewhere(ledger, phase, progress, tip):
        return []
    found: list[Landed] = []
    doubts: list[Event] = []
    landed = ledger.landed_of(head, phase.id, folder) if head is not None else []
    made = _made(progress) if landed or gone else {}
    told = {each.note.step for each in landed}
    lost = {step: each for step, each in made.items() if each in gone and step not in told}
    # Which of them are taken back still only notes could tell.
    if lost and head is not None and not progress.reverts(phase.id):
        again = [*rewritten(ledger.folder, ledger.objects, ledger.note, lost, head)]
        back = ledger.reverted(again[0].commit, head) if again else set()
        landed = [*landed, *(each for each in again if each.commit not in back)]
    changed = ledger.changed(each.commit for each in landed) if landed else {}
    for each in landed:
        paths, seen = changed.get(each.commit, ()), each.note.step in made
        why = doubt(ledger.objects, phase, each, paths, rewritten=seen)
        if why:
            doubts.append(NoteDoubted(phase.id, each.note.step, each.commit, why))
        else:
            found.append(each)
    return [*doubts, *reconcile(phase, progress, gone, landed_steps(found), head, tip.ref)]


def _left_elsewhere(ledger: Ledger, phase: Phase, progress: Progress, tip: Head) -> bool:
    """Whether HEAD is not on the branch on which a phase is under way, and that has all of this."""
    if progress.ref is None or progress.ref == tip.ref:
        return False
    begun = (task for task, state in progress.tasks.items() if not state.undone)
    if not any(progress.under_way(phase_of(task)) for task in begun):
        return False
    there = ledger.at(progress.ref)
    return there is not None and not ledger.gone(progress.recorded(phase.id), there)


def _made(progress: Progress) -> dict[str, str]:
    """The commits that steps made, as the journal knows."""
    return {
        name: step.commit
        for task in progress.tasks.values()
        for name, step in task.steps.items()
        if step.commit is not None
    }

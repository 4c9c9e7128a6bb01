"""What git says otherwise than the journals: commits that are gone, or were made anew."""

from __future__ import annotations

from runbook.core.model.ids import phase_of
from runbook.core.model.model import Phase
from runbook.core.record.events import Event
from runbook.core.record.ledgerevents import NoteDoubted, RewrittenCommit
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
    ask, no process is started. Of a phase that was only begun, and where HEAD is another one since,
    notes may tell more. While a phase is under way on a branch that is not checked out, as in a
    rebase, what that branch has is not gone, unless HEAD counts, which may be `anywhere`.

    Raises:
        GitFailed: git can't read its notes or its history.

    """
    head, known = tip.commit, progress.phases.get(phase.id)
    gone: set[str] = set()
    only_begun = False
    # Where the last run left the branch, all that it committed is there.
    if known is not None and (known.astray or head != progress.head):
        # Of all phases at once: the next is asked for as well.
        made_ever = [commit for each in progress.phases for commit in progress.recorded(each)]
        gone = ledger.gone(made_ever, head).intersection(progress.recorded(phase.id))
        only_begun = progress.nothing_made(phase.id) and not ledger.is_empty()
    if known is not None and not gone and not only_begun:
        return []
    if not anywhere and _left_elsewhere(ledger, phase, progress, tip):
        return []
    found: list[Landed] = []
    doubts: list[Event] = []
    landed = [*ledger.landed_of(head, phase.id, folder)] if head is not None else []
    made = _made(progress) if landed or gone else {}
    told = {each.note.step for each in landed}
    lost = {step: each for step, each in made.items() if each in gone and step not in told}
    again, reverts, undone = _found_again(ledger, phase, progress, lost, gone, head)
    landed += again
    undone += ledger.undone_of(head, phase.id, folder) if head is not None else []
    commits = dict.fromkeys(each.commit for each in (*landed, *undone))
    changed = ledger.changed(commits) if commits else {}

    def doubted(each: Landed) -> str:
        paths, seen = changed.get(each.commit, ()), each.note.step in made
        return doubt(ledger.objects, phase, each, paths, rewritten=seen)

    for each in landed:
        why = doubted(each)
        if why:
            doubts.append(NoteDoubted(phase.id, each.note.step, each.commit, why))
        else:
            found.append(each)
    history: list[Landed] = []
    if undone and head is not None:
        every = [*found, *(each for each in undone if not doubted(each))]
        history = ledger.in_order(head, {(e.commit, e.note.step): e for e in every}.values())
    steps = landed_steps(found)
    return [*doubts, *reconcile(phase, progress, gone, steps, head, tip.ref, reverts, history)]


def _found_again(
    ledger: Ledger,
    phase: Phase,
    progress: Progress,
    lost: dict[str, str],
    gone: set[str],
    head: str | None,
) -> tuple[list[Landed], tuple[RewrittenCommit, ...], list[Landed]]:
    """What commits that are gone, by their steps, have become, and what those of an undo have.

    The last are the same with those that the undo took back. Unless all of an undo are there again,
    nobody knows what of the phase is taken back still.
    """
    undone = gone.intersection(progress.reverts(phase.id))
    if head is None or not (lost or undone):
        return [], (), []
    took = {each for commit in undone for each in ledger.named_by(commit)}
    asked = [*lost.values(), *undone, *took]
    renewed = [*rewritten(ledger.folder, ledger.objects, ledger.note, asked, head)]
    reverts = tuple(
        RewrittenCommit(each.note.step, commit, each.commit)
        for commit, each in renewed
        if each.note.reverts and commit in undone
    )
    again = [
        each
        for commit, each in renewed
        if lost.get(each.note.step) == commit and not each.note.reverts
    ]
    if (lost and not again) or {each.before for each in reverts} != undone:
        return [], (), []
    back = ledger.reverted(again[0].commit, head) if again else set()
    both = [each for commit, each in renewed if commit in took | undone]
    return [each for each in again if each.commit not in back], reverts, both


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

"""What is known of the phases of a series: the journals, compared with git."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from functools import partial

from runbook.core.model.ids import phase_of
from runbook.core.model.model import Phase
from runbook.core.model.paths import prefix_of
from runbook.core.record.events import Event
from runbook.core.record.fold import apply
from runbook.core.record.following import awaited
from runbook.core.record.ledgerevents import PhaseForgotten
from runbook.core.record.progress import Progress
from runbook.core.record.proofs import CommitNote
from runbook.core.record.reconcile import Landed
from runbook.core.record.status import Awaited, PhaseStatus, phase_status
from runbook.core.value import value
from runbook.series.opening import Opened, UsageError, tip_of
from runbook.world.files.journallock import locked_by
from runbook.world.git.checkout import NoCheckout, find_checkout
from runbook.world.git.compare import compare
from runbook.world.git.heads import Head
from runbook.world.git.objects import Objects


@value
class Seen:
    """One phase: its progress, and what git said otherwise, which the progress has taken in."""

    phase: Phase
    progress: Progress
    changes: tuple[Event, ...]
    tip: Head


def look(opened: Opened, *, accept_head: bool = False) -> dict[str, Seen]:
    """What is known of every phase, by its identifier; with `accept_head` from where HEAD is.

    Raises:
        JournalDamaged: a journal can't be trusted.
        GitFailed: git can't read its notes or its history.
    """
    ledger = opened.ledger
    folder = opened.checkout.inside(opened.folder)
    journals = {opened.journal(phase) for phase in opened.loaded.phases}
    # Of their own: what is foreseen is taken in, too.
    known = {journal: opened.journals.taken(journal) for journal in journals}
    seen = {}
    for phase in opened.loaded.phases:
        progress = known[opened.journal(phase)]
        tip = tip_of(opened, phase, progress)
        changes = compare(ledger, folder, phase, progress, tip, _doubt, anywhere=accept_head)
        seen[phase.id] = Seen(phase, progress, tuple(changes), tip)
    # Only now: each was compared with the journal as it is.
    for each in seen.values():
        for event in each.changes:
            apply(each.progress, event)
    return seen


def statuses(
    opened: Opened, phases: tuple[Phase, ...], judged: tuple[Phase, ...] | None = None
) -> list[PhaseStatus]:
    """Where some phases stand; of those `judged` also what a run would stop for at once.

    Without `judged` that is told of all of them.
    """
    seen = look(opened)
    judged = phases if judged is None else judged
    found = []
    for phase in phases:
        each = seen[phase.id]
        waiting = waits_for(seen, phase)
        at_work = locked_by(opened.journal(phase))
        status = phase_status(phase, each.progress, at_work, each.changes, waiting)
        found.append((phase, status))
    asked = [each for each in found if each[0] in judged]
    if not asked:
        return [status for _, status in found]
    from runbook.series.dryrun import standing  # with the engine, which a list need not load

    told = {
        status.phase: status
        for status in standing(
            opened, asked, lambda phase: seen[phase.id].progress, partial(waits_for, seen)
        )
    }
    return [told.get(status.phase, status) for _, status in found]


def without_files(opened: Opened) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Phases whose files are there no more, each with what it has changed and not committed.

    Their names are what the files were called: one may just be called otherwise now.
    """
    known = {phase.id for phase in opened.loaded.phases}
    for phase in {opened.journal(each): each for each in opened.loaded.phases}.values():
        progress = opened.progress(phase)
        inside = prefix_of(phase.settings.workdir)
        left: dict[str, list[str]] = {}
        for task, state in progress.tasks.items():
            if phase_of(task) not in known and progress.unfinished(task) and state.touched:
                left.setdefault(phase_of(task), []).extend(inside + path for path in state.touched)
        if not left:
            continue
        from runbook.world.git.reader import Reader  # nearly always there is nothing to ask

        with suppress(NoCheckout):  # its worktree is gone
            reader = Reader(find_checkout(opened.root(phase)))
            for name, paths in left.items():
                changed = tuple(change.path for change in reader.changes(tuple(paths)))
                if changed:
                    yield name, changed


def waits_for(seen: dict[str, Seen], phase: Phase) -> Awaited:
    """What is to be complete before a phase and is not."""
    phases = [each.phase for each in seen.values()]
    return awaited(phase, phases, lambda each: seen[each.id].progress)


def starts(seen: dict[str, Seen], phase: Phase) -> Iterator[str | None]:
    """The commits on which phases of the same worktree began, in no order."""
    for name, each in seen.items():
        same = each.phase.settings.worktree == phase.settings.worktree
        if same and name in each.progress.phases:
            yield each.progress.phases[name].head


def next_phases(
    opened: Opened, *, every: bool = False, or_all_complete: bool = False
) -> tuple[Phase, ...]:
    """Every phase, or the one that is under way, or the only one there is.

    With `or_all_complete` all of them as well, where each is complete: none has to be named then.

    Raises:
        UsageError: nothing says which one is meant.
    """
    phases = opened.every_phase()
    if every or len(phases) == 1:
        return phases
    seen = look(opened)
    under_way = [each.phase for each in seen.values() if each.progress.under_way(each.phase.id)]
    if len(under_way) == 1:
        return tuple(under_way)
    if or_all_complete and all(each.progress.complete(name) for name, each in seen.items()):
        return phases
    known = ", ".join(phase.id for phase in phases)
    raise UsageError(f"name the phase to carry out, or say --all (there are: {known})")


def upcoming(opened: Opened, seen: dict[str, Seen]) -> tuple[Phase, ...]:
    """Every phase in the order in which they come next: begun ones first, those that wait last."""

    def rank(phase: Phase) -> int:
        if seen[phase.id].progress.under_way(phase.id):
            return 0
        return 2 if waits_for(seen, phase).phases else 1

    return tuple(sorted(opened.every_phase(), key=rank))


def begun_phases(opened: Opened) -> tuple[Phase, ...]:
    """The phases that have begun, by the journals and by git, also where their commits are gone.

    One of which all was undone is none of them.

    Raises:
        UsageError: none has.
    """
    begun = tuple(each.phase for each in look(opened).values() if _began(each))
    if not begun and opened.every_phase():
        raise UsageError("no phase has begun: there is nothing to look at again")
    return begun


def _began(seen: Seen) -> bool:
    gone = any(isinstance(each, PhaseForgotten) for each in seen.changes)
    there = seen.phase.id in seen.progress.phases and not seen.progress.undone(seen.phase)
    return gone or there


def notes_of(opened: Opened, seen: Seen) -> list[CommitNote]:
    """The notes of a phase's commits."""
    commits = set(seen.progress.commits(seen.phase.id))
    return [each.note for each in landed(opened, seen) if each.commit in commits] if commits else []


def landed(opened: Opened, seen: Seen) -> list[Landed]:
    """The commits with a note in the branch of a phase, the latest first."""
    return opened.ledger.landed(seen.tip.commit) if seen.tip.commit else []


def _doubt(
    objects: Objects, phase: Phase, landed: Landed, changed: Collection[str], *, rewritten: bool
) -> str:
    from runbook.engine.review.belief import doubt  # most of the time there is nothing to judge

    return doubt(objects, phase, landed, changed, rewritten=rewritten)

"""The linked worktree of a series: found, or made on first use; removed by `clean`."""

from __future__ import annotations

import time
from collections.abc import Generator
from pathlib import Path

from runbook.core import events
from runbook.core.events import Event, Stopped
from runbook.core.model import Phase
from runbook.engine.halt import Halt
from runbook.world.checkout import Checkout, NoCheckout, find_checkout
from runbook.world.gitlocks import clear_dead
from runbook.world.halfmade import is_remnant, records, remove_half_made, remove_with_record
from runbook.world.journal import Journal
from runbook.world.ledger import Ledger
from runbook.world.repository import GitFailed, Repository


def open_worktree(
    checkout: Checkout, phase: Phase, journal: Journal
) -> Generator[Event, None, Path]:
    """The top folder a phase is carried out in, made if it is a worktree that is not there yet.

    Raises:
        Halt: something else stands in its place, or its branch is not ours.

    """
    name = phase.settings.worktree
    if name is None:
        return checkout.root
    folder = checkout.worktree(name)
    branch = folder.name
    progress = journal.progress
    ours = progress.worktree is not None and progress.worktree.branch == branch
    planned = progress.planned_worktree
    if planned is not None and planned.branch == branch:
        _tidy(checkout, folder, planned)
        yield from _set_aside(checkout, folder, planned, journal)
    if folder.exists():
        if not _belongs(folder, checkout):
            raise _refusal(phase, f"{folder} exists, and is no worktree of this repository")
        was_planned = planned is not None and planned.branch == branch
        if not ours and not was_planned and not _noted(checkout, branch):
            raise _refusal(
                phase,
                f"the worktree {folder} was not made by runbook",
                "to run in it, take `worktree:` out of the series and give the command there",
            )
        if not ours:
            # Made, and then killed before it was recorded.
            head = Repository(folder).head()
            yield events.WorktreeMade(name, branch, head.commit or "", new_branch=was_planned)
        return folder
    repository = Repository(checkout.root)
    repository.forget_worktree(folder)
    head = repository.head()
    tip = repository.branch(branch)
    if tip is None:
        if head.commit is None:
            raise _refusal(phase, "a worktree needs a commit to start from, and there is none yet")
    elif (
        not ours
        and (planned is None or (planned.branch, planned.head) != (branch, tip))
        and not _noted(checkout, branch)
    ):
        raise _refusal(
            phase,
            f"the branch {branch} exists already, and was not made by runbook",
            "rename or delete it, or give `worktree:` another last component",
        )
    known = tuple(records(checkout.common_dir))
    start = head.commit if tip is None else tip
    yield events.WorktreePlanned(name, branch, start, known, int(time.time()))
    try:
        # Before it is made: killed in between, nobody would think of it again.
        if folder.is_relative_to(checkout.main_worktree):
            Repository(checkout.main_worktree).exclude(folder, checkout.common_dir)
        repository.add_worktree(folder, branch, new=tip is None)
    except GitFailed as error:
        raise _refusal(phase, f"the worktree {folder} could not be made: {error}") from None
    yield events.WorktreeMade(name, branch, tip or head.commit or "", new_branch=tip is None)
    return folder


def _noted(checkout: Checkout, branch: str) -> bool:
    """Whether runbook committed to a branch, as a note of one of its commits tells."""
    ref = f"refs/heads/{branch}"
    landed = Ledger(checkout.root, checkout.common_dir).landed(ref)
    return any(each.note.ref == ref for each in landed)


def _tidy(checkout: Checkout, folder: Path, planned: events.WorktreePlanned) -> None:
    """Remove what a run left that was killed, with git, in the middle of making the worktree."""
    common = checkout.common_dir
    clear_dead(common, common, checkout.root, f"refs/heads/{planned.branch}", planned.since)
    remove_half_made(common, folder, planned.known)


def _set_aside(
    checkout: Checkout, folder: Path, planned: events.WorktreePlanned, journal: Journal
) -> Generator[Event]:
    """Put out of the way what a power loss left of a worktree that git was making or had made."""
    if planned.head is None or not folder.exists() or _belongs(folder, checkout):
        return
    if is_remnant(folder, Repository(checkout.root).tracked(planned.head)):
        try:
            kept = journal.rescue_folder(folder)
        except OSError:
            return  # and it is refused as what it is: no worktree
        remove_with_record(checkout.common_dir, folder, planned.known)
        yield events.WorktreeSetAside(planned.path, str(kept))


def _belongs(folder: Path, checkout: Checkout) -> bool:
    try:
        found = find_checkout(folder)
    except NoCheckout:
        return False
    return found.root == folder.resolve() and found.common_dir == checkout.common_dir


def _refusal(phase: Phase, message: str, hint: str | None = None) -> Halt:
    return Halt(Stopped("refused", phase.id, str(phase.at), message, hint=hint))

"""The linked worktree of a series, made on first use; removed by `clean`."""

from __future__ import annotations

import time
from collections.abc import Generator
from pathlib import Path

from runbook.core.model.model import Phase
from runbook.core.record import events
from runbook.core.record.events import Event
from runbook.engine.contract.stops import refused
from runbook.engine.ground.worktreeahead import belongs, worktree_ahead
from runbook.world.files.journal import Journal
from runbook.world.git.checkout import Checkout
from runbook.world.git.gitfailed import GitFailed
from runbook.world.git.gitlocks import clear_dead
from runbook.world.git.halfmade import is_remnant, records, remove_half_made, remove_with_record
from runbook.world.git.repository import Repository


def open_worktree(
    checkout: Checkout, phase: Phase, journal: Journal
) -> Generator[Event, None, Path]:
    """The top folder a phase is carried out in, made if it is a worktree that is not there yet.

    Raises:
        CannotContinue: something else stands in its place, or its branch is not ours.
    """
    name = phase.settings.worktree
    if name is None:
        return checkout.root
    folder = checkout.worktree(name)
    branch = folder.name
    removing = journal.progress.removing
    if removing is not None:
        common, ref = checkout.common_dir, f"refs/heads/{branch}"
        clear_dead(common, common, checkout.main_worktree, ref, removing.since)
    planned = journal.progress.planned_worktree
    if planned is not None and planned.branch == branch:
        _tidy(checkout, folder, planned)
        yield from _set_aside(checkout, folder, planned, journal)
    ahead = worktree_ahead(checkout, phase, journal.progress)
    if ahead.made:
        if not ahead.known:
            # Made, and then killed before it was recorded.
            yield events.WorktreeMade(name, branch, ahead.head.commit or "", new_branch=ahead.new)
        return folder
    repository = Repository(checkout.root)
    repository.forget_worktree(folder)
    known = tuple(records(checkout.common_dir))
    yield events.WorktreePlanned(name, branch, ahead.head.commit, known, int(time.time()))
    try:
        # Before it is made: killed in between, nobody would think of it again.
        if folder.is_relative_to(checkout.main_worktree):
            Repository(checkout.main_worktree).exclude(folder, checkout.common_dir)
        repository.add_worktree(folder, branch, new=ahead.new)
    except GitFailed as error:
        raise refused(phase, f"the worktree {folder} could not be made: {error}") from None
    yield events.WorktreeMade(name, branch, ahead.head.commit or "", new_branch=ahead.new)
    return folder


def _tidy(checkout: Checkout, folder: Path, planned: events.WorktreePlanned) -> None:
    """Remove what a run left that was killed, with git, in the middle of making the worktree."""
    common = checkout.common_dir
    clear_dead(common, common, checkout.root, f"refs/heads/{planned.branch}", planned.since)
    remove_half_made(common, folder, planned.known)


def _set_aside(
    checkout: Checkout, folder: Path, planned: events.WorktreePlanned, journal: Journal
) -> Generator[Event]:
    """Put out of the way what a power loss left of a worktree that git was making or had made."""
    if planned.head is None or not folder.exists() or belongs(folder, checkout):
        return
    if is_remnant(folder, Repository(checkout.root).tracked(planned.head)):
        try:
            kept = journal.rescue_folder(folder)
        except OSError:
            return  # and it is refused as what it is: no worktree
        remove_with_record(checkout.common_dir, folder, planned.known)
        yield events.WorktreeSetAside(planned.path, str(kept))

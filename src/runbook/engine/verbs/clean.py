"""Removes what a series made: its worktree, and where asked its branch."""

from __future__ import annotations

import os
import shlex
import time
from pathlib import Path

from runbook.core.record import events
from runbook.core.text.counting import count
from runbook.core.value import value
from runbook.engine.ground.worktreeahead import belongs, repair_of_moved
from runbook.world.files.journal import Journal
from runbook.world.git.checkout import Checkout
from runbook.world.git.gitfailed import GitFailed
from runbook.world.git.halfmade import locked, others, remove_with_record
from runbook.world.git.overlooked import hidden
from runbook.world.git.repository import Repository


class Refused(Exception):
    """Cleaning would lose something: `lines` say what, and how to do it all the same."""

    def __init__(self, *lines: str) -> None:
        self.lines = lines
        super().__init__(lines[0])


@value
class Cleaned:
    """What was removed."""

    worktree: str | None
    branch: str | None
    kept_branch: str | None
    lost: tuple[str, ...]


def clean(checkout: Checkout, name: str, *, branch: bool, force: bool) -> Cleaned:
    """Remove the linked worktree `name`, and with `branch` its branch.

    Raises:
        Refused: uncommitted changes or unmerged commits would be lost, and `force` is not given;
            or the worktree is not ours.
        JournalLocked: a run is under way in it.
    """
    folder = checkout.worktree(name)
    journal = Journal(checkout.journal(folder), f"clean-{os.urandom(4).hex()}", folder)
    try:
        return _clean(checkout, journal, name, branch=branch, force=force)
    except Refused as refused:
        raise Refused(*refused.lines, f"Nothing of {name} was removed.") from None
    finally:
        journal.close()


def _clean(
    checkout: Checkout, journal: Journal, name: str, *, branch: bool, force: bool
) -> Cleaned:
    folder = checkout.worktree(name)
    begun = journal.progress.removing
    made = journal.progress.worktree or journal.progress.planned_worktree
    main = Repository(checkout.main_worktree)
    if made is None:
        if folder.exists():
            raise Refused(f"{folder} was not made by runbook.")
        return Cleaned(None, None, None, ())
    if checkout.root == folder.resolve():
        raise Refused(f"You are in {folder}: give the command in the main checkout.")
    repair = repair_of_moved(checkout, folder)
    if repair is not None:
        was = f"git looks for the worktree {folder} where the repository was before."
        raise Refused(was, f"To have it found again: {repair}")
    if begun is not None:
        main.clear_locks(begun.since, f"refs/heads/{made.branch}")
    half = begun is not None and not belongs(folder, checkout)
    if not half:
        _refuse_locked(checkout, name)
    stray = _lost_with(folder, force=force) if folder.exists() and not half else ()
    tip = main.branch(made.branch)
    lost = tuple(main.unmerged(made.branch)) if branch and tip else ()
    if lost and not force:
        raise Refused(
            f"The branch {made.branch} has {count(len(lost), 'commit')} that no other branch has:",
            *(f"  {line}" for line in lost[:20]),
            "Merge them, or lose them with --branch --force.",
        )
    if branch and tip:
        _refuse_in_use(main, folder, made.branch)
    exists = folder.exists()
    # Without its branch, later runs can't tell these commits from ones that never were.
    gone = len(lost) if tip or begun is None or not begun.branch_deleted else begun.lost
    known = others(checkout.common_dir, folder) if begun is None else begun.known
    journal.append(
        events.WorktreeRemovalPlanned(name, made.branch, branch, gone, known, int(time.time()))
    )
    if half:
        remove_with_record(checkout.common_dir, folder, known)
    elif exists:
        main.remove_worktree(folder)
    else:
        main.forget_worktree(folder)
    if branch and tip:
        main.delete_branch(made.branch)
        if main.branch(made.branch) is not None:
            raise GitFailed(f"the branch {made.branch} is still there; give `clean` again")
    # It is taken for gone from now on, and nothing of that was synced.
    os.sync()
    journal.append(events.WorktreeRemoved(name, made.branch, branch, gone))
    kept = made.branch if tip and not branch else None
    deleted = made.branch if branch and tip else None
    return Cleaned(name if exists else None, deleted, kept, (*stray, *lost))


def _refuse_locked(checkout: Checkout, name: str) -> None:
    folder = checkout.worktree(name)
    why = locked(checkout.common_dir, folder)
    if why is not None:
        raise Refused(
            f"{folder} is locked{f': {why}' if why else ''}.",
            f"Unlock it first: git worktree unlock {shlex.quote(name)}",
        )


def _refuse_in_use(main: Repository, folder: Path, branch: str) -> None:
    """Refuse to delete a branch that git keeps because another worktree is on it."""
    for place in main.worktrees_on(branch):
        if place.resolve() != folder.resolve():
            there = (
                "Switch to another branch there, or end the rebase or bisection of this one"
                if place.is_dir()
                else "That folder is gone: if it is for good, say so by git worktree prune"
            )
            raise Refused(
                f"The branch {branch} is in use in {place}, so git would not delete it.",
                f"{there}; or keep the branch, without --branch.",
            )


def _lost_with(folder: Path, *, force: bool) -> tuple[str, ...]:
    """The commits that go with a worktree, a line each.

    Raises:
        Refused: there are some, or changes that are not committed, and `force` is not given.
    """
    worktree = Repository(folder)
    stray = tuple(worktree.unheld())
    if force:
        return stray
    changes = [f"  {change.status} {change.path}" for change in worktree.changes()]
    changes += [f"  {path} ({why})" for path, why in hidden(worktree).items()]
    if changes:
        raise Refused(
            f"{folder} has changes that are not committed:",
            *changes[:20],
            "Commit them, or lose them with --force.",
        )
    if stray:
        raise Refused(
            f"{folder} is on no branch, and has {count(len(stray), 'commit')} that none has:",
            *(f"  {line}" for line in stray[:20]),
            "Make a branch of them there (git switch -c NAME), or lose them with --force.",
        )
    return ()

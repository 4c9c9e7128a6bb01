"""Where a phase is or will be carried out, told without making anything."""

from __future__ import annotations

import os
import shlex
from functools import cache
from pathlib import Path

from runbook.core.model.model import Phase
from runbook.core.patterns import regex
from runbook.core.record.progress import Progress
from runbook.core.value import value
from runbook.engine.contract.stops import refused
from runbook.world.git.checkout import Checkout, NoCheckout, find_checkout
from runbook.world.git.gitcommand import ask
from runbook.world.git.heads import Head, read_head, read_ref
from runbook.world.git.ledger import Ledger

_PLAIN_NAME = regex(r"\w[\w-]*(?:\.[\w-]+)*")
"""What no rule of git-check-ref-format(1) forbids, but for two names."""


@value
class WorktreeAhead:
    """The worktree of a phase: whether it is `made`, and where it is or will be.

    With `new` its branch will be made with it; with `known` the journal has it as made.
    """

    folder: Path
    made: bool
    head: Head
    new: bool = False
    known: bool = True


def worktree_ahead(
    checkout: Checkout, phase: Phase, progress: Progress, *, half_made: bool = False
) -> WorktreeAhead:
    """Where a phase will be carried out; `half_made`: what there is of it will be removed.

    Raises:
        CannotContinue: something else stands in its place, or its branch is not ours.
    """
    name = phase.settings.worktree
    common = checkout.common_dir
    if name is None:
        return WorktreeAhead(checkout.root, True, read_head(checkout.git_dir, common))
    folder = checkout.worktree(name)
    branch = folder.name
    ours = progress.worktree is not None and progress.worktree.branch == branch
    planned = progress.planned_worktree
    if planned is not None and planned.branch != branch:
        planned = None
    if folder.exists() and not half_made:
        if not belongs(folder, checkout):
            if progress.removing is not None:
                message = f"the worktree {folder} was to be removed, and is so only in part"
                raise refused(phase, message, hint="`clean` goes on with it")
            repair = repair_of_moved(checkout, folder)
            if repair is not None:
                message = f"git looks for the worktree {folder} where the repository was before"
                raise refused(phase, message, hint=f"`{repair}` has it found again")
            message = f"{folder} exists, and is no worktree of this repository"
            hint = "move or delete it, or give `worktree:` another path"
            raise refused(phase, message, hint=hint)
        if not ours and planned is None and not _noted(checkout, branch):
            raise refused(
                phase,
                f"the worktree {folder} was not made by runbook",
                hint="to run in it, take `worktree:` out of the series and give the command there",
            )
        head = read_head(find_checkout(folder).git_dir, common)
        return WorktreeAhead(folder, True, head, new=planned is not None, known=ours)
    _refuse_unmakable(checkout, phase, folder)
    head = read_head(checkout.git_dir, common)
    ref = f"refs/heads/{branch}"
    tip = read_ref(common, ref)
    if tip is None and head.commit is None:
        raise refused(
            phase,
            "a worktree needs a commit to start from, and there is none yet",
            hint="make a first commit of what there is",
        )
    as_planned = planned is not None and planned.head == tip
    if tip is not None and not (ours or as_planned or half_made or _noted(checkout, branch)):
        raise refused(
            phase,
            f"the branch {branch} exists already, and was not made by runbook",
            hint="rename or delete it, or give `worktree:` another last component",
        )
    return WorktreeAhead(folder, False, Head(tip or head.commit, ref), new=tip is None)


def worktree_there(checkout: Checkout, phase: Phase, progress: Progress) -> Path:
    """The folder that a phase was carried out in; where that is gone, that of the checkout.

    For somebody who only looks, and makes none: what was committed can be seen from both.

    Raises:
        CannotContinue: something else stands in its place.
    """
    ahead = worktree_ahead(checkout, phase, progress)
    return ahead.folder if ahead.made else checkout.root


def _refuse_unmakable(checkout: Checkout, phase: Phase, folder: Path) -> None:
    """Refuse what git would refuse in the middle of making a worktree."""
    if not names_a_branch(checkout.root, folder.name):
        message = f"the worktree's folder gives its branch the name, and `{folder.name}` is no name"
        hint = "give `worktree:` a last component that git takes for a branch"
        raise refused(phase, message, hint=hint)
    above = next(each for each in folder.parents if os.path.lexists(each))
    if not above.is_dir():
        message = f"the worktree {folder} can't be made: {above} is no folder"
        raise refused(phase, message, hint="move it away, or give `worktree:` another path")


@cache
def names_a_branch(root: Path, name: str) -> bool:
    """Whether git takes a name for one of a branch, as a worktree's folder gives it."""
    plain = _PLAIN_NAME.fullmatch(name) and name != "HEAD" and not name.endswith(".lock")
    return bool(plain) or ask(root, "check-ref-format", "--branch", name)[0] == 0


def is_half_made(checkout: Checkout, phase: Phase, progress: Progress) -> bool:
    """Whether the next run removes what there is of a worktree, because a killed one made it."""
    planned = progress.planned_worktree
    folder = checkout.worktree(phase.settings.worktree)
    if planned is None or phase.settings.worktree is None or planned.branch != folder.name:
        return False
    from runbook.world.git.halfmade import is_begun  # where a run was killed

    return (
        not folder.exists()
        or not belongs(folder, checkout)
        or is_begun(checkout.common_dir, folder)
    )


def belongs(folder: Path, checkout: Checkout) -> bool:
    """Whether a folder is the top of a worktree of this repository."""
    try:
        found = find_checkout(folder)
    except NoCheckout:
        return False
    return found.root == folder.resolve() and found.common_dir == checkout.common_dir


def repair_of_moved(checkout: Checkout, folder: Path) -> str | None:
    """The command that mends a worktree of a repository that was moved with it, if it is one."""
    try:
        link = (folder / ".git").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return None
    record = Path(link.removeprefix("gitdir: ").rstrip("\n"))
    ours = checkout.common_dir / "worktrees" / record.name
    if record.parent.name != "worktrees" or record.exists() or not ours.is_dir():
        return None
    return f"git worktree repair {shlex.quote(str(folder))}"


def _noted(checkout: Checkout, branch: str) -> bool:
    """Whether runbook committed to a branch, as a note of one of its commits tells."""
    ref = f"refs/heads/{branch}"
    landed = Ledger(checkout.root, checkout.common_dir).landed(ref)
    return any(each.note.ref == ref for each in landed)

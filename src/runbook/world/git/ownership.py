"""Whether git accepts a repository, asked before anything is written into it."""

from __future__ import annotations

import os
from pathlib import Path

from runbook.world.git.checkout import NoCheckout, find_checkout
from runbook.world.git.gitcommand import git


def refuse_foreign(folder: Path) -> None:
    """Refuse to write below a folder, there or not yet, of a repository that git refuses.

    git does so where somebody else owns it, unless the user has said that it is safe.

    Raises:
        GitFailed: with what git says, and how to make it accept the repository.
    """
    start = next(each for each in (folder.absolute(), *folder.absolute().parents) if each.is_dir())
    try:
        checkout = find_checkout(start)
    except NoCheckout:
        return
    places = (checkout.root, checkout.git_dir, checkout.common_dir)
    # Only then can git have a reason, and its answer costs a process.
    if any(place.stat().st_uid != os.geteuid() for place in places):
        git(checkout.root, "rev-parse", "--git-dir")

"""What commits hold, as it is shown: their messages, and their differences to their parents."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from runbook.core.value import value
from runbook.world.git.gitcommand import ask

# Whatever is configured: the difference is read by us, not by the user's pager.
_PLAIN = (
    "--no-show-signature", "--no-color", "--no-ext-diff", "--no-textconv", "--no-renames",
    "--src-prefix=a/", "--dst-prefix=b/", "--unified=3", "--patch", "--first-parent",
    "--diff-merges=first-parent",
)  # fmt: skip

# A file that is larger is told of as binary ones are.
_BOUNDED = ("-c", "core.bigFileThreshold=2m")


@value
class Shown:
    """A commit: `when` it was made in seconds since the epoch, its message, its difference."""

    commit: str
    author: str
    when: int
    message: str
    difference: str


def shown(folder: Path, commits: Iterable[str]) -> dict[str, Shown]:
    """Those of some commits that a repository has; none where git can't say.

    Bytes that are not UTF-8 are surrogates.
    """
    listed = "".join(f"{commit}\n" for commit in commits)
    if not listed:
        return {}
    # No commit has this text in it.
    mark = os.urandom(16).hex()
    form = f"--format=tformat:{mark}%n%H%n%aN <%aE>%n%ct%n%B%n{mark}"
    status, output, _ = ask(
        folder, *_BOUNDED, "log", "--no-walk=unsorted", "--ignore-missing", "--encoding=UTF-8",
        *_PLAIN, form, "--stdin", stdin=listed.encode(),
    )  # fmt: skip
    if status:
        return {}
    parts = output.decode("utf-8", "surrogateescape").split(f"{mark}\n")[1:]
    found = (
        _read(about, difference) for about, difference in zip(parts[::2], parts[1::2], strict=True)
    )
    return {each.commit: each for each in found}


def _read(about: str, difference: str) -> Shown:
    commit, author, when, message = about.split("\n", 3)
    return Shown(commit, author, int(when), message.rstrip("\n") + "\n", difference.lstrip("\n"))

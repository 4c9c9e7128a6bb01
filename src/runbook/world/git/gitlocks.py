"""git's lock files: whose they are, and those of a dead git of ours removed."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from runbook.core.patterns import regex

_FINISHING = 10.0  # seconds that a git whose runner was killed may take to end
_OTHERS = 5.0  # and somebody else's, such as a `git status` in another window
PAUSE = 0.02
_OWN = regex(r"(?:index|HEAD|ORIG_HEAD|next-index-.*)\.lock")


def lock_files(git_dir: Path, common_dir: Path, ref: str | None) -> list[Path]:
    """The lock files there are that a commit on `ref` takes; `None` is a detached HEAD."""
    shared = ["packed-refs.lock", "config.lock"]  # the latter where a branch is deleted
    shared += ["packed-refs.new"]  # what the lock of packed-refs is for
    shared += ["reftable/tables.list.lock", *([f"{ref}.lock"] if ref is not None else [])]
    own: list[str] = []
    with suppress(OSError):  # a worktree's folder may be gone
        # The index of `git commit --only` has the number of git's process in its name.
        own += sorted(name for name in os.listdir(git_dir) if _OWN.fullmatch(name))  # noqa: PTH208
    return [
        *(git_dir / name for name in own),
        *(path for name in shared if (path := common_dir / name).exists()),
    ]


def patience() -> float:
    """Until when (by the monotonic clock) somebody else who writes the index is waited for."""
    return time.monotonic() + _OTHERS


def wait_for_others(git_dir: Path, until: float) -> None:
    """Wait until nobody writes the index any more; git itself would give up at once."""
    lock = git_dir / "index.lock"
    while lock.exists() and time.monotonic() < until:
        time.sleep(PAUSE)


def clear_dead(git_dir: Path, common_dir: Path, root: Path, ref: str | None, since: float) -> None:
    """Remove lock files that a git of ours left which was killed.

    Ours are those made at `since` (seconds since the epoch) or later, when a commit of ours was
    under way that did not end: nobody else's git could take the same locks meanwhile. They are
    dead when no git is at work in this worktree; one that is gets a few seconds to end.
    """
    found = _since(lock_files(git_dir, common_dir, ref), since)
    limit = time.monotonic() + _FINISHING
    while found and git_at_work(root, git_dir, common_dir):
        if time.monotonic() > limit:
            return
        time.sleep(PAUSE)
        found = _since(lock_files(git_dir, common_dir, ref), since)
    for path in found:
        path.unlink(missing_ok=True)


def dead(git_dir: Path, common_dir: Path, root: Path, ref: str | None, since: float) -> list[Path]:
    """The lock files that `clear_dead` would remove now."""
    found = _since(lock_files(git_dir, common_dir, ref), since) if since else []
    return [] if found and git_at_work(root, git_dir, common_dir) else found


def clear_own(lock: Path, *folders: Path) -> None:
    """Remove the lock file of a branch that nobody but us writes, once no git is at work there."""
    limit = time.monotonic() + _FINISHING
    while lock.exists() and git_at_work(*folders):
        if time.monotonic() > limit:
            return
        time.sleep(PAUSE)
    lock.unlink(missing_ok=True)


def git_at_work(*folders: Path) -> bool:
    """Whether a process of git works in one of these folders; `False` where there is no /proc."""
    places = [folder.resolve() for folder in folders]
    return any(cwd.is_relative_to(place) for cwd in _folders_of_gits() for place in places)


def _since(paths: list[Path], since: float) -> list[Path]:
    found = []
    for path in paths:
        try:
            # Whole seconds, as `since` is; some file systems know no others.
            if int(path.lstat().st_mtime) >= int(since):
                found.append(path)
        except FileNotFoundError:
            continue
    return found


def _folders_of_gits() -> Iterator[Path]:
    proc = Path("/proc")
    if not proc.is_dir():
        return
    for process in proc.iterdir():
        if not process.name.isdigit():
            continue
        try:
            name = (process / "comm").read_text().strip()
            if name == "git" or name.startswith("git-"):
                yield (process / "cwd").readlink()
        except OSError:
            continue

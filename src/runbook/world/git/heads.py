"""Where a branch or a worktree's HEAD is, read from git's files: no process is started."""

from __future__ import annotations

import os
from pathlib import Path

from runbook.core.value import value
from runbook.world.files.regular import opened
from runbook.world.git.gitcommand import ask

NOTES = "refs/notes/runbook"
"""Where the notes are in which commits carry their evidence."""


@value
class Head:
    """Where a worktree stands; `ref` is `None` when detached, `commit` before the first one."""

    commit: str | None
    ref: str | None

    @property
    def branch(self) -> str:
        """The branch's name; empty when detached."""
        return (self.ref or "").removeprefix("refs/heads/")

    def __str__(self) -> str:
        from runbook.core.record.described import branch  # it is seldom told

        return branch(self.ref, self.commit)


def moved(was: Head, now: Head, since: str = "since the last run") -> str:
    """What is said of a HEAD that is not where a run left it."""
    return f"HEAD moved {since}: it was on {was} and is on {now}"


def read_head(git_dir: Path, common_dir: Path) -> Head:
    """Where HEAD of the worktree with this git folder is."""
    content = _content(git_dir, "HEAD")
    if not content.startswith("ref: "):
        return Head(content, None)
    ref = content.removeprefix("ref: ")
    if ref != _NO_BRANCH or not _has_reftable(common_dir):
        return Head(read_ref(common_dir, ref), ref)
    status, named, _ = ask(git_dir, *_HERE, "symbolic-ref", "-q", "HEAD")
    if status:
        return Head(_asked(git_dir, "HEAD"), None)
    ref = os.fsdecode(named.strip())
    return Head(_asked(git_dir, ref), ref)


def read_ref(common_dir: Path, ref: str) -> str | None:
    """The commit of a ref, or `None` where there is no such ref."""
    try:
        content = _content(common_dir, ref)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return _asked(common_dir, ref) if _has_reftable(common_dir) else _packed(common_dir, ref)
    # A symbolic ref to another one is rare enough to ask git about.
    if content.startswith("ref: "):
        return _asked(common_dir, ref)
    # A power loss may leave it empty: git calls it broken then.
    return content or None


def is_surely_none(common_dir: Path, ref: str) -> bool:
    """Whether files alone tell that there is no such ref, without a process that says it."""
    if (common_dir / ref).is_file() or _has_reftable(common_dir):
        return False
    return _packed(common_dir, ref) is None


_NO_BRANCH = "refs/heads/.invalid"
"""What HEAD names where refs are in tables, for older programs (gitrepository-layout(5))."""

_LONGEST = 2**14

_HERE = ("--git-dir=.",)
"""Said to a git in its own folder, where it may refuse to look for one (`safe.bareRepository`)."""


def _content(folder: Path, name: str) -> str:
    """What a file of git's says, which is read some ten times for a small task."""
    descriptor = opened(f"{folder}/{name}")
    try:
        # Bytes, of which git strips the same: a name may end with a blank of Unicode's.
        return os.read(descriptor, _LONGEST).strip().decode("utf-8", "surrogateescape")
    finally:
        os.close(descriptor)


def _has_reftable(common_dir: Path) -> bool:
    return (common_dir / "reftable").is_dir()


def _packed(common_dir: Path, ref: str) -> str | None:
    try:
        packed = (common_dir / "packed-refs").read_bytes()
    except FileNotFoundError:
        return None
    name = b" " + ref.encode("utf-8", "surrogateescape")
    found = (line for line in packed.split(b"\n") if line.endswith(name))
    return next((line.partition(b" ")[0].decode() for line in found), None)


def _asked(folder: Path, name: str) -> str | None:
    status, commit, _ = ask(folder, *_HERE, "rev-parse", "-q", "--verify", name)
    return None if status else commit.decode().strip()

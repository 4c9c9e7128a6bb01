"""Where a checkout's parts lie, read from its files: quick, and no git process is started."""

from __future__ import annotations

import hashlib
import os
import re
from functools import lru_cache
from pathlib import Path

from runbook.core.value import value
from runbook.world.files.journallock import SERIES
from runbook.world.files.regular import is_pipe


class NoCheckout(Exception):
    """The folder is in no git checkout."""


class BareRepository(NoCheckout):
    """The folder is in a repository without a checkout."""


@value
class Checkout:
    """A git checkout: its top folder, its own git folder and the one all its worktrees share."""

    root: Path
    git_dir: Path
    common_dir: Path

    @property
    def main_worktree(self) -> Path:
        """The main worktree's top folder, to which `worktree:` is relative."""
        if self.git_dir == self.common_dir:
            return self.root
        return self.common_dir.parent if self.common_dir.name == ".git" else self.common_dir

    def worktree(self, name: str | None) -> Path:
        """The folder a phase is carried out in: the linked worktree, or this checkout."""
        return self.root if name is None else self.main_worktree / name

    def inside(self, path: Path) -> str:
        """A path of this checkout as git names it."""
        return path.relative_to(self.root).as_posix()

    def journal_of(self, worktree: str | None, phase_files: Path) -> Path:
        """The folder of the journal of phases, by their linked worktree and their series' folder.

        In a checkout itself several series may have phases of the same names; the one at the top
        has the checkout's own journal.
        """
        folder = self.journal(self.worktree(worktree))
        if worktree is not None or phase_files.parent == self.root:
            return folder
        return folder / SERIES / _named(phase_files.parent.name, self.inside(phase_files))

    def journal(self, worktree: Path) -> Path:
        """The folder of a worktree's journal.

        It lies under the common git folder, because a worktree's own goes with the worktree.
        """
        main = self.main_worktree
        if worktree == main:
            return self.common_dir / "runbook" / "main"
        inside = worktree.is_relative_to(main)
        place = str(worktree.relative_to(main)) if inside else str(worktree)
        return self.common_dir / "runbook" / _named(worktree.name, place)


@lru_cache(maxsize=64)
def _named(name: str, place: str) -> str:
    """A name that git's folder can have, for what lies at a place."""
    digest = hashlib.sha256(place.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    return f"{re.sub(r'[^A-Za-z0-9._-]', '-', name)}-{digest}"


def find_checkout(start: Path) -> Checkout:
    """The checkout that holds a folder.

    Raises:
        NoCheckout: none of the folders from `start` up is a checkout's top.
        BareRepository: one of them is a repository without a checkout, or git's part of one.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        git = folder / ".git"
        if git.is_dir() and ((git / "HEAD").is_file() or is_pipe(git / "HEAD")):
            if start.is_relative_to(git):
                raise BareRepository(f"{start} is git's own folder; give the command in {folder}")
            return Checkout(folder, git, git)
        if git.is_file():
            return _linked(folder, git)
    for folder in (start, *start.parents):
        if (folder / "HEAD").is_file() and (folder / "objects").is_dir():
            raise BareRepository(
                f"{folder} is a bare repository, which has no files; give the command in a "
                "worktree of it, made with: git worktree add"
            )
    raise NoCheckout(f"{start} is in no git repository")


def _linked(folder: Path, git: Path) -> Checkout:
    content = os.fsdecode(git.read_bytes().strip())
    if not content.startswith("gitdir: "):
        raise NoCheckout(f"{git} is not a git link")
    git_dir = (folder / content.removeprefix("gitdir: ")).resolve()
    common = git_dir / "commondir"
    if not common.is_file():
        # A submodule, or `git init --separate-git-dir`.
        return Checkout(folder, git_dir, git_dir)
    return Checkout(folder, git_dir, (git_dir / os.fsdecode(common.read_bytes().strip())).resolve())

"""What a phase is judged on: its worktree, its progress, and the images that the journal keeps.

A run has all of it in its `Context`. What only looks has a `Lookout`, which writes and locks
nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Protocol

from runbook.core.model.model import Phase
from runbook.core.model.operations import Glob
from runbook.core.record.progress import Progress
from runbook.core.record.status import Awaited
from runbook.core.value import mutable
from runbook.engine.simulation.planned import Files
from runbook.engine.simulation.plans import Plans
from runbook.engine.simulation.simulate import Simulation
from runbook.world.files.journal import load_image
from runbook.world.files.journallock import ended_at
from runbook.world.files.workspace import FileState
from runbook.world.git.checkout import Checkout
from runbook.world.git.checkoutform import Form, checkout_form
from runbook.world.git.gitlocks import dead
from runbook.world.git.heads import Head
from runbook.world.git.reader import Change, Reader
from runbook.world.git.settings import Settings
from runbook.world.git.tree import Tree


class Folder(Files, Protocol):
    """Files named by paths relative to a `workdir`."""

    @property
    def prefix(self) -> str:
        """What their paths lack to be paths from the repository's root."""

    @property
    def folder(self) -> Path:
        """The folder that their paths are relative to."""

    def in_repository(self, path: str) -> str:
        """A path as git names it."""

    def reached(self, path: str) -> Path:
        """The full path; raises `Unreachable` where a link or a submodule is on the way."""


class Memory(Protocol):
    """A journal, as far as it is read."""

    @property
    def progress(self) -> Progress:
        """What is done and what stopped."""

    @property
    def ended(self) -> int | None:
        """When nothing was left any more of a run that was killed, as `journallock.ended_at`."""

    def load(self, digest: str | None) -> bytes | None:
        """The bytes kept under a digest, or `None` when they were pruned, or there is none."""

    def store(self, image: bytes) -> str:
        """The digest (SHA-256, hex) of the bytes of a file, which a run keeps."""


class Ground(Protocol):
    """Where a phase is carried out, to be looked at."""

    @property
    def repository(self) -> Reader:
        """The worktree, as git knows it."""

    @property
    def workspace(self) -> Folder:
        """The files that the phase names."""

    @property
    def journal(self) -> Memory:
        """What earlier runs left."""

    @property
    def waits_for(self) -> Callable[[Phase], Awaited]:
        """What is to be complete before a phase and is not, in whichever worktree, in order."""

    @property
    def phase_files(self) -> Path | None:
        """The folder of the series."""


def simulated(ground: Ground, plans: Plans | None = None) -> Simulation:
    """Edits in memory, over the files of a ground; on top of `plans` for the same worktree."""
    prefix = ground.workspace.prefix
    own = Plans(prefix, series_inside(ground)) if plans is None else plans.within(prefix)
    return Simulation(ground.workspace, partial(tracked, ground), partial(form, ground), own)


def places(ground: Ground) -> tuple[Path, str]:
    """The folder of the paths of a phase, and that of the phase files from the root."""
    return ground.workspace.folder, series_inside(ground)


def series_inside(ground: Ground) -> str:
    """The folder of the phase files from the root of their checkout, as any worktree has it."""
    folder = ground.phase_files
    if folder is None:
        return ""
    root = next((each for each in folder.parents if (each / ".git").exists()), folder.parent)
    return folder.relative_to(root).as_posix()


def form(ground: Ground, path: str) -> Form:
    """The line ends and the encoding of a file."""
    return checkout_form(ground.repository, ground.workspace.in_repository(path))


def tracked(ground: Ground, pattern: Glob) -> list[str]:
    """The tracked files that a pattern matches."""
    folder = ground.workspace.folder
    return ground.repository.matching(folder, pattern.pattern, untracked=False)


@mutable
class Records:
    """A journal read without its lock."""

    folder: Path
    progress: Progress

    @property
    def ended(self) -> int | None:
        """When nothing was left any more of a run that was killed, as `journallock.ended_at`."""
        return ended_at(self.folder)

    def load(self, digest: str | None) -> bytes | None:
        """The bytes kept under a digest, or `None` when they were pruned, or there is none."""
        return load_image(self.folder, digest)

    def store(self, image: bytes) -> str:
        """The digest of some bytes, which are kept nowhere."""
        return hashlib.sha256(image).hexdigest()


@mutable
class Lookout:
    """A ground for those who only look."""

    repository: Reader
    workspace: Folder
    journal: Records
    waits_for: Callable[[Phase], Awaited]
    phase_files: Path | None


class Ahead:
    """Files as the next run will find them: what it puts back first is so already."""

    def __init__(self, under: Folder, files: Mapping[str, FileState | None]) -> None:
        self.prefix, self.folder = under.prefix, under.folder
        self.in_repository, self.check_writable = under.in_repository, under.check_writable
        self.reached = under.reached
        self._under, self._files = under, files

    def read(self, path: str) -> FileState | None:
        """The file's state, or `None` where there will be none."""
        return self._files[path] if path in self._files else self._under.read(path)

    def is_there(self, path: str) -> bool:
        """Whether anything will have that name."""
        if path in self._files:
            return self._files[path] is not None
        return self._under.is_there(path)


class Settled(Reader):
    """A worktree as the next run finds it once it has settled what a killed one left.

    `paths` are as git has them by then, HEAD is on `at`, if it is put back, and `gone` are files of
    git's, as are locks made at `since` (seconds since the epoch) or later by a git of ours.
    """

    def __init__(
        self,
        under: Reader,
        paths: Iterable[str],
        since: float,
        at: Head | None = None,
        gone: Collection[Path] = (),
    ) -> None:
        self.root, self.git_dir, self.common_dir = under.root, under.git_dir, under.common_dir
        self._paths, self._since, self._at, self._gone = frozenset(paths), since, at, gone

    def head(self) -> Head:
        """The commit and branch it will be on."""
        return self._at or super().head()

    def changes(self, paths: tuple[str, ...] = (), *, untracked: bool = True) -> list[Change]:
        """What differs from HEAD among the paths."""
        found = super().changes(paths, untracked=untracked)
        return [change for change in found if change.path not in self._paths]

    def as_good_as_gone(self) -> Collection[Path]:
        """What is put back, and the lock files that a killed git of ours left."""
        ref = self.head().ref
        left = dead(self.git_dir, self.common_dir, self.root, ref, self._since)
        return {*self._gone, *left}


class AfterPhases(Reader):
    """A worktree as a phase finds it after those before it, which are only foreseen.

    What is changed of paths that they will have `committed` is not the user's; what they `leave`
    changed is there as if it were.
    """

    def __init__(self, under: Reader, committed: set[str], leave: set[str]) -> None:
        self.root, self.git_dir, self.common_dir = under.root, under.git_dir, under.common_dir
        self.indexed = under.indexed
        self._under, self._committed, self._leave = under, committed, leave

    def head(self) -> Head:
        """The commit and branch it is on."""
        return self._under.head()

    def obstacle(self) -> str | None:
        """What is under way or in the way."""
        return self._under.obstacle()

    def matching(self, folder: Path, pattern: str, *, untracked: bool) -> list[str]:
        """The files that a glob matches."""
        return self._under.matching(folder, pattern, untracked=untracked)

    def never_had(self, paths: tuple[str, ...]) -> tuple[str, ...]:
        """None where phases come before: what their commands make is not known."""
        return () if self._committed or self._leave else self._under.never_had(paths)

    def outside_sparse_cone(self, paths: tuple[str, ...]) -> str | None:
        """The first of some paths that a sparse checkout leaves out, or `None`."""
        return self._under.outside_sparse_cone(paths)

    def changes(self, paths: tuple[str, ...] = (), *, untracked: bool = True) -> list[Change]:
        """What differs from HEAD among the paths."""
        found = {c.path: c for c in self._under.changes(paths, untracked=untracked)}
        for path in self._committed - self._leave:
            found.pop(path, None)
        for path in self._leave:
            if not paths or path in paths:
                found.setdefault(path, Change(path, " M"))
        return list(found.values())


class Unmade(Reader):
    """A worktree that is not there yet: nobody has changed anything in it."""

    indexed = False

    def __init__(
        self, checkout: Checkout, head: Head, tree: Tree, settings: Settings | None = None
    ) -> None:
        super().__init__(checkout)
        self._settings = settings
        self._head, self._tree = head, tree

    def head(self) -> Head:
        """The commit and branch it will be made on."""
        return self._head

    def changes(self, paths: tuple[str, ...] = (), *, untracked: bool = True) -> list[Change]:  # noqa: ARG002
        """Nothing."""
        return []

    def obstacle(self) -> str | None:
        """Nothing."""
        return None

    def outside_sparse_cone(self, paths: tuple[str, ...]) -> str | None:  # noqa: ARG002
        """Nothing: what is sparse is the checkout that it is made from."""
        return None

    def matching(self, folder: Path, pattern: str, *, untracked: bool) -> list[str]:  # noqa: ARG002
        """The files that a glob matches."""
        return self._tree.matching(pattern)

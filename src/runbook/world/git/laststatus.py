"""What git said last of a worktree, and whether it would say the same now."""

from __future__ import annotations

import os
import time
from collections.abc import Collection
from pathlib import Path
from weakref import proxy

from runbook.core.edit.gitindex import became
from runbook.core.edit.trees import algorithm_of, object_id
from runbook.core.value import value
from runbook.world.files.watch import Unwatchable, Watch, others
from runbook.world.git.filters import Filters
from runbook.world.git.foldertrees import files_of
from runbook.world.git.heads import Head
from runbook.world.git.objects import Objects
from runbook.world.git.overlooked import marked
from runbook.world.git.reader import Change, Reader
from runbook.world.git.settings import Marks, expanded, marks_of

_RULES = {".gitignore", ".gitattributes"}

_DEAR = 0.02
"""Seconds in which git is asked before all is watched: to end that takes the kernel some 15 ms."""

_LARGE = 2**19
"""Bytes of an index (of some 5,000 files) with which that is so from the beginning."""

_FEW = 100
"""Files of which git is asked alone; of more it is asked for all."""


@value
class BeforeGit:
    """What was known before git itself commits: what it said, the index, what else it goes by."""

    status: tuple[Change, ...]
    index: bytes
    rules: Marks


class LastStatus:
    """The status of a worktree, remembered for as long as nobody may have changed it unseen.

    Between two steps that let nobody else in it is `known`, and follows our own edits and commits.
    Where a command has run it was `said` before, and holds where the kernel, which watches all
    folders, tells of no change (`touched`), and git's own files are as they were.
    """

    def __init__(self, reader: Reader, objects: Objects, filters: Filters) -> None:
        # Not held: it holds this, and its process of git ends when nobody holds it any more.
        self._reader: Reader = proxy(reader)
        self._objects, self._filters = objects, filters
        self._known: tuple[Change, ...] | None = None
        self._said: tuple[Change, ...] | None = None
        self._marks: tuple[Head, Marks] | None = None
        self._spent = 0.0
        self._watch: Watch | None = None
        self._watches = True
        self._touched: set[str] = set()  # by others, since git was asked
        self._folders = False  # have come or gone since then
        self._passed_over: frozenset[str] | None = None

    def close(self) -> None:
        """Have nothing watched any more."""
        if self._watch is not None:
            self._watch.close()
        self._watch = None

    def now(self) -> tuple[Change, ...]:
        """What git says of the whole worktree; as remembered, where that was a moment ago."""
        if self._known is not None:
            return self._known
        said, self._said = self._said, None
        if said is not None and self._holds(said):
            return said
        return self._asked()

    def _asked(self) -> tuple[Change, ...]:
        """What git says, asked for once all is watched, where that is worth it."""
        reader = self._reader
        self._follow(())
        if self._watches and self._watch is None and self._passed_over is not None:
            self._begin(self._passed_over)
        self._touched, self._folders = set(), False
        self._marks = self._now()
        began = time.monotonic()
        if self._spent < _DEAR and not self._is_large():
            changes: Collection[Change] = reader.status((), "normal")
        else:
            changes, passed_over = reader.status_with_ignored()
            if self._watch is not None and not self._watch.pass_over(passed_over):
                self.close()
            self._passed_over = passed_over
        self._spent += time.monotonic() - began
        return tuple(changes)

    def _is_large(self) -> bool:
        """Whether git takes long to ask, by the size of its index."""
        try:
            return (self._reader.git_dir / "index").stat().st_size > _LARGE
        except OSError:
            return False

    def _begin(self, passed_over: frozenset[str]) -> None:
        try:
            self._watch = Watch(self._reader.root, passed_over)
        except Unwatchable:
            self._watches = False
        except OSError:
            # Others have taken all that a user can watch, or change folders now: after a while.
            self._spent, self._passed_over = 0.0, None

    def _follow(self, ours: Collection[str]) -> None:
        """Take note of what was touched, but for files that we have written."""
        if self._watch is None:
            return
        touched = self._watch.touched()
        if touched is None:
            self.close()
            return
        paths, folders = touched
        self._folders = self._folders or folders
        if paths:
            self._touched |= others(paths, ours)

    def _holds(self, said: tuple[Change, ...]) -> bool:
        """Whether git would say it again."""
        self._follow(())
        marks = self._now()
        return (
            self._watch is not None
            and marks is not None
            and self._marks == marks
            and self._still(said)
        )

    def _still(self, said: tuple[Change, ...]) -> bool:
        """Whether git says the same of what was touched."""
        touched = self._touched
        if self._folders:
            return False
        if not touched:
            return True
        folders = tuple(change.path for change in said if change.path.endswith("/"))
        if len(touched) > _FEW or any(path.startswith(folders) for path in touched):
            return False
        if not _are_plain(touched):
            return False
        now = self._reader.status(tuple(sorted(touched)), "all")
        before = {change for change in said if change.path in touched}
        if set(now) != before:
            return False
        self._touched = set()
        return True

    def _now(self) -> tuple[Head, Marks] | None:
        """Where HEAD is, and the marks of git's own files; `None` where they are gone."""
        try:
            return self._reader.head(), self._own()
        except OSError:
            return None

    def _own(self) -> Marks:
        """The marks of what else git goes by when it says what differs, the index first.

        Raises:
            GitFailed: git can't read its configuration.
        """
        reader = self._reader
        settings, git_dir, common_dir = reader.settings, reader.git_dir, reader.common_dir
        theirs = settings.get("core.excludesfile")
        # Three times for a small task: not by pathlib.
        places: list[Path | str] = [f"{git_dir}/index", f"{git_dir}/info/sparse-checkout"]
        places += [f"{common_dir}/info/exclude", f"{common_dir}/info/attributes"]
        places.append(reader.root / expanded(theirs) if theirs else settings.excludes)
        return (*marks_of(places), *settings.marks)

    def remember(self, status: tuple[Change, ...] | None) -> None:
        """Take this for what git says until it is forgotten (`None`), but for what is told of ours.

        Whoever lets time pass, or changes files otherwise than told, forgets it.
        """
        self._known = status
        self._said = None

    def let_others_in(self, status: tuple[Change, ...] | None = None) -> None:
        """Forget what was remembered: others may change files from now on.

        `status` is what git says of this moment. It is what git says of a later one, too, if
        nothing is told to have changed.
        """
        self._known = None
        self._said = status if self._watch is not None else None

    def edited(self, paths: tuple[str, ...]) -> None:
        """Tell that files were edited; it is forgotten where git may say more than that of one."""
        self._follow(paths)
        if self._known is None:
            return
        known = {change.path: change for change in self._known}
        new = tuple(Change(path, ".M") for path in paths if path not in known)
        plainly = all(known[path].status == ".M" for path in paths if path in known)
        if plainly and _are_plain(paths) and self._differ_from_head(paths):
            self._known = (*self._known, *new)
        else:
            self._known = None

    def _differ_from_head(self, paths: tuple[str, ...]) -> bool:
        """Whether files are in HEAD, and have other contents there, as far as bytes can tell."""
        head = self._reader.head().commit
        if head is None or not self._filters.leave(paths):
            return False
        if not marked(self._reader).keys().isdisjoint(paths):
            return False
        algorithm = algorithm_of(head)
        before = files_of(self._objects, head, paths)
        try:
            return len(before) == len(paths) and all(
                object_id("blob", (self._reader.root / path).read_bytes(), algorithm) != entry.id
                for path, entry in before.items()
            )
        except OSError:
            return False

    def leave_to_git(self) -> BeforeGit | None:
        """Forget what was remembered, for git and hooks may change anything; what tells if so."""
        known = self._known
        self.remember(None)
        if known is None or self._watch is None:
            return None
        try:
            index = (self._reader.git_dir / "index").read_bytes()
            return BeforeGit(known, index, self._own()[1:])
        except OSError:
            return None

    def committed_by_git(
        self, before: BeforeGit | None, commit: str, paths: tuple[str, ...]
    ) -> None:
        """Tell that git has committed files; it is asked where it or a hook may have done more."""
        self._watch_all(paths)
        marks = self._now()
        left = None
        if before is not None and marks is not None:
            head, own = marks
            if head.commit == commit and own[1:] == before.rules:
                left = self._left_by_git(before, commit, paths)
        if left is None:
            left = self.now()
        else:
            self._marks = marks
        self.remember(left)

    def _left_by_git(
        self, before: BeforeGit, commit: str, paths: tuple[str, ...]
    ) -> tuple[Change, ...] | None:
        """What git would say if files were committed and nothing else was done."""
        self._follow(())
        left = _without(before.status, paths) if self._watch is not None else None
        plain = left is not None and self._became(before.index, commit, paths) and self._still(left)
        return left if plain else None

    def _became(self, before: bytes, commit: str, paths: tuple[str, ...]) -> bool:
        """Whether an index has some files as a commit has them, and all others as it had before."""
        found = files_of(self._objects, commit, paths)
        told = {path: (entry.mode, entry.id) for path, entry in found.items()}
        changes = {os.fsencode(path): told.get(path) for path in paths}
        try:
            return became(before, (self._reader.git_dir / "index").read_bytes(), changes)
        except OSError:
            return False

    def committed(self, paths: tuple[str, ...]) -> None:
        """Tell that files were committed as they are, and nothing else was done."""
        self._watch_all(paths)
        if self._known is None:
            return
        self._known = _without(self._known, paths)
        # We have changed HEAD and the index, and no file.
        self._marks = self._now()

    def _watch_all(self, paths: tuple[str, ...]) -> None:
        """End a watch that passes committed files over, because they were ignored before."""
        if self._watch is not None and not all(map(self._watch.has, map(_folder_of, paths))):
            self.close()


def _without(status: tuple[Change, ...], paths: tuple[str, ...]) -> tuple[Change, ...] | None:
    """What is left of a status when files are committed; `None` where that can't be told."""
    gone = set(paths)
    kept = tuple(change for change in status if change.path not in gone)
    inside = tuple(change.path for change in kept if change.path.endswith("/"))
    # Of such a folder it can't be told what is left.
    return None if any(path.startswith(inside) for path in paths) else kept


def _are_plain(paths: Collection[str]) -> bool:
    """Whether files say nothing of how git takes others."""
    return _RULES.isdisjoint(path.rpartition("/")[2] for path in paths)


def _folder_of(path: str) -> str:
    return path[: path.rfind("/") + 1]

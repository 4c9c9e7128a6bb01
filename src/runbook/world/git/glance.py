"""Whether anything was changed in a worktree, told by inodes: git need not be asked again."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Iterable
from pathlib import Path

from runbook.core.value import value
from runbook.world.files.links import target_of
from runbook.world.git.heads import Head, read_head
from runbook.world.git.settings import Marks, Settings, expanded, marks_of

_MOST = 1500
"""Files of a worktree: of more, git itself finds faster what was changed (it starts in some ms)."""

_TICK = 20_000_000
"""Nanoseconds within which some systems give two changes of a file the same time."""

_LATELY = 60 * 10**9
"""Nanoseconds by which clocks of file systems may differ from ours."""

_MOST_FRESH, _LARGEST_FRESH = 20, 2**20
"""Files that are read because they were changed in the last moment, and the bytes of one."""

_EMPTY = (0, 0, 0, 0, 0)
"""The marks of a folder with nothing in it: git sees it go where it is of a submodule."""


@value
class Glance:
    """A worktree at a moment: each file's inode, and what of git's own files tells of a change.

    Files that were changed in the last moment may be so again without another time: of those
    there is a digest, too.
    """

    files: dict[str, tuple[int, ...]]
    fresh: dict[str, bytes]
    head: Head
    own: Marks


class Unsuited(Exception):
    """A worktree with too many files, or with a repository inside."""


def glance(root: Path, git_dir: Path, common_dir: Path, settings: Settings) -> Glance | None:
    """Look at a worktree; `None` where that tells too little, just after many files were made.

    Raises:
        Unsuited: it is not for this, now and later.

    """
    try:
        files = _look(os.fspath(root))
        if files is None:
            raise Unsuited
        fresh = _fresh(root, files)
        if fresh is None:
            return None
        own = own_marks(git_dir, common_dir, settings)
        return Glance(files, fresh, read_head(git_dir, common_dir), own)
    except OSError:
        return None


def own_marks(git_dir: Path, common_dir: Path, settings: Settings) -> Marks:
    """The marks of what else git goes by when it says what differs.

    Raises:
        GitFailed: git can't read its configuration.

    """
    theirs = settings.get("core.excludesfile")
    # Three times for a small task: not by pathlib.
    places: list[Path | str] = [f"{git_dir}/index", f"{git_dir}/info/sparse-checkout"]
    places += [f"{common_dir}/info/exclude", f"{common_dir}/info/attributes"]
    places.append(expanded(theirs) if theirs else settings.excludes)
    return (*marks_of(places), *settings.marks)


def after_ours(root: Path, before: Glance, ours: Iterable[str]) -> Glance:
    """A glance after we have changed some files, of which this is what they are."""
    files, fresh = dict(before.files), dict(before.fresh)
    for path in ours:
        files.pop(path, None)
        fresh.pop(path, None)
        try:
            files[path] = _marks((root / path).lstat())
        except OSError:
            continue
        fresh[path] = _digest(root, path)
    return Glance(files, fresh, before.head, before.own)


def changed(root: Path, before: Glance, now: Glance) -> set[str] | None:
    """The paths that are not as they were; `None` where git may see all of them in another way."""
    if (before.head, before.own) != (now.head, now.own):
        return None
    same = before.files == now.files  # most of the time, and told at once
    found = set() if same else {path for path, _ in before.files.items() ^ now.files.items()}
    for path, digest in before.fresh.items():
        if path not in found and _digest(root, path) != digest:
            found.add(path)
    return found


def _look(root: str) -> dict[str, tuple[int, ...]] | None:
    """The files of a worktree; `None` where they are too many, or a repository is inside."""
    files: dict[str, tuple[int, ...]] = {}
    # Not by recursion: a path may have a thousand parts.
    folders = [""]
    while folders:
        below = folders.pop()
        empty = True
        with os.scandir(f"{root}/{below}") as entries:
            for entry in entries:
                empty = False
                path = below + entry.name
                if entry.name == ".git":
                    if below:
                        return None
                elif entry.is_dir(follow_symlinks=False):
                    folders.append(f"{path}/")
                else:
                    files[path] = _marks(entry.stat(follow_symlinks=False))
                    if len(files) > _MOST:
                        return None
        if empty:
            files[below] = _EMPTY
    return files


def _marks(told: os.stat_result) -> tuple[int, ...]:
    return told.st_ino, told.st_size, told.st_mtime_ns, told.st_ctime_ns, told.st_mode


def _fresh(root: Path, files: dict[str, tuple[int, ...]]) -> dict[str, bytes] | None:
    """The digests of files that were changed in the last moment; `None` where that is too many."""
    newest = max((told[3] for told in files.values()), default=0)
    since = max(newest - _TICK, time.time_ns() - _LATELY)
    fresh = [path for path, told in files.items() if told[3] >= since]
    if len(fresh) > _MOST_FRESH or any(files[path][1] > _LARGEST_FRESH for path in fresh):
        return None
    return {path: _digest(root, path) for path in fresh}


def _digest(root: Path, path: str) -> bytes:
    file = root / path
    try:
        told = file.lstat()
        if stat.S_ISREG(told.st_mode):
            return hashlib.sha256(file.read_bytes()).digest()
        return os.fsencode(target_of(file)) if stat.S_ISLNK(told.st_mode) else b""
    except OSError:
        return b""

"""All files of a worktree by their own bytes, so that whatever was changed is found.

`git status` is not asked: it believes flags of the index, `.gitignore` and its caches, all of which
somebody may have changed to hide something.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

from runbook.core.value import value
from runbook.world.files.regular import target_of

_CHUNK = 2**20


@value
class Entry:
    """What one path holds: a digest of its bytes, or where a link points; bits; its own marks.

    `marks` are inode, size, the times of the last changes in nanoseconds, of the bytes and of the
    inode, and the number of hard links. The time of the inode can't be set at will, so what has the
    same marks has the same bytes. Where it is not known what a file holds, `digest` is empty, and
    only the marks tell.
    """

    kind: str  # "file", "link", "folder", "repository" for git's folder in another one, "worktree"
    # for one of another run or person, of which no file is looked at, or "other"
    digest: str
    mode: int
    marks: tuple[int, ...] = ()

    def same(self, other: Entry | None) -> bool:
        """Whether a path still holds the same."""
        if other is None or self.kind != other.kind:
            return False
        if self.digest and other.digest:
            return (self.digest, self.mode) == (other.digest, other.mode)
        return self.marks == other.marks

    def linked_again(self, other: Entry | None) -> bool:
        """Whether nothing but hard links came or went, as where packages are set up once more.

        Who means to deceive sets the time of the bytes back and makes a link: only where nobody
        does is it the same file.
        """
        if other is None or not (self.marks and other.marks):
            return False
        (*mine, _, links), (*others, _, now) = self.marks, other.marks
        return (self.kind, mine, self.mode) == (other.kind, others, other.mode) and links != now


_FOLDERS = {"folder", "worktree"}

Inventory = dict[str, Entry]
"""The entries of a folder by path from there, with `/`. Of folders only their bits count."""


def inventory(
    root: Path,
    passed_over: Callable[[str], bool],
    hashed: Callable[[str], bool],
    known: Mapping[str, Entry] | None = None,
    apart: Collection[str] = (),
) -> Inventory:
    """Look at every file below `root` but git's own and those in folders that are `passed_over`.

    Those that are `hashed` are read, unless they have the marks of an entry that is `known`.
    `passed_over` is asked for the names of folders, `hashed` for paths. Folders that are `apart`
    are worktrees of their own.
    """
    found: Inventory = {}
    for path, entry in _walk(root, "", passed_over, apart):
        if path in apart:
            found[path] = Entry("worktree", "any", 0)
            continue
        there = None if known is None else known.get(path)
        read = there is None or there.marks != _marks(entry)
        found[path] = _entry(root, path, entry, hashed(path)) if read or there is None else there
    return found


def _walk(
    root: Path, below: str, passed_over: Callable[[str], bool], apart: Collection[str]
) -> Iterator[tuple[str, os.stat_result]]:
    try:
        entries = sorted(os.scandir(root / below), key=lambda each: each.name)
    except OSError:
        return
    for each in entries:
        path = f"{below}{each.name}"
        if path == ".git":
            continue
        try:
            no_folder = each.name == ".git" or not each.is_dir(follow_symlinks=False)
            if no_folder or path in apart:
                yield path, each.stat(follow_symlinks=False)
            elif not passed_over(each.name):
                yield path, each.stat(follow_symlinks=False)
                yield from _walk(root, f"{path}/", passed_over, apart)
        except OSError:
            continue


def _marks(entry: os.stat_result) -> tuple[int, ...]:
    times = entry.st_mtime_ns, entry.st_ctime_ns
    return (entry.st_ino, entry.st_size, *times, entry.st_nlink)


def _entry(root: Path, path: str, entry: os.stat_result, read: bool) -> Entry:
    mode = stat.S_IMODE(entry.st_mode)
    if path.endswith("/.git"):
        return Entry("repository", "any", 0)
    if stat.S_ISDIR(entry.st_mode):
        return Entry("folder", "any", mode)
    if stat.S_ISLNK(entry.st_mode):
        return Entry("link", target_of(root / path), 0, _marks(entry))
    if not stat.S_ISREG(entry.st_mode):
        return Entry("other", "", mode, _marks(entry))
    return Entry("file", _digest(root / path) if read else "", mode, _marks(entry))


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except OSError:
        return ""
    return digest.hexdigest()


def differing(before: Inventory, now: Inventory) -> list[str]:
    """The paths that do not hold what they held, in order; a folder more or less is no matter.

    Nor is a worktree of its own.
    """
    paths = sorted({*before, *now})
    none = Entry("none", "", 0)
    return [
        path
        for path in paths
        if not before.get(path, none).same(now.get(path))
        and not {each.kind for each in (before.get(path), now.get(path)) if each} <= _FOLDERS
    ]


def other_bits(root: Path, before: Inventory) -> list[str]:
    """The folders whose permission bits are not what they were, the outermost first."""
    found = []
    for path in sorted(path for path, entry in before.items() if entry.kind == "folder"):
        try:
            now = (root / path).lstat().st_mode
        except OSError:
            continue
        other = stat.S_ISDIR(now) and stat.S_IMODE(now) != before[path].mode
        # Over a link it is somebody's folder elsewhere.
        if other and (root / path).resolve() == root.resolve() / path:
            found.append(path)
    return found

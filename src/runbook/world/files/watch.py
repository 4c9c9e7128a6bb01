"""Folders that the kernel watches for us: what was changed in them is told without a look at all.

By inotify(7), on Linux, and only where every change of a file goes through this kernel.
"""

from __future__ import annotations

import fcntl
import os
import struct
import sys
import termios
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from runbook.world.files.durable import left_temporaries

_MOST = 20_000
"""Folders that are watched at most; a user may have as many for all programs together."""

_SHARE = 4
"""What part of the user's watches is ours at most: editors have theirs."""

_BYTES = 2**12
"""Of events, so that one has room whatever its name is."""

_EVENT = struct.Struct("iIII")  # the watch, what happened, a cookie, the length of the name

# linux/inotify.h
_MODIFY, _ATTRIB, _CLOSE_WRITE, _MOVED, _CREATE, _DELETE = 0x2, 0x4, 0x8, 0xC0, 0x100, 0x200
_DELETED, _MOVED_AWAY = 0x400, 0x800  # the folder itself
_UNMOUNTED, _TOO_MANY, _ENDED = 0x2000, 0x4000, 0x8000
_FOLDER = 0x40000000
_ONLY_FOLDERS, _NO_LINKS = 0x01000000, 0x02000000
_CHANGES = _MODIFY | _ATTRIB | _CLOSE_WRITE | _MOVED | _CREATE | _DELETE | _DELETED | _MOVED_AWAY

_LOCAL = frozenset(
    ("bcachefs", "btrfs", "ext2", "ext3", "ext4", "f2fs", "overlay", "tmpfs", "xfs", "zfs")
)
"""File systems that nobody changes but through this kernel."""


class Unwatchable(Exception):
    """A tree that is not for this: too large, on another machine, with a repository inside."""


class Watch:
    """All folders of a worktree, watched from now on, but for some that are passed over.

    A file that is written counts as changed when it is closed as well: what was written through a
    mapping of it is told by nothing else. Nothing tells of a file that is changed by another name
    than that in its folder: those that have one when all begins are looked at. Where one gets a
    second name in a folder that is watched it is over, for nothing tells what its first one is; of
    a second name elsewhere nothing is known.
    """

    _descriptor = -1

    def __init__(self, root: Path, passed_over: Collection[str]) -> None:
        """Begin; `passed_over` has folders with a slash at their end, as git names them.

        Raises:
            Unwatchable: this tree can't be watched, now and later.
            OSError: not now.
        """
        import ctypes  # which takes a while, and few runs need it

        self._root = os.fspath(root)
        _refuse_elsewhere(self._root)
        self._most = min(_MOST, _limit() // _SHARE)
        self._ctypes = ctypes
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._folders: dict[int, str] = {}
        self._numbers: dict[str, int] = {}
        self._passed_over = frozenset(passed_over)
        self._linked: dict[str, tuple[int, ...]] = {}
        self._more_links = False  # than those that there were when all began
        self._descriptor = self._checked(self._libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC))
        try:
            self._enter([""])
        except BaseException:
            self.close()
            raise
        self._more_links = False

    def __del__(self) -> None:
        """A user has 128 of them for all programs together."""
        self.close()

    def close(self) -> None:
        """End it, which takes the kernel some 15 ms."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def has(self, folder: str) -> bool:
        """Whether a folder, named with a slash at its end (the root: not at all), is watched."""
        return folder in self._numbers

    def pass_over(self, folders: frozenset[str]) -> bool:
        """Pass over what is passed over now; `False` where something no more is: then it is over.

        Folders that are made are watched before anybody knows if they are ignored.
        """
        new = tuple(folders - self._passed_over)
        if not self._passed_over <= folders:
            return False
        self._passed_over = folders
        if new:
            for folder, number in tuple(self._numbers.items()):
                if folder.startswith(new):
                    self._libc.inotify_rm_watch(self._descriptor, number)
                    self._forget(number)
            for path in [path for path in self._linked if path.startswith(new)]:
                del self._linked[path]
        return True

    def touched(self) -> tuple[set[str], bool] | None:
        """The paths that somebody may have changed since this was asked last.

        Also, whether folders have come or gone, with whatever is in them. `None` where it is over:
        too much has happened.
        """
        found: set[str] = set()
        made: list[str] = []
        folders = False
        # No more than there is now: who writes without end would be read without end.
        told = fcntl.ioctl(self._descriptor, termios.FIONREAD, bytes(4))
        left = int.from_bytes(told, sys.byteorder)
        while left > 0:
            data = os.read(self._descriptor, max(left, _BYTES))
            left -= len(data)
            for number, mask, name in _events(data):
                folder = self._folders.get(number)
                if mask & (_UNMOUNTED | _TOO_MANY | _MOVED_AWAY):
                    return None
                if folder is None or (not folder and name == ".git"):
                    continue
                if mask & _ENDED:
                    self._forget(number)
                elif mask & _FOLDER and mask & _MOVED:
                    return None
                elif mask & (_FOLDER | _DELETED):
                    folders = True
                    if mask & _CREATE:
                        made.append(f"{folder}{name}/")
                else:
                    found.add(folder + name)
        try:
            self._enter(made)
        except (OSError, Unwatchable):
            return None
        self._look_at_linked(found)
        return None if self._more_links or not self.has("") else (found, folders)

    def _look_at_linked(self, found: set[str]) -> None:
        for path in found:
            self._note(path)
        for path, before in self._linked.items():
            if path not in found and self._told(path) != before:
                found.add(path)
                self._linked[path] = self._told(path)

    def _note(self, path: str) -> None:
        """Look at a file from now on if it has another name as well."""
        told = self._told(path)
        if told and told[0] > 1:
            known = self._linked.get(path, (1,))
            self._more_links = self._more_links or told[0] > known[0]
            self._linked[path] = told
        else:
            self._linked.pop(path, None)

    def _told(self, path: str) -> tuple[int, ...]:
        try:
            told = os.lstat(f"{self._root}/{path}")
        except OSError:
            return ()
        return told.st_nlink, told.st_ino, told.st_size, told.st_mtime_ns, told.st_ctime_ns

    def _enter(self, folders: list[str]) -> None:
        """Watch folders and all that are in them, each before what is in it is looked at."""
        while folders:
            each = folders.pop()
            with suppress(FileNotFoundError, NotADirectoryError):  # it is gone again
                self._add(each)
                folders += self._inside(each)

    def _inside(self, folder: str) -> list[str]:
        """The folders in one that is watched."""
        found = []
        with os.scandir(f"{self._root}/{folder}") as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    found.append(f"{folder}{entry.name}/")
                else:
                    try:
                        if entry.stat(follow_symlinks=False).st_nlink > 1:
                            self._note(folder + entry.name)
                    except FileNotFoundError:
                        continue
                if entry.name == ".git" and folder:
                    raise Unwatchable
        return [each for each in found if each != ".git/" and each not in self._passed_over]

    def _add(self, folder: str) -> None:
        if len(self._folders) >= self._most:
            raise Unwatchable
        place = os.fsencode(f"{self._root}/{folder}")
        flags = self._ctypes.c_uint32(_CHANGES | _ONLY_FOLDERS | _NO_LINKS)
        number = self._checked(self._libc.inotify_add_watch(self._descriptor, place, flags))
        self._folders[number] = folder
        self._numbers[folder] = number

    def _forget(self, number: int) -> None:
        folder = self._folders.pop(number)
        # There may be a new one of its name.
        if self._numbers.get(folder) == number:
            del self._numbers[folder]

    def _checked(self, told: int) -> int:
        if told < 0:
            number = self._ctypes.get_errno()
            raise OSError(number, os.strerror(number))
        return told


def others(touched: set[str], ours: Collection[str]) -> set[str]:
    """Of paths that were touched those that were not so because we wrote the files `ours`."""
    left = touched.difference(ours)
    names: dict[str, list[str]] = {}
    for path in ours if left else ():
        folder, _, name = path.rpartition("/")
        names.setdefault(folder, []).append(name)
    for path in tuple(left):
        folder, _, name = path.rpartition("/")
        if left_temporaries([name], names.get(folder, ())):
            left.remove(path)
    return left


def _events(data: bytes) -> Iterator[tuple[int, int, str]]:
    at = 0
    while at < len(data):
        number, mask, _, length = _EVENT.unpack_from(data, at)
        at += _EVENT.size
        yield number, mask, os.fsdecode(data[at : at + length].rstrip(b"\0"))
        at += length


def _limit() -> int:
    try:
        return int(Path("/proc/sys/fs/inotify/max_user_watches").read_text())
    except (OSError, ValueError):
        return 0


def _refuse_elsewhere(root: str) -> None:
    """Raise Unwatchable where others than this kernel may change files of a tree (proc(5))."""
    if sys.platform != "linux":
        raise Unwatchable
    at, kind = "", ""
    with suppress(OSError), Path("/proc/self/mountinfo").open("rb") as mounts:
        for line in mounts:
            about, _, rest = line.partition(b" - ")
            place = os.fsdecode(_unescaped(about.split(b" ")[4]))
            own = rest.split(b" ")[0].decode()
            above = place if place.endswith("/") else f"{place}/"
            if f"{root}/".startswith(above):
                if len(place) >= len(at):  # of several at one place, the last is on top
                    at, kind = place, own
            elif place.startswith(f"{root}/") and own not in _LOCAL:
                raise Unwatchable
    if kind not in _LOCAL:
        raise Unwatchable


def _unescaped(place: bytes) -> bytes:
    """A place as it is: some bytes stand in mountinfo as a backslash and three octal digits."""
    first, *parts = place.split(b"\\")
    return first + b"".join(bytes([int(part[:3], 8)]) + part[3:] for part in parts)

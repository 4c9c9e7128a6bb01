"""The files of a commit, as edits see those of a worktree."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

from runbook.core.model.globs import literal_folder, matches
from runbook.core.model.paths import prefix_of
from runbook.core.value import value
from runbook.world.files.workspace import FileState, NoFile, NotHeld, Unreachable, no_folder
from runbook.world.git.objects import GitObject, Objects

_FOLDER = 0o040000
_LINK = 0o120000
_SUBMODULE = 0o160000

# git-lfs keeps such a text in the place of a large file.
_POINTER = b"version https://git-lfs.github.com/spec/"


@value
class _Entry:
    mode: int
    id: str


class Tree:
    """The files of one commit below `workdir`, named by paths relative to it.

    As in a workspace, no symbolic link is followed.
    """

    def __init__(self, objects: Objects, tree: str | None, workdir: str | None) -> None:
        """Read below the tree object `tree`; `None` is what an unborn branch has."""
        self._objects = objects
        self._tree = tree
        self.prefix = prefix_of(workdir)
        self.folder = Path(workdir or ".")
        self._folders: dict[str, dict[str, _Entry]] = {}
        self._ahead: dict[str, GitObject] = {}

    def in_repository(self, path: str) -> str:
        """A path of the phase file, from the repository's root as git names it."""
        return self.prefix + path

    def reached(self, path: str) -> Path:
        """The full path, as in a checkout."""
        return self.folder / path

    def read(self, path: str) -> FileState | None:
        """The file's state, or `None` where there is none.

        Raises:
            Unreachable: it is no regular file, or lies behind a symbolic link or in a submodule.
            NotHeld: its content is not here.
        """
        entry = self._entry(path, self.prefix + path)
        if entry is None:
            return None
        if entry.mode == _LINK:
            raise NoFile(f"{path} is a symbolic link; name the file it points at")
        if entry.mode in (_FOLDER, _SUBMODULE):
            raise NoFile(f"{path} is not a regular file")
        blob = self._ahead.pop(entry.id, None) or self._objects.read(entry.id)
        if blob is None:
            raise NotHeld(f"{path}: git does not have its content here")
        if blob.data.startswith(_POINTER):
            raise NotHeld(f"{path} is kept by git-lfs, and git has a pointer in its place")
        return FileState(blob.data, entry.mode & 0o777)

    def read_ahead(self, paths: Iterable[str]) -> None:
        """Get files that will be read: many together are quicker than one by one."""
        wanted: dict[str, None] = {}
        for path in paths:
            with suppress(Unreachable):
                entry = self._entry(path, self.prefix + path)
                if entry is not None and entry.mode not in (_FOLDER, _LINK, _SUBMODULE):
                    wanted[entry.id] = None
        for found in self._objects.read_all(list(wanted)):
            if found is not None:
                self._ahead[found.id] = found

    def check_writable(self, path: str) -> None:
        """Whether a file can be written is known where it will be, but that one is no folder.

        Raises:
            Unreachable: the path leads through a file.
        """
        full = self.prefix + path
        for above in map(str, PurePosixPath(full).parents):
            entry = self._entry(path, above)
            if entry is not None:
                if entry.mode != _FOLDER:
                    raise Unreachable(no_folder(above.removeprefix(self.prefix)))
                return

    def is_there(self, path: str) -> bool:
        """Whether anything has that name."""
        try:
            return self._entry(path, self.prefix + path) is not None
        except Unreachable:
            return False

    def matching(self, pattern: str) -> list[str]:
        """The files that a glob matches, in git's order."""
        folder = self.prefix + literal_folder(pattern)
        skip = len(self.prefix)
        return [path[skip:] for path in self._below(folder) if matches(pattern, path[skip:])]

    def _below(self, folder: str) -> Iterator[str]:
        """All files below a folder, whose name ends in `/` or is empty."""
        try:
            entries = self._folder(folder.rstrip("/"), folder)
        except Unreachable:
            return
        for name, entry in entries.items():
            if entry.mode == _FOLDER:
                yield from self._below(f"{folder}{name}/")
            else:
                yield folder + name

    def _entry(self, path: str, full: str) -> _Entry | None:
        folder, _, name = full.rpartition("/")
        return self._folder(folder, path).get(name)

    def _folder(self, folder: str, path: str) -> dict[str, _Entry]:
        """What a folder holds; nothing where it is none. `path` is what a message names."""
        # From the nearest one above that is known: a path may have thousands of parts.
        todo = []
        while folder and folder not in self._folders:
            folder, _, name = folder.rpartition("/")
            todo.append(name)
        if folder not in self._folders:
            self._folders[folder] = self._read_folder(self._tree)
        held = self._folders[folder]
        for name in reversed(todo):
            entry = held.get(name)
            if entry is not None and entry.mode == _LINK:
                raise NoFile(f"{path} leads through the symbolic link {name}")
            if entry is not None and entry.mode == _SUBMODULE:
                raise NoFile(f"{path} is inside the submodule {name}")
            if entry is None or entry.mode != _FOLDER:
                return {}
            folder = f"{folder}/{name}" if folder else name
            held = self._folders[folder] = self._read_folder(entry.id)
        return held

    def _read_folder(self, tree: str | None) -> dict[str, _Entry]:
        item = self._objects.read(tree) if tree is not None else None
        return {} if item is None else _entries(item.data, len(item.id) // 2)


def tree_of(commit: GitObject | None) -> str | None:
    """The id of a commit's tree, which its first line names."""
    if commit is None:
        return None
    return commit.data.split(b"\n", 1)[0].removeprefix(b"tree ").decode("ascii")


def _entries(data: bytes, width: int) -> dict[str, _Entry]:
    """The entries of a tree object: mode, blank, name, NUL, id in `width` bytes (git's tree.c)."""
    found = {}
    at = 0
    while at < len(data):
        blank = data.index(b" ", at)
        end = data.index(b"\0", blank)
        identifier = data[end + 1 : end + 1 + width].hex()
        found[os.fsdecode(data[blank + 1 : end])] = _Entry(int(data[at:blank], 8), identifier)
        at = end + 1 + width
    return found

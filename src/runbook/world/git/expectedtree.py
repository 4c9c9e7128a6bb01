"""The tree that a commit of some files will have if no hook changes them."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

from runbook.core.edit.gitindex import Staged, Stat
from runbook.core.edit.trees import Entry, algorithm_of, changed_trees, folders_of, object_id
from runbook.core.value import value
from runbook.world.git.contents import is_program
from runbook.world.git.foldertrees import folder_trees
from runbook.world.git.gitcommand import git, in_parts
from runbook.world.git.gitfailed import GitFailed
from runbook.world.git.objects import GitObject
from runbook.world.git.repository import Repository
from runbook.world.git.special import LINK

_MODES = _FILE, _PROGRAM = "100644", "100755"
_made: dict[tuple[str, tuple[tuple[bytes, Entry | None], ...]], dict[str, bytes]] = {}
"""The trees that were made last, by commit and changes: a check and its commit ask the same."""
_COARSE = 2_000_000_000
"""The steps (nanoseconds) in which some file systems keep times: FAT knows every other second."""


@value
class Expected:
    """A tree by its id, empty where it can't be told.

    Where git takes all the files as they are, `objects` are those it is made of, and `staged` what
    the index is to have of each file: `None` of one that is gone.
    """

    tree: str = ""
    objects: tuple[GitObject, ...] = ()
    staged: tuple[tuple[bytes, Staged | None], ...] = ()


def expected(repository: Repository, parent: str | None, paths: tuple[str, ...]) -> Expected:
    """The tree that a commit of some files on top of `parent` will have.

    Nothing is written: the ids of the files are computed, by git where a filter of the user's has
    a say, and the trees above them from those of the parent. It can't be told where something else
    is in the place of a file, such as a link or a submodule, or of names with a newline.
    """
    if any("\n" in path for path in paths):
        return Expected()
    root = repository.root
    present = [path for path in paths if os.path.lexists(root / path)]
    try:
        if not all(stat.S_ISREG((root / path).lstat().st_mode) for path in present):
            # What is hashed is what a link points at, and a pipe is waited for.
            return Expected()
        plain = bool(parent) and repository.filters.leave(present)
        algorithm = algorithm_of(parent or "")
        files = [_file(root / path, algorithm) for path in present] if plain else []
        ids = [each.id for each, _ in files] if plain else _ids(root, present)
        folders = {folder for path in paths for folder in folders_of(os.fsencode(path))}
        trees = folder_trees(repository.objects, parent, folders) if parent else {}
        changes: dict[bytes, Entry | None] = {os.fsencode(path): None for path in paths}
        settings = repository.settings.now()
        modes = settings.is_true("core.filemode", default=True)
        links = settings.is_true("core.symlinks", default=True)
        for path, blob in zip(present, ids, strict=True):
            name = os.fsencode(path)
            folder, _, last = name.rpartition(b"/")
            before = trees.get(folder, {}).get(last)
            mode = _PROGRAM if is_program(root / path) else _FILE
            if not links and before and before.mode == LINK:
                mode = LINK  # which is checked out as a file that says where it points
            elif not modes:
                # Of what was a link or a folder nothing is kept.
                mode = before.mode if before and before.mode in _MODES else _FILE
            changes[name] = Entry(mode, blob)
        asked = (parent or "", tuple(changes.items()))
        if asked not in _made:
            made = changed_trees(trees, changes, algorithm_of(parent or (ids or [""])[0]))
            _made.clear()
            _made[asked] = made
        made = _made[asked]
    except (GitFailed, ValueError, OSError):
        return Expected()
    *_, tree = made
    if not plain:
        return Expected(tree)
    objects = [each for each, _ in files]
    objects += (GitObject(name, "tree", data) for name, data in made.items())
    stats = {os.fsencode(path): told for path, (_, told) in zip(present, files, strict=True)}
    return Expected(
        tree,
        tuple(objects),
        tuple(
            (name, None if entry is None else Staged(entry.mode, entry.id, *stats[name]))
            for name, entry in changes.items()
        ),
    )


def _ids(root: Path, paths: list[str]) -> list[str]:
    """The ids that git gives to files as they are."""
    parts = in_parts(paths) if paths else ()
    return [id for part in parts for id in git(root, "hash-object", "--", *part).decode().split()]


def _file(path: Path, algorithm: str) -> tuple[GitObject, tuple[Stat, bool]]:
    """A file's contents, what the index keeps of it, and whether its time tells too little."""
    # The clock by which files are stamped, which goes in steps.
    now = time.clock_gettime_ns(getattr(time, "CLOCK_REALTIME_COARSE", time.CLOCK_REALTIME))
    with path.open("rb") as file:
        told = os.fstat(file.fileno())
        data = file.read()
    if not stat.S_ISREG(told.st_mode) or len(data) != told.st_size:
        raise ValueError(path)
    step = _COARSE if told.st_mtime_ns % 1_000_000_000 == 0 else 1
    blob = GitObject(object_id("blob", data, algorithm), "blob", data)
    return blob, (kept(told), told.st_mtime_ns + step > now)


def kept(told: os.stat_result) -> Stat:
    """What the index keeps of what the system tells of a file."""
    return Stat(
        told.st_ctime_ns, told.st_mtime_ns, told.st_dev, told.st_ino, told.st_uid, told.st_gid,
        told.st_size,
    )  # fmt: skip

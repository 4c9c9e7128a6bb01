"""The tree that a commit of some files will have if no hook changes them."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from runbook.core.edit.trees import Entry, Tree, changed_tree, folders_of, read_tree
from runbook.world.git.gitcommand import git
from runbook.world.git.gitfailed import GitFailed
from runbook.world.git.repository import Repository

_FILE, _PROGRAM, _LINK = "100644", "100755", "120000"


def expected_tree(repository: Repository, parent: str | None, paths: tuple[str, ...]) -> str:
    """The id of the tree; empty where it can't be told, as for names with a newline.

    Nothing is written: the ids of the files are computed, by git where a filter of the user's has
    a say, and the trees above them from those of the parent.
    """
    if any("\n" in path for path in paths):
        return ""
    root = repository.root
    present = [path for path in paths if os.path.lexists(root / path)]
    try:
        ids = _ids(repository, present, len(parent or ""))
        length = len(parent or (ids or [""])[0])
        trees = _trees(repository, parent, paths, length // 2)
        changes: dict[bytes, Entry | None] = {os.fsencode(path): None for path in paths}
        modes = repository.settings.is_true("core.filemode", default=True)
        for path, blob in zip(present, ids, strict=True):
            name = os.fsencode(path)
            folder, _, last = name.rpartition(b"/")
            before = trees.get(folder, {}).get(last)
            program = os.access(root / path, os.X_OK)
            mode = _PROGRAM if program else _FILE
            if not modes:
                mode = before.mode if before is not None else _FILE
            changes[name] = Entry(mode, blob)
            if (root / path).is_symlink():
                # What is hashed is what the link points at.
                return ""
    except (GitFailed, ValueError, OSError):
        return ""
    return changed_tree(trees, changes, "sha1" if length == 40 else "sha256")


def _ids(repository: Repository, paths: list[str], length: int) -> list[str]:
    """The ids that git gives to files as they are; `length` is that of an id in hex, if known."""
    if not paths:
        return []
    if length and repository.filters.leave(paths):
        algorithm = "sha1" if length == 40 else "sha256"
        return [_blob_id(repository.root / path, algorithm) for path in paths]
    return git(repository.root, "hash-object", "--", *paths).decode().split()


def _blob_id(path: Path, algorithm: str) -> str:
    """The id of a file's contents."""
    data = path.read_bytes()
    digest = hashlib.new(algorithm, b"blob %d\0" % len(data), usedforsecurity=False)
    digest.update(data)
    return digest.hexdigest()


def _trees(
    repository: Repository, parent: str | None, paths: tuple[str, ...], id_length: int
) -> dict[bytes, Tree]:
    if parent is None:
        return {}
    folders = sorted({folder for path in paths for folder in folders_of(os.fsencode(path))})
    names = [f"{parent}:{os.fsdecode(folder)}" for folder in folders]
    found = zip(folders, repository.objects.read_all(names), strict=True)
    # One that is missing is a new folder.
    return {
        folder: read_tree(each.data, id_length)
        for folder, each in found
        if each is not None and each.kind == "tree"
    }

"""The tree that a commit of some files will have if no hook changes them."""

from __future__ import annotations

import os

from runbook.core.edit.trees import Entry, Tree, changed_tree, folders_of, read_tree
from runbook.world.git.gitcommand import git
from runbook.world.git.gitfailed import GitFailed
from runbook.world.git.repository import Repository

_FILE, _PROGRAM, _LINK = "100644", "100755", "120000"


def expected_tree(repository: Repository, parent: str | None, paths: tuple[str, ...]) -> str:
    """The id of the tree; empty where it can't be told, as for names with a newline.

    Nothing is written: git computes the ids of the files, with the user's filters, and the trees
    above them are computed from those of the parent.
    """
    if any("\n" in path for path in paths):
        return ""
    root = repository.root
    present = [path for path in paths if os.path.lexists(root / path)]
    try:
        ids = git(root, "hash-object", "--", *present).decode().split() if present else []
        length = len(parent or (ids or [""])[0])
        trees = _trees(repository, parent, paths, length // 2)
        changes: dict[bytes, Entry | None] = {os.fsencode(path): None for path in paths}
        modes = _modes_count(repository)
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
                # What `hash-object` reads is what the link points at.
                return ""
    except (GitFailed, ValueError):
        return ""
    return changed_tree(trees, changes, "sha1" if length == 40 else "sha256")


def _trees(
    repository: Repository, parent: str | None, paths: tuple[str, ...], id_length: int
) -> dict[bytes, Tree]:
    if parent is None:
        return {}
    folders = sorted({folder for path in paths for folder in folders_of(os.fsencode(path))})
    asked = b"".join(b"%s:%s\n" % (parent.encode(), folder) for folder in folders)
    answer = git(repository.root, "cat-file", "--batch", stdin=asked)
    trees: dict[bytes, Tree] = {}
    at = 0
    for folder in folders:
        end = answer.index(b"\n", at)
        *_, kind, size = answer[at:end].split(b" ")
        at = end + 1
        if not size.isdigit():
            # "missing": a new folder.
            continue
        raw = answer[at : at + int(size)]
        at += int(size) + 1
        if kind == b"tree":
            trees[folder] = read_tree(raw, id_length)
    return trees


def _modes_count(repository: Repository) -> bool:
    status, setting, _ = repository.attempt("config", "--type=bool", "core.fileMode")
    return status != 0 or setting.strip() == "true"

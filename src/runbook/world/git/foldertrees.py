"""What a commit has in its folders, read tree by tree: those that were read lately cost nothing."""

from __future__ import annotations

import os
from collections.abc import Iterable

from runbook.core.edit.trees import Entry, Tree, folders_of, read_tree
from runbook.world.git.objects import Objects
from runbook.world.git.reader import header

FOLDER = "40000"
"""The mode of a folder in a tree."""


def root_tree(objects: Objects, commit: str) -> str:
    """The id of the tree of a commit, which is named by its id; empty where there is none.

    Raises:
        GitFailed: git can't read it.
    """
    return header_of(objects, commit, b"tree")


def header_of(objects: Objects, commit: str, name: bytes) -> str:
    """What a commit, named by its id, says under a name.

    Raises:
        GitFailed: git can't read it.
    """
    found = objects.read(commit)
    return "" if found is None or found.kind != "commit" else header(found.data, name)


def entries(objects: Objects, tree: str) -> Tree:
    """What a tree has, by its id; nothing where there is no such tree.

    Raises:
        GitFailed: git can't read it.
        ValueError: it is no tree.
    """
    found = objects.read(tree) if tree else None
    return {} if found is None else read_tree(found.data, len(tree) // 2)


def folder_trees(objects: Objects, commit: str, folders: Iterable[bytes]) -> dict[bytes, Tree]:
    """The trees of some folders of a commit, as far as they are there; the root has no name.

    Raises:
        GitFailed: git can't read them.
    """
    found = {b"": entries(objects, root_tree(objects, commit))}
    for folder in sorted(folders):
        above, _, name = folder.rpartition(b"/")
        entry = found.get(above, {}).get(name)
        if entry is not None and entry.mode == FOLDER:
            found[folder] = entries(objects, entry.id)
    return found


def files_of(objects: Objects, commit: str, paths: Iterable[str]) -> dict[str, Entry]:
    """What a commit has at some paths, as far as they are there.

    Raises:
        GitFailed: git can't tell.
    """
    names = {path: os.fsencode(path) for path in paths}
    above = {folder for name in names.values() for folder in folders_of(name)}
    trees = folder_trees(objects, commit, above)
    found = {}
    for path, name in names.items():
        folder, _, last = name.rpartition(b"/")
        entry = trees.get(folder, {}).get(last)
        if entry is not None:
            found[path] = entry
    return found

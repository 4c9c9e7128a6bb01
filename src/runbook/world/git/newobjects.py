"""What a commit brings into a repository: the objects that its first parent does not have."""

from __future__ import annotations

from collections.abc import Iterator

from runbook.core.edit.trees import Tree, read_tree
from runbook.world.git.objects import Objects
from runbook.world.git.reader import header

_FOLDER, _SUBMODULE = "40000", "160000"


def new_objects(objects: Objects, commit: str) -> Iterator[str]:
    """The ids of a commit, and of its trees and files that are not in its first parent's.

    Who wrote them, and when, does not matter: an attempt before, a hook, or the user's `git add`.

    Raises:
        GitFailed: git can't read them.

    """
    yield commit
    parent, *_ = [*_header(objects, commit, b"parent").split(), ""]
    before = _header(objects, parent, b"tree") if parent else ""
    yield from _differing(objects, before, _header(objects, commit, b"tree"))


def _differing(objects: Objects, before: str, after: str) -> Iterator[str]:
    if before == after:
        return
    yield after
    known = _entries(objects, before)
    for name, entry in _entries(objects, after).items():
        was = known.get(name)
        if was == entry or entry.mode == _SUBMODULE:
            continue
        if entry.mode == _FOLDER:
            folder = was.id if was is not None and was.mode == _FOLDER else ""
            yield from _differing(objects, folder, entry.id)
        else:
            yield entry.id


def _entries(objects: Objects, tree: str) -> Tree:
    found = objects.read(tree) if tree else None
    return {} if found is None else read_tree(found.data, len(tree) // 2)


def _header(objects: Objects, commit: str, name: bytes) -> str:
    found = objects.read(commit)
    return "" if found is None else header(found.data, name)

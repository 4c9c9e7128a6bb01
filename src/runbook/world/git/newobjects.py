"""What a commit brings into a repository: the objects that its first parent does not have."""

from __future__ import annotations

from collections.abc import Iterator

from runbook.world.git.foldertrees import FOLDER, entries, header_of
from runbook.world.git.objects import Objects

_SUBMODULE = "160000"


def new_objects(objects: Objects, commit: str) -> Iterator[str]:
    """The ids of a commit, and of its trees and files that are not in its first parent's.

    Who wrote them, and when, does not matter: an attempt before, a hook, or the user's `git add`.

    Raises:
        GitFailed: git can't read them.
    """
    yield commit
    parent, *_ = [*header_of(objects, commit, b"parent").split(), ""]
    before = header_of(objects, parent, b"tree") if parent else ""
    yield from _differing(objects, before, header_of(objects, commit, b"tree"))


def _differing(objects: Objects, before: str, after: str) -> Iterator[str]:
    if before == after:
        return
    yield after
    known = entries(objects, before)
    for name, entry in entries(objects, after).items():
        was = known.get(name)
        if was == entry or entry.mode == _SUBMODULE:
            continue
        if entry.mode == FOLDER:
            folder = was.id if was is not None and was.mode == FOLDER else ""
            yield from _differing(objects, folder, entry.id)
        else:
            yield entry.id

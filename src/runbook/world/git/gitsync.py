"""What git has written, synced for good: git itself syncs the contents of files only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from runbook.world.files.durable import sync, sync_folder
from runbook.world.git.foldertrees import FOLDER, entries, header_of
from runbook.world.git.objects import Objects

_SUBMODULE = "160000"


def sync_commit(
    objects: Objects, common_dir: Path, commit: str, ref: str | None, git_dir: Path | None = None
) -> None:
    """See that a commit, the branch on it and the index of `git_dir` outlast a power loss.

    Raises:
        GitFailed: git can't read the commit.
    """
    place = f"{common_dir}/objects"
    loose = [f"{place}/{name[:2]}/{name[2:]}" for name in new_objects(objects, commit)]
    # Contents before names: a name without its contents is an empty file. One that was there before
    # our git came may have been written by one that does not sync it.
    files = [*loose, *([f"{common_dir}/{ref}"] if ref is not None else [])]
    folders = [*(file.rpartition("/")[0] for file in loose), place]
    if git_dir is not None:
        files.append(f"{git_dir}/index")
        folders.append(f"{git_dir}")
    above = (ref or "").rpartition("/")[0]
    while above:
        folders.append(f"{common_dir}/{above}")
        above = above.rpartition("/")[0]
    folders += [f"{common_dir}", f"{common_dir}/reftable"]
    # Of some there is none: of objects in packs, and where branches are kept in a reftable, whose
    # `refs/heads` is a file.
    for file in files:
        with suppress(FileNotFoundError, NotADirectoryError):
            sync(file)
    for folder in dict.fromkeys(folders):
        with suppress(FileNotFoundError, NotADirectoryError):
            sync_folder(folder)


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

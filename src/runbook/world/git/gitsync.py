"""What git has written, synced for good: git itself syncs the contents of files only."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from runbook.world.files.durable import sync, sync_folder
from runbook.world.git.newobjects import new_objects
from runbook.world.git.objects import Objects


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
    # Of some there is none: objects in packs, another way to keep branches.
    for file in files:
        with suppress(FileNotFoundError):
            sync(file)
    for folder in dict.fromkeys(folders):
        with suppress(FileNotFoundError):
            sync_folder(folder)

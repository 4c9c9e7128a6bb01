"""What git has written, synced for good: git itself syncs the contents of files only."""

from __future__ import annotations

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
    place = common_dir / "objects"
    loose = [place / name[:2] / name[2:] for name in new_objects(objects, commit)]
    # Contents before names: a name without its contents is an empty file. One that was there before
    # our git came may have been written by one that does not sync it.
    files = [*loose, *([common_dir / ref] if ref is not None else [])]
    folders = [*(file.parent for file in loose), place]
    if git_dir is not None:
        files.append(git_dir / "index")
        folders.append(git_dir)
    if ref is not None:
        folders += [
            above for above in (common_dir / ref).parents if above.is_relative_to(common_dir)
        ]
    for file in files:
        if file.is_file():
            sync(file)
    for folder in dict.fromkeys([*folders, common_dir, common_dir / "reftable"]):
        if folder.is_dir():
            sync_folder(folder)

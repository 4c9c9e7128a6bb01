"""The names of what git has written, synced: git itself syncs the contents of files only."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from runbook.world.files.durable import sync, sync_folder


def sync_names(
    common_dir: Path, ref: str | None, since: float, git_dir: Path | None = None
) -> None:
    """See that a branch, its new objects and the index of `git_dir` outlast a power loss.

    New are the objects in folders that were changed at `since` (seconds since the epoch) or later.
    """
    # Contents before names: a name without its contents is an empty file.
    files = [common_dir / ref] if ref is not None else []
    folders = [*_changed(common_dir / "objects", since)]
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


def _changed(objects: Path, since: float) -> Iterator[Path]:
    with os.scandir(objects) as folders:
        for folder in folders:
            # A whole second less: the clock of a file system may be a little behind.
            if len(folder.name) == 2 and folder.stat().st_mtime >= int(since) - 1:
                yield Path(folder.path)
    yield objects

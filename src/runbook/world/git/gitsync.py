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

    New are the objects in folders that were changed at `since` or later, in seconds since the epoch
    by the clock of the file system.
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


def now(common_dir: Path) -> float:
    """What the file system of a repository has its clock at: the time of what is written from now.

    It may be coarser than ours, and a little behind; compared with itself it is neither.
    """
    folder = common_dir / "runbook"
    folder.mkdir(mode=0o700, exist_ok=True)
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    descriptor = os.open(folder / "clock", flags, 0o600)
    try:
        os.utime(descriptor)
        return os.fstat(descriptor).st_mtime
    finally:
        os.close(descriptor)


def loosely(since: float) -> float:
    """A time of our own clock as one of a file system's that may be a little behind."""
    return int(since) - 1


def _changed(objects: Path, since: float) -> Iterator[Path]:
    with os.scandir(objects) as folders:
        for folder in folders:
            if len(folder.name) == 2 and folder.stat().st_mtime >= since:
                yield Path(folder.path)
    yield objects

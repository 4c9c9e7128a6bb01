"""Objects written into a repository by GitPython's object database, each for good."""

from __future__ import annotations

import os
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from gitdb.fun import write_object
from gitdb.stream import FDCompressedSha1Writer

from runbook.world.files.durable import sync, sync_folder
from runbook.world.git.objects import GitObject

# As git calls its own, so that its `prune` removes what a kill has left.
_TEMPORARY = f"tmp_obj_runbook_{os.getpid()}"


def write_objects(common_dir: Path, objects: Iterable[GitObject]) -> None:
    """Write objects that are not there loose yet; afterwards none of them goes with a power loss.

    A name without its contents would be a damaged object that git does not write again: so they are
    synced first. An object that was there may have been written by a git that does not sync.

    Raises:
        OSError: one can't be written.

    """
    place = common_dir / "objects"
    folders = {place: None}
    for each in objects:
        file = place / each.id[:2] / each.id[2:]
        folders[file.parent] = None
        if file.exists():
            sync(file)
        else:
            file.parent.mkdir(exist_ok=True)
            _write(place / _TEMPORARY, each, file)
    for folder in reversed(folders):
        sync_folder(folder)


def _write(temporary: Path, each: GitObject, file: Path) -> None:
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o444)
    try:
        try:
            # It closes the descriptor that it is given.
            writer = FDCompressedSha1Writer(os.dup(descriptor))
            kind = each.kind.encode("ascii")
            write_object(kind, len(each.data), BytesIO(each.data).read, writer.write)
            writer.close()
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        temporary.rename(file)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise

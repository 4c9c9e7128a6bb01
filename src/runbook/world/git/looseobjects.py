"""Objects written into a repository by GitPython's object database, each for good."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterable
from contextlib import suppress
from io import BytesIO
from pathlib import Path

from runbook.core.edit.trees import object_id
from runbook.world.files.durable import sync, sync_folder
from runbook.world.git.objects import GitObject

# As git calls its own, so that its `prune` removes what a kill has left.
_TEMPORARY = f"tmp_obj_runbook_{os.getpid()}"


def write_objects(common_dir: Path, objects: Iterable[GitObject], lasting: set[str]) -> None:
    """Write objects that are not there loose yet; afterwards none of them goes with a power loss.

    A name without its contents would be a damaged object that git does not write again: so they are
    synced first. An object that was there may have been written by a git that does not sync, unless
    it is among those that `lasting` keeps, which were written here.

    Raises:
        OSError: one can't be written.
    """
    # A dozen for a small task: not by pathlib, which takes as long as the system does.
    place = os.path.join(common_dir, "objects")  # noqa: PTH118
    folders = {place: None}
    new = []
    for each in objects:
        folder = f"{place}/{each.id[:2]}"
        file = f"{folder}/{each.id[2:]}"
        there = os.path.exists(file)  # noqa: PTH110
        if there and each.id in lasting:
            continue
        if there:
            sync(file)
        else:
            with suppress(FileExistsError):
                os.mkdir(folder)  # noqa: PTH102
            _write(f"{place}/{_TEMPORARY}", each, file)
        new.append(each.id)
        folders[folder] = None
    if new:
        for folder in reversed(folders):
            sync_folder(folder)
        lasting.update(new)


def read_loose(common_dir: Path, identifier: str) -> GitObject | None:
    """A small object as its own file has it, by its id (SHA-1); `None` where it has none.

    Raises:
        OSError: it can't be read.
    """
    try:
        kept = (common_dir / "objects" / identifier[:2] / identifier[2:]).read_bytes()
        head, _, data = zlib.decompress(kept).partition(b"\0")
    except (FileNotFoundError, zlib.error):
        return None
    kind = head.partition(b" ")[0].decode("ascii", "replace")
    sound = object_id(kind, data, "sha1") == identifier
    return GitObject(identifier, kind, data) if sound else None


def _write(temporary: str, each: GitObject, file: str) -> None:
    # Loaded while the first check runs, mostly: nobody waits for that.
    from gitdb.fun import write_object
    from gitdb.stream import FDCompressedSha1Writer

    descriptor = _opened(temporary)
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
        os.rename(temporary, file)  # noqa: PTH104
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(temporary)  # noqa: PTH108
        raise


def _opened(temporary: str) -> int:
    """A new file for an object, in the place of one that a killed process of this number left."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    try:
        return os.open(temporary, flags, 0o444)
    except FileExistsError:
        os.unlink(temporary)  # noqa: PTH108
        return os.open(temporary, flags, 0o444)

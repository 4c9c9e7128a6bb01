"""What a command has left in a view, as its upper folder shows."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from runbook.core.handover.steering import is_cache, is_compiled
from runbook.world.files.regular import target_of
from runbook.world.files.workspace import FileState

OPAQUE = "user.overlay.opaque"
"""The attribute by which overlayfs has a folder hide the one that it covers."""


def left_behind(
    upper: Path, layer: Path, files: Mapping[str, FileState | None], own: Collection[str]
) -> Iterator[str]:
    """The paths that are otherwise than the layer has them, or than `files` says of them.

    The folders that are its `own` show nothing of the layer. What tools make anew, such as
    caches, is passed over.

    What was only opened for writing, or looked at, is not among them; what was written is, even
    where it holds the same again.
    """
    yield from _below(upper, layer, "", files, own)
    # What was put there and is gone without a trace: it was not in the layer either.
    for path, state in files.items():
        if state is not None and not os.path.lexists(upper / path):
            yield path


def _below(
    upper: Path,
    layer: Path,
    inside: str,
    files: Mapping[str, FileState | None],
    own: Collection[str],
) -> Iterator[str]:
    for each in sorted(os.scandir(upper / inside), key=lambda each: each.name):
        path = f"{inside}{each.name}"
        if is_compiled(path):
            continue
        now = each.stat(follow_symlinks=False)
        if stat.S_ISDIR(now.st_mode):
            if is_cache(each.name):
                continue
            anew = path not in own and _is_anew(upper / path)
            same = _same_folder(layer, path, now, files)
            if each.name != "__pycache__" and (anew or not same):
                yield path
            else:
                yield from _below(upper, layer, f"{path}/", files, own)
        elif path in files:
            if not _as_put(upper / path, now, files[path]):
                yield path
        elif not _as_covered(upper / path, layer / path, now):
            yield path


def _is_anew(folder: Path) -> bool:
    """Whether a folder was made where one had been removed."""
    with suppress(OSError):
        return os.getxattr(folder, OPAQUE) == b"y"
    return False


def _same_folder(
    layer: Path, path: str, now: os.stat_result, files: Mapping[str, FileState | None]
) -> bool:
    try:
        covered = (layer / path).lstat()
    except OSError:
        return any(name.startswith(f"{path}/") for name in files)
    return stat.S_ISDIR(covered.st_mode) and stat.S_IMODE(covered.st_mode) == stat.S_IMODE(
        now.st_mode
    )


def _as_put(place: Path, now: os.stat_result, state: FileState | None) -> bool:
    if state is None:
        return is_whiteout(now)
    if not stat.S_ISREG(now.st_mode):
        return False
    return place.read_bytes() == state.data and state.mode in (None, stat.S_IMODE(now.st_mode))


def _as_covered(place: Path, there: Path, now: os.stat_result) -> bool:
    """Whether the layer has the same, as when a file was only opened for writing."""
    try:
        covered = there.lstat()
    except OSError:
        return is_whiteout(now)
    if (now.st_mode, now.st_size, now.st_mtime_ns) != (
        covered.st_mode,
        covered.st_size,
        covered.st_mtime_ns,
    ):
        return False
    if stat.S_ISLNK(now.st_mode):
        return target_of(place) == target_of(there)
    return stat.S_ISREG(now.st_mode) and _same_bytes(place, there)


def _same_bytes(one: Path, other: Path) -> bool:
    with one.open("rb") as first, other.open("rb") as second:
        while True:
            chunk = first.read(2**20)
            if chunk != second.read(2**20):
                return False
            if not chunk:
                return True


def is_whiteout(now: os.stat_result) -> bool:
    """Whether a file of an upper folder says that there is none."""
    return stat.S_ISCHR(now.st_mode) and now.st_rdev == 0

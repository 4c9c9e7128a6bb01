"""One step of a branch or of notes, as git makes it in files: compare, log, and swap."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from runbook.core.value import value
from runbook.world.files.durable import sync_folder, write_all
from runbook.world.git.heads import Head, read_head, read_ref

_NONE = "0" * 40


@value
class Step:
    """From where to where a ref goes, and what its log says: of whom, when and why."""

    old: str | None
    new: str
    who: str  # with the time
    why: str


@contextmanager
def locked(path: Path) -> Iterator[int]:
    """Hold git's lock of a file, open to be written; it is gone afterwards unless it was renamed.

    Raises:
        FileExistsError: somebody else holds it.
        OSError: it can't be made.

    """
    lock = path.with_name(f"{path.name}.lock")
    # git removes folders of refs that it has packed.
    lock.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(lock, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
        lock.unlink(missing_ok=True)


def take(path: Path) -> None:
    """Put what stands in a file's lock in its place."""
    path.with_name(f"{path.name}.lock").rename(path)


def advance_head(git_dir: Path, common_dir: Path, ref: str | None, step: Step) -> bool:
    """Let HEAD, on `ref` or detached, go on; `False` where it was not where it should be.

    Raises:
        OSError: files can't be written; nothing was changed but what logs say.

    """
    head = git_dir / "HEAD"
    with ExitStack() as held:
        detached = held.enter_context(locked(head))
        # HEAD's own lock is for its log, as git has it.
        place = head if ref is None else common_dir / ref
        descriptor = detached if ref is None else held.enter_context(locked(place))
        if not _plain(place) or read_head(git_dir, common_dir) != Head(step.old, ref):
            return False
        _swap(place, descriptor, step, [git_dir / "logs" / "HEAD", *_log(common_dir, ref)])
    return True


def advance(common_dir: Path, ref: str, step: Step) -> bool:
    """Let another ref go on, or begin; `False` where it was not where it should be.

    Raises:
        OSError: as for `advance_head`.

    """
    place = common_dir / ref
    with locked(place) as descriptor:
        if not _plain(place) or read_ref(common_dir, ref) != step.old:
            return False
        _swap(place, descriptor, step, _log(common_dir, ref))
    return True


def sync_ref(common_dir: Path, ref: str | None) -> None:
    """See that the name of a ref outlasts a power loss; its contents were synced before."""
    place = common_dir / (ref or "HEAD")
    for folder in place.parents:
        if folder.is_relative_to(common_dir):
            sync_folder(folder)


def _plain(place: Path) -> bool:
    """Whether a ref is not one that stands for another."""
    if place.is_symlink():
        return False
    return not place.exists() or not place.read_bytes().startswith(b"ref:")


def _log(common_dir: Path, ref: str | None) -> list[Path]:
    return [] if ref is None else [common_dir / "logs" / ref]


def _swap(place: Path, descriptor: int, step: Step, logs: list[Path]) -> None:
    write_all(descriptor, f"{step.new}\n".encode())
    os.fsync(descriptor)
    line = f"{step.old or _NONE} {step.new} {step.who}\t{step.why}\n"
    for log in logs:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as file:
            file.write(line.encode("utf-8", "surrogateescape"))
    take(place)

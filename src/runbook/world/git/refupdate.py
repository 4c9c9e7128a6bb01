"""One step of a branch or of notes, as git makes it in files: compare, log, and swap."""

from __future__ import annotations

import os
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from runbook.core.value import value
from runbook.world.files.durable import sync_folder, write_all
from runbook.world.git.gitlocks import PAUSE
from runbook.world.git.heads import Head, read_head, read_ref

_NONE = "0" * 40


@value
class Step:
    """From where to where a ref goes, and what its log says: of whom, when and why."""

    old: str | None
    new: str
    who: str  # with the time
    why: str


class Lock:
    """git's lock of a file: what is written into it becomes the file, or is gone."""

    def __init__(self, path: Path, until: float = 0.0) -> None:
        """Take it, or wait for it `until` then, by the monotonic clock.

        Raises:
            FileExistsError: somebody else holds it.
            OSError: it can't be made.
        """
        self._path, self._lock = path, path.with_name(f"{path.name}.lock")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        while True:
            try:
                self._descriptor = _opened(self._lock, flags)
            except FileExistsError:
                if time.monotonic() >= until:
                    raise
                time.sleep(PAUSE)
            else:
                break
        self._held = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            os.close(self._descriptor)
        finally:
            if self._held:
                self._give_up()

    def _give_up(self) -> None:
        # It would keep git itself out, now and later: a disk that failed once is asked once more.
        try:
            self._lock.unlink(missing_ok=True)
        except OSError:
            self._lock.unlink(missing_ok=True)

    def write(self, content: bytes, mode: int | None = None, changed: int | None = None) -> None:
        """Write the file's new contents, and sync them; the time it `changed` is in seconds."""
        if mode is not None:
            os.fchmod(self._descriptor, mode)
        write_all(self._descriptor, content)
        if changed is not None:
            os.utime(self._descriptor, (changed, changed))
        os.fsync(self._descriptor)

    def take(self) -> None:
        """Put what was written in its place; the lock is free then, and may be somebody else's."""
        self._lock.rename(self._path)
        self._held = False


def advance_head(git_dir: Path, common_dir: Path, ref: str | None, step: Step) -> bool:
    """Let HEAD, on `ref` or detached, go on; `False` where it was not where it should be.

    Raises:
        OSError: files can't be written; nothing was changed but what logs say.
    """
    head = git_dir / "HEAD"
    with ExitStack() as held:
        lock = held.enter_context(Lock(head))
        # HEAD's own lock is for its log then, as git has it.
        place = head if ref is None else common_dir / ref
        if ref is not None:
            lock = held.enter_context(Lock(place))
        if not _plain(place) or read_head(git_dir, common_dir) != Head(step.old, ref):
            return False
        _swap(lock, step, [git_dir / "logs" / "HEAD", *_log(common_dir, ref)])
    return True


def advance(common_dir: Path, ref: str, step: Step) -> bool:
    """Let another ref go on, or begin; `False` where it was not where it should be.

    Raises:
        OSError: as for `advance_head`.
    """
    place = common_dir / ref
    with Lock(place) as lock:
        if not _plain(place) or read_ref(common_dir, ref) != step.old:
            return False
        _swap(lock, step, _log(common_dir, ref))
    return True


def sync_ref(common_dir: Path, ref: str | None) -> None:
    """See that the name of a ref outlasts a power loss; its contents were synced before."""
    folder = common_dir / (ref or "HEAD")
    while folder != common_dir:
        folder = folder.parent
        sync_folder(folder)


def _plain(place: Path) -> bool:
    """Whether a ref is not one that stands for another."""
    if place.is_symlink():
        return False
    return not place.exists() or not place.read_bytes().startswith(b"ref:")


def _log(common_dir: Path, ref: str | None) -> list[Path]:
    return [] if ref is None else [common_dir / "logs" / ref]


def _swap(lock: Lock, step: Step, logs: list[Path]) -> None:
    lock.write(f"{step.new}\n".encode())
    line = f"{step.old or _NONE} {step.new} {step.who}\t{step.why}\n"
    for log in logs:
        descriptor = _opened(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC)
        try:
            write_all(descriptor, line.encode("utf-8", "surrogateescape"))
        finally:
            os.close(descriptor)
    lock.take()


def _opened(path: Path, flags: int) -> int:
    """Open a file of a ref's; git removes the folders of refs that it has packed."""
    try:
        return os.open(path, flags, 0o666)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, flags, 0o666)

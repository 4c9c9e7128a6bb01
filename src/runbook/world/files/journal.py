"""The journal: the events of all runs of one worktree, each written and synced before use.

One JSON object a line, with a sequence number and the SHA-256 of the line before it, so that
damage anywhere but in the torn end of the last line is seen and refused.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from runbook.core.record.events import Event, is_transient
from runbook.core.record.fold import apply, fold
from runbook.core.record.history import Recorded
from runbook.core.record.progress import LeftOpen, Progress
from runbook.core.record.records import to_record
from runbook.core.value import value
from runbook.world.files.durable import make_folder, named, sync_folder, write_all, write_private
from runbook.world.files.journallock import (
    JournalLocked,
    boot_id,
    ended_at,
    lock_of,
    mark_end,
    sign,
    take_lock,
)
from runbook.world.files.journalrecords import FILE, JournalDamaged, Records, refuse_links

_LONGEST = 200
"""Bytes of the name of a file that is kept; most file systems take 255."""
_FOLLOWING = bytes(range(0x80, 0xC0))
"""The bytes of a character in UTF-8 but for its first one."""


@value
class Kept:
    """The lines of a journal, and some of the images by their digests."""

    lines: bytes
    images: dict[str, bytes]


class Journal:
    """The journal of one worktree, locked for one run."""

    def __init__(self, folder: Path, run: str, place: Path | None = None) -> None:
        """Open the journal in `folder`, made if need be; `place` is the worktree that it is of.

        Raises:
            JournalLocked: another run is under way.
            JournalDamaged: a record before the last is not as it was written.
        """
        self.folder = folder
        self.run = run
        self._lock: int | None = None
        self._file: int | None = None
        self.ended: int | None = None
        self._left: tuple[LeftOpen | None, ...] = ()
        refuse_links(folder)
        make_folder(folder)
        try:
            self._lock = take_lock(lock_of(folder))
        except JournalLocked as locked:
            raise JournalLocked(locked.pid, place) from None
        try:
            # From now on it would tell of this run.
            self.ended = ended_at(folder)
            sign(self._lock, lock_of(folder))
            records = Records(folder)
            self.progress: Progress = fold(event for _, event in records)
            self._left = self.progress.left_open
            self._sequence, self._last = records.count, records.last
            self._open(records.length)
        except BaseException:
            self.close()
            raise
        self._boot = boot_id()

    def _open(self, length: int) -> None:
        path = self.folder / FILE
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
        self._file = os.open(path, flags, 0o600)
        if os.fstat(self._file).st_size > length:
            # A torn last line: the run that wrote it died in the middle, and acted on nothing.
            os.ftruncate(self._file, length)
        os.fsync(self._file)
        sync_folder(self.folder)

    def append(self, event: Event) -> Recorded:
        """Write one event and sync it; when this returns it will be found again."""
        recorded = Recorded(self.run, _now(), event)
        record = {
            "seq": self._sequence + 1,
            "prev": self._last,
            "run": recorded.run,
            "pid": os.getpid(),
            "boot": self._boot,
            "time": recorded.time,
            **to_record(event),
        }
        line = json.dumps(record, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"
        assert self._file is not None, "nothing is recorded after a record that failed"
        try:
            write_all(self._file, line)
            os.fsync(self._file)
        except OSError as error:
            # A second record would follow half of this one, or one that is not on the disk.
            os.close(self._file)
            self._file = None
            raise named(error, self.folder / FILE) from None
        self._sequence += 1
        self._last = hashlib.sha256(line).hexdigest()
        apply(self.progress, event)
        return recorded

    def kept(self, digests: Iterable[str]) -> Kept:
        """What the journal holds now, to be made good again after somebody else could write it."""
        assert self._file is not None, "nothing is recorded after a record that failed"
        lines = os.pread(self._file, os.fstat(self._file).st_size, 0)
        images = ((digest, self.load(digest)) for digest in digests)
        return Kept(lines, {digest: image for digest, image in images if image is not None})

    def made_good(self, kept: Kept) -> bool:
        """Write what the journal held where somebody else has changed it; whether anybody has.

        Raises:
            JournalLocked: the lock was taken away, and another run has it by now.
        """
        changed = self._locked_again()
        for digest, image in kept.images.items():
            try:
                there = self.load(digest)
            except JournalDamaged:
                (self.folder / "images" / digest).unlink()
                there = None
            if there is None:
                self.store(image)
                changed = True
        path = self.folder / FILE
        if path.is_symlink() or not path.is_file() or path.read_bytes() != kept.lines:
            make_folder(self.folder)
            temporary = self.folder / f".{FILE}.{os.getpid()}"
            write_private(temporary, kept.lines, anew=True)
            temporary.replace(path)
            if self._file is not None:
                os.close(self._file)
            self._open(len(kept.lines))
            changed = True
        return changed

    def _locked_again(self) -> bool:
        """Take the lock again where its file is another one, or gone; whether it was so."""
        assert self._lock is not None, "it is held until the end"
        path = lock_of(self.folder)
        held = os.fstat(self._lock)
        with suppress(FileNotFoundError):
            if os.path.samestat(held, path.lstat()):
                return False
        make_folder(self.folder)
        lock = take_lock(path)
        os.dup2(lock, self._lock, inheritable=False)
        os.close(lock)
        sign(self._lock, path)
        return True

    def record(self, events: Iterable[Event]) -> Iterator[Recorded]:
        """Pass events on, each only after it was written, with the time that it has there."""
        for event in events:
            yield Recorded(self.run, _now(), event) if is_transient(event) else self.append(event)

    def tell(self, event: Event) -> Recorded:
        """Pass an event on without writing it, for a command that only looks."""
        apply(self.progress, event)
        return Recorded(self.run, _now(), event)

    def store(self, image: bytes) -> str:
        """Keep the bytes of a file and return their digest (SHA-256, hex)."""
        digest = hashlib.sha256(image).hexdigest()
        folder = self.folder / "images"
        path = folder / digest
        if not path.exists():
            make_folder(folder)
            temporary = folder / f".{digest}.{os.getpid()}"
            write_private(temporary, image, anew=True)
            temporary.rename(path)
        # Also where it is there already: who made it may have been killed before this.
        sync_folder(folder)
        return digest

    def load(self, digest: str | None) -> bytes | None:
        """The bytes kept under a digest, or `None` when they were pruned, or there is none.

        Raises:
            JournalDamaged: they are not what was kept.
        """
        return load_image(self.folder, digest)

    def prune(self, kept: Collection[str]) -> None:
        """Forget the bytes of files whose digests are not among `kept`."""
        folder = self.folder / "images"
        if folder.is_dir():
            for image in folder.iterdir():
                if image.name not in kept:
                    image.unlink(missing_ok=True)

    def rescue(self, path: str, data: bytes) -> Path:
        """Keep bytes that are about to be taken out of a file, and return where they are."""
        place = self._rescued(path)
        write_private(place, data)
        sync_folder(place.parent)
        return place

    def rescue_folder(self, folder: Path) -> Path:
        """Put a folder out of the way, with all that is in it, and return where it is.

        Raises:
            OSError: it can't be moved, because it is on another file system for example.
        """
        place = self._rescued(folder.name)
        folder.rename(place)
        sync_folder(place.parent)
        sync_folder(folder.parent)
        return place

    def _rescued(self, path: str) -> Path:
        folder = self.folder / "rescued" / self.run
        make_folder(folder)
        # File systems count bytes; none of a character is cut off from the others.
        end = os.fsencode(path.replace("/", "--"))[-_LONGEST:]
        name = os.fsdecode(end.lstrip(_FOLLOWING) if len(end) == _LONGEST else end)
        number = 1
        place = folder / name
        while place.exists():
            number += 1
            place = folder / f"{name}.{number}"
        return place

    def log(self, step: str, state: str = "") -> Path:
        """Where the output of a step's command goes in this run."""
        folder = self.folder / "logs" / self.run
        make_folder(folder)
        name = step.replace("/", "--") + (f"--at-{state}" if state else "")
        path = folder / f"{name}.log"
        number = 1
        while path.exists():
            number += 1
            path = folder / f"{name}.{number}.log"
        return path

    @property
    def lock(self) -> int | None:
        """The descriptor that holds the lock; whoever else has it open holds the lock, too."""
        return self._lock

    def close(self) -> None:
        """Let go of the file and the lock.

        Where a killed run left something that this one did not settle, being refused, the lock
        says again when that had ended: what was changed since is the user's for the next one, too.
        """
        lock, ended = self._lock, self.ended
        unsettled = any(self._left) and self._left == self.progress.left_open
        if lock is not None and ended is not None and unsettled:
            mark_end(lock, ended)
        for descriptor in (self._file, self._lock):
            if descriptor is not None:
                os.close(descriptor)
        self._file = self._lock = None


def load_image(folder: Path, digest: str | None) -> bytes | None:
    """The bytes that the journal in `folder` keeps under a digest, or `None` if they were pruned.

    So, too, of no digest: that of a file that is not there.

    Raises:
        JournalDamaged: they are not what was kept.
    """
    if digest is None:
        return None
    path = folder / "images" / digest
    try:
        image = path.read_bytes()
    except FileNotFoundError:
        return None
    if hashlib.sha256(image).hexdigest() != digest:
        raise JournalDamaged(f"{path} is not what was kept there")
    return image


def _now() -> float:
    return round(time.time(), 3)

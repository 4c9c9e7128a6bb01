"""The records of a journal, read with or without its lock, and what they amount to."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from runbook.core.record.events import Event
from runbook.core.record.fold import fold
from runbook.core.record.history import Recorded
from runbook.core.record.progress import Progress
from runbook.core.record.records import from_record
from runbook.world.files.journallock import SERIES, lock_of
from runbook.world.files.regular import opened

FILE = "journal.jsonl"
"""The file of the records in the folder of a journal."""

_PARTS = (FILE, "lock", "images", "logs", "rescued", "scratch", "views", SERIES)


class JournalDamaged(Exception):
    """A record in the middle of the journal is not what was written, or a part of it is a link."""


class Records:
    """The records of the journal in a folder, each with its event, read as they are asked for.

    Of what was read, `count` tells how many there were, `last` is the digest of the last line, and
    `length` how many bytes they take: a torn last line, whose run died over it, is none of them.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self.count, self.last, self.length = 0, "", 0

    def __iter__(self) -> Iterator[tuple[dict[str, Any], Event]]:
        """Go through them, once.

        Raises:
            JournalDamaged: one before the last is not as it was written.
        """
        try:
            file = os.fdopen(opened(self._path), "rb")
        except FileNotFoundError:
            return
        with file:
            for line in file:
                record = _record(line)
                if record is None:
                    # What has no end of line yet is the last one, also while somebody adds to it.
                    last = not line.endswith(b"\n") or not file.read(1)
                    if last and not _holds_more(line):
                        return
                    raise self._damaged("is damaged")
                if record.get("prev") != self.last or record.get("seq") != self.count + 1:
                    raise self._damaged("does not follow from the one before it")
                try:
                    event = from_record(record)
                except ValueError as error:
                    raise self._damaged(f"is {error}; was it written by a newer runbook?") from None
                self.count += 1
                self.last = hashlib.sha256(line).hexdigest()
                self.length += len(line)
                yield record, event

    def _damaged(self, how: str) -> JournalDamaged:
        return JournalDamaged(f"{self._path}: record {self.count + 1} {how}")


def _record(line: bytes) -> dict[str, Any] | None:
    """A line's record; `None` where it is none, or not a whole one."""
    try:
        record = json.loads(line) if line.endswith(b"\n") else None
    except ValueError:
        return None
    return record if isinstance(record, dict) else None


def _holds_more(line: bytes) -> bool:
    """Whether a record is followed by something: its end was damaged, and not torn off."""
    text = line.decode("utf-8", "replace")
    try:
        _, end = json.JSONDecoder().raw_decode(text)
    except ValueError:
        return False
    return bool(text[end:].strip())


def length(folder: Path) -> int:
    """The length (bytes) of what is written in a journal by now: it only ever grows."""
    try:
        return (folder / FILE).stat().st_size
    except FileNotFoundError:
        return 0


def read_progress(folder: Path) -> Progress:
    """The progress of a worktree, read without the lock; a torn last line is passed over.

    Raises:
        JournalDamaged: a record before the last is not as it was written.
    """
    refuse_links(folder)
    return fold(event for _, event in Records(folder))


def read_history(folder: Path) -> list[Recorded]:
    """Every event of a worktree's runs, read without the lock, with its run and its time.

    Raises:
        JournalDamaged: a record before the last is not as it was written.
    """
    return [
        Recorded(str(record.get("run", "")), record.get("time"), event)
        for record, event in Records(folder)
    ]


def refuse_links(folder: Path) -> None:
    """Refuse a journal of which a part is a link: what is kept would end up anywhere.

    Raises:
        JournalDamaged: naming it.
    """
    top = lock_of(folder).parent
    above = (top.parent, top, folder.parent, folder)
    for place in (*above, *(folder / name for name in _PARTS)):
        if place.is_symlink():
            raise JournalDamaged(
                f"{place} is a symbolic link, and the journal's files and folders are to be real; "
                "remove the link, or put in its place what it points at"
            )

"""What is left after a power loss, built from what was synced."""

from __future__ import annotations

import os
import random
import re
import shutil
import stat
from dataclasses import dataclass, field
from pathlib import Path

_FAN_OUT = re.compile(rb"[0-9a-f]{2}\Z")
_OBJECT = re.compile(rb"[0-9a-f]{38}(?:[0-9a-f]{24})?\Z")
TYPE_FOLDER = 4  # DT_DIR
TYPE_FILE = 8  # DT_REG


@dataclass(frozen=True)
class Loss:
    """What is lost: all that was not synced, the contents alone, or some of it by a seed."""

    kind: str  # "all", "contents", "some"
    seed: int = 0

    def __str__(self) -> str:
        return f"power loss of {self.kind}" + (f" (seed {self.seed})" if self.seed else "")


@dataclass
class Stock:
    """What a disk holds: entries of folders, and contents of files, by inode."""

    folders: dict[int, dict[bytes, tuple[int, int]]] = field(default_factory=dict)
    files: dict[int, tuple[bytes, int]] = field(default_factory=dict)
    links: dict[int, bytes] = field(default_factory=dict)
    modes: dict[int, int] = field(default_factory=dict)


def take_stock(root: Path) -> Stock:
    """All there is below a folder."""
    stock = Stock()
    _walk(os.fsencode(root), stock)
    return stock


def _walk(folder: bytes, stock: Stock) -> None:
    info = os.stat(folder)  # noqa: PTH116 # bytes
    stock.modes[info.st_ino] = stat.S_IMODE(info.st_mode)
    entries: dict[bytes, tuple[int, int]] = {}
    stock.folders[info.st_ino] = entries
    with os.scandir(folder) as found:
        for entry in found:
            inode = entry.inode()
            if entry.is_symlink():
                stock.links[inode] = os.readlink(entry.path)  # noqa: PTH115
                entries[entry.name] = (inode, 10)
            elif entry.is_dir():
                entries[entry.name] = (inode, TYPE_FOLDER)
                _walk(entry.path, stock)
            elif entry.is_file():
                entries[entry.name] = (inode, TYPE_FILE)
                data = Path(os.fsdecode(entry.path)).read_bytes()
                stock.files[inode] = (data, stat.S_IMODE(entry.stat().st_mode))


def lose(root: Path, before: Stock, store: Path, loss: Loss) -> None:
    """Make a folder what a power loss leaves of it.

    `before` was there for good; since then only what was synced is. A file that was not synced
    since it was made is empty, a folder that was not has no entries.
    """
    now = take_stock(root)
    kept = Stock(dict(before.folders), dict(before.files), dict(before.links), dict(before.modes))
    _add_synced(kept, store)
    choice = random.Random(loss.seed)
    for inode, entries in sorted(now.folders.items()):
        keep = loss.kind == "contents" or (loss.kind == "some" and choice.random() < 0.5)
        if keep and b"HEAD" in entries and b"index" in entries:
            # git writes its index without syncing it, and counts on a file system that does not
            # empty what is renamed over another file.
            index = entries[b"index"][0]
            kept.files[index] = now.files[index]
        if keep:
            kept.folders[inode] = entries
        elif loss.kind == "some":
            kept.folders[inode] = kept.folders.get(inode, {}) | _objects(entries, kept)
    for inode, file in sorted(now.files.items()):
        if loss.kind == "some" and choice.random() < 0.5:
            kept.files[inode] = file
    kept.links |= now.links
    kept.modes = now.modes | kept.modes
    inode = root.stat().st_ino
    rebuilt = root.with_name(f"{root.name}.rebuilt")
    _build(rebuilt, inode, kept, now)
    shutil.rmtree(root)
    rebuilt.rename(root)


def _objects(entries: dict[bytes, tuple[int, int]], kept: Stock) -> dict[bytes, tuple[int, int]]:
    """The names of git's objects that were synced.

    git syncs no folder: it counts on a file system that keeps the name of a new file with its
    contents, as those of Linux do. With all else lost it need not; with its index kept it must.
    """
    return {
        name: (inode, kind)
        for name, (inode, kind) in entries.items()
        if (kind == TYPE_FOLDER and _FAN_OUT.match(name))
        or (inode in kept.files and _OBJECT.match(name))
    }


def _add_synced(kept: Stock, store: Path) -> None:
    log = store / "log"
    if not log.exists():
        return
    entries: dict[bytes, tuple[int, int]] = {}
    for line in log.read_text().splitlines():
        kind, *rest = line.split(" ")
        match kind:
            case "F":
                inode, number, mode = rest
                data = (store / number).read_bytes()
                kept.files[int(inode)] = (data, int(mode, 8))
            case "D":
                entries = {}
                kept.folders[int(rest[0])] = entries
                kept.modes[int(rest[0])] = int(rest[1], 8)
            case "E":
                entries[bytes.fromhex(rest[2])] = (int(rest[0]), int(rest[1]))


def _build(folder: Path, inode: int, kept: Stock, now: Stock) -> None:
    folder.mkdir()
    for name, (each, kind) in kept.folders.get(inode, {}).items():
        path = folder / os.fsdecode(name)
        if kind == TYPE_FOLDER:
            _build(path, each, kept, now)
        elif kind == TYPE_FILE:
            data, mode = kept.files.get(each, (b"", now.files.get(each, (b"", 0o600))[1]))
            path.write_bytes(data)
            path.chmod(mode)
        elif each in kept.links:
            path.symlink_to(os.fsdecode(kept.links[each]))
    folder.chmod(kept.modes.get(inode, 0o755))

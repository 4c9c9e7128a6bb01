"""git's index as bytes: what it becomes when some files are staged (gitformat-index(5)).

Only the plain form is written, version 2 with no extensions but those that are caches. Any other is
left to git.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import accumulate

from runbook.core.edit.trees import folders_of
from runbook.core.value import value

_HEADER = struct.Struct(">4sLL")
_STAT = struct.Struct(">10L")
_CHECKSUM = 20
_FIXED = 62  # bytes of an entry before its name
_FLAGS, _NAME_LENGTH, _STAGE, _MARKED = 60, 0xFFF, 0x3000, 0xC000
_SIZE = slice(36, 40)
_MODE = slice(24, 28)
_MTIME = slice(8, 12)  # its seconds
_CACHES = {b"TREE", b"EOIE", b"IEOT"}
_WORD = 0xFFFFFFFF
_SECOND = 1_000_000_000
LARGEST = 20_000_000
"""Bytes of an index (of some 200,000 files) beyond which it is git's, which needs less memory."""


class Unusual(Exception):
    """An index in a form that only git writes, or with what only git can settle."""


@value
class Stat:
    """What the index keeps of a file, so that it needn't be read; times in nanoseconds."""

    ctime: int
    mtime: int
    device: int
    inode: int
    user: int
    group: int
    size: int


@value
class Known:
    """What the index has of a file, its mode in octal digits; and what tells if it is so still.

    That are the second of its last change, and its size.
    """

    mode: str
    id: str
    mtime: int
    size: int


@value
class Staged:
    """A file as it is to be staged; a `racy` one may have changed since without a later time."""

    mode: str
    id: str
    stat: Stat
    racy: bool = False


@value
class _Parts:
    """An index taken apart: where each entry begins, what is cached of trees, whether it has marks.

    `young` are the files that are not older than it, by the second `since` which that was told.
    """

    places: dict[bytes, int]
    tree: bytes | None
    marked: bool
    since: int | None = None
    young: frozenset[bytes] = frozenset()


_made: list[tuple[bytes, _Parts]] = []
"""The index that was made last: most of the time it is the one that is read next."""


def patched(
    raw: bytes,
    changes: Mapping[bytes, Staged | None],
    before: int,
    now: int,
    same: Callable[[bytes, Known], bool],
) -> bytes:
    """An index with some files staged or (`None`) removed.

    `before` is the time of its file, and `now` that which the new one is to have: whole seconds, as
    most gits compare no others (racy-git.txt). Of a file that is not older than the index, git
    compares the contents. So `same` is asked of those that are older for the new one alone: whether
    they are as they were staged, or it can be seen that they are not.

    Raises:
        Unusual: git is to do it.
    """
    parts = _remembered(raw) or _read(raw)
    places, end = parts.places, _end(parts.places)
    entries = bytearray(raw[:end])
    young = parts.young if parts.since == before else _young(raw, places, before)
    old = {name for name in young if _seconds_of(raw, places[name]) < now}
    for name in sorted(old.difference(changes)):
        at = places[name]
        if not same(name, _known(raw[at : at + _FIXED])):
            # git then compares the contents, at last.
            entries[at + _SIZE.start : at + _SIZE.stop] = bytes(4)
    if any(each and each.racy and each.stat.mtime < now * _SECOND for each in changes.values()):
        raise Unusual("a file may have changed since it was read")
    _refuse_unusual(raw, places, changes)
    folders = {folder for name in changes for folder in folders_of(name)}
    kept = None
    # Of a folder that is gone its cache would have to go as well.
    if parts.tree is not None and None not in changes.values():
        kept = b"".join(_invalidated(parts.tree, folders))
    entries, places = _staged(entries, places, changes)
    still = young if before <= now else _young(bytes(entries), places, now)
    still = (still | changes.keys()) & places.keys()
    still = frozenset(name for name in still if _seconds_of(entries, places[name]) >= now)
    if kept is not None:
        entries += b"TREE" + struct.pack(">L", len(kept)) + kept
    entries += hashlib.sha1(entries, usedforsecurity=False).digest()
    made = bytes(entries)
    _made[:] = [(made, _Parts(places, kept, parts.marked, now, still))]
    return made


def _refuse_unusual(
    raw: bytes, places: dict[bytes, int], changes: Mapping[bytes, Staged | None]
) -> None:
    """Raise Unusual where a change is more than one of a file."""
    if any(name in places and raw[places[name] + _FLAGS] << 8 & _MARKED for name in changes):
        raise Unusual("an entry has marks")
    gone = {name for name, staged in changes.items() if staged is None}
    folders = {folder for name in changes for folder in folders_of(name)}
    as_files = (folders & places.keys()) - gone
    inside = tuple(name + b"/" for name in changes.keys() - gone - places.keys())
    if as_files or (inside and any(name.startswith(inside) for name in places.keys() - gone)):
        raise Unusual("a file takes the place of a folder, or the other way round")


def _staged(
    entries: bytearray, places: dict[bytes, int], changes: Mapping[bytes, Staged | None]
) -> tuple[bytearray, dict[bytes, int]]:
    """An index, as far as its last entry, with changes, and where its entries begin."""
    if all(staged and name in places for name, staged in changes.items()):
        for name, staged in changes.items():
            assert staged is not None
            at = places[name]
            entries[at : at + _padded(len(name))] = _entry(name, staged)
        return entries, places
    each = {name: bytes(entries[at : at + _padded(len(name))]) for name, at in places.items()}
    for name, staged in changes.items():
        each.pop(name, None)
        if staged is not None:
            each[name] = _entry(name, staged)
    names = sorted(each)
    parts = [_HEADER.pack(b"DIRC", 2, len(each)), *map(each.__getitem__, names)]
    ends = accumulate(map(len, parts))
    return bytearray().join(parts), dict(zip(names, ends, strict=False))


def _young(raw: bytes, places: dict[bytes, int], second: int) -> frozenset[bytes]:
    least = struct.pack(">L", second & _WORD)
    first, last = _MTIME.start, _MTIME.stop
    return frozenset(name for name, at in places.items() if raw[at + first : at + last] >= least)


def _seconds_of(raw: bytes | bytearray, at: int) -> int:
    return int.from_bytes(raw[at + _MTIME.start : at + _MTIME.stop], "big")


def _end(places: dict[bytes, int]) -> int:
    if not places:
        return _HEADER.size
    name, at = next(reversed(places.items()))
    return at + _padded(len(name))


def _remembered(raw: bytes) -> _Parts | None:
    return next((parts for made, parts in _made if made == raw), None)


def _read(raw: bytes) -> _Parts:
    if not _HEADER.size + _CHECKSUM <= len(raw) <= LARGEST:
        raise Unusual("too small or too large")
    signature, version, count = _HEADER.unpack_from(raw)
    if signature != b"DIRC" or version != 2 or not _is_sound(raw):
        raise Unusual("another version, or a damaged one")
    places: dict[bytes, int] = {}
    marked = 0
    at = _HEADER.size
    for _ in range(count):
        flags = raw[at + _FLAGS] << 8 | raw[at + _FLAGS + 1]
        length = flags & _NAME_LENGTH
        if length == _NAME_LENGTH:
            length = raw.index(b"\0", at + _FIXED) - at - _FIXED
        if flags & _STAGE:
            raise Unusual("an entry is unmerged")
        marked |= flags & _MARKED
        places[raw[at + _FIXED : at + _FIXED + length]] = at
        at += _padded(length)
    return _Parts(places, _extensions(raw, at).get(b"TREE"), marked != 0)


def _is_sound(raw: bytes) -> bool:
    """Whether the bytes are those of which the sum was taken."""
    content = memoryview(raw)[:-_CHECKSUM]
    return hashlib.sha1(content, usedforsecurity=False).digest() == raw[-_CHECKSUM:]


def _extensions(raw: bytes, at: int) -> dict[bytes, bytes]:
    """What stands behind the entries, which end at a place."""
    found: dict[bytes, bytes] = {}
    while at < len(raw) - _CHECKSUM:
        name, size = raw[at : at + 4], int.from_bytes(raw[at + 4 : at + 8], "big")
        if name not in _CACHES:
            raise Unusual(f"it has the extension {name!r}")
        found[name] = raw[at + 8 : at + 8 + size]
        at += 8 + size
    return found


def became(before: bytes, after: bytes, changes: Mapping[bytes, tuple[str, str] | None]) -> bool:
    """Whether an index is as before, but for files of which mode and id are told (`None`: gone).

    What it keeps of files that needn't be read is left aside; where git alone could tell, it isn't.
    """
    try:
        old = _remembered(before) or _read(before)
        new = _alike(before, old, after, changes) or _read(after)
    except Unusual:
        return False
    _made[:] = [(after, new)]
    # Where all others are alike they need not be looked at one by one.
    others = () if new.places is old.places else old.places.keys() - changes.keys()
    if new.places.keys() - changes.keys() - old.places.keys():
        return False
    if any(_content(before, old, name) != _content(after, new, name) for name in others):
        return False
    return all(_content(after, new, name) == _told(name, told) for name, told in changes.items())


def _alike(before: bytes, old: _Parts, after: bytes, names: Iterable[bytes]) -> _Parts | None:
    """An index taken apart that is as another one but for what is told of some files."""
    end = _end(old.places)
    first, second = bytearray(before[:end]), bytearray(after[:end])
    marked = old.marked
    for name in names:
        at = old.places.get(name)
        if at is not None:
            own = slice(at, at + _padded(len(name)))
            if before[at + _FIXED : own.stop] != after[at + _FIXED : own.stop]:
                return None
            marked = marked or after[at + _FLAGS] << 8 & _MARKED != 0
            first[own] = second[own] = bytes(own.stop - at)
    if first != second or not _is_sound(after):
        return None
    return _Parts(old.places, _extensions(after, end).get(b"TREE"), marked)


def _content(raw: bytes, parts: _Parts, name: bytes) -> bytes | None:
    """The mode, id and flags that an index has of a file."""
    at = parts.places.get(name)
    if at is None:
        return None
    return raw[at + _MODE.start : at + _MODE.stop] + raw[at + _STAT.size : at + _FIXED]


def _told(name: bytes, told: tuple[str, str] | None) -> bytes | None:
    if told is None:
        return None
    mode, identifier = told
    flags = struct.pack(">H", min(len(name), _NAME_LENGTH))
    return struct.pack(">L", int(mode, 8)) + bytes.fromhex(identifier) + flags


def may_have_marks(raw: bytes, id_length: int) -> bool:
    """Whether an index may mark a file, so that git passes over what it holds.

    That is told by a plain one; of others only git knows. `id_length` is that of the ids in it, in
    bytes.
    """
    parts = _remembered(raw)
    if parts is not None:
        return parts.marked
    if len(raw) < _HEADER.size + id_length:
        return True
    signature, version, count = _HEADER.unpack_from(raw)
    if signature != b"DIRC" or version != 2:
        return True
    at = _HEADER.size
    fixed, end = _STAT.size + id_length + 2, len(raw) - id_length
    for _ in range(count):
        if at + fixed > end:
            return True  # it is cut off
        # By bytes: there may be a hundred thousand of them.
        flags = raw[at + fixed - 2] << 8 | raw[at + fixed - 1]
        length = flags & _NAME_LENGTH
        # Its own length is not told of a name as long as that.
        if flags & _MARKED or length == _NAME_LENGTH:
            return True
        at += (fixed + length + 8) & ~7
    while at < end:
        if raw[at : at + 4] == b"link":
            return True  # to another file, which has more entries
        at += 8 + int.from_bytes(raw[at + 4 : at + 8], "big")
    return False


def _known(entry: bytes) -> Known:
    _, _, seconds, _, _, _, mode, _, _, size = _STAT.unpack_from(entry)
    return Known(f"{mode:o}", entry[_STAT.size : _FLAGS].hex(), seconds, size)


def _entry(name: bytes, staged: Staged) -> bytes:
    stat = staged.stat
    told = _STAT.pack(
        *_seconds(stat.ctime), *_seconds(stat.mtime), stat.device & _WORD, stat.inode & _WORD,
        int(staged.mode, 8), stat.user & _WORD, stat.group & _WORD, stat.size & _WORD,
    )  # fmt: skip
    flags = struct.pack(">H", min(len(name), _NAME_LENGTH))
    entry = told + bytes.fromhex(staged.id) + flags + name
    return entry + b"\0" * (_padded(len(name)) - len(entry))


def _seconds(nanoseconds: int) -> tuple[int, int]:
    seconds, rest = divmod(nanoseconds, _SECOND)
    return seconds & _WORD, rest


def _padded(length: int) -> int:
    """The size of an entry with a name of this length: one NUL at least, up to a multiple of 8."""
    return (_FIXED + length + 8) & ~7


def _invalidated(tree: bytes, folders: set[bytes]) -> Iterator[bytes]:
    """The cache of trees without what it says of some folders."""
    at = 0
    # The folder that is being read, and how many are still to come in each of those around it.
    around: list[tuple[bytes, int]] = []
    while at < len(tree):
        end = tree.index(b"\0", at)
        line = tree.index(b"\n", end)
        count, _, below = tree[end + 1 : line].partition(b" ")
        size = 0 if count.startswith(b"-") else 20
        known = tree[line + 1 : line + 1 + size]
        name = tree[at:end]
        folder = around[-1][0] + b"/" + name if around and around[-1][0] else name
        if around:
            around[-1] = (around[-1][0], around[-1][1] - 1)
        if folder in folders:
            count, known = b"-1", b""
        yield name + b"\0" + count + b" " + below + b"\n" + known
        around.append((folder, int(below)))
        while around and not around[-1][1]:
            around.pop()
        at = line + 1 + size

"""git's index as bytes: what it becomes when some files are staged (gitformat-index(5)).

Only the plain form is written, version 2 with no extensions but those that are caches. Any other is
left to git.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Iterator, Mapping

from runbook.core.edit.trees import folders_of
from runbook.core.value import value

_HEADER = struct.Struct(">4sLL")
_STAT = struct.Struct(">10L")
_CHECKSUM = 20
_FIXED = 62  # bytes of an entry before its name
_FLAGS, _NAME_LENGTH, _STAGE, _MARKED = 60, 0xFFF, 0x3000, 0xC000
_SIZE = slice(36, 40)
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
    """An index taken apart: entries and extensions by their names, and whether one has marks."""

    entries: dict[bytes, bytes]
    extensions: dict[bytes, bytes]
    marked: bool


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
    entries, extensions = dict(parts.entries), parts.extensions
    young, old = (struct.pack(">L", second & _WORD) for second in (before, now))
    for name, entry in entries.items():
        if young <= entry[_MTIME] < old and name not in changes and not same(name, _known(entry)):
            # git then compares the contents, at last.
            entries[name] = entry[: _SIZE.start] + b"\0" * 4 + entry[_SIZE.stop :]
    if any(each and each.racy and each.stat.mtime < now * _SECOND for each in changes.values()):
        raise Unusual("a file may have changed since it was read")
    new = {name + b"/" for name, staged in changes.items() if staged and name not in entries}
    for name, staged in changes.items():
        known = entries.pop(name, None)
        if known is not None and _flags(known) & _MARKED:
            raise Unusual("an entry has marks")
        if staged is not None:
            entries[name] = _entry(name, staged)
    folders = {folder for name in changes for folder in folders_of(name)}
    inside = tuple(new)
    if folders & entries.keys() or (new and any(name.startswith(inside) for name in entries)):
        raise Unusual("a file takes the place of a folder, or the other way round")
    tree = extensions.get(b"TREE")
    kept = b""
    # Of a folder that is gone its cache would have to go as well.
    if tree is not None and None not in changes.values():
        told = b"".join(_invalidated(tree, folders))
        kept = b"TREE" + struct.pack(">L", len(told)) + told
    body = b"".join(entries[name] for name in sorted(entries))
    made = _HEADER.pack(b"DIRC", 2, len(entries)) + body + kept
    made += hashlib.sha1(made, usedforsecurity=False).digest()
    _made[:] = [(made, _Parts(entries, {b"TREE": told} if kept else {}, parts.marked))]
    return made


def _remembered(raw: bytes) -> _Parts | None:
    return next((parts for made, parts in _made if made == raw), None)


def _read(raw: bytes) -> _Parts:
    if not _HEADER.size + _CHECKSUM <= len(raw) <= LARGEST:
        raise Unusual("too small or too large")
    signature, version, count = _HEADER.unpack_from(raw)
    content = memoryview(raw)[:-_CHECKSUM]
    sound = hashlib.sha1(content, usedforsecurity=False).digest() == raw[-_CHECKSUM:]
    if signature != b"DIRC" or version != 2 or not sound:
        raise Unusual("another version, or a damaged one")
    entries: dict[bytes, bytes] = {}
    marked = 0
    at = _HEADER.size
    for _ in range(count):
        flags = int.from_bytes(raw[at + _FLAGS : at + _FIXED], "big")
        length = flags & _NAME_LENGTH
        if length == _NAME_LENGTH:
            length = raw.index(b"\0", at + _FIXED) - at - _FIXED
        if flags & _STAGE:
            raise Unusual("an entry is unmerged")
        marked |= flags & _MARKED
        end = at + _padded(length)
        entries[raw[at + _FIXED : at + _FIXED + length]] = raw[at:end]
        at = end
    extensions: dict[bytes, bytes] = {}
    while at < len(content):
        name, size = raw[at : at + 4], int.from_bytes(raw[at + 4 : at + 8], "big")
        if name not in _CACHES:
            raise Unusual(f"it has the extension {name!r}")
        extensions[name] = raw[at + 8 : at + 8 + size]
        at += 8 + size
    return _Parts(entries, extensions, marked != 0)


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


def _flags(entry: bytes) -> int:
    return int.from_bytes(entry[_FLAGS:_FIXED], "big")


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

"""git's trees as values: what a tree becomes when some of its files change."""

from __future__ import annotations

import hashlib
import re
import stat
from collections.abc import Mapping
from functools import cache

from runbook.core.value import value

_FOLDER = "40000"


@value
class Entry:
    """What a tree says of a name: git's mode in octal digits, and the id of a blob or tree."""

    mode: str
    id: str


Tree = Mapping[bytes, Entry]

_KEPT = 64
_kept: dict[tuple[bytes, int], Tree] = {}
"""Trees that were read or made lately, by their bytes: most are read again at the next commit."""


def _keep(raw: bytes, id_length: int, tree: Tree) -> None:
    while len(_kept) >= _KEPT:
        del _kept[next(iter(_kept))]
    _kept[raw, id_length] = tree


def read_tree(raw: bytes, id_length: int) -> Tree:
    """The entries of a tree object; `id_length` is in bytes.

    Their modes are those that git writes: older programs wrote folders as "040000", and git takes
    them for the same.

    Raises:
        ValueError: it is no tree.
    """
    known = _kept.get((raw, id_length))
    if known is not None:
        return known
    listed = _entry(id_length).findall(raw)
    if sum(len(mode) + len(name) + 2 + id_length for mode, name, _ in listed) != len(raw):
        raise ValueError("no tree")
    tree = {name: Entry(_canonical(mode), id.hex()) for mode, name, id in listed}
    _keep(raw, id_length, tree)
    return tree


@cache
def _canonical(mode: bytes) -> str:
    told = int(mode, 8)
    if stat.S_ISREG(told):
        return "100755" if told & stat.S_IXUSR else "100644"
    if stat.S_ISLNK(told):
        return "120000"
    return _FOLDER if stat.S_ISDIR(told) else "160000"


@cache
def _entry(id_length: int) -> re.Pattern[bytes]:
    return re.compile(rb"([0-7]+) ([^\0]+)\0(.{%d})" % id_length, re.DOTALL)


def algorithm_of(known: str) -> str:
    """By which the ids of a repository are made, as one of them tells by its length."""
    return "sha1" if len(known) == 40 else "sha256"


def object_id(kind: str, data: bytes, algorithm: str) -> str:
    """The id that git gives to an object; `algorithm` is "sha1" or "sha256"."""
    digest = hashlib.new(algorithm, f"{kind} {len(data)}\0".encode(), usedforsecurity=False)
    digest.update(data)
    return digest.hexdigest()


def tree_object(entries: Tree) -> bytes:
    """A tree as git keeps it; its entries stay as they are."""
    ordered = sorted(
        entries.items(), key=lambda item: item[0] + (b"/" if item[1].mode == _FOLDER else b"")
    )
    raw = b"".join(
        b"%s %s\0%s" % (entry.mode.encode("ascii"), name, bytes.fromhex(entry.id))
        for name, entry in ordered
    )
    if ordered:
        _keep(raw, len(ordered[0][1].id) // 2, entries)
    return raw


def folders_of(path: bytes) -> list[bytes]:
    """The folders above a path, the outermost first, which is the root and has no name."""
    parts = path.split(b"/")[:-1]
    return [b"/".join(parts[:end]) for end in range(len(parts) + 1)]


def changed_trees(
    trees: Mapping[bytes, Tree], changes: Mapping[bytes, Entry | None], algorithm: str
) -> dict[str, bytes]:
    """The trees there are to be when files are changed, made, or (`None`) deleted; the root last.

    They are by their ids. `trees` are the folders above the changed paths by their own paths, as
    far as they exist.
    """
    known = {folder: dict(tree) for folder, tree in trees.items()}
    touched = {b""}
    for path, entry in changes.items():
        folder, _, name = path.rpartition(b"/")
        touched.update(folders_of(path))
        tree = known.setdefault(folder, {})
        if entry is None:
            tree.pop(name, None)
        else:
            tree[name] = entry
    made: dict[str, bytes] = {}
    for folder in sorted(touched - {b""}, key=lambda folder: -folder.count(b"/")):
        above, _, name = folder.rpartition(b"/")
        tree = known.get(folder, {})
        if tree:
            data = tree_object(tree)
            identifier = object_id("tree", data, algorithm)
            made[identifier] = data
            known.setdefault(above, {})[name] = Entry(_FOLDER, identifier)
        elif (now := known.get(above, {}).get(name)) and now.mode == _FOLDER:
            # git knows no empty folders; there may be a file in its place by now.
            del known[above][name]
    data = tree_object(known.get(b"", {}))
    root = object_id("tree", data, algorithm)
    made.pop(root, None)
    return {**made, root: data}

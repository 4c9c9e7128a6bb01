"""Trees as git would make them: compared with ids that git gave."""

import pytest

from runbook.core.edit.trees import (
    Entry,
    Tree,
    changed_trees,
    folders_of,
    object_id,
    read_tree,
    tree_object,
)

EMPTY_BLOB = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


def tree_id(entries: Tree) -> str:
    return object_id("tree", tree_object(entries), "sha1")


def test_the_empty_tree_has_its_well_known_id() -> None:
    assert tree_id({}) == EMPTY_TREE


def test_a_tree_is_read_back() -> None:
    raw = b"100644 a b\0" + bytes.fromhex(EMPTY_BLOB) + b"40000 dir\0" + bytes.fromhex(EMPTY_TREE)
    assert read_tree(raw, 20) == {
        b"a b": Entry("100644", EMPTY_BLOB),
        b"dir": Entry("40000", EMPTY_TREE),
    }
    with pytest.raises(ValueError, match="no tree"):
        read_tree(b"no tree", 20)


def test_modes_of_older_programs_are_those_that_git_takes_them_for() -> None:
    """git writes them so when it writes the tree anew."""
    modes = {
        "040000": "40000", "40000": "40000", "100664": "100644", "0100644": "100644",
        "100775": "100755", "120777": "120000", "160000": "160000",
    }  # fmt: skip
    raw = b"".join(f"{mode} {mode}".encode() + b"\0" + bytes.fromhex(EMPTY_BLOB) for mode in modes)
    read = read_tree(raw, 20)
    assert {name.decode(): entry.mode for name, entry in read.items()} == modes


def test_folders_above() -> None:
    assert folders_of(b"a/b/c.txt") == [b"", b"a", b"a/b"]
    assert folders_of(b"c.txt") == [b""]


def test_a_folder_that_gets_empty_goes() -> None:
    inner = {b"x": Entry("100644", EMPTY_BLOB)}
    trees = {b"": {b"d": Entry("40000", tree_id(inner))}, b"d": inner}
    assert list(changed_trees(trees, {b"d/x": None}, "sha1")) == [EMPTY_TREE]
    made = changed_trees({}, {b"d/x": Entry("100644", EMPTY_BLOB)}, "sha1")
    assert list(made)[-1] == tree_id(trees[b""])

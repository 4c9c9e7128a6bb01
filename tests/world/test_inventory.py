"""What of a worktree is seen to be changed by the inodes of its files alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from runbook.world.files.inventory import Inventory, differing, inventory


def unread(root: Path) -> Inventory:
    return inventory(root, lambda _name: False, lambda _path: False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "root/a.txt"
    made.parent.mkdir()
    made.write_text("one")
    return made


def linked(root: Path, before: Inventory) -> bool:
    return before["a.txt"].linked_again(unread(root).get("a.txt"))


def test_a_further_hard_link_is_known_as_such(file: Path, tmp_path: Path) -> None:
    before = unread(file.parent)
    assert not linked(file.parent, before)
    os.link(file, tmp_path / "elsewhere")
    assert linked(file.parent, before)
    between = unread(file.parent)
    (tmp_path / "elsewhere").unlink()
    assert linked(file.parent, between)


def test_a_link_hides_no_bytes_that_were_changed_to_deceive(file: Path, tmp_path: Path) -> None:
    before, times = unread(file.parent), (file.stat().st_atime_ns, file.stat().st_mtime_ns)
    file.write_text("two")
    os.utime(file, ns=times)
    os.link(file, tmp_path / "elsewhere")
    assert differing(before, unread(file.parent)) == ["a.txt"]


@pytest.mark.parametrize("change", ["bytes", "bits", "another", "back in time"])
def test_what_else_is_done_is_seen(file: Path, tmp_path: Path, change: str) -> None:
    before, times = unread(file.parent), (file.stat().st_atime_ns, file.stat().st_mtime_ns)
    match change:
        case "bytes":
            file.write_text("two")
        case "bits":
            file.chmod(0o600)
        case "another":
            # Of the same size, with a link more.
            (tmp_path / "other").write_text("two")
            os.link(tmp_path / "other", tmp_path / "again")
            (tmp_path / "other").replace(file)
        case _:
            # Of the time of the inode nobody can set back.
            file.write_text("two")
            os.utime(file, ns=times)
    assert differing(before, unread(file.parent)) == ["a.txt"]
    assert not linked(file.parent, before)


def test_bytes_and_links_together_are_seen(file: Path, tmp_path: Path) -> None:
    before = unread(file.parent)
    os.link(file, tmp_path / "elsewhere")
    file.write_text("two")
    file.chmod(0o755)
    assert not linked(file.parent, before)
    assert differing(before, unread(file.parent)) == ["a.txt"]

"""git's lock of a file, as it is held while a ref or an index is written."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from runbook.world.git.gitlocks import lock_files
from runbook.world.git.refupdate import Lock


def test_what_was_written_takes_the_files_place(tmp_path: Path) -> None:
    (tmp_path / "HEAD").write_text("old")
    with Lock(tmp_path / "HEAD") as lock:
        lock.write(b"new")
        assert (tmp_path / "HEAD").read_text() == "old"
        with pytest.raises(FileExistsError):
            Lock(tmp_path / "HEAD")
        lock.take()
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("HEAD", "new")]


@pytest.mark.parametrize("failures", [0, 1])
def test_a_lock_that_is_given_up_is_gone(
    failures: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlink, left = Path.unlink, [failures]

    def failing(self: Path, missing_ok: bool = False) -> None:
        if left[0]:
            left[0] -= 1
            raise OSError(errno.EIO, "the disk failed once")
        unlink(self, missing_ok)

    monkeypatch.setattr(Path, "unlink", failing)
    with Lock(tmp_path / "HEAD") as lock:
        lock.write(b"new")
    assert not list(tmp_path.iterdir())


def test_the_locks_of_a_commit_are_told_where_its_worktree_is_gone_too(tmp_path: Path) -> None:
    own, common = tmp_path / "worktrees/sea", tmp_path
    (tmp_path / "packed-refs.lock").touch()
    assert lock_files(own, common, "refs/heads/main") == [tmp_path / "packed-refs.lock"]
    own.mkdir(parents=True)
    for name in ("index.lock", "next-index-7.lock", "index", "other.lock"):
        (own / name).touch()
    found = [each.name for each in lock_files(own, common, None)]
    assert found == ["index.lock", "next-index-7.lock", "packed-refs.lock"]

"""Reads and writes of a worktree's files."""

import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from descriptors import opened

from runbook.world.files.workspace import FileState, Unreachable, Workspace

AS_ROOT = pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only for root")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "root/sub").mkdir(parents=True)
    return Workspace(tmp_path / "root", "sub")


def test_a_file_is_replaced_at_once_with_its_mode(workspace: Workspace) -> None:
    file = workspace.folder / "a.txt"
    file.write_bytes(b"one\r\n\xff")
    file.chmod(0o754)
    with file.open("rb") as before:
        workspace.write("a.txt", b"two", 0o754, b"one\r\n\xff")
        assert before.read() == b"one\r\n\xff", "the old file is whole for who reads it"
    assert workspace.read("a.txt") == FileState(b"two", 0o754)
    assert [path.name for path in workspace.folder.iterdir()] == ["a.txt"]


@pytest.mark.parametrize(
    "texts", [("1", "2", "3", "4"), ("1", "22", "3", "4"), ("1", "2", "33", "4")]
)
def test_no_change_of_a_file_has_the_second_of_one_before(
    workspace: Workspace, texts: tuple[str, ...]
) -> None:
    """Or what Python has compiled of one is run for another: it goes by second and size."""
    before: str | None = None
    seen = []
    for text in texts:
        workspace.write("a.py", text.encode(), None, None if before is None else before.encode())
        seen.append(int((workspace.folder / "a.py").stat().st_mtime))
        before = text
    assert seen == sorted(set(seen))


def test_what_python_has_compiled_of_an_edit_is_never_run_for_a_later_one(
    workspace: Workspace,
) -> None:
    file = workspace.folder / "a.py"
    # The file is a second in the future, as an edit of the same second makes it.
    workspace.write("a.py", b"print(1)", None, None)
    workspace.write("a.py", b"print(2)", None, b"print(1)")
    asked = [
        sys.executable,
        "-I",
        "-c",
        f"import sys; sys.path[:0] = [{str(file.parent)!r}]; import a",
    ]
    assert subprocess.run(asked, capture_output=True, check=True).stdout == b"2\n"
    compiled = int(file.stat().st_mtime)
    workspace.write("a.py", b"print(3)", None, b"print(2)")
    while time.time() < compiled:
        time.sleep(0.05)
    workspace.write("a.py", b"print(4)", None, b"print(3)")
    assert subprocess.run(asked, capture_output=True, check=True).stdout == b"4\n"


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="nobody says what is open")
def test_nothing_is_left_open(workspace: Workspace) -> None:
    before = opened()
    workspace.write("x/y/z.txt", b"new", None, None)
    assert workspace.read("x/y/z.txt") is not None
    assert workspace.read("x/none/z.txt") is None
    workspace.remove("x/y/z.txt", b"new")
    assert opened() == before


def test_new_files_get_folders_and_the_users_mode(workspace: Workspace) -> None:
    old = os.umask(0o027)
    try:
        workspace.write("x/y/z.txt", b"new", None, None)
        workspace.write("tool", b"new", 0o755, None)
    finally:
        os.umask(old)
    assert workspace.read("x/y/z.txt") == FileState(b"new", 0o640)
    assert stat.S_IMODE((workspace.folder / "tool").stat().st_mode) == 0o755
    assert workspace.in_repository("x/y/z.txt") == "sub/x/y/z.txt"
    assert workspace.read("no/such") is None
    assert workspace.read("tool/inside") is None


def test_what_someone_else_wrote_meanwhile_is_kept(workspace: Workspace) -> None:
    (workspace.folder / "a.txt").write_text("theirs")
    with pytest.raises(Unreachable, match=r"a\.txt was changed by someone while"):
        workspace.write("a.txt", b"ours", None, b"before")
    with pytest.raises(Unreachable, match=r"a\.txt was changed by someone while"):
        workspace.write("a.txt", b"ours", None, None)
    assert workspace.read("a.txt") == FileState(
        b"theirs", stat.S_IMODE((workspace.folder / "a.txt").stat().st_mode)
    )
    assert [path.name for path in workspace.folder.iterdir()] == ["a.txt"]


def test_links_and_special_files_are_refused(workspace: Workspace, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("secret")
    (workspace.folder / "link").symlink_to(outside / "secret")
    (workspace.folder / "folder").symlink_to(outside)
    (workspace.folder / "hard").hardlink_to(outside / "secret")
    os.mkfifo(workspace.folder / "fifo")
    (workspace.folder / "module/.git").mkdir(parents=True)
    for path, said in (
        ("link", "link is a symbolic link; name the file it points at"),
        ("folder/secret", "folder/secret leads through the symbolic link folder"),
        ("hard", "hard is a hard link: writing it would part it from its others"),
        ("fifo", "fifo is not a regular file"),
        ("module/a.txt", "module/a.txt is inside the submodule module"),
        ("module", "module is not a regular file"),
    ):
        with pytest.raises(Unreachable, match=said):
            workspace.read(path)
    with pytest.raises(Unreachable, match="leads through the symbolic link folder"):
        workspace.write("folder/new", b"x", None, None)
    with pytest.raises(Unreachable, match="is a symbolic link"):
        workspace.write("link", b"x", None, b"secret")
    assert (outside / "secret").read_text() == "secret"
    assert not (outside / "new").exists()


def test_row_40_a_link_put_in_the_place_of_a_folder_after_planning(
    workspace: Workspace, tmp_path: Path
) -> None:
    (workspace.folder / "inner").mkdir()
    (workspace.folder / "inner/a.txt").write_text("one")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/a.txt").write_text("one")
    assert workspace.read("inner/a.txt") is not None
    (workspace.folder / "inner").rename(tmp_path / "moved")
    (workspace.folder / "inner").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Unreachable, match="leads through the symbolic link inner"):
        workspace.write("inner/a.txt", b"two", None, b"one")
    assert (tmp_path / "elsewhere/a.txt").read_text() == "one"


@AS_ROOT
def test_what_is_read_only_is_found_out_before(workspace: Workspace) -> None:
    (workspace.folder / "a.txt").write_text("one")
    (workspace.folder / "a.txt").chmod(0o444)
    with pytest.raises(Unreachable, match=r"a\.txt is read-only"):
        workspace.check_writable("a.txt")
    (workspace.folder / "closed").mkdir(mode=0o555)
    with pytest.raises(Unreachable, match=r"closed/new/b.txt is in a read-only folder"):
        workspace.check_writable("closed/new/b.txt")


def test_a_file_in_the_place_of_a_folder_is_found_out_before(workspace: Workspace) -> None:
    (workspace.folder / "file").write_text("one")
    with pytest.raises(Unreachable, match="file is no folder; to make it one, delete it"):
        workspace.check_writable("file/new/b.txt")


def test_a_full_or_closed_folder_leaves_the_original(workspace: Workspace) -> None:
    (workspace.folder / "file").write_text("one")
    with pytest.raises(Unreachable, match=r"file/b\.txt can't be written"):
        workspace.write("file/b.txt", b"two", None, None)
    assert (workspace.folder / "file").read_text() == "one"


def test_the_longest_names_can_be_written(workspace: Workspace) -> None:
    for name in ("n" * 255, "\u00e4" * 127):
        workspace.write(name, b"new", None, None)
        assert workspace.read(name) is not None


def test_a_killed_removal_of_empty_folders_is_brought_to_its_end(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, None)
    (tmp_path / "pkg" / "kept").mkdir(parents=True)
    (tmp_path / "gone").mkdir()
    workspace.remove_empty_above("gone/deep/deeper/file.py")
    workspace.remove_empty_above("pkg/deep/file.py")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pkg"]
    assert (tmp_path / "pkg" / "kept").is_dir()


@pytest.mark.skipif(sys.platform != "linux", reason="there is no /proc")
def test_a_link_is_synced_by_its_folder(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    (workspace.folder / "link").symlink_to("nowhere")
    synced: list[Path] = []
    real = os.fsync

    def noted(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        real(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    workspace.sync(["link"])
    assert synced == [workspace.folder.resolve()]

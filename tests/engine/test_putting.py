"""Files put as planned, on real files: each state that a killed run or a person may have left."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from runbook.core.record.stepevents import FileImage
from runbook.engine.ground.putting import (
    Change,
    Held,
    as_git_has,
    back_to,
    digest_of,
    foreign,
    held,
    holds,
    plan,
    put_back,
    write,
)
from runbook.world.files.durable import temporary_name
from runbook.world.files.journal import Journal
from runbook.world.files.workspace import ChangedMeanwhile, FileState, Unreachable, Workspace

OLD = FileState(b"old\r\n\xff", 0o644)
NEW = FileState(b"new\n", 0o644)


@dataclass
class Place:
    """A folder of files, and a journal."""

    workspace: Workspace
    journal: Journal

    def put(self, path: str, state: FileState | None) -> None:
        file = self.workspace.folder / path
        if state is None:
            file.unlink(missing_ok=True)
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(state.data)
        file.chmod(state.mode or 0o644)

    def plan(self, path: str, before: FileState | None, after: FileState | None) -> Change:
        return plan(self.journal, path, before, after)

    def write(self, *changes: Change) -> None:
        write(self.workspace, self.journal, changes)

    def put_back(self, *changes: Change) -> tuple[tuple[str, ...], list[bytes]]:
        """The paths, and all that was rescued."""
        done = put_back(self.workspace, self.journal, changes)
        kept = sorted(Path(done.rescued).iterdir()) if done.rescued else []
        return done.paths, [each.read_bytes() for each in kept]

    def read(self, path: str) -> FileState | None:
        return self.workspace.read(path)

    @property
    def names(self) -> list[str]:
        folder = self.workspace.folder
        return sorted(str(each.relative_to(folder)) for each in folder.rglob("*"))


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    (tmp_path / "root").mkdir()
    journal = Journal(tmp_path / "journal", "run")
    yield Place(Workspace(tmp_path / "root", None), journal)
    journal.close()


KINDS = {
    "changed": (OLD, NEW),
    "created": (None, NEW),
    "created with bits": (None, FileState(b"new\n", 0o755)),
    "deleted": (OLD, None),
    "given other bits": (OLD, FileState(OLD.data, 0o755)),
    "changed and given other bits": (OLD, FileState(b"new\n", 0o755)),
    "changed to nothing": (OLD, FileState(b"", 0o644)),
    "created empty": (None, FileState(b"", 0o644)),
}


@pytest.fixture(params=list(KINDS))
def kind(request: pytest.FixtureRequest) -> tuple[FileState | None, FileState | None]:
    return KINDS[request.param]


Both = tuple[FileState | None, FileState | None]


class TestWriting:
    def test_a_file_as_before(self, place: Place, kind: Both) -> None:
        before, after = kind
        place.put("a/b.txt", before)
        place.write(place.plan("a/b.txt", before, after))
        assert place.read("a/b.txt") == after
        assert place.names == ([] if after is None else ["a", "a/b.txt"])

    def test_a_file_as_after_is_left(self, place: Place, kind: Both) -> None:
        before, after = kind
        place.put("b.txt", after)
        was = (place.workspace.folder / "b.txt").stat() if after is not None else None
        place.write(place.plan("b.txt", before, after))
        assert place.read("b.txt") == after
        if was is not None:
            now = (place.workspace.folder / "b.txt").stat()
            assert (now.st_ino, now.st_mtime_ns) == (was.st_ino, was.st_mtime_ns)

    def test_a_file_of_somebodys_is_refused_before_anything_is_written(
        self, place: Place, kind: Both
    ) -> None:
        theirs = FileState(b"theirs\n", 0o600)
        place.put("b.txt", theirs)
        place.put("z.txt", OLD)
        changes = place.plan("z.txt", OLD, NEW), place.plan("b.txt", *kind)
        assert foreign(place.workspace, changes) == ("b.txt",)
        with pytest.raises(ChangedMeanwhile, match=r"b\.txt was changed by someone"):
            place.write(*changes)
        assert (place.read("b.txt"), place.read("z.txt")) == (theirs, OLD)

    def test_a_file_that_somebody_deleted_is_refused(self, place: Place) -> None:
        with pytest.raises(ChangedMeanwhile):
            place.write(place.plan("b.txt", OLD, NEW))
        assert place.names == []

    def test_bits_that_the_change_leaves_alone_stay_as_somebody_set_them(
        self, place: Place
    ) -> None:
        place.put("b.txt", FileState(OLD.data, 0o750))
        place.put("c.txt", FileState(NEW.data, 0o750))
        place.write(place.plan("b.txt", OLD, NEW), place.plan("c.txt", OLD, NEW))
        assert place.read("b.txt") == place.read("c.txt") == FileState(NEW.data, 0o750)

    def test_a_move_has_one_end_at_any_time(self, place: Place) -> None:
        place.put("from.txt", OLD)
        (place.workspace.folder / "folder").write_text("in the way")
        changes = place.plan("from.txt", OLD, None), place.plan("folder/to.txt", None, OLD)
        with pytest.raises(Unreachable):
            place.write(*changes)
        assert place.read("from.txt") == OLD
        (place.workspace.folder / "folder").unlink()
        place.write(*changes)
        assert place.names == ["folder", "folder/to.txt"]

    @pytest.mark.parametrize("ends", [("to.txt",), ("from.txt", "to.txt"), ("from.txt",)])
    def test_a_move_is_finished_from_where_it_stopped(
        self, place: Place, ends: tuple[str, ...]
    ) -> None:
        for end in ends:
            place.put(end, OLD)
        place.write(place.plan("from.txt", OLD, None), place.plan("to.txt", None, OLD))
        assert place.names == ["to.txt"]

    def test_folders_that_a_killed_deletion_left_empty_go(self, place: Place) -> None:
        (place.workspace.folder / "a/b").mkdir(parents=True)
        place.write(place.plan("a/b/c.txt", OLD, None))
        assert place.names == []

    def test_a_torn_write_is_nobodys(self, place: Place) -> None:
        place.put("b.txt", OLD)
        # As a kill in the middle of a write leaves it.
        place.put(temporary_name("b.txt"), FileState(NEW.data[:2], 0o600))
        change = place.plan("b.txt", OLD, NEW)
        place.workspace.tidy([change.path])
        assert place.names == ["b.txt"]
        place.put(temporary_name("b.txt"), FileState(NEW.data[:2], 0o600))
        place.write(change)
        assert place.names == ["b.txt"], "one of our own number goes in any case"
        assert place.read("b.txt") == NEW

    @pytest.mark.parametrize("put", [Place.write, Place.put_back])
    def test_a_link_is_never_followed(self, place: Place, tmp_path: Path, put: object) -> None:
        (tmp_path / "secret").write_bytes(OLD.data)
        (place.workspace.folder / "b.txt").symlink_to(tmp_path / "secret")
        (place.workspace.folder / "deep").symlink_to(tmp_path)
        for path in ("b.txt", "deep/secret"):
            with pytest.raises(Unreachable, match="symbolic link"):
                put(place, place.plan(path, OLD, NEW))  # type: ignore[operator]
        assert (tmp_path / "secret").read_bytes() == OLD.data
        assert (place.workspace.folder / "b.txt").is_symlink()

    def test_an_image_that_is_gone_is_told(self, place: Place) -> None:
        place.put("b.txt", OLD)
        change = place.plan("b.txt", OLD, NEW)
        place.journal.prune(())
        with pytest.raises(Unreachable, match=r"its image is gone .* `git checkout HEAD -- b.txt`"):
            place.write(change)
        assert place.read("b.txt") == OLD


class TestPuttingBack:
    def test_what_was_made_is_taken_back(self, place: Place, kind: Both) -> None:
        before, after = kind
        place.put("b.txt", after)
        paths, rescued = place.put_back(place.plan("b.txt", before, after).back)
        assert (paths, place.read("b.txt")) == (("b.txt",), before)
        same = before is not None and after is not None and before.data == after.data
        assert rescued == ([] if after is None or same else [after.data])

    def test_what_is_as_it_was_is_left(self, place: Place, kind: Both) -> None:
        before, after = kind
        place.put("b.txt", before)
        assert place.put_back(place.plan("b.txt", before, after).back) == ((), [])
        assert place.read("b.txt") == before

    def test_what_is_somebodys_is_kept_first(self, place: Place, kind: Both) -> None:
        before, _ = kind
        place.put("b.txt", FileState(b"theirs\n", 0o640))
        change = back_to(place.workspace, "b.txt", place.plan("b.txt", before, None).before)
        assert place.put_back(change) == (("b.txt",), [b"theirs\n"])
        assert place.read("b.txt") == before

    def test_what_comes_between_plan_and_deed_is_kept_too(self, place: Place) -> None:
        place.put("b.txt", NEW)
        change = place.plan("b.txt", OLD, NEW).back
        place.put("b.txt", FileState(b"theirs\n", 0o644))
        assert place.put_back(change) == (("b.txt",), [b"theirs\n"])
        assert place.read("b.txt") == OLD

    def test_what_was_deleted_comes_back_with_its_bits(self, place: Place) -> None:
        was = FileState(OLD.data, 0o640)
        change = back_to(place.workspace, "a/b.txt", place.plan("a/b.txt", was, None).before)
        assert place.put_back(change) == (("a/b.txt",), [])
        assert place.read("a/b.txt") == was

    def test_folders_stay_where_they_are_not_known_to_be_ours(self, place: Place) -> None:
        place.put("a/b.txt", NEW)
        change = back_to(place.workspace, "a/b.txt", None)
        put_back(place.workspace, place.journal, [change], folders=False)
        assert place.names == ["a"]
        put_back(place.workspace, place.journal, [change], folders=False)
        assert place.names == ["a"]
        put_back(place.workspace, place.journal, [change])
        assert place.names == []

    def test_a_move_is_taken_back_and_has_one_end_at_any_time(self, place: Place) -> None:
        place.put("to.txt", OLD)
        move = place.plan("from.txt", OLD, None), place.plan("to.txt", None, OLD)
        (place.workspace.folder / "from.txt").mkdir()
        with pytest.raises(Unreachable):
            place.put_back(*(change.back for change in reversed(move)))
        assert place.read("to.txt") == OLD
        (place.workspace.folder / "from.txt").rmdir()
        place.put_back(*(change.back for change in reversed(move)))
        assert place.names == ["from.txt"]


class TestRecords:
    def test_a_change_is_read_as_it_was_recorded(self, place: Place, kind: Both) -> None:
        change = place.plan("b.txt", *kind)
        assert Change.recorded(change.image("3-4")) == change
        assert change.image("3-4").lines == "3-4"
        assert change.back.back == change

    def test_records_without_the_bits_that_were_there_leave_them(self, place: Place) -> None:
        old, new = (place.journal.store(state.data) for state in (OLD, NEW))
        change = Change.recorded(FileImage("b.txt", old, new, 0o755))
        place.put("b.txt", FileState(OLD.data, 0o640))
        place.write(change)
        assert place.read("b.txt") == FileState(NEW.data, 0o640)

    def test_what_a_command_found_is_in_early_records_under_the_new_bits(self) -> None:
        assert Change.recorded(FileImage("b.txt", "digest", None, 0o750)).before == Held(
            "digest", 0o750
        )


def test_whether_a_file_is_as_it_was(place: Place) -> None:
    place.put("b.txt", OLD)
    now = place.read("b.txt")
    assert holds(now, held(OLD))
    assert holds(now, Held(digest_of(OLD) or "", 0o755)), "bits are no bytes"
    assert not holds(now, held(NEW))
    assert not holds(now, None)
    assert not holds(None, held(OLD))
    assert holds(None, None)
    assert not holds(FileState(b"", 0o644), None), "an empty file is not an absent one"


@pytest.mark.parametrize(
    ("mode", "executable", "then"),
    [
        (0o640, False, 0o640),
        (0o640, True, 0o750),
        (0o755, False, 0o644),
        (0o700, True, 0o700),
        (None, True, 0o755),
        (None, False, None),
    ],
)
def test_git_knows_one_of_the_bits(mode: int | None, executable: bool, then: int | None) -> None:
    assert as_git_has(mode, executable=executable) == then


def test_a_new_file_without_bits_gets_the_users(place: Place) -> None:
    place.write(place.plan("b.txt", None, FileState(b"new\n", None)))
    (place.workspace.folder / "users.txt").touch()
    modes = {stat.S_IMODE(each.stat().st_mode) for each in place.workspace.folder.iterdir()}
    assert len(modes) == 1

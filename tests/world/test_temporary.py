"""Folders for a moment: gone at their end, and those of the killed with the next one."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from scenario import SOURCES

from runbook.world.files.temporary import temporary_folder, temporary_place

HOLDING = """
import sys, time
sys.path.insert(0, sys.argv[1])
from runbook.world.files.temporary import temporary_folder
with temporary_folder("some-") as folder:
    (folder / "file").write_text("")
    print(folder.name, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def test_it_is_gone_at_the_end(place: Path) -> None:
    with temporary_folder("some-") as one, temporary_folder("some-") as two:
        assert {one, two} == set(place.iterdir())
    assert not list(place.iterdir())


def test_that_of_a_killed_process_goes_with_the_next_one(place: Path) -> None:
    holding = subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(SOURCES)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(place)},
    )
    with holding:
        assert holding.stdout is not None
        held = place / holding.stdout.readline().strip()
        (place / "some-file").write_text("mine\n")
        (place / "some-link").symlink_to(held)
        with temporary_folder("some-"):
            assert (held / "file").exists(), "its maker is alive"
        holding.send_signal(signal.SIGKILL)
    with temporary_folder("some-"):
        assert not held.exists()
    assert {path.name for path in place.iterdir()} == {"some-file", "some-link"}


@pytest.mark.parametrize("name", ["not-there", "a-file", ""])
def test_where_tmpdir_is_no_folder_the_usual_one_is_used(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a-file").touch()
    monkeypatch.setenv("TMPDIR", str(tmp_path / name) if name else "")
    assert temporary_place() == Path("/tmp").resolve()


def test_a_folder_is_had_where_tmpdir_names_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", "/proc/nothing-of-this-name")
    with temporary_folder("some-") as folder:
        assert folder.is_dir()

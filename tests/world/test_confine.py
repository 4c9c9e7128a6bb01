"""What holds a command: its own folders, and nothing else; and whether it holds is tried out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from runbook.world.processes import confine
from runbook.world.processes.confinement import launcher


def called(*arguments: object) -> subprocess.CompletedProcess[str]:
    start = [sys.executable, "-I", "-S", str(confine.__file__)]
    return subprocess.run(
        [*start, *map(str, arguments)], capture_output=True, text=True, check=False
    )


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    held = called("--try", outside, inside, "--")
    if held.returncode:
        pytest.skip(held.stdout)
    return inside, outside


def test_what_lets_a_file_be_made_does_not_hold(folders: tuple[Path, Path]) -> None:
    inside, _ = folders
    tried = called("--try", inside, inside, "--")
    assert tried.returncode == confine.UNCONFINED
    assert tried.stdout == "Landlock let a file be made that it should not"
    assert not list(inside.iterdir())


@pytest.mark.parametrize(
    ("root", "extra", "folder"),
    [("/dev/shm/project", (), "/dev/shm"), ("/home/a/project", ("/home/a",), "/home/a")],
)
def test_a_repository_where_everything_may_be_written(
    root: str, extra: tuple[str, ...], folder: str
) -> None:
    started, why = launcher("required", (), extra, Path(root))
    assert started is None
    assert why == f"the repository is in {folder}, where everything may be written"


def test_a_command_writes_in_its_folders_only(folders: tuple[Path, Path]) -> None:
    inside, outside = folders
    script = f"touch {inside}/made; touch {outside}/made; exit 7"
    ran = called(inside, "--", "sh", "-c", script)
    assert ran.returncode == 7, ran.stderr
    assert [file.name for file in inside.iterdir()] == ["made"]
    assert not list(outside.iterdir())

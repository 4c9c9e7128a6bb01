"""Worktrees that git was killed over: removed as far as they are git's alone."""

import os
from pathlib import Path

import pytest
from scenario import Scenario

from runbook.world.git.halfmade import (
    is_begun,
    is_remnant,
    locked,
    others,
    records,
    remove_half_made,
    remove_with_record,
)


@pytest.fixture
def place(scenario: Scenario) -> tuple[Scenario, Path, Path]:
    scenario.write("a.txt", "a\n")
    scenario.begin()
    scenario.git("worktree", "add", "-q", str(scenario.folder / "mine"))
    return scenario, scenario.root / ".git", scenario.folder / "x"


def test_killed_before_the_record_says_where(place: tuple[Scenario, Path, Path]) -> None:
    _, common, folder = place
    record = common / "worktrees/x"
    record.mkdir()
    (record / "locked").write_text("initializing\n")
    (record / "gitdir").write_text(f"{folder}/."[:-4])
    folder.mkdir()
    (folder / ".git").write_text("gitdir: /hal")
    remove_half_made(common, folder, ["mine"])
    assert records(common) == ["mine"]
    assert not folder.exists()


def test_killed_while_it_was_checked_out(place: tuple[Scenario, Path, Path]) -> None:
    scenario, common, folder = place
    scenario.git("worktree", "add", "-q", str(folder))
    # Whole, it may hold work of somebody's.
    (folder / "work.txt").write_text("mine\n")
    remove_half_made(common, folder, ["mine"])
    assert (folder / "work.txt").exists()
    assert not is_begun(common, folder)
    (common / "worktrees/x/locked").write_text("initializing\n")
    assert is_begun(common, folder)
    remove_half_made(common, folder, ["mine"])
    assert records(common) == ["mine"]
    assert not folder.exists()


def test_a_record_that_says_relatively_where(place: tuple[Scenario, Path, Path]) -> None:
    """As git 2.48 and later write it where `worktree.useRelativePaths` is set."""
    scenario, common, folder = place
    scenario.git("worktree", "add", "-q", str(folder))
    record = common / "worktrees/x"
    where = os.path.relpath(folder / ".git", record)
    (record / "gitdir").write_text(f"{where}\n")
    (record / "locked").write_text("for a reason\n")
    assert others(common, folder) == ("mine",)
    assert locked(common, folder) == "for a reason"
    (record / "locked").write_text("initializing\n")
    assert is_begun(common, folder)
    assert remove_with_record(common, folder, ["mine"])
    assert records(common) == ["mine"]
    record.mkdir()
    (record / "gitdir").write_text(where[:-3])
    remove_half_made(common, folder, ["mine"])
    assert records(common) == ["mine"]


def test_nothing_of_anybody_elses_goes(place: tuple[Scenario, Path, Path]) -> None:
    scenario, common, folder = place
    (common / "worktrees/mine/gitdir").unlink()
    folder.mkdir()
    (folder / "work.txt").write_text("mine\n")
    remove_half_made(common, folder, ["mine"])
    assert records(common) == ["mine"]
    assert (folder / "work.txt").exists()
    assert (scenario.folder / "mine/a.txt").exists()


def test_a_remnant_has_nothing_but_tracked_files(tmp_path: Path) -> None:
    folder = tmp_path / "x"
    assert not is_remnant(folder, {"a.txt"})
    (folder / "pkg").mkdir(parents=True)
    (folder / ".git").write_text("")
    (folder / "a.txt").write_text("")
    assert is_remnant(folder, {"a.txt", "b.txt"})
    (folder / "pkg/.git").write_text("mine\n")
    assert not is_remnant(folder, {"a.txt", "b.txt"})
    (folder / "pkg/.git").unlink()
    (folder / "elsewhere").symlink_to(tmp_path, target_is_directory=True)
    assert not is_remnant(folder, {"a.txt", "b.txt"})
    assert is_remnant(folder, {"a.txt", "b.txt", "elsewhere"})
    (tmp_path / "link").symlink_to(folder, target_is_directory=True)
    assert not is_remnant(tmp_path / "link", {"a.txt", "b.txt", "elsewhere"})

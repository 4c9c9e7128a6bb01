"""Worktrees that git was killed over: removed as far as they are git's alone."""

from pathlib import Path

import pytest
from scenario import Scenario

from runbook.world.halfmade import records, remove_half_made


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
    (common / "worktrees/x/locked").write_text("initializing\n")
    remove_half_made(common, folder, ["mine"])
    assert records(common) == ["mine"]
    assert not folder.exists()


def test_nothing_of_anybody_elses_goes(place: tuple[Scenario, Path, Path]) -> None:
    scenario, common, folder = place
    (common / "worktrees/mine/gitdir").unlink()
    folder.mkdir()
    (folder / "work.txt").write_text("mine\n")
    remove_half_made(common, folder, ["mine"])
    assert records(common) == ["mine"]
    assert (folder / "work.txt").exists()
    assert (scenario.folder / "mine/a.txt").exists()

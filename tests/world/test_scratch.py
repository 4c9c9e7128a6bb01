"""Scratch worktrees: made once a commit, and gone afterwards, whatever happened."""

from pathlib import Path

import pytest
from scenario import Scenario

from runbook.world.git.gitfailed import GitFailed
from runbook.world.git.repository import Repository
from runbook.world.git.scratch import Scratches


@pytest.fixture
def places(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> tuple[Scenario, Repository]:
    for name, value in scenario.env.items():
        monkeypatch.setenv(name, value)

    scenario.write("a.txt", "one\n")
    scenario.begin()
    return scenario, Repository(scenario.root)


def left(scenario: Scenario) -> tuple[list[Path], int]:
    listed = scenario.git("worktree", "list", "--porcelain")
    return list((scenario.folder / "tmp").iterdir()), listed.count("worktree ")


def test_one_for_each_commit(places: tuple[Scenario, Repository]) -> None:
    scenario, repository = places
    scenario.hook("post-checkout", "touch hooked; exit 1")
    first = scenario.git("rev-parse", "HEAD")
    scenario.write("a.txt", "two\n")
    scenario.git("commit", "-q", "-am", "Two")
    second = scenario.git("rev-parse", "HEAD")
    scratches = Scratches(repository, scenario.folder)
    root = scratches.at(first)
    assert root == scratches.at(first)
    assert root.name == scenario.root.name
    assert (root / "a.txt").read_text() == "one\n"
    assert not (root / "hooked").exists()
    assert (scratches.at(second) / "a.txt").read_text() == "two\n"
    # What commands leave there goes with it.
    (root / "made").touch()
    (root / "a.txt").write_text("changed\n")
    assert left(scenario)[1] == 3
    scratches.close()
    scratches.close()
    assert left(scenario) == ([], 1)


def test_those_of_a_killed_run(places: tuple[Scenario, Repository]) -> None:
    scenario, repository = places
    head = scenario.git("rev-parse", "HEAD")
    Scratches(repository, scenario.folder).at(head)
    away = scenario.folder / "away"
    scenario.git("worktree", "add", "-q", "--detach", str(away))
    away.rename(scenario.folder / "moved")
    Scratches(repository, scenario.folder).close()
    # The user's own, on a disk that is away, is still known.
    assert left(scenario) == ([], 2)


def test_a_list_that_was_tampered_with(places: tuple[Scenario, Repository]) -> None:
    scenario, repository = places
    mine = scenario.folder / "mine"
    mine.mkdir()
    (scenario.folder / "scratch").write_text(f"{mine}\n\n/\nrunbook-scratch-none\n")
    Scratches(repository, scenario.folder).close()
    assert mine.exists()


def test_a_commit_that_is_not_there(places: tuple[Scenario, Repository]) -> None:
    scenario, repository = places
    scratches = Scratches(repository, scenario.folder)
    with pytest.raises(GitFailed):
        scratches.at("0" * 40)
    scratches.close()
    assert left(scenario) == ([], 1)

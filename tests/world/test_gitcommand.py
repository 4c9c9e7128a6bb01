"""Commands of git as plain processes."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from descriptors import opened
from scenario import Scenario

from runbook.world.git.gitcommand import ask, git
from runbook.world.git.gitfailed import GitFailed, GitKilled

pytestmark = pytest.mark.usefixtures("in_its_environment")
MUCH = b"a line of some length\n" * 100_000  # more than pipes hold


@pytest.fixture
def root(scenario: Scenario) -> Path:
    scenario.write("a.txt", "a\n")
    scenario.begin()
    return scenario.root


def alias(root: Path, script: str) -> None:
    git(root, "config", "alias.made", f"!{script}")


def test_much_goes_in_and_comes_out_at_once(root: Path) -> None:
    blob = git(root, "hash-object", "-w", "--stdin", stdin=MUCH).decode().strip()
    assert git(root, "cat-file", "blob", blob) == MUCH
    alias(root, "tee /dev/stderr")
    assert ask(root, "made", stdin=MUCH) == (0, MUCH, MUCH)


def test_what_goes_in_need_not_be_read(root: Path) -> None:
    assert ask(root, "rev-parse", "--is-inside-work-tree", stdin=MUCH) == (0, b"true\n", b"")


def test_its_words_are_those_of_its_failure(root: Path) -> None:
    with pytest.raises(GitFailed, match="Needed a single revision"):
        git(root, "rev-parse", "--verify", "nothing")


def test_one_that_takes_too_long_is_ended(root: Path) -> None:
    alias(root, "exec sleep 5")
    began = time.monotonic()
    with pytest.raises(GitFailed, match=r"^git made took longer than 0\.2 s$"):
        ask(root, "made", seconds=0.2)
    assert time.monotonic() - began < 4


def test_one_that_is_killed_gives_no_answer(root: Path) -> None:
    alias(root, "kill -9 $PPID")
    with pytest.raises(GitKilled, match="SIGKILL"):
        ask(root, "made")


def test_a_folder_or_a_git_may_be_gone(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(GitFailed, match=r"^the folder .*/gone is gone$"):
        ask(root / "gone", "status")
    monkeypatch.setenv("PATH", str(root))
    with pytest.raises(GitFailed, match=r"^there is no git on PATH$"):
        ask(root, "status")


def test_no_descriptor_stays_open(root: Path) -> None:
    before = opened()
    ask(root, "status")
    alias(root, "exec sleep 5")
    with pytest.raises(GitFailed):
        ask(root, "made", seconds=0.01)
    assert opened() == before


def test_its_programs_end_with_the_pipe_they_write_to(root: Path) -> None:
    """Python ignores SIGPIPE, and a program of git's is not to."""
    alias(root, "yes | head -n 1; echo")
    assert ask(root, "made") == (0, b"y\n\n", b"")

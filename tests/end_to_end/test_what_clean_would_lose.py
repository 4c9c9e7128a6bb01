"""What `clean` would lose with a worktree is told first, whatever git says of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from scenario import Scenario


@pytest.fixture
def worktree(scenario: Scenario) -> Path:
    """The worktree of a series of which a phase is complete."""
    scenario.series("worktree: .worktrees/polite\n")
    scenario.app()
    scenario.run("run").says(0, "1 commit")
    return scenario.root / ".worktrees/polite"


def test_commits_on_no_branch(scenario: Scenario, worktree: Path) -> None:
    scenario.git("checkout", "-q", "--detach", cwd=worktree)
    (worktree / "mine.txt").write_text("mine\n")
    scenario.git("add", "mine.txt", cwd=worktree)
    scenario.git("commit", "-qm", "feat: of mine", cwd=worktree)
    made = scenario.git("rev-parse", "--short", "HEAD", cwd=worktree)
    for options in ((), ("--branch",)):
        scenario.run("clean", *options).says(
            1,
            "<root>/.worktrees/polite is on no branch, and has 1 commit that none has:",
            "feat: of mine",
            "Make a branch of them there (git switch -c NAME), or lose them with --force.",
        )
    assert worktree.is_dir()
    # As it is said, followed literally.
    scenario.git("switch", "-qc", "mine", cwd=worktree)
    scenario.git("checkout", "-q", "--detach", cwd=worktree)
    scenario.run("clean").says(0, "removed the worktree")
    assert scenario.git("rev-parse", "--short", "mine") == made


def test_with_force_they_are_named(scenario: Scenario, worktree: Path) -> None:
    scenario.git("checkout", "-q", "--detach", cwd=worktree)
    scenario.git("commit", "-q", "--allow-empty", "-m", "feat: of mine", cwd=worktree)
    result = scenario.run("clean", "--force")
    result.says(0, "removed the worktree", "the branch polite is kept")
    assert "  lost: " in result.raw
    assert "feat: of mine" in result.raw


@pytest.mark.parametrize("mark", ["assume-unchanged", "skip-worktree"])
def test_changes_that_the_index_hides(scenario: Scenario, worktree: Path, mark: str) -> None:
    scenario.git("update-index", f"--{mark}", "app.py", cwd=worktree)
    scenario.run("clean", "--force").says(0, "removed the worktree")
    scenario.run("run").says(0, "made, on the branch polite")
    scenario.git("update-index", f"--{mark}", "app.py", cwd=worktree)
    (worktree / "app.py").write_text("MINE = 1\n")
    scenario.run("clean").says(
        1, "has changes that are not committed:", f"app.py (marked `{mark}`)"
    )
    assert (worktree / "app.py").read_text() == "MINE = 1\n"


def test_what_a_sparse_checkout_leaves_out_is_no_change(scenario: Scenario, worktree: Path) -> None:
    # It leaves a file that is too young for git to know that it is as HEAD has it.
    assert scenario.status(cwd=worktree) == ""
    scenario.git("sparse-checkout", "set", "--no-cone", "phases", cwd=worktree)
    assert not (worktree / "app.py").exists()
    scenario.run("clean").says(0, "removed the worktree")


@pytest.mark.parametrize("why", ["", "on a disk that is away"])
def test_a_locked_worktree_is_unlocked_first(scenario: Scenario, worktree: Path, why: str) -> None:
    scenario.git("worktree", "lock", *(["--reason", why] if why else []), str(worktree))
    for options in ((), ("--force",)):
        result = scenario.run("clean", *options)
        result.shows(
            1,
            "",
            f"""
            <root>/.worktrees/polite is locked{f": {why}" if why else ""}.
            Unlock it first: git worktree unlock .worktrees/polite
            Nothing of .worktrees/polite was removed.
            """,
        )
    scenario.git("worktree", "unlock", ".worktrees/polite")
    scenario.run("clean").says(0, "removed the worktree")


def test_a_branch_that_another_worktree_is_on(scenario: Scenario, worktree: Path) -> None:
    """git refuses to delete it: that is told before the worktree is removed, also with force."""
    other = scenario.folder / "other"
    scenario.git("switch", "-qc", "mine", cwd=worktree)
    scenario.git("worktree", "add", "-q", str(other), "polite")

    def refused(*words: str) -> None:
        for force in ((), ("--force",)):
            result = scenario.run("clean", "--branch", *force)
            result.says(1, f"The branch polite is in use in {scenario.normal(str(other))}", *words)
        assert worktree.is_dir()

    refused("Switch to another branch there", "Nothing of .worktrees/polite was removed.")
    scenario.git("rebase", "-q", "--exec", "false", "HEAD~1", cwd=other, check=False)
    assert scenario.git("rev-parse", "--abbrev-ref", "HEAD", cwd=other) == "HEAD"
    refused("or end the rebase")
    scenario.git("rebase", "--abort", cwd=other)
    other.rename(scenario.folder / "away")
    refused("That folder is gone: if it is for good, say so by git worktree prune")
    scenario.git("worktree", "prune")
    scenario.run("clean", "--branch", "--force").says(0, "removed the worktree")
    assert not worktree.exists()
    assert "polite" not in scenario.git("branch", "--list")

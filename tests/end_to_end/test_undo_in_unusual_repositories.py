"""Undo where git has a file otherwise than it says, or not all of the history."""

from __future__ import annotations

import pytest
from scenario import APP, Result, Scenario

DELETED = """
phase: 1
goal: Configure nothing.
tasks:
  - title: Drop the settings
    steps:
      - edit: local.cfg
        delete: true
      - commit: "chore: drop the settings"
"""

TWO_FOLDERS = """
phase: 1
goal: Say good day.
tasks:
  - title: Say it in both
    steps:
      - edit: [one/app.py, two/app.py]
        replace: return "hello"
        with: return "good day"
      - commit: "feat: say good day"
"""


def test_a_change_that_the_index_hides_is_not_written_over(scenario: Scenario) -> None:
    scenario.app()
    scenario.run("run").says(0, "1 commit")
    scenario.git("update-index", "--assume-unchanged", "app.py")
    mine = scenario.read("app.py") + "\nMINE = 1\n"
    scenario.write("app.py", mine)
    scenario.run("undo", "1").says(
        1,
        "changes of yours are in the way: app.py (marked `assume-unchanged`)",
        "`git update-index --no-assume-unchanged -- app.py` shows them; commit or undo them first",
    )
    assert scenario.read("app.py") == mine
    # As it is said, followed literally.
    scenario.git("update-index", "--no-assume-unchanged", "--", "app.py")
    assert scenario.status() == " M app.py"
    scenario.git("checkout", "--", "app.py")
    scenario.git("update-index", "--assume-unchanged", "app.py")
    scenario.run("undo", "1").says(0, "undone: task-1")
    assert scenario.git("show", "HEAD:app.py") + "\n" == APP


@pytest.mark.parametrize("mine", ["", "\nMINE = 1\n"])
def test_what_git_would_leave_out_of_the_commit_is_told_before(
    scenario: Scenario, mine: str
) -> None:
    scenario.app()
    scenario.run("run").says(0, "1 commit")
    scenario.git("update-index", "--skip-worktree", "app.py")
    held = scenario.read("app.py") + mine
    scenario.write("app.py", held)
    scenario.run("undo", "1").says(
        1,
        "git would leave out of the commit: app.py (`skip-worktree`)",
        "Nothing was changed.",
        "`git update-index --no-skip-worktree -- app.py`",
    )
    assert scenario.read("app.py") == held
    scenario.git("update-index", "--no-skip-worktree", "--", "app.py")
    if mine:
        scenario.run("undo", "1").says(1, "changes of yours are in the way: app.py")
    else:
        scenario.run("undo", "1").says(0, "undone: task-1")


def test_permissions_that_git_does_not_look_at_are_in_no_way(scenario: Scenario) -> None:
    scenario.app()
    scenario.run("run").says(0, "1 commit")
    scenario.git("config", "core.fileMode", "false")
    (scenario.root / "app.py").chmod(0o755)
    scenario.run("undo", "1").says(0, "undone: task-1")
    assert scenario.git("ls-tree", "HEAD", "app.py").startswith("100644")


def test_a_file_outside_the_sparse_checkout_is_not_deleted(scenario: Scenario) -> None:
    scenario.write("one/app.py", APP)
    scenario.write("two/app.py", APP)
    scenario.phase(TWO_FOLDERS)
    scenario.begin()
    scenario.run("run").says(0, "1 commit")
    scenario.git("sparse-checkout", "set", "one", "phases")
    scenario.run("undo", "1").says(1, "two/app.py is outside the sparse checkout")
    scenario.git("sparse-checkout", "add", "two")
    scenario.run("undo", "1").says(0, "undone: task-1")
    assert scenario.git("diff", "--stat", "HEAD~2", "HEAD") == ""


def test_a_file_comes_back_that_is_tracked_and_ignored(scenario: Scenario) -> None:
    scenario.write(".gitignore", "*.cfg\n")
    scenario.write("local.cfg", "x = 1\n")
    scenario.git("add", "-f", "local.cfg")
    scenario.phase(DELETED)
    scenario.begin()
    scenario.run("run").says(0, "1 commit")
    scenario.run("undo", "1").says(0, "undone: task-1")
    assert scenario.paths() == ["local.cfg"]
    assert scenario.read("local.cfg") == "x = 1\n"


def test_where_history_is_cut_off_nothing_is_taken_for_new(scenario: Scenario) -> None:
    scenario.app()
    scenario.run("run").says(0, "1 commit")
    origin = scenario.folder / "origin.git"
    scenario.git("clone", "-q", "--bare", str(scenario.root), str(origin))
    scenario.git("remote", "add", "origin", f"file://{origin}")
    # git would revert the first commit it has by deleting all of its files.
    scenario.git("fetch", "-q", "--depth", "1", "origin")
    assert len(scenario.subjects()) == 1
    scenario.run("undo", "1").says(
        1, "feat: say good day: the commit before it is not here", "git fetch --unshallow"
    )
    assert (scenario.root / "test_app.py").exists()
    scenario.git("fetch", "-q", "--unshallow", "origin")
    scenario.run("undo", "1").says(0, "undone: task-1")
    assert scenario.paths() == ["app.py"]


def advised(result: Result) -> list[str]:
    """What a hint says to give git, as arguments."""
    (command,) = [each for each in result.raw.split("`") if each.startswith("git ")]
    return command.split()[1:]


@pytest.mark.parametrize("taken_back", [True, False])
def test_a_hook_that_adds_a_file_to_the_revert(scenario: Scenario, taken_back: bool) -> None:
    scenario.write("other.txt", "x\n")
    scenario.app()
    scenario.run("run").says(0, "1 commit")
    scenario.write("other.txt", "y\n")
    scenario.hook("pre-commit", "git add other.txt")
    stopped = scenario.run("undo", "1")
    stopped.says(
        1,
        "also has other.txt: a hook added it",
        "take it back with `git reset --soft <commit>` and mend the hook, or leave it as it is; "
        "then give `undo` again",
    )
    (scenario.root / ".git/hooks/pre-commit").unlink()
    if taken_back:
        scenario.git(*advised(stopped))
        scenario.run("undo", "1").says(0, 'Revert "feat: say good day"', "undone: task-1")
        assert scenario.paths() == ["app.py"]
        assert scenario.status() == " M other.txt"
    else:
        scenario.run("undo", "1").says(0, "nothing of it is left to revert", "undone: task-1")
        assert scenario.paths() == ["app.py", "other.txt"]
        assert scenario.status() == ""
    assert scenario.read("other.txt") == "y\n"


def test_a_revert_that_was_committed_by_hand(scenario: Scenario) -> None:
    scenario.app()
    scenario.run("run").says(0, "1 commit")
    scenario.hook("pre-commit", "exit 1")
    scenario.run("undo", "1").says(1, "git did not make the commit that reverts another")
    scenario.git("commit", "-q", "--no-verify", "-am", "fix: of mine")
    scenario.run("undo", "1").says(0, "nothing of it is left to revert", "undone: task-1")
    assert scenario.subjects()[-1] == "fix: of mine"
    assert scenario.status() == ""
    scenario.run("status").says(0, "[-] task-1", "undone")


def test_the_way_back_from_a_hook_that_makes_commits(scenario: Scenario) -> None:
    scenario.app()
    scenario.hook("post-commit", '[ -n "$N" ] || N=1 git commit -q --allow-empty -m bump')
    stopped = scenario.run("run")
    stopped.says(1, "does not follow", "take it back with `git reset --soft <commit>`")
    (scenario.root / ".git/hooks/post-commit").unlink()
    scenario.git(*advised(stopped))
    assert scenario.subjects() == ["Begin"]
    scenario.run("run").says(0, "1 commit")


def test_conflicts_that_were_solved_before_are_no_business_of_an_undo(scenario: Scenario) -> None:
    scenario.app()
    scenario.run("run").says(0, "1 commit")
    scenario.write("app.py", scenario.read("app.py").replace("good day", "good bye"))
    scenario.git("commit", "-qam", "fix: of mine")
    scenario.git("config", "rerere.enabled", "true")
    scenario.git("config", "rerere.autoUpdate", "true")
    refused = "later commits changed the same places of app.py"
    scenario.run("undo", "1").says(1, refused)
    assert not list((scenario.root / ".git/rr-cache").glob("*"))
    # The user solves it once; that is of the past when it is undone.
    scenario.git("revert", "--no-edit", "HEAD~1", check=False)
    scenario.write("app.py", APP)
    scenario.git("commit", "-qam", "fix: as it was")
    assert list((scenario.root / ".git/rr-cache").glob("*/postimage"))
    scenario.git("reset", "-q", "--hard", "HEAD~1")
    scenario.run("undo", "1").says(1, refused)

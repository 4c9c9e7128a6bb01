"""`clean` whose git is killed, in the middle of what it removes; given again it goes on."""

from __future__ import annotations

import pytest
from scenario import Scenario

CLEAN = ("clean", "--branch", "--force")

# What git leaves that is killed at this point of a command.
LEFT = {
    "branch -q -D": "cd $common && touch packed-refs.lock packed-refs.new config.lock"
    " refs/heads/x.lock",
    "worktree remove, before": "true",
    "worktree remove, its link gone": "rm $tree/.git $tree/app.py",
    "worktree remove, its link left": "rm $tree/app.py; rm -r $tree/phases",
    "worktree remove, its record half gone": "rm -r $tree; rm $common/worktrees/x/gitdir",
    "rev-parse -q --verify refs/heads/x": "true",
}


@pytest.mark.parametrize("point", LEFT)
def test_row_47_a_killed_clean_goes_on(scenario: Scenario, point: str) -> None:
    scenario.series("worktree: .worktrees/x")
    scenario.app()
    scenario.run("run").says(0, "1 commit")
    scenario.git("pack-refs", "--all")
    real = f"{scenario.git('--exec-path')}/git"
    command = point.partition(",")[0]
    scenario.program(
        "git",
        f"""common={scenario.root}/.git tree={scenario.root}/.worktrees/x
case "$*" in *"{command}"*)
    if ! test -e {scenario.folder}/done; then
        touch {scenario.folder}/done
        {LEFT[point]}
        kill -9 $$
    fi;;
esac
exec {real} "$@" """,
    )
    scenario.run(*CLEAN).says(1, "git was killed (SIGKILL) before it answered")
    assert (scenario.folder / "done").exists()
    scenario.run(*CLEAN).says(0, "deleted the branch x")
    assert scenario.git("branch", "--list", "x") == ""
    assert not (scenario.root / ".worktrees/x").exists()
    assert scenario.git("worktree", "list").count("\n") == 0
    assert [path.name for path in (scenario.root / ".git").rglob("*.lock")] in (
        ["notes.lock"],
        [],
    )
    scenario.run(*CLEAN).says(0, "there is nothing to remove")
    # It is made anew, and nothing of what is gone counts as done.
    scenario.run("run").says(0, "worktree .worktrees/x made", "1 commit")


def test_a_worktree_that_is_removed_in_part_is_no_place_to_run_in(scenario: Scenario) -> None:
    scenario.series("worktree: .worktrees/x")
    scenario.app()
    scenario.run("run").says(0, "1 commit")
    real = f"{scenario.git('--exec-path')}/git"
    tree = scenario.root / ".worktrees/x"
    scenario.program(
        "git",
        f'case "$*" in *"worktree remove"*) rm {tree}/.git; kill -9 $$;; esac\nexec {real} "$@"',
    )
    scenario.run("clean").says(1, "git was killed")
    for command in (("status",), ("run", "--dry-run"), ("run",)):
        result = scenario.run(*command)
        result.says(0 if command == ("status",) else 1, "was to be removed, and is so only in part")
    scenario.run("clean").says(0, "removed the worktree", "the branch x is kept")
    scenario.run("run").says(0, "worktree .worktrees/x made", "there is nothing to do")

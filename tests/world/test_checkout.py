"""Where a checkout's parts lie, compared with what git says."""

from pathlib import Path

import pytest
from scenario import Scenario

from runbook.world.git.checkout import Checkout, NoCheckout, find_checkout


def said_by_git(scenario: Scenario, folder: Path) -> Checkout:
    def path(what: str) -> Path:
        return Path(scenario.git("rev-parse", "--path-format=absolute", what, cwd=folder)).resolve()

    return Checkout(path("--show-toplevel"), path("--git-dir"), path("--git-common-dir"))


def test_agrees_with_git_in_every_kind_of_checkout(scenario: Scenario) -> None:
    scenario.write("deep/er/x.txt", "")
    scenario.begin()
    linked = scenario.folder / "linked"
    scenario.git("worktree", "add", "-q", str(linked), "-b", "linked")
    inside = scenario.root / ".worktrees/inside"
    scenario.git("worktree", "add", "-q", str(inside), "-b", "inside")
    bare = scenario.folder / "bare"
    scenario.git("clone", "-q", "--bare", ".", str(bare))
    of_bare = scenario.folder / "of-bare"
    scenario.git("worktree", "add", "-q", str(of_bare), "-b", "work", cwd=bare)
    separate = scenario.folder / "separate"
    git_dir = scenario.folder / "git-dir"
    scenario.git("clone", "-q", "--separate-git-dir", str(git_dir), ".", str(separate))
    allow = "protocol.file.allow=always"
    scenario.git("-c", allow, "submodule", "add", "-q", str(scenario.root), "sub")
    for folder in (
        scenario.root,
        scenario.root / "deep/er",
        linked,
        linked / "deep",
        inside,
        of_bare,
        separate,
        scenario.root / "sub/deep",
    ):
        assert find_checkout(folder) == said_by_git(scenario, folder)
    assert find_checkout(linked).main_worktree == scenario.root
    assert find_checkout(separate).main_worktree == separate
    assert find_checkout(scenario.root / "sub").main_worktree == scenario.root / "sub"
    assert find_checkout(of_bare).main_worktree == bare


def test_each_worktree_has_its_journal_and_keeps_it(scenario: Scenario) -> None:
    scenario.app()
    linked = scenario.folder / "linked"
    scenario.git("worktree", "add", "-q", str(linked), "-b", "linked")
    here = find_checkout(scenario.root)
    there = find_checkout(linked)
    worktree = here.worktree(".worktrees/x")
    assert worktree == there.worktree(".worktrees/x") == scenario.root / ".worktrees/x"
    # The same journal, wherever the command is given.
    assert here.journal(worktree) == there.journal(worktree)
    assert here.journal(linked) == there.journal(linked)
    places = {here.journal(each) for each in (scenario.root, linked, worktree)}
    assert len(places) == 3
    assert {place.parent for place in places} == {scenario.root / ".git/runbook"}
    # Two folders of one name are two worktrees.
    assert here.journal(scenario.root / "a/x") != here.journal(scenario.root / "b/x")


def test_where_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(NoCheckout, match="is in no git repository"):
        find_checkout(tmp_path)
    (tmp_path / ".git").write_text("nonsense")
    with pytest.raises(NoCheckout, match="is not a git link"):
        find_checkout(tmp_path)
    (tmp_path / ".git").unlink()
    # A folder of that name is not enough.
    (tmp_path / ".git").mkdir()
    with pytest.raises(NoCheckout):
        find_checkout(tmp_path)

"""Where HEAD and branches are, read from files, compared with what git says."""

from __future__ import annotations

from pathlib import Path

import pytest
from scenario import Scenario

from runbook.world.git.checkout import find_checkout
from runbook.world.git.gitcommand import git
from runbook.world.git.gitfailed import GitFailed
from runbook.world.git.heads import Head, read_head, read_ref
from runbook.world.git.protected import protected
from runbook.world.git.reader import Reader


def tip(folder: Path) -> Head:
    checkout = find_checkout(folder)
    return read_head(checkout.git_dir, checkout.common_dir)


def test_head_is_what_git_says(scenario: Scenario) -> None:
    assert tip(scenario.root) == Head(None, "refs/heads/main")
    scenario.app()
    head = scenario.git("rev-parse", "HEAD")
    assert tip(scenario.root) == Head(head, "refs/heads/main")
    scenario.git("worktree", "add", "-q", "-b", "x/y", "../linked")
    linked = scenario.folder / "linked"
    scenario.git("commit", "-q", "--allow-empty", "-m", "More", cwd=linked)
    more = scenario.git("rev-parse", "x/y")
    assert tip(linked) == Head(more, "refs/heads/x/y")
    scenario.git("pack-refs", "--all")
    assert tip(linked) == Head(more, "refs/heads/x/y")
    assert tip(scenario.root) == Head(head, "refs/heads/main")
    common = scenario.root / ".git"
    assert read_ref(common, "refs/heads/x/y") == more
    assert read_ref(common, "refs/heads/x") is None
    assert read_ref(common, "refs/heads/y") is None
    scenario.git("checkout", "-q", "--detach")
    assert tip(scenario.root) == Head(head, None)
    scenario.git("symbolic-ref", "refs/heads/alias", "refs/heads/x/y")
    assert read_ref(common, "refs/heads/alias") == more


@pytest.mark.parametrize("blank", ["\xa0", "\u2028", "\x85", "\u3000"])
def test_names_with_blanks_and_ends_of_lines_that_git_takes_for_letters(
    scenario: Scenario, blank: str
) -> None:
    scenario.app()
    head = scenario.git("rev-parse", "HEAD")
    for name in (f"x{blank}", f"x{blank}y"):
        folder = scenario.folder / f"in {name}"
        scenario.git("worktree", "add", "-q", "-b", name, str(folder))
        scenario.git("pack-refs", "--all")
        assert tip(folder) == Head(head, f"refs/heads/{name}")
        assert find_checkout(folder).git_dir.is_dir()
        assert protected(Reader(find_checkout(folder))).head == f"ref: refs/heads/{name}\n"


def test_a_git_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitFailed, match="there is no git"):
        git(tmp_path, "version")
    with pytest.raises(GitFailed, match=r"the folder .*gone"):
        git(tmp_path / "gone", "version")

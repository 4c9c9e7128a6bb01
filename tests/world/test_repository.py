"""git through its commands: what is read from a repository."""

from pathlib import Path

import pytest
from scenario import Scenario

from runbook.world.git.gitfailed import GitFailed
from runbook.world.git.heads import Head
from runbook.world.git.history import commits_since
from runbook.world.git.reader import Change
from runbook.world.git.repository import Repository
from runbook.world.git.reverting import reverted
from runbook.world.git.showing import shown

pytestmark = pytest.mark.usefixtures("in_its_environment")


@pytest.fixture
def repository(scenario: Scenario) -> Repository:
    scenario.write("a.txt", "a\n")
    scenario.write("b.txt", "b\n")
    scenario.begin()
    return Repository(scenario.root)


def test_where_it_stands(scenario: Scenario) -> None:
    repository = Repository(scenario.root)
    assert repository.head() == Head(None, "refs/heads/main")
    assert str(repository.head()) == "main at its beginning"
    scenario.write("a.txt", "a\n")
    scenario.begin()
    commit = scenario.git("rev-parse", "HEAD")
    assert repository.head() == Head(commit, "refs/heads/main")
    scenario.git("checkout", "-q", "--detach")
    assert repository.head() == Head(commit, None)
    assert str(repository.head()) == f"a detached HEAD at {commit[:9]}"
    assert repository.resolve("main") == commit
    assert repository.resolve("no-such") is None
    assert repository.contains(commit, commit)
    assert not repository.contains("0" * 40, commit)
    assert not repository.contains(commit, None)


def test_changes_by_literal_names(scenario: Scenario, repository: Repository) -> None:
    names = ["-rf", ":(top)x", "[a].txt", "line\nbreak", "sp ace", "*.txt", "\udcff"]
    for name in names:
        scenario.write(name, "x")
    assert {change.path for change in repository.changes()} == set(names)
    assert repository.changes(untracked=False) == []
    for name in names:
        assert repository.changes((name,)) == [Change(name, "??")]
    scenario.write("a.txt", "changed\n")
    scenario.git("rm", "-q", "--cached", "b.txt")
    changes = {change.path: change.status for change in repository.changes(untracked=False)}
    assert changes == {"a.txt": ".M", "b.txt": "D."}
    assert repository.changes(("*.txt",)) == [Change("*.txt", "??")]


def test_a_folder_is_left_out_of_the_status(scenario: Scenario, repository: Repository) -> None:
    common = scenario.root / ".git"
    exclude = common / "info/exclude"
    exclude.parent.mkdir(exist_ok=True)
    exclude.write_text("*.log")  # no line end
    folder = scenario.root / "odd [name] #1/x"
    repository.exclude(folder, common)
    folder.mkdir(parents=True)
    (folder / "file").touch()
    repository.exclude(folder, common)
    assert scenario.status() == ""
    assert exclude.read_text() == "*.log\n/odd\\ \\[name]\\ \\#1/x/\n"


def test_a_worktree_is_made_forgotten_and_removed(
    scenario: Scenario, repository: Repository
) -> None:
    folder = scenario.folder / "work"
    repository.forget_worktree(folder)
    repository.add_worktree(folder, "work", new=True)
    assert Repository(folder).head().ref == "refs/heads/work"
    folder.rename(scenario.folder / "gone")
    repository.forget_worktree(folder)
    assert scenario.git("worktree", "list", "--porcelain").count("worktree ") == 1
    repository.add_worktree(folder, "work", new=False)
    (folder / "mine").touch()
    repository.remove_worktree(folder)
    assert not folder.exists()
    repository.delete_branch("work")
    assert repository.branch("work") is None


def test_commits_that_no_other_branch_has(scenario: Scenario, repository: Repository) -> None:
    scenario.git("branch", "other")
    scenario.git("checkout", "-q", "-b", "work")
    scenario.write("a.txt", "one\n")
    scenario.git("commit", "-q", "-am", "One \u00e9")
    (line,) = repository.unmerged("work")
    assert line.endswith(" One \u00e9")
    scenario.git("tag", "kept")
    assert repository.unmerged("work") == []


def test_what_is_no_repository(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(GitFailed, match="not a git repository"):
        Repository(empty)
    with pytest.raises(GitFailed, match=r"the folder .*/none is gone"):
        Repository(tmp_path / "none")


def test_subjects_in_another_encoding_are_told_in_utf_8(scenario: Scenario) -> None:
    scenario.write("a.txt", "a\n")
    scenario.begin()
    base = scenario.git("rev-parse", "HEAD")
    scenario.write("a.txt", "b\n")
    scenario.git("config", "i18n.commitEncoding", "ISO-8859-1")
    message = scenario.folder / "message"
    message.write_bytes("Müller's".encode("iso-8859-1"))
    scenario.git("commit", "-qaF", str(message))
    scenario.git("config", "i18n.logOutputEncoding", "ISO-8859-1")
    (line,) = commits_since(scenario.root, base, "HEAD", "a.txt")
    assert line.endswith(" Müller's")


def test_why_git_reverts_nothing_is_told(scenario: Scenario) -> None:
    scenario.write("a.txt", "a\n")
    scenario.begin()
    scenario.git("switch", "-qc", "other")
    scenario.git("commit", "-q", "--allow-empty", "-m", "Other")
    scenario.git("switch", "-q", "main")
    scenario.git("merge", "-q", "--no-ff", "-m", "Merge", "other")
    with pytest.raises(GitFailed, match="is a merge"):
        reverted(scenario.root, (scenario.git("rev-parse", "HEAD"),))


def test_commits_are_shown_each_with_its_own_changes(scenario: Scenario) -> None:
    commits = []
    for text in ("one", "two"):
        scenario.write("a.txt", f"{text}\n")
        scenario.git("add", "a.txt")
        scenario.git("commit", "-qm", f"Say {text}")
        commits.append(scenario.git("rev-parse", "HEAD"))
    found = shown(scenario.root, commits)
    assert [found[commit].message for commit in commits] == ["Say one\n", "Say two\n"]
    assert "+one" in found[commits[0]].difference
    assert "-one\n+two" in found[commits[1]].difference

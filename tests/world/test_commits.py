"""One commit by git: what it holds, what it leaves alone, and how it is found again."""

import os
import resource
import subprocess
import time
from collections.abc import Iterator

import pytest
from marked import alive
from scenario import Scenario

from runbook.core.record.stepevents import CommitIntended
from runbook.world.git import commits, overlooked, readback
from runbook.world.git.commits import Limits
from runbook.world.git.gitfailed import GitFailed
from runbook.world.git.gitlocks import clear_dead, git_at_work
from runbook.world.git.heads import Head
from runbook.world.git.readback import CommitUnsound
from runbook.world.git.repository import Repository

DATE = "1700000000 +0130"


pytestmark = pytest.mark.usefixtures("in_its_environment")


@pytest.fixture
def repository(scenario: Scenario) -> Repository:
    scenario.write("a.txt", "a\n")
    scenario.write("b.txt", "b\n")
    scenario.begin()
    return Repository(scenario.root)


def intent(
    repository: Repository, paths: tuple[str, ...], trailers: tuple[str, ...] = ()
) -> CommitIntended:
    head = repository.head()
    return CommitIntended("phase-1/task-1/step-2", head.commit, head.ref, paths, "", DATE, trailers)


def made(
    repository: Repository,
    message: str,
    paths: tuple[str, ...],
    trailers: tuple[str, ...] = (),
    limits: Limits = Limits(),  # noqa: B008
) -> str:
    new = tuple(change.path for change in repository.changes(paths) if change.untracked)
    return commits.make(
        repository, message, intent(repository, paths, trailers), new, limits
    ).commit


def test_a_commit_of_exactly_these_paths(scenario: Scenario, repository: Repository) -> None:
    parent = scenario.git("rev-parse", "HEAD")
    scenario.write("a.txt", "changed\n")
    scenario.write("b.txt", "staged\n")
    scenario.git("add", "b.txt")
    scenario.write("new\nline", "new\n")
    message = "Subject\n\n# not a comment\n\nCo-Authored-By: A <a@example.org>\n"
    commit = made(
        repository, message, ("a.txt", "new\nline"), ("Co-Authored-By: A <a@example.org>",)
    )
    assert repository.head() == Head(commit, "refs/heads/main")
    assert scenario.git("rev-parse", "HEAD~1") == parent
    assert repository.changed_paths(commit) == ["a.txt", "new\nline"]
    assert scenario.message(commit) + "\n" == message
    assert scenario.git("log", "-1", "--format=%ad %cd", "--date=raw") == f"{DATE} {DATE}"
    assert scenario.status() == "M  b.txt"


@pytest.fixture
def short_command_lines() -> Iterator[None]:
    """Those of 256 kilobytes: Linux goes by a quarter of the stack, of which 8 MB are usual."""
    before = resource.getrlimit(resource.RLIMIT_STACK)
    resource.setrlimit(resource.RLIMIT_STACK, (1 << 20, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_STACK, before)


@pytest.mark.usefixtures("short_command_lines")
@pytest.mark.parametrize("end", ["exit 0", "exit 1"])
def test_more_paths_than_a_command_line_holds(scenario: Scenario, end: str) -> None:
    """As with all files of a very large repository."""
    deep = "/".join(["d" * 200] * 17)
    for number in range(1, 90):
        scenario.write(f"{deep}/{number}", "before\n")
    scenario.write("b.txt", "b\n")
    scenario.begin()
    scenario.hook("pre-commit", end)
    repository = Repository(scenario.root)
    scenario.write("b.txt", "staged\n")
    scenario.git("add", "b.txt")
    (scenario.root / deep / "1").unlink()
    for number in range(2, 93):
        scenario.write(f"{deep}/{number}", "after\n")
    paths = tuple(f"{deep}/{number}" for number in range(1, 93))
    with pytest.raises(OSError, match="too long"):
        subprocess.run(["true", *paths], check=False)
    assert len(repository.changes(paths)) == len(paths)
    assert set(repository.unknown(paths)) == set(paths[-3:])
    assert set(repository.never_had(paths)) == set(paths[-3:])
    assert repository.difference(paths[:-3]).count("+after") == 88
    assert len(overlooked.uncommitted(repository, paths)) == len(paths) - 1
    message = "Subject\n\n# not a comment\n\nCo-Authored-By: A <a@example.org>\n"
    if end == "exit 1":
        with pytest.raises(GitFailed):
            made(repository, message, paths)
        assert scenario.git("ls-files", "--", *paths[-3:]) == ""
        assert scenario.git("diff", "--cached", "--name-only") == "b.txt"
        return
    commit = made(repository, message, paths)
    assert set(repository.changed_paths(commit)) == set(paths)
    assert scenario.message(commit) + "\n" == message
    assert scenario.status() == "M  b.txt"


def test_a_refused_commit_leaves_the_index_as_it_was(
    scenario: Scenario, repository: Repository
) -> None:
    scenario.write("a.txt", "changed\n")
    scenario.write("new.txt", "new\n")
    index = scenario.git("ls-files", "--stage")
    scenario.hook("pre-commit", "echo no >&2; exit 1")
    with pytest.raises(GitFailed, match=r"^no$"):
        made(repository, "Subject\n", ("a.txt", "new.txt"))
    assert scenario.git("ls-files", "--stage") == index
    assert scenario.status() == " M a.txt\n?? new.txt"
    # Nothing to commit is a failure, never an empty commit.
    scenario.git("checkout", "-q", "a.txt")
    (scenario.root / ".git/hooks/pre-commit").unlink()
    with pytest.raises(GitFailed):
        made(repository, "Subject\n", ("a.txt",))
    assert scenario.subjects() == ["Begin"]


def test_an_unsound_commit_is_seen(scenario: Scenario, repository: Repository) -> None:
    scenario.write("a.txt", "changed\n")
    scenario.hook("pre-commit", "echo more >> b.txt; git add b.txt")
    with pytest.raises(CommitUnsound, match=r"also has b\.txt: a hook added it"):
        made(repository, "Subject\n", ("a.txt",))
    scenario.hook("pre-commit", "exit 0")
    scenario.hook("commit-msg", 'echo "Other subject" > "$1"')
    scenario.write("a.txt", "changed again\n")
    with pytest.raises(CommitUnsound, match="lacks `Fixes: 1`: a hook removed it"):
        made(repository, "Subject\n\nFixes: 1\n", ("a.txt",), ("Fixes: 1",))


def test_row_19_a_hook_that_hangs_is_killed_and_its_locks_go(
    scenario: Scenario, repository: Repository
) -> None:
    scenario.write("a.txt", "changed\n")
    scenario.write("new.txt", "new\n")
    index = scenario.git("ls-files", "--stage")
    # It does not heed SIGTERM, and what it started is in a session of its own.
    mark = f"333.{os.getpid()}"
    scenario.hook("pre-commit", f"trap '' TERM; echo waiting; setsid sleep {mark} & sleep {mark}")
    began = time.monotonic()
    with pytest.raises(GitFailed, match="did not end within 1 s, and were killed\nwaiting"):
        made(repository, "Subject\n", ("a.txt", "new.txt"), limits=Limits(timeout=1))
    assert time.monotonic() - began < 60
    assert not list((scenario.root / ".git").rglob("*.lock"))
    assert scenario.git("ls-files", "--stage") == index
    assert not alive(f"sleep\0{mark}")
    (scenario.root / ".git/hooks/pre-commit").unlink()
    made(repository, "Subject\n", ("a.txt", "new.txt"))
    assert scenario.status() == ""


def test_what_git_starts_on_purpose_goes_on(scenario: Scenario, repository: Repository) -> None:
    scenario.write("a.txt", "changed\n")
    scenario.hook("post-commit", "(sleep 1; touch later) > /dev/null 2>&1 &")
    began = time.monotonic()
    made(repository, "Subject\n", ("a.txt",))
    assert not (scenario.root / "later").exists() or time.monotonic() - began > 1
    scenario.until((scenario.root / "later").exists)


def test_row_6_a_commit_is_found_again(scenario: Scenario, repository: Repository) -> None:
    wanted = intent(repository, ("a.txt",))
    assert readback.find(repository, wanted) is None
    scenario.write("a.txt", "changed\n")
    commit = commits.make(repository, "Subject\n", wanted, ()).commit
    assert readback.find(repository, wanted) == commit
    # Also when the branch has gone on, or another one is checked out.
    scenario.git("commit", "-q", "--allow-empty", "-m", "Mine")
    scenario.git("checkout", "-q", "--detach", "HEAD~2")
    assert readback.find(repository, wanted) == commit


@pytest.mark.parametrize("difference", ["date", "path", "author", "none"])
def test_a_commit_of_the_users_is_not_taken_for_ours(
    scenario: Scenario, repository: Repository, difference: str
) -> None:
    wanted = intent(repository, ("a.txt",))
    scenario.write("a.txt", "changed\n")
    if difference == "path":
        scenario.write("b.txt", "changed\n")
    dates = {"GIT_AUTHOR_DATE": DATE, "GIT_COMMITTER_DATE": DATE}
    if difference in ("date", "author"):
        dates["GIT_AUTHOR_DATE"] = "1700000001 +0130"
    scenario.env |= dates
    scenario.git("commit", "-q", "-am", "Subject")
    # Even what looks the same in all was not made by our call: the reflog says so.
    assert readback.find(repository, wanted) is None
    scenario.git("reflog", "expire", "--expire=now", "--all")
    found = readback.find(repository, wanted)
    assert (found is None) == (difference != "none")


def test_rows_8_and_9_only_a_lock_of_our_own_dead_git_goes(scenario: Scenario) -> None:
    git_dir = scenario.root / ".git"
    (git_dir / "reftable").mkdir()
    old = git_dir / "index.lock"
    ours = [
        git_dir / name
        for name in (
            "HEAD.lock", "ORIG_HEAD.lock", "packed-refs.lock", "packed-refs.new", "config.lock",
            "reftable/tables.list.lock", "refs/heads/main.lock", "next-index-123.lock",
        )
    ]  # fmt: skip
    for lock in (old, *ours):
        lock.touch()
    os.utime(old, (1_700_000_000, 1_700_000_000))
    clear_dead(git_dir, git_dir, scenario.root, "refs/heads/main", 1_700_000_001.0)
    assert not [lock for lock in ours if lock.exists()]
    assert old.exists()


def test_an_index_that_somebody_writes_for_a_moment_is_waited_for(
    scenario: Scenario, repository: Repository
) -> None:
    scenario.write("a.txt", "changed\n")
    lock = scenario.root / ".git/index.lock"
    lock.touch()
    with subprocess.Popen(["sh", "-c", 'sleep 0.5; rm "$0"', str(lock)]):
        made(repository, "Subject\n", ("a.txt",))
    assert scenario.subjects() == ["Begin", "Subject"]


def test_a_git_is_at_work_while_it_has_not_ended(scenario: Scenario) -> None:
    assert not git_at_work(scenario.root)
    asked = ["git", "cat-file", "--batch"]
    with subprocess.Popen(asked, cwd=scenario.root, stdin=subprocess.PIPE):
        scenario.until(lambda: git_at_work(scenario.root))
        assert not git_at_work(scenario.home)
    assert not git_at_work(scenario.root)


def test_on_no_branch(scenario: Scenario, repository: Repository) -> None:
    scenario.git("checkout", "-q", "--detach")
    scenario.write("a.txt", "new\n")
    commit = made(repository, "Subject\n", ("a.txt",))
    assert repository.head() == Head(commit, None)


def test_on_an_unborn_branch(scenario: Scenario) -> None:
    scenario.write("a.txt", "a\n")
    repository = Repository(scenario.root)
    wanted = intent(repository, ("a.txt",))
    commit = made(repository, "Subject\n", ("a.txt",))
    assert readback.find(repository, wanted) == commit
    assert repository.head() == Head(commit, "refs/heads/main")

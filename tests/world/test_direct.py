"""Commits and notes without a process of git: the same as git makes, or left to git."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from scenario import Scenario

from runbook.core.record.stepevents import CommitIntended
from runbook.world.git import commits, direct
from runbook.world.git.expectedtree import Expected, expected
from runbook.world.git.repository import Repository

DATE = "1700000000 +0130"
MESSAGE = "Süßes first\n\nA body.\n\nCo-Authored-By: A <a@example.org>\n"

pytestmark = pytest.mark.usefixtures("in_its_environment")


@pytest.fixture
def begun(scenario: Scenario) -> Scenario:
    for name in ("a.txt", "b.txt", "deep/er/x.txt", "deep/y.txt", "gone/z.txt"):
        scenario.write(name, f"{name}\n")
    scenario.begin()
    return scenario


def intent_of(repository: Repository, paths: tuple[str, ...], tree: str) -> CommitIntended:
    head = repository.head()
    return CommitIntended(
        "phase-1/task-1/step-2", head.commit, head.ref, paths, "", DATE, (), (), tree
    )


def directly(root: Path, paths: tuple[str, ...], message: str = MESSAGE) -> direct.Directly | None:
    with closing(Repository(root)) as repository:
        made_of = expected(repository, repository.head().commit, paths)
        intent = intent_of(repository, paths, made_of.tree)
        return direct.commit(repository, message, intent, made_of)


def by_git(root: Path, paths: tuple[str, ...], message: str = MESSAGE) -> str:
    with closing(Repository(root)) as repository:
        tree = expected(repository, repository.head().commit, paths).tree
        new = tuple(change.path for change in repository.changes(paths) if change.untracked)
        return commits.make(repository, message, intent_of(repository, paths, tree), new).commit


def state(scenario: Scenario, root: Path) -> tuple[str, ...]:
    """What git says of a repository: history, index, worktree and logs.

    What the index alone tells comes first: `status` brings it up to date.
    """
    return tuple(
        scenario.git("-C", str(root), *asked)
        for asked in (
            ("diff-files",),
            ("diff-index", "HEAD"),
            ("log", "--format=raw"),
            ("ls-files", "--stage"),
            ("status", "--porcelain=v2", "--untracked-files=all"),
            ("reflog", "show", "--date=raw", "HEAD"),
            ("reflog", "show", "--date=raw", "main"),
            ("fsck", "--strict", "--no-dangling"),
        )
    )


def compared(scenario: Scenario, paths: tuple[str, ...], message: str = MESSAGE) -> None:
    """Commit in the repository directly, in a copy of it by git, and compare."""
    twin = scenario.root.with_name("twin")
    shutil.copytree(scenario.root, twin, symlinks=True)
    made = directly(scenario.root, paths, message)
    assert made is not None
    assert made.sound
    assert made.commit == by_git(twin, paths, message)
    assert state(scenario, scenario.root) == state(scenario, twin)
    shutil.rmtree(twin)


def test_it_is_the_very_commit_that_git_makes(begun: Scenario) -> None:
    begun.write("a.txt", "changed\n")
    begun.write("new/folder/n.txt", "new\n", mode=0o755)
    (begun.root / "deep/y.txt").chmod(0o755)
    (begun.root / "gone/z.txt").unlink()
    begun.write("b.txt", "staged by a person\n")
    begun.write("person.txt", "added\n")
    begun.git("add", "b.txt", "person.txt")
    begun.write("untracked.txt", "")
    compared(begun, ("a.txt", "new/folder/n.txt", "deep/y.txt", "gone/z.txt"))


def test_what_a_killed_run_with_our_number_left_is_in_nobodys_way(begun: Scenario) -> None:
    begun.write("a.txt", "new\n")
    (begun.root / f".git/objects/tmp_obj_runbook_{os.getpid()}").write_bytes(b"half")
    assert directly(begun.root, ("a.txt",)) is not None
    assert not list((begun.root / ".git/objects").glob("tmp_obj_*"))


def test_a_branch_in_a_folder_whose_ref_is_packed(begun: Scenario) -> None:
    begun.git("switch", "-q", "-c", "topic/one")
    begun.git("pack-refs", "--all")
    begun.write("a.txt", "changed\n")
    assert directly(begun.root, ("a.txt",)) is not None
    assert begun.git("rev-list", "--count", "topic/one") == "2"
    assert begun.git("rev-list", "--count", "main") == "1"


def test_a_detached_head_and_a_linked_worktree(begun: Scenario) -> None:
    linked = begun.root.with_name("linked")
    begun.git("worktree", "add", "-q", "--detach", str(linked))
    (linked / "a.txt").write_text("changed\n")
    made = directly(linked, ("a.txt",))
    assert made is not None
    assert begun.git("-C", str(linked), "rev-parse", "HEAD") == made.commit
    assert begun.git("-C", str(linked), "status", "--porcelain") == ""
    assert begun.git("rev-list", "--count", "main") == "1"
    assert begun.git("status", "--porcelain") == ""


def test_random_changes_make_the_commits_that_git_makes(begun: Scenario) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    dice = random.Random(seed)
    names = [f"{folder}{name}" for folder in ("", "d/", "d/e/", "f-g/", "f/") for name in "xyz-_"]
    for _ in range(12):
        touched = dice.sample(names, dice.randint(1, 5))
        for name in touched:
            path = begun.root / name
            if path.exists() and dice.random() < 0.3:
                path.unlink()
            else:
                begun.write(name, f"{dice.random()}\n" * dice.randint(0, 3))
                path.chmod(dice.choice([0o644, 0o755]))
        begun.git("status")  # takes note of what was written as it was
        paths = tuple(change.path for change in Repository(begun.root).changes(tuple(touched)))
        if paths:
            compared(begun, paths)


def _hook(begun: Scenario) -> None:
    begun.hook("post-commit", "true")


def _refs_hook(begun: Scenario) -> None:
    begun.hook("reference-transaction", "true")


def _signed(begun: Scenario) -> None:
    begun.git("config", "commit.gpgSign", "true")


def _filter(begun: Scenario) -> None:
    (begun.root / ".git/info/attributes").write_text("a.txt text\n")


def _fourth_version(begun: Scenario) -> None:
    begun.git("update-index", "--index-version", "4")


def _split(begun: Scenario) -> None:
    begun.git("update-index", "--split-index")


def _cache_of_untracked(begun: Scenario) -> None:
    begun.git("update-index", "--untracked-cache")


def _passed_over(begun: Scenario) -> None:
    begun.git("update-index", "--assume-unchanged", "a.txt")


def _damaged(begun: Scenario) -> None:
    index = begun.root / ".git/index"
    index.write_bytes(index.read_bytes()[:-1] + b"\0")


def _locked(begun: Scenario) -> None:
    (begun.root / ".git/index.lock").touch()


def _branch_locked(begun: Scenario) -> None:
    (begun.root / ".git/refs/heads/main.lock").touch()


def _merging(begun: Scenario) -> None:
    (begun.root / ".git/MERGE_HEAD").write_text(begun.git("rev-parse", "HEAD") + "\n")


def _replaced(begun: Scenario) -> None:
    begun.git("commit", "-q", "--allow-empty", "-m", "x")
    begun.git("replace", "--graft", "HEAD")


def _without_logs(begun: Scenario) -> None:
    begun.git("config", "core.logAllRefUpdates", "false")


def _another_ref(begun: Scenario) -> None:
    begun.git("branch", "other")
    begun.git("symbolic-ref", "refs/heads/main", "refs/heads/other")


@pytest.mark.parametrize(
    "arranged",
    [
        _hook, _refs_hook, _signed, _filter, _fourth_version, _split, _cache_of_untracked,
        _passed_over, _damaged, _locked, _branch_locked, _merging, _replaced, _without_logs,
        _another_ref,
    ],
)  # fmt: skip
def test_what_is_left_to_git(begun: Scenario, arranged: Callable[[Scenario], None]) -> None:
    arranged(begun)
    begun.write("a.txt", "changed\n")
    index = (begun.root / ".git/index").read_bytes()
    head = begun.git("rev-parse", "HEAD")
    locks = sorted(begun.root.rglob("*.lock"))
    assert directly(begun.root, ("a.txt",)) is None
    assert (begun.root / ".git/index").read_bytes() == index
    assert begun.git("rev-parse", "HEAD") == head
    assert sorted(begun.root.rglob("*.lock")) == locks


def test_ids_of_another_kind_are_left_to_git(tmp_path_factory: pytest.TempPathFactory) -> None:
    scenario = Scenario(tmp_path_factory.mktemp("x"), init=("--object-format=sha256",))
    scenario.write("a.txt", "a\n")
    scenario.begin()
    scenario.write("a.txt", "changed\n")
    assert directly(scenario.root, ("a.txt",)) is None


def test_a_message_that_is_no_text_is_left_to_git(begun: Scenario) -> None:
    begun.write("a.txt", "changed\n")
    assert directly(begun.root, ("a.txt",), "broken \udcff\n") is None
    assert directly(begun.root, ("a.txt",), "a NUL \0\n") is None


def test_the_branch_moved_meanwhile(begun: Scenario) -> None:
    begun.write("a.txt", "changed\n")
    repository = Repository(begun.root)
    made_of = expected(repository, repository.head().commit, ("a.txt",))
    intent = intent_of(repository, ("a.txt",), made_of.tree)
    begun.git("commit", "-q", "--allow-empty", "-m", "by a person")
    head = begun.git("rev-parse", "HEAD")
    assert direct.commit(repository, MESSAGE, intent, made_of) is None
    assert begun.git("rev-parse", "HEAD") == head
    assert begun.git("status", "--porcelain") == " M a.txt"


def test_nothing_known_of_the_files_is_left_to_git(begun: Scenario) -> None:
    begun.write("a.txt", "changed\n")
    repository = Repository(begun.root)
    intent = intent_of(repository, ("a.txt",), "")
    assert direct.commit(repository, MESSAGE, intent, Expected()) is None


def test_a_change_in_the_moment_after_is_seen(begun: Scenario) -> None:
    # Of the same length, and within one step of the clock that stamps files.
    for number in range(30):
        begun.write("a.txt", f"{number:04}\n")
        assert directly(begun.root, ("a.txt",)) is not None
        (begun.root / "a.txt").write_text("same\n")
        assert begun.git("status", "--porcelain") == " M a.txt"
        begun.write("a.txt", f"{number:04}\n")


def test_what_was_too_young_in_the_old_index_is_looked_at_again(begun: Scenario) -> None:
    for number in range(30):
        begun.write("b.txt", f"{number:04}\n")
        begun.git("add", "b.txt")
        (begun.root / "b.txt").write_text("same\n")
        begun.write("a.txt", f"{number}\n")
        assert directly(begun.root, ("a.txt",)) is not None
        time.sleep(0.005)
        assert begun.git("status", "--porcelain") == "MM b.txt"


def _next_second() -> None:
    now = time.time()
    time.sleep(int(now) + 1.01 - now)


def test_files_as_young_as_the_old_index_are_not_taken_for_changed(begun: Scenario) -> None:
    """As all are in a new clone or worktree."""
    (begun.root / "link").symlink_to("a.txt")
    begun.git("add", "link")
    begun.git("commit", "-q", "-m", "link")
    for paths in (("a.txt",), ("a.txt", "deep/y.txt")):
        _next_second()
        for path in paths:
            begun.write(path, f"{len(paths)}\n")
        begun.write("b.txt", "by a person\n")
        (begun.root / "gone/z.txt").unlink(missing_ok=True)
        compared(begun, paths)


def test_what_only_a_filter_can_tell_of_is_left_to_git(begun: Scenario) -> None:
    (begun.root / ".git/info/attributes").write_text("b.txt text eol=crlf\n")
    (begun.root / "b.txt").unlink()
    begun.git("checkout", "--", "b.txt")
    _next_second()
    begun.write("a.txt", "changed\n")
    assert directly(begun.root, ("a.txt",)) is None
    by_git(begun.root, ("a.txt",))
    begun.write("a.txt", "once more\n")
    assert directly(begun.root, ("a.txt",)) is not None
    assert begun.git("diff-files") == ""


def test_notes_are_found_by_git(begun: Scenario) -> None:
    repository = Repository(begun.root)
    ids = [begun.git("commit-tree", "-m", str(n), "HEAD^{tree}") for n in range(4)]
    tip = None
    for number, commit in enumerate(ids):
        assert direct.note(repository, tip, commit, f"note {number}\n")
        tip = begun.git("rev-parse", "refs/notes/runbook")
    shown = [begun.git("notes", "--ref=runbook", "show", commit) for commit in ids]
    assert shown == [f"note {number}" for number in range(4)]
    assert begun.git("rev-list", "--count", "refs/notes/runbook") == "4"
    assert not direct.note(repository, tip, ids[0], "once more\n")
    assert begun.git("fsck", "--strict", "--no-dangling", "--no-reflogs") == ""


@pytest.mark.parametrize(("hook", "made"), [("pre-commit", True), ("reference-transaction", False)])
def test_notes_are_left_to_git_where_a_hook_is_told_of_refs(
    begun: Scenario, hook: str, made: bool
) -> None:
    begun.hook(hook, "exit 0\n")
    head = begun.git("rev-parse", "HEAD")
    assert direct.note(Repository(begun.root), None, head, "a note\n") is made


def test_many_notes_are_spread_by_git_and_found_there(begun: Scenario) -> None:
    repository = Repository(begun.root)
    files = "".join(f"M 100644 inline {n:040x}\ndata 2\nn\n" for n in range(255))
    given = f"commit refs/notes/runbook\ncommitter A <a@example.org> 0 +0000\ndata 0\n{files}"
    command = ["git", "fast-import", "--quiet"]
    subprocess.run(command, cwd=begun.root, input=given.encode(), check=True)
    head = begun.git("rev-parse", "HEAD")
    tip = begun.git("rev-parse", "refs/notes/runbook")
    assert not direct.note(repository, tip, head, "one too many\n")
    begun.git("notes", "--ref=runbook", "add", "-m", "spread", head)
    other = begun.git("commit-tree", "-m", "x", "HEAD^{tree}")
    tip = begun.git("rev-parse", "refs/notes/runbook")
    if direct.note(repository, tip, other, "spread as well\n"):
        assert begun.git("notes", "--ref=runbook", "show", other) == "spread as well"
    assert begun.git("notes", "--ref=runbook", "show", head) == "spread"


def test_what_a_commit_is_likely_to_be_made_of_is_written_before_it(begun: Scenario) -> None:
    begun.write("deep/y.txt", "other\n")
    repository = Repository(begun.root)
    made_of = expected(repository, repository.head().commit, ("deep/y.txt",))
    direct.prepare(repository, made_of)
    for each in made_of.objects:
        assert begun.git("cat-file", "-t", each.id).strip() == each.kind
    # Whoever prunes takes it away, since nothing names it.
    begun.git("gc", "-q", "--prune=now")
    intent = intent_of(repository, ("deep/y.txt",), made_of.tree)
    assert direct.commit(repository, MESSAGE, intent, made_of) is not None
    assert begun.git("fsck", "--strict", "--no-dangling") == ""
    assert begun.git("show", "HEAD:deep/y.txt") == "other"


@pytest.mark.parametrize("large", [True, False])
def test_nothing_is_written_before_a_commit_that_git_makes_or_that_is_large(
    begun: Scenario, *, large: bool
) -> None:
    if not large:
        begun.hook("pre-commit", "exit 0")
    begun.write("a.txt", "x" * (2 << 20) if large else "x")
    before = begun.git("count-objects")
    repository = Repository(begun.root)
    direct.prepare(repository, expected(repository, repository.head().commit, ("a.txt",)))
    assert begun.git("count-objects") == before

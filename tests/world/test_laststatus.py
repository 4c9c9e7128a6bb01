"""What git says of a worktree is remembered as long as nobody changes anything, and no longer."""

from __future__ import annotations

import hashlib
import mmap
import os
import random
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import partial
from pathlib import Path

import pytest
from ondemand import SEED
from scenario import Scenario

from runbook.core.record.stepevents import CommitIntended
from runbook.world.files import watch
from runbook.world.git import commits, direct, laststatus
from runbook.world.git.commits import NotMade
from runbook.world.git.expectedtree import expected
from runbook.world.git.readback import CommitUnsound
from runbook.world.git.repository import Repository

pytestmark = pytest.mark.usefixtures("in_its_environment")

DATE = "1700000000 +0130"


@pytest.fixture
def begun(scenario: Scenario) -> Scenario:
    for name in ("a.txt", "b.txt", "deep/er/x.txt", "deep/y.txt"):
        scenario.write(name, f"{name}\n")
    scenario.write(".gitignore", "*.log\nout/\n")
    scenario.begin()
    return scenario


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """All is watched from the second time on that git is asked, however fast it was."""
    monkeypatch.setattr(laststatus, "_DEAR", 0)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """How often git was asked for all that differs."""
    times: list[str] = []
    ask = Repository._status

    def status(repository: Repository, paths: tuple[str, ...], *how: str) -> list[str]:
        if not paths:
            times.append("status")
        return ask(repository, paths, *how)

    monkeypatch.setattr(Repository, "_status", status)
    return times


def edited(repository: Repository, path: str, text: str) -> None:
    """What the engine does where a step edits a file."""
    (repository.root / path).parent.mkdir(parents=True, exist_ok=True)
    (repository.root / path).write_text(text)
    repository.last_status.edited((path,))


def committed(repository: Repository, path: str) -> None:
    """What it does where a step commits one, without a process of git."""
    head = repository.head()
    made_of = expected(repository, head.commit, (path,))
    intent = CommitIntended(
        "phase-1/task-1/step-2", head.commit, head.ref, (path,), "", DATE, (), (), made_of.tree
    )
    assert direct.commit(repository, "Message\n", intent, made_of) is not None
    repository.last_status.committed((path,))


def committed_by_git(repository: Repository, *paths: str, new: tuple[str, ...] = ()) -> None:
    """What it does where a hook or a signature wants git itself."""
    head = repository.head()
    text = "Message\n"
    digest = hashlib.sha256(text.encode()).hexdigest()
    made_of = expected(repository, head.commit, paths)
    intent = CommitIntended(
        "phase-1/task-1/step-2", head.commit, head.ref, paths, digest, DATE, (), (), made_of.tree
    )
    commits.make(repository, text, intent, new, made_of=made_of)


def passing(repository: Repository, command: Callable[[], object] = lambda: None) -> None:
    """What it does where a step runs a command."""
    repository.last_status.let_others_in(repository.last_status.now())
    command()
    repository.last_status.remember(repository.last_status.now())


def test_tasks_that_only_edit_check_and_commit_ask_git_no_more_once_all_is_watched(
    begun: Scenario, asked: list[str]
) -> None:
    repository = Repository(begun.root)
    for number in range(5):
        edited(repository, "a.txt", f"{number}\n")
        passing(repository)
        committed(repository, "a.txt")
        passing(repository)
        edited(repository, "deep/y.txt", f"{number}\n")
        passing(repository)
    assert [change.path for change in repository.last_status.now()] == ["deep/y.txt"]
    assert len(asked) == 2


def test_what_a_person_changes_just_after_a_commit_is_seen(begun: Scenario) -> None:
    repository = Repository(begun.root)
    passing(repository)
    edited(repository, "a.txt", "ours\n")
    passing(repository)
    committed(repository, "a.txt")
    begun.write("a.txt", "theirs\n")
    passing(repository)
    assert [change.path for change in repository.last_status.now()] == ["a.txt"]


@pytest.mark.parametrize("rules", ["", "*.log\nout/\nseen\n"])
def test_rules_that_are_edited_hold_for_other_files(begun: Scenario, rules: str) -> None:
    begun.write("seen", "")
    begun.write("some.log", "")
    repository = Repository(begun.root)
    passing(repository)
    edited(repository, ".gitignore", rules)
    for _ in range(2):
        assert set(repository.last_status.now()) == set(Repository(begun.root).status((), "normal"))
        passing(repository)


def test_rules_in_a_file_that_settings_name_from_the_top_hold(begun: Scenario) -> None:
    begun.git("config", "core.excludesFile", ".rules")
    begun.write(".rules", "")
    begun.write("seen", "")
    repository = Repository(begun.root)
    passing(repository)
    passing(repository, lambda: begun.write(".rules", "seen\n"))
    assert [change.path for change in repository.last_status.now()] == [".rules"]


def test_a_submodule_that_is_not_there_yet_may_go(begun: Scenario) -> None:
    head = begun.git("rev-parse", "HEAD")
    begun.git("update-index", "--add", "--cacheinfo", f"160000,{head},sub")
    begun.git("commit", "-qm", "A submodule")
    (begun.root / "sub").mkdir()
    repository = Repository(begun.root)
    passing(repository, lambda: (begun.root / "sub").rmdir())
    assert [change.path for change in repository.last_status.now()] == ["sub"]


def test_an_edit_that_brings_head_back_is_no_change(begun: Scenario) -> None:
    repository = Repository(begun.root)
    repository.last_status.remember(repository.last_status.now())
    for text in ("other\n", "a.txt\n"):
        edited(repository, "a.txt", text)
        passing(repository)
    assert repository.last_status.now() == ()


def same_size(root: Path) -> None:
    (root / "a.txt").write_text("A.txt\n")


def set_back(root: Path) -> None:
    told = (root / "a.txt").stat()
    same_size(root)
    os.utime(root / "a.txt", ns=(told.st_atime_ns, told.st_mtime_ns))


def in_a_new_folder(root: Path) -> None:
    (root / "deep/new/er").mkdir(parents=True)
    (root / "deep/new/er/x").write_text("")


CHANGES: dict[str, Callable[[Path], object]] = {
    "more": lambda root: (root / "a.txt").write_text("more\n"),
    "of the same size": same_size,
    "and its time set back": set_back,
    "bits": lambda root: (root / "a.txt").chmod(0o755),
    "gone": lambda root: (root / "a.txt").unlink(),
    "new": lambda root: (root / "deep/new.txt").write_text(""),
    "a link": lambda root: (root / "link").symlink_to("a.txt"),
    "ignored no more": lambda root: (root / ".gitignore").write_text(""),
    "ignored": lambda root: (root / ".git/info/exclude").write_text("seen\n"),
    "staged": lambda root: subprocess.run(
        ["git", "rm", "-q", "--cached", "b.txt"], cwd=root, check=True
    ),
    "committed": lambda root: subprocess.run(
        ["git", "commit", "-qam", "Theirs"], cwd=root, check=True
    ),
    "configured": lambda root: subprocess.run(
        ["git", "config", "core.fileMode", "false"], cwd=root, check=True
    ),
    "a folder": lambda root: (root / "deep/new/er").mkdir(parents=True),
    "in a new folder": in_a_new_folder,
    "a folder moved": lambda root: (root / "deep/er").rename(root / "er"),
    "below what rules leave": lambda root: (root / "only/x").write_text(""),
    "rules in a folder": lambda root: (root / "deep/.gitignore").write_text("!*.log\n"),
    "moved within": lambda root: (root / "a.txt").rename(root / "deep/a.txt"),
    "changed and back": lambda root: (root / "b.txt").write_text("b.txt\n"),
    "a repository": lambda root: subprocess.run(["git", "init", "-q", "within"], cwd=root),
}


@pytest.mark.parametrize("how", CHANGES)
@pytest.mark.parametrize("when", ["while", "between"])
def test_whatever_others_change_is_seen(begun: Scenario, how: str, when: str) -> None:
    begun.write("seen", "")
    begun.write("only/some.log", "")
    begun.write("deep/some.log", "")
    begun.write("b.txt", "changed\n")
    (begun.root / "b.txt").chmod(0o755)
    repository = Repository(begun.root)
    repository.last_status.remember(repository.last_status.now())
    passing(repository)
    if when == "while":
        passing(repository, lambda: CHANGES[how](begun.root))
    else:
        # Nobody tells of it, and the next command has nothing to do with it.
        CHANGES[how](begun.root)
        edited(repository, "deep/y.txt", "ours\n")
        passing(repository)
    assert set(repository.last_status.now()) == set(Repository(begun.root).status((), "normal"))


def test_a_path_of_many_folders_is_looked_at(begun: Scenario, asked: list[str]) -> None:
    folder = begun.root / "out" / Path(*["d"] * 600)
    folder.mkdir(parents=True)
    (folder / "f").write_text("")
    begun.write(".gitignore", "")
    repository = Repository(begun.root)
    passing(repository)
    passing(repository)
    passing(repository)
    assert len(asked) == 2


def test_while_git_is_fast_nothing_is_watched(
    begun: Scenario, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(laststatus, "_DEAR", 60)
    repository = Repository(begun.root)
    for _ in range(4):
        passing(repository)
    assert len(asked) == 5


def test_what_can_not_be_watched_git_is_asked_of(
    begun: Scenario, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with more folders than a user may watch."""
    monkeypatch.setattr(watch, "_MOST", 2)
    repository = Repository(begun.root)
    for _ in range(4):
        passing(repository)
    passing(repository, lambda: begun.write("deep/er/new.txt", ""))
    assert [change.path for change in repository.last_status.now()] == ["deep/er/new.txt"]
    assert len(asked) == 6


def test_a_file_that_is_made_and_goes_again_changes_nothing(
    begun: Scenario, asked: list[str]
) -> None:
    repository = Repository(begun.root)
    passing(repository)

    def made_and_gone() -> None:
        begun.write("deep/made", "")
        (begun.root / "deep/made").unlink()
        begun.write("some.log", "ignored")
        begun.write("b.txt", "b.txt\n")

    before = len(asked)
    for _ in range(3):
        passing(repository, made_and_gone)
    assert len(asked) == before
    assert repository.last_status.now() == ()


def test_what_is_below_ignored_folders_is_not_watched(begun: Scenario, asked: list[str]) -> None:
    begun.write("out/deep/x", "")
    repository = Repository(begun.root)
    passing(repository)
    before = len(asked)
    passing(repository, lambda: (begun.root / "out/deep/er/y").mkdir(parents=True))
    assert len(asked) == before


def test_more_changes_than_are_kept_are_seen(begun: Scenario) -> None:
    """As when a command writes files by the thousand: the kernel keeps 16,384 events."""
    repository = Repository(begun.root)
    passing(repository)
    most = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())

    def many() -> None:
        for number in range(most // 2):
            (begun.root / f"deep/{number % 2}.log").chmod(0o600 + number % 2)
        begun.write("b.txt", "changed\n")

    begun.write("deep/0.log", "")
    begun.write("deep/1.log", "")
    passing(repository, many)
    passing(repository, many)
    assert [change.path for change in repository.last_status.now()] == ["b.txt"]


def made_and_removed(root: Path) -> None:
    (root / "deep/made").mkdir()
    (root / "deep/made/x").write_text("")
    shutil.rmtree(root / "deep/made")


def made_of_several(root: Path) -> None:
    shutil.rmtree(root / "made", ignore_errors=True)
    (root / "made/of/several").mkdir(parents=True)
    (root / "made/of/several/x").write_text("")


@pytest.mark.parametrize(
    "often",
    [made_and_removed, made_of_several, lambda root: (root / "deep/a/b").mkdir(parents=True)],
)
def test_folders_that_come_and_go_do_not_end_the_watch(
    begun: Scenario, often: Callable[[Path], object]
) -> None:
    repository = Repository(begun.root)
    passing(repository)
    watched = repository.last_status._watch
    assert watched is not None
    for number in range(3):
        with suppress(FileExistsError):
            passing(repository, partial(often, begun.root))
        passing(repository, lambda: begun.write("b.txt", f"{number}\n"))  # noqa: B023
        for path in ("made/of/several/y", "deep/a/b/y"):
            if (begun.root / path).parent.is_dir():
                passing(repository, partial(begun.write, path, ""))
        now = set(Repository(begun.root).status((), "normal"))
        assert set(repository.last_status.now()) == now
    assert repository.last_status._watch is watched


def test_folders_that_turn_out_to_be_ignored_are_passed_over(
    begun: Scenario, asked: list[str]
) -> None:
    repository = Repository(begun.root)
    passing(repository)
    watched = repository.last_status._watch
    for name in ("out", "deep/out"):
        passing(repository, partial((begun.root / name / "deep").mkdir, parents=True))
    before = len(asked)
    passing(repository, lambda: begun.write("out/deep/x", ""))
    passing(repository, lambda: begun.write("deep/out/deep/er/x", ""))
    assert len(asked) == before
    assert repository.last_status._watch is watched


def test_a_folder_that_is_made_again_while_somebody_is_in_the_old_one_is_watched(
    begun: Scenario,
) -> None:
    repository = Repository(begun.root)
    passing(repository)
    old = os.open(begun.root / "deep/er", os.O_RDONLY)

    def again() -> None:
        shutil.rmtree(begun.root / "deep/er")
        begun.write("deep/er/x.txt", "deep/er/x.txt\n")

    passing(repository, again)
    os.close(old)
    passing(repository)
    passing(repository, lambda: begun.write("deep/er/x.txt", "changed\n"))
    assert [change.path for change in repository.last_status.now()] == ["deep/er/x.txt"]


def test_who_writes_without_end_keeps_nobody(begun: Scenario) -> None:
    begun.write("deep/some.log", "")
    repository = Repository(begun.root)
    passing(repository)
    repository.last_status.let_others_in(repository.last_status.now())
    script = "while :; do echo; done >> deep/some.log"
    with subprocess.Popen(["bash", "-c", script], cwd=begun.root) as writer:
        for _ in range(20):
            repository.last_status.now()
            repository.last_status.let_others_in(())
        writer.kill()


def test_a_file_of_two_names_that_is_changed_by_the_other_one_is_seen(
    begun: Scenario, tmp_path: Path
) -> None:
    (tmp_path / "other").hardlink_to(begun.root / "a.txt")
    repository = Repository(begun.root)
    passing(repository)
    passing(repository, partial((tmp_path / "other").write_text, "changed\n"))
    assert [change.path for change in repository.last_status.now()] == ["a.txt"]
    begun.write("a.txt", "a.txt\n")
    passing(repository)
    passing(repository, partial((tmp_path / "other").write_text, "changed again\n"))
    assert [change.path for change in repository.last_status.now()] == ["a.txt"]


def test_what_is_written_through_a_mapping_is_seen(begun: Scenario) -> None:
    def mapped() -> None:
        with (begun.root / "a.txt").open("r+b") as file, mmap.mmap(file.fileno(), 0) as memory:
            memory[0:1] = b"A"

    repository = Repository(begun.root)
    passing(repository)
    passing(repository, mapped)
    assert [change.path for change in repository.last_status.now()] == ["a.txt"]


def test_an_ignored_file_that_is_committed_is_watched_from_then_on(begun: Scenario) -> None:
    begun.write("out/x", "1\n")
    repository = Repository(begun.root)
    passing(repository)
    subprocess.run(["git", "add", "-f", "out/x"], cwd=begun.root, check=True)
    repository.last_status.remember(repository.last_status.now())
    committed(repository, "out/x")
    passing(repository)
    passing(repository, lambda: begun.write("out/x", "2\n"))
    assert [change.path for change in repository.last_status.now()] == ["out/x"]


def test_at_random_it_is_what_git_says(begun: Scenario) -> None:
    choice = random.Random(SEED)
    repository = Repository(begun.root)
    for number in range(40):
        text = f"{choice.choice('abc')}\n"
        ours = choice.choice(["a.txt", "deep/er/x.txt"])
        edited(repository, ours, text)
        theirs = CHANGES[choice.choice([*CHANGES])] if choice.random() < 0.3 else None
        with suppress(OSError, subprocess.CalledProcessError):  # what it changes is gone
            passing(repository, (lambda: None) if theirs is None else partial(theirs, begun.root))
        now = set(Repository(begun.root).status((), "normal"))
        assert set(repository.last_status.now()) == now, f"{number}: RUNBOOK_SEED={SEED}"
        if choice.random() < 0.3 and any(each.path == ours for each in now):
            begun.git("commit", "-qm", "Ours", "--", ours, check=False)
            repository.last_status.remember(None)


HOOKS: dict[str, tuple[str, str, bool]] = {
    "does nothing": ("pre-commit", "exit 0", False),
    "stages another file": ("pre-commit", "echo theirs > b.txt; git add b.txt", False),
    "changes another file": ("pre-commit", "echo theirs > b.txt", True),
    "makes a file": ("pre-commit", "echo theirs > new.txt", True),
    "makes an ignored file": ("pre-commit", "echo theirs > new.log", False),
    "changes it": ("pre-commit", "echo theirs >> a.txt", True),
    "stages it otherwise": ("pre-commit", "echo theirs >> a.txt; git add a.txt", True),
    "ignores": ("post-commit", "echo seen > .git/info/exclude", True),
    "marks": ("post-commit", "git update-index --skip-worktree b.txt", True),
    "afterwards stages": ("post-commit", "git rm -q --cached b.txt", True),
    "afterwards changes a bit": ("post-commit", "chmod +x b.txt", True),
}


@pytest.mark.parametrize("how", HOOKS)
def test_after_a_commit_of_git_it_is_asked_only_where_more_was_changed(
    begun: Scenario, asked: list[str], how: str
) -> None:
    name, does, tells = HOOKS[how]
    begun.write("seen", "")
    begun.write("deep/y.txt", "theirs\n")
    begun.hook(name, does)
    repository = Repository(begun.root)
    passing(repository)
    for number in range(2):
        edited(repository, "a.txt", f"{number}\n")
        passing(repository)
        before = len(asked)
        with suppress(NotMade, CommitUnsound):
            committed_by_git(repository, "a.txt")
        if number == 0:
            assert (len(asked) > before) is tells
        now = set(Repository(begun.root).status((), "normal"))
        assert set(repository.last_status.now()) == now


def test_of_several_files_that_git_commits_it_is_not_asked(
    begun: Scenario, asked: list[str]
) -> None:
    begun.hook("pre-commit", "exit 0")
    repository = Repository(begun.root)
    passing(repository)
    for number in range(3):
        for path in ("a.txt", "deep/er/x.txt", "deep/y.txt"):
            edited(repository, path, f"{number}\n")
        passing(repository)
        committed_by_git(repository, "a.txt", "deep/er/x.txt", "deep/y.txt")
    begun.write("deep/y.txt", "theirs\n")
    passing(repository)
    assert [change.path for change in repository.last_status.now()] == ["deep/y.txt"]
    assert len(asked) == 3


def test_a_file_that_git_removes_or_adds_is_committed(begun: Scenario, asked: list[str]) -> None:
    begun.hook("pre-commit", "exit 0")
    repository = Repository(begun.root)
    passing(repository)
    passing(repository, (begun.root / "b.txt").unlink)
    before = len(asked)
    committed_by_git(repository, "b.txt")
    assert len(asked) == before
    assert repository.last_status.now() == ()


@pytest.mark.parametrize("goes", ["made/a", "made/z", "made/b/"])
def test_folders_are_watched_though_what_is_beside_them_goes(
    begun: Scenario, monkeypatch: pytest.MonkeyPatch, goes: str
) -> None:
    """As where a build makes a folder anew, with files in it that come and go."""
    list_folder = os.scandir

    def in_the_midst(folder: str) -> AbstractContextManager[Iterator[os.DirEntry[str]]]:
        listed = sorted(list_folder(folder), key=lambda entry: entry.name)
        if (begun.root / goes).is_dir():
            (begun.root / goes).rmdir()
        else:
            (begun.root / goes).unlink(missing_ok=True)
        return nullcontext(iter(listed))

    def made() -> None:
        for name in ("aa", "b", "bb", "c"):
            (begun.root / "made" / name).mkdir(parents=True)
        for name in ("a", "aa/x", "bb/x", "c/x", "z"):
            begun.write(f"made/{name}", "")

    repository = Repository(begun.root)
    passing(repository)
    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", in_the_midst)
        passing(repository, made)
    begun.git("add", "made")
    begun.git("commit", "-qm", "Theirs")
    passing(repository)
    passing(repository)
    for name in ("aa", "bb", "c"):
        passing(repository, partial(begun.write, f"made/{name}/x", "changed\n"))
        assert f"made/{name}/x" in [change.path for change in repository.last_status.now()]


def test_an_ignored_file_that_git_commits_is_watched_from_then_on(begun: Scenario) -> None:
    begun.hook("pre-commit", "exit 0")
    begun.write("out/x", "1\n")
    repository = Repository(begun.root)
    passing(repository)
    passing(repository)
    committed_by_git(repository, "out/x", new=("out/x",))
    passing(repository)
    passing(repository, lambda: begun.write("out/x", "2\n"))
    assert [change.path for change in repository.last_status.now()] == ["out/x"]


def test_a_file_that_gets_a_second_name_meanwhile_is_looked_at(begun: Scenario) -> None:
    def by_another_name() -> None:
        (begun.root / "deep/other.log").hardlink_to(begun.root / "a.txt")
        begun.write("deep/other.log", "changed\n")

    repository = Repository(begun.root)
    passing(repository)
    passing(repository, by_another_name)
    assert [change.path for change in repository.last_status.now()] == ["a.txt"]


def test_of_ignored_folders_no_file_is_looked_at_for_its_other_names(
    begun: Scenario, tmp_path: Path
) -> None:
    """As where packages are set up by links to a cache, thousands of them."""
    (tmp_path / "cache").write_text("")

    def set_up() -> None:
        (begun.root / "out").mkdir()
        (begun.root / "out/package").hardlink_to(tmp_path / "cache")

    repository = Repository(begun.root)
    passing(repository)
    passing(repository, set_up)
    passing(repository)
    watched = repository.last_status._watch
    assert watched is not None
    assert watched.has("deep/")
    assert not watched._linked

"""What git's configuration and attributes say, followed while they change under a run."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

import pytest
from scenario import Scenario

from runbook.engine.ground.worktreeahead import names_a_branch
from runbook.world.git.expectedtree import expected
from runbook.world.git.gitcommand import ask
from runbook.world.git.gitfailed import GitFailed
from runbook.world.git.repository import Repository
from runbook.world.git.settings import expanded
from runbook.world.git.userhooks import runs_hooks

pytestmark = pytest.mark.usefixtures("in_its_environment")


@pytest.fixture
def repository(scenario: Scenario) -> Repository:
    scenario.write("a.txt", "a\n")
    scenario.write("deep/er/b.txt", "b\r\n")
    scenario.begin()
    return Repository(scenario.root)


def test_a_setting_is_followed_where_it_changes(scenario: Scenario, repository: Repository) -> None:
    assert not repository.settings.is_true("commit.gpgsign")
    scenario.git("config", "commit.gpgSign", "on")
    assert repository.settings.is_true("commit.gpgsign")
    scenario.git("config", "commit.gpgSign", "off")
    assert not repository.settings.is_true("commit.gpgsign", default=True)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"user.name": "Ada Łukasz-Ōno 3", "user.email": "ada@example.org"},
        {"user.name": "Ada, Jr."},
        {"user.name": " 'Ada' "},
        {"user.name": "A<d>a"},
        {"user.name": "A\tda"},
        {"user.name": "..."},
        {"user.name": ""},
        {"user.email": ""},
        {"user.email": "<ada@example.org>"},
        {"author.name": "Somebody"},
        {"committer.email": "else@example.org"},
        {"GIT_AUTHOR_NAME": "Eve"},
        {"GIT_COMMITTER_EMAIL": "eve@example.org"},
        {"GIT_AUTHOR_DATE": "no date"},
        {"GIT_COMMITTER_DATE": "2024-01-02T03:04:05 +0000"},
    ],
    ids=str,
)
def test_an_identity_is_the_one_that_git_names(
    scenario: Scenario,
    repository: Repository,
    monkeypatch: pytest.MonkeyPatch,
    settings: dict[str, str],
) -> None:
    for role in ("AUTHOR", "COMMITTER"):
        for part in ("NAME", "EMAIL", "DATE"):
            monkeypatch.delenv(f"GIT_{role}_{part}", raising=False)
    scenario.git("config", "user.name", "Ada")
    scenario.git("config", "user.email", "ada@example.org")
    for name, content in settings.items():
        if name.startswith("GIT_"):
            monkeypatch.setenv(name, content)
        else:
            scenario.git("config", name, content)

    def told(role: Literal["AUTHOR", "COMMITTER"]) -> str | None:
        status, shown, _ = ask(scenario.root, "var", f"GIT_{role}_IDENT")
        return shown.decode().rstrip("\n").rsplit(" ", 2)[0] if status == 0 else None

    def ours(role: Literal["AUTHOR", "COMMITTER"]) -> str | None:
        try:
            return repository.settings.identity(role)
        except GitFailed:
            return None

    assert ours("AUTHOR") == told("AUTHOR")
    assert ours("COMMITTER") == told("COMMITTER")


@pytest.mark.parametrize(
    "name",
    [
        "a", "x-1", "a_b", "v1.2", "é", "HEAD", "a.lock", "a..b", ".a", "a.", "-a", "a-", "a b",
        "a~1", "a^", "a:b", "a?", "a*", "a[", "a\\", "@", "@{-1}", "a@{1}", "a@b",
        "a.lock.b", "a.b.lock",
    ],
)  # fmt: skip
def test_a_branch_is_called_what_git_calls_one(repository: Repository, name: str) -> None:
    root = repository.root
    taken = ask(root, "check-ref-format", "--branch", name)[0] == 0
    assert names_a_branch(root, name) is taken


def test_an_included_file_is_followed_too(scenario: Scenario, repository: Repository) -> None:
    other = scenario.folder / "more.cfg"
    other.write_text("[core]\n\tfileMode\n")
    scenario.git("config", "include.path", str(other))
    assert repository.settings.is_true("core.filemode")
    other.write_text("[core]\n\tfileMode = false\n[core]\n\thooksPath = there\n")
    assert not repository.settings.is_true("core.filemode", default=True)
    assert repository.settings.get("core.hookspath") == "there"


def attributes(scenario: Scenario, where: str, text: str) -> None:
    place = scenario.root / where
    place.parent.mkdir(exist_ok=True, parents=True)
    place.write_text(text)


@pytest.mark.parametrize(
    ("where", "text"),
    [
        (".gitattributes", "*.txt text=auto\n"),
        ("deep/.gitattributes", "b.txt eol=lf\n"),
        ("deep/er/.gitattributes", "* filter=x\n"),
        (".git/info/attributes", "*.txt working-tree-encoding=UTF-16\n"),
        (".gitattributes", "[attr]mine ident\nb.txt mine\n"),
        (".gitattributes", "*.txt crlf=input\n"),
    ],
)
def test_attributes_are_followed_where_they_change(
    scenario: Scenario, repository: Repository, where: str, text: str
) -> None:
    paths = ["a.txt", "deep/er/b.txt"]
    assert repository.filters.leave(paths)
    attributes(scenario, where, text)
    assert not repository.filters.leave(paths)
    attributes(scenario, where, "# nothing\n")
    assert repository.filters.leave(paths)


def test_attributes_that_change_no_contents_leave_files(
    scenario: Scenario, repository: Repository
) -> None:
    attributes(scenario, ".gitattributes", "*.txt diff=python -text merge=union\n")
    assert repository.filters.leave(["a.txt"])


@pytest.mark.parametrize("told", ["true", "input", "TRUE"])
def test_ends_of_lines_of_the_user_are_a_filter(
    scenario: Scenario, repository: Repository, told: str
) -> None:
    assert repository.filters.leave(["a.txt"])
    scenario.git("config", "core.autocrlf", told)
    assert not repository.filters.leave(["a.txt"])
    head = repository.head().commit
    scenario.write("a.txt", "c\r\n")
    found = expected(repository, head, ("a.txt",)).tree
    scenario.git("commit", "-qam", "c")
    assert found == scenario.git("rev-parse", "HEAD^{tree}")


def test_git_is_asked_about_attributes_once(
    scenario: Scenario, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.filters.ask(["a.txt", "deep/er/b.txt"])
    monkeypatch.setenv("PATH", str(Path(scenario.folder) / "nowhere"))
    assert repository.filters.leave(["a.txt", "deep/er/b.txt"])


@pytest.mark.parametrize(
    "told", ["true", "YES", "on", "1", "2", "-1", "false", "no", "off", "0", ""]
)
def test_what_is_true_is_as_git_has_it(
    scenario: Scenario, repository: Repository, told: str
) -> None:
    scenario.git("config", "core.fileMode", told)
    says = scenario.git("config", "--type=bool", "core.fileMode")
    assert repository.settings.is_true("core.filemode", default=told == "false") == (says == "true")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become a user without a home")
def test_a_user_without_a_home_has_settings_too() -> None:
    pid = os.fork()
    if pid == 0:
        os.setuid(54321)
        os.environ.pop("HOME", None)
        try:
            os._exit(expanded("~/.gitconfig") != Path("~/.gitconfig"))
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def test_hooks_are_found_where_git_runs_them(scenario: Scenario, repository: Repository) -> None:
    scenario.git("config", "core.hooksPath", os.devnull)
    assert not runs_hooks(repository)
    scenario.git("config", "core.hooksPath", "here")
    assert not runs_hooks(repository)
    (scenario.root / "here").mkdir()
    scenario.write("here/pre-commit.sample", "exit 1\n")
    assert not runs_hooks(repository)
    scenario.write("here/pre-commit", "exit 0\n", mode=0o755)
    assert runs_hooks(repository)

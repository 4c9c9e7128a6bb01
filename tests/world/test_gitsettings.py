"""What git's configuration and attributes say, followed while they change under a run."""

from __future__ import annotations

from pathlib import Path

import pytest
from scenario import Scenario

from runbook.world.git.expectedtree import expected_tree
from runbook.world.git.repository import Repository

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
    expected = expected_tree(repository, head, ("a.txt",))
    scenario.git("commit", "-qam", "c")
    assert expected == scenario.git("rev-parse", "HEAD^{tree}")


def test_git_is_asked_about_attributes_once(
    scenario: Scenario, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.filters.ask(["a.txt", "deep/er/b.txt"])
    monkeypatch.setenv("PATH", str(Path(scenario.folder) / "nowhere"))
    assert repository.filters.leave(["a.txt", "deep/er/b.txt"])

"""What an index hides is found, in whatever form git keeps the index."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from scenario import Scenario

from runbook.core.edit.gitindex import may_have_marks
from runbook.world.git.checkout import find_checkout
from runbook.world.git.overlooked import hidden, overlooked_of_each, uncommitted
from runbook.world.git.reader import Reader

pytestmark = pytest.mark.usefixtures("in_its_environment")

FORMS = {
    "plain": (),
    "version 4": (("update-index", "--index-version", "4"),),
    "split": (("update-index", "--split-index"),),
    "a file that is meant to be added": (("add", "-N", "meant.txt"),),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("mark", ["assume-unchanged", "skip-worktree"])
def test_each_form_of_the_index(scenario: Scenario, form: str, mark: str) -> None:
    long = f"{'long' * 40}/{'name' * 40}.txt"
    for path in ("a.txt", "b.txt", "gone.txt", long):
        scenario.write(path, "one\n")
    scenario.begin()
    scenario.write("meant.txt", "one\n")
    for command in FORMS[form]:
        scenario.git(*command)
    reader = Reader(find_checkout(scenario.root))
    assert hidden(reader) == {}
    scenario.git("update-index", f"--{mark}", "a.txt", "b.txt", "gone.txt", long)
    assert hidden(reader) == {}
    for path in ("a.txt", long):
        scenario.write(path, "two\n")
    (scenario.root / "gone.txt").unlink()
    assert hidden(reader) == dict.fromkeys(("a.txt", long), f"marked `{mark}`")
    assert hidden(reader, ("b.txt", long)) == {long: f"marked `{mark}`"}
    assert hidden(reader, ()) == {}


@pytest.mark.parametrize(("form", "length"), [("sha1", 20), ("sha256", 32)])
def test_a_plain_index_tells_that_it_hides_nothing(tmp_path: Path, form: str, length: int) -> None:
    folder = tmp_path / form
    folder.mkdir()
    with Scenario(folder, init=(f"--object-format={form}",)) as scenario:
        for number in range(20):
            scenario.write(f"{'x' * number}/{number}.txt", "one\n")
        scenario.begin()
        index = scenario.root / ".git" / "index"
        told = index.read_bytes()
        assert not may_have_marks(told, length)
        assert may_have_marks(told[: len(told) // 2], length)
        scenario.git("update-index", "--assume-unchanged", "x/1.txt")
        assert may_have_marks(index.read_bytes(), length)
        scenario.git("update-index", "--no-assume-unchanged", "x/1.txt")
        scenario.git("update-index", "--split-index")
        assert may_have_marks(index.read_bytes(), length)


def test_without_an_index_nothing_is_hidden(scenario: Scenario) -> None:
    assert hidden(Reader(find_checkout(scenario.root))) == {}


def test_a_path_that_git_refuses_says_nothing_of_other_groups(scenario: Scenario) -> None:
    scenario.write(".gitignore", "*.log\n")
    scenario.write("deep/a.txt", "one\n")
    scenario.begin()
    (scenario.root / "link").symlink_to("deep")
    groups = (("a.log", "b.txt"), ("link/a.txt",), ("b.log",))
    ignored = "ignored by .gitignore:1 `*.log`"
    assert [dict(each) for each in overlooked_of_each(scenario.root, groups)] == [
        {"a.log": ignored}, {}, {"b.log": ignored},
    ]  # fmt: skip
    first, last = overlooked_of_each(scenario.root, (groups[0], groups[2]))
    assert first == last == {"a.log": ignored, "b.log": ignored}


@pytest.mark.parametrize("form", ["sha1", "sha256"])
def test_what_is_unchanged_is_compared_without_a_process_for_each(
    tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, asked = tmp_path / form, tmp_path / "asked"
    folder.mkdir()
    with Scenario(folder, init=(f"--object-format={form}",)) as scenario:
        paths = tuple(f"{number}.txt" for number in range(20))
        for path in paths:
            scenario.write(path, f"{path}\n")
        scenario.begin()
        scenario.program("git", f'echo "$@" >> {asked}\nexec {shutil.which("git")} "$@"')
        monkeypatch.setenv("PATH", scenario.env["PATH"])
        assert uncommitted(Reader(find_checkout(scenario.root)), paths) == {}
        assert len(asked.read_text().splitlines()) < 10

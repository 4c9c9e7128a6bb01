"""What a commit brings is told as git lists it, and synced wherever git keeps it."""

from __future__ import annotations

import pytest
from scenario import Scenario

from runbook.world.git.gitsync import new_objects, sync_commit
from runbook.world.git.objects import Objects

pytestmark = pytest.mark.usefixtures("in_its_environment")


def listed(scenario: Scenario, *commits: str) -> set[str]:
    lines = scenario.git("rev-list", "--objects", *commits).splitlines()
    return {line.split(" ")[0] for line in lines}


def test_they_are_what_git_lists(scenario: Scenario) -> None:
    for name in ("a.txt", "deep/er/b.txt", "deep/c.txt", "gone/d.txt", "kept/e.txt", "was"):
        scenario.write(name, f"{name}\n")
    scenario.begin()
    with Objects(scenario.root, scenario.root / ".git") as objects:
        first = scenario.git("rev-parse", "HEAD")
        assert set(new_objects(objects, first)) == listed(scenario, first)
        scenario.write("deep/er/b.txt", "changed\n")
        scenario.write("new/f.txt", "new\n")
        (scenario.root / "gone/d.txt").unlink()
        (scenario.root / "was").unlink()
        scenario.write("was/a/folder.txt", "now\n")
        # Written before, by somebody who syncs nothing; git does not write it again.
        scenario.git("hash-object", "-w", "new/f.txt")
        scenario.git("add", "-A")
        scenario.git("commit", "-qm", "Second")
        second = scenario.git("rev-parse", "HEAD")
        found = list(new_objects(objects, second))
    assert set(found) == listed(scenario, second, f"^{first}")
    assert len(found) == len(set(found))


def test_one_without_changes_brings_itself(scenario: Scenario) -> None:
    scenario.write("a.txt", "a\n")
    scenario.begin()
    scenario.git("commit", "--allow-empty", "-qm", "Nothing")
    head = scenario.git("rev-parse", "HEAD")
    with Objects(scenario.root, scenario.root / ".git") as objects:
        assert list(new_objects(objects, head)) == [head]


@pytest.mark.parametrize("elsewhere", ["packed", "reftable"])
def test_what_git_keeps_elsewhere_is_not_missed(elsewhere: str, scenario: Scenario) -> None:
    scenario.write("a.txt", "a\n")
    scenario.begin()
    head, place = scenario.git("rev-parse", "HEAD"), scenario.root / ".git"
    scenario.git("gc", "-q")
    if elsewhere == "reftable":
        # As git lays it out: the folder of branches is a file there.
        (place / "refs/heads").rmdir()
        (place / "refs/heads").write_text("this repository uses the reftable format\n")
    with Objects(scenario.root, place) as objects:
        sync_commit(objects, place, head, "refs/heads/main", place)

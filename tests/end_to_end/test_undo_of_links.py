"""Undo takes back links and submodules as it does files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from scenario import Scenario

PHASE = """
phase: 1
goal: Link it.
tasks:
  - title: Link
    steps:
      - run: {command}
        files: {files}
      - verify: "true"
      - commit: "feat: link it"
"""

COMMANDS = {
    "made": ("mkdir sub && ln -s ../a.txt sub/new", ["sub/new"]),
    "removed": ("rm old", ["old"]),
    "pointed elsewhere": ("ln -sfn b.txt old", ["old"]),
    "a file instead": ("rm old && echo real > old", ["old"]),
    "instead of a file": ("rm b.txt && ln -s a.txt b.txt", ["b.txt"]),
    "moved with a file": ("mkdir m && git mv old m/old && git mv b.txt m/b.txt",
                          ["old", "b.txt", "m/old", "m/b.txt"]),
    "as pathlib would not write it": ("ln -sfn ./b.txt old && ln -s .//m/ new", ["old", "new"]),
    "one that leads nowhere": ("ln -s /nowhere/at/all old2", ["old2"]),
}  # fmt: skip


def files(root: Path) -> dict[str, str]:
    """What there is besides git's and the phases: links by their targets."""
    found = {}
    for above, folders, names in os.walk(root):
        folders[:] = [each for each in folders if each not in (".git", "phases")]
        for name in (*names, *folders):
            path = Path(above) / name
            if path.is_symlink():
                target = os.readlink(path)  # noqa: PTH115 # as it is
                found[str(path.relative_to(root))] = f"-> {target}"
            else:
                found[str(path.relative_to(root))] = path.read_text() if path.is_file() else "/"
    return found


@pytest.fixture
def linked(scenario: Scenario) -> Scenario:
    scenario.write("a.txt", "a\n")
    scenario.write("b.txt", "b\n")
    (scenario.root / "old").symlink_to("a.txt")
    return scenario


@pytest.mark.parametrize("what", COMMANDS)
def test_a_link(linked: Scenario, what: str) -> None:
    command, paths = COMMANDS[what]
    linked.phase(PHASE.format(command=command, files=paths))
    linked.begin()
    before = files(linked.root)
    linked.run("run").says(0, "1 commit")
    after = files(linked.root)
    # Given up, it is as if it had not begun.
    linked.hook("pre-commit", "exit 1")
    linked.run("undo", "1").says(1, "git did not make the commit that reverts another")
    assert files(linked.root) == before
    linked.run("abort", "1").says(0)
    assert files(linked.root) == after
    assert linked.status() == ""
    linked.run("undo", "1").says(1)
    (linked.root / ".git/hooks/pre-commit").unlink()
    linked.run("undo", "1").says(0, "undone: task-1")
    assert files(linked.root) == before
    assert linked.status() == ""
    assert linked.git("diff", "--stat", "HEAD~2", "HEAD") == ""
    linked.run("run", "--restart").says(0, "1 commit")
    assert files(linked.root) == after


def test_a_link_of_the_users_in_its_place_stays(linked: Scenario) -> None:
    linked.phase(PHASE.format(command="ln -sfn b.txt old", files=["old"]))
    linked.begin()
    linked.run("run").says(0, "1 commit")
    (linked.root / "old").unlink()
    (linked.root / "old").symlink_to("mine")
    linked.run("undo", "1").says(1, "changes of yours are in the way: old", "Nothing was changed.")
    linked.git("checkout", "old")
    linked.hook("pre-commit", "exit 1")
    linked.run("undo", "1").says(1, "git did not make the commit")
    (linked.root / "old").unlink()
    (linked.root / "old").symlink_to("mine")
    linked.run("undo", "1").says(1, "old was changed by someone since the undo began")
    linked.run("abort", "1").says(1, "changed by hand since the undo stopped: old")
    assert (linked.root / "old").readlink() == Path("mine")


def test_nor_is_an_undo_begun_that_can_not_go_on(scenario: Scenario) -> None:
    scenario.app()
    scenario.run("run").says(0, "1 commit")
    os.link(scenario.root / "app.py", scenario.folder / "another name")
    scenario.run("undo", "1").says(1, "app.py is a hard link", "Nothing was changed.")
    scenario.run("status").says(0, "complete")


def test_a_submodule_goes_back_to_its_commit(scenario: Scenario) -> None:
    part = scenario.folder / "part"
    scenario.git("init", "-q", str(part), cwd=scenario.folder)
    for name in ("One", "Two"):
        scenario.git("commit", "-q", "--allow-empty", "-m", name, cwd=part)
    allowed = ("-c", "protocol.file.allow=always")
    scenario.git(*allowed, "submodule", "add", "-q", str(part), "part")
    scenario.git("checkout", "-q", "HEAD~1", cwd=scenario.root / "part")
    scenario.phase(PHASE.format(command="git -C part checkout -q main", files=["part"]))
    scenario.begin()
    old = scenario.git("rev-parse", "HEAD", cwd=scenario.root / "part")
    scenario.run("run").says(0, "1 commit")
    assert scenario.git("rev-parse", "HEAD", cwd=scenario.root / "part") != old
    scenario.git("submodule", "--quiet", "deinit", "part")
    scenario.run("undo", "1").says(
        1, "the submodule part is not checked out here", "`git submodule update --init -- part`"
    )
    scenario.git(*allowed, "submodule", "--quiet", "update", "--init", "--", "part")
    scenario.run("undo", "1").says(0, "undone: task-1")
    assert scenario.git("rev-parse", "HEAD", cwd=scenario.root / "part") == old
    assert scenario.git("rev-parse", "HEAD:part") == old
    assert scenario.status() == ""


def test_a_submodule_that_came_is_told_before_anything(scenario: Scenario) -> None:
    part = scenario.folder / "part"
    scenario.git("init", "-q", str(part), cwd=scenario.folder)
    scenario.git("commit", "-q", "--allow-empty", "-m", "One", cwd=part)
    command = f"git -c protocol.file.allow=always submodule add -q {part} part"
    scenario.phase(PHASE.format(command=command, files=["part", ".gitmodules"]))
    scenario.begin()
    scenario.run("run").says(0, "1 commit")
    result = scenario.run("undo", "1")
    result.says(1, "part is a submodule, and <commit> made or removed it", "Nothing was changed.")
    # As it is said, followed literally.
    (command,) = [each for each in result.raw.split("`") if each.startswith("git revert ")]
    scenario.git("revert", "--no-edit", command.split()[-1])
    scenario.run("undo", "1").says(0, "undone: task-1")

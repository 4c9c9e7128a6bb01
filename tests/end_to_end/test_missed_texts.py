"""A text or file that an edit misses is looked for where git says that it went."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from scenario import APP, GREETING, Scenario

PHASE = """\
phase: 1
goal: Go on.
tasks:
  - title: Go on
    steps:
      - edit: {path}
        {change}
"""
TOTAL = "def total(items):\n    return sum(items)\n"
REMOVE = "remove: |\n          def total(items):\n              return sum(items)"


@pytest.mark.parametrize(
    ("path", "change", "said"),
    [
        ("a.py", REMOVE, "it stands in b.py:2 since {1}"),
        ("a.py", "remove: quite_another_thing", "it went from this file with {1}: move total"),
        ("old.py", "append: x", "it is src/newer.py since {3}"),
        ("gone.py", "append: x", "gone.py was deleted by {2}: rename"),
        ("src/newr.py", "append: x", "did you mean src/newer.py?"),
        ("A.py", "append: x", "did you mean a.py?"),
        ("NEWS", "append: x", "a new file is made by `create`"),
        ("NEWS", "rewrite-file: x", "a new file is made by `create`"),
        ("a.py", "remove: never there", None),
        # The end of a stretch that begins all right: no word of where its beginning came from.
        ("a.py", "from: x = 1\n        through: never there\n        with: y", None),
        (
            "a.py",
            "from: x = 1\n        through: quite_another_thing\n        with: y",
            "it went from this file with {1}: move total",
        ),
        ('{glob: "src/o*/*.py"}', "append: x", None),
        ('{glob: "s*.py"}', "append: x", "**/s*.py matches 1 file"),
    ],
)
def test_where_it_went_is_said(tmp_path: Path, path: str, change: str, said: str | None) -> None:
    with Scenario(tmp_path) as scenario:
        scenario.write("a.py", f"{TOTAL}quite_another_thing\nx = 1\n")
        scenario.write("old.py", "a\nb\n")
        scenario.write("gone.py", "z\n")
        scenario.begin()
        inner = "".join(f"    {line}\n" for line in TOTAL.splitlines())
        scenario.write("a.py", 'VERSION = "2"\nx = 1\n')
        scenario.write("b.py", f"class B:\n{inner}")
        scenario.git("add", "-A")
        scenario.git("commit", "-qm", "move total")
        scenario.git("mv", "old.py", "new.py")
        scenario.git("rm", "-q", "gone.py")
        scenario.git("commit", "-qm", "rename")
        (scenario.root / "src").mkdir()
        scenario.git("mv", "new.py", "src/newer.py")
        scenario.write("src/deep/sea.py", "a\n")
        scenario.git("add", "src")
        scenario.git("commit", "-qm", "rename again")
        commits = scenario.git("log", "--reverse", "--format=%h").split()
        scenario.phase(PHASE.format(path=path, change=change))
        for found in (scenario.run("check"), scenario.run("run")):
            assert found.status == 1
            if said is None:
                assert not re.search(" since | matches \\d|it went from", found.raw), found.raw
            else:
                assert said.format(*commits) in found.raw, found.raw


IN_FOLDERS = """phase: {number}
goal: Go on.
workdir: {workdir}
tasks:
  - title: Go on
    steps:
      - edit: {path}
        append: x
"""


@pytest.mark.parametrize("workdirs", [("web",), ("web", "api")])
@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("web/src/app.js", "paths stand in `workdir`, web: write src/app.js"),
        ("api/lib.rs", "paths stand in `workdir`, web, and api/lib.rs is not below it"),
        ("src/apps.js", "did you mean src/app.js?"),
        ("app.js", "did you mean src/app.js?"),
        ('{glob: "web/src/*.js"}', "paths stand in `workdir`, web: write src/*.js"),
        ('{glob: "api/*.rs"}', "paths stand in `workdir`, web, and api/*.rs is not below it"),
        ('{glob: "*.js"}', "**/*.js matches 1 file"),
    ],
)
def test_the_path_that_was_meant_is_one_in_the_workdir(
    scenario: Scenario, workdirs: tuple[str, ...], path: str, said: str
) -> None:
    scenario.write("web/src/app.js", "a\n")
    scenario.write("api/lib.rs", "a\n")
    paths = {"web": path, "api": "lib.rs"}
    for number, workdir in enumerate(workdirs, 1):
        text = IN_FOLDERS.format(number=number, workdir=workdir, path=paths[workdir])
        scenario.phase(text, f"phase-{number}")
    scenario.begin()
    for found in (scenario.run("check", "1"), scenario.run("run", "1")):
        found.says(1, said)


MADE = """phase: 1
goal: Go on.
tasks:
  - title: Go on
    steps:
      - {step}
"""


@pytest.mark.parametrize(
    ("before", "is_there"),
    [
        ("verify: ls", False),
        ("edit: web/a.txt\n        create: a", True),
        ("run: mkdir web\n        files: web/a.txt", True),
        ("manual: Begin the package.", True),
    ],
)
def test_a_workdir_that_nothing_makes_is_found_before(
    scenario: Scenario, before: str, is_there: bool
) -> None:
    scenario.phase(MADE.format(step=before), "phase-1")
    second = MADE.format(step="verify: ls | grep a").replace("phase: 1", "phase: 2\nworkdir: web")
    scenario.phase(second, "phase-2")
    scenario.begin()
    problem = "phases/phase-2.yaml:2:10: conflict: the folder web does not exist, in which paths"
    assert (problem in scenario.run("check", "2").raw) is not is_there
    if not is_there:
        scenario.run("run", "2").says(1, "does not exist", "the folder that `workdir` names")
        # One that git ignores is there all the same.
        (scenario.root / "web").mkdir()
        assert problem not in scenario.run("check", "2").raw


def test_a_text_that_went_since_the_last_commit_is_of_no_commit(scenario: Scenario) -> None:
    """The commit that brought it was named as the one with which it went."""
    scenario.write("a.py", "one = 1\n")
    scenario.phase(PHASE.format(path="a.py", change="remove: one = 1"))
    scenario.series("worktree: .worktrees/on\nsetup: echo quite_another_thing > a.py\n")
    scenario.begin()
    scenario.run("run").says(1, "  - it went from this file since the last commit\n")


def test_a_file_that_its_conflict_names_is_named_once(scenario: Scenario) -> None:
    (scenario.root / "app.py").symlink_to("other.py")
    scenario.write("other.py", APP)
    scenario.phase(GREETING)
    scenario.begin()
    for command, status in (("check", 1), ("run", 1), ("status", 0)):
        result = scenario.run(command)
        result.says(status, ": app.py is a symbolic link")
        assert "app.py: app.py" not in result.stdout

"""Edits by patches for real: what is written, what is committed, and what a person reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from scenario import Scenario

PHASE = """\
phase: 1
goal: Say good day.
tasks:
  - title: Say it politely
    steps:
      - edit: [src/app.py, src/old.py, src/dead.py, bin/start]
        patch: |
          From: Ada

          diff --git a/src/app.py b/src/app.py
          --- a/src/app.py
          +++ b/src/app.py
          @@ -6,4 +6,5 @@

           def greeting():
          -    return "hello"
          +    # Not before noon.
          +    return "good day"
           # End.
          diff --git a/src/old.py b/src/new.py
          similarity index 60%
          rename from src/old.py
          rename to src/new.py
          --- a/src/old.py
          +++ b/src/new.py
          @@ -1,2 +1,2 @@
           a = 1
          -b = 2
          +b = 3
          diff --git a/src/dead.py b/src/dead.py
          deleted file mode 100644
          --- a/src/dead.py
          +++ /dev/null
          @@ -1 +0,0 @@
          -x = 1
          diff --git a/bin/start b/bin/start
          new file mode 100755
          --- /dev/null
          +++ b/bin/start
          @@ -0,0 +1 @@
          +exec python -m app
      - commit: "feat: say good day"
"""


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Scenario]:
    with Scenario(tmp_path) as scenario:
        scenario.write(
            "src/app.py", '# Greets.\r\n\r\ndef greeting():\r\n    return "hello"\r\n# End.\r\n'
        )
        scenario.write("src/old.py", "a = 1\nb = 2\n")
        scenario.write("src/dead.py", "x = 1\n")
        scenario.phase(PHASE)
        yield scenario.begin()


def test_a_patch_changes_moves_deletes_and_makes_files(project: Scenario) -> None:
    project.run("run").says(0, "src/app.py")
    assert project.read("src/app.py") == (
        "# Greets.\r\n\r\ndef greeting():\r\n    # Not before noon.\r\n"
        '    return "good day"\r\n# End.\r\n'
    )
    assert project.read("src/new.py") == "a = 1\nb = 3\n"
    assert not (project.root / "src/old.py").exists()
    assert not (project.root / "src/dead.py").exists()
    assert (project.root / "bin/start").stat().st_mode & 0o111 == 0o111
    assert project.paths() == [
        "bin/start",
        "src/app.py",
        "src/dead.py",
        "src/new.py",
        "src/old.py",
    ]
    assert project.status() == ""


def test_a_patch_that_was_applied_before_is_not_applied_again(project: Scenario) -> None:
    project.run("run").says(0)
    before = project.git("rev-parse", "HEAD^{tree}")
    project.phase(PHASE.replace("phase: 1", "phase: 2"), "phase-2")
    project.git("add", "-A")
    project.git("commit", "-q", "-m", "Again")
    project.run("run", "phase-2").says(0, "already")
    assert project.git("rev-parse", "HEAD:src") == project.git("rev-parse", f"{before}:src")
    assert project.subjects()[-1] == "Again"


def test_a_hunk_that_does_not_apply_stops_before_anything_is_written(project: Scenario) -> None:
    project.write("src/old.py", "a = 1\nb = 4\n")
    project.git("commit", "-q", "-a", "-m", "Meanwhile")
    project.run("run").shows(
        1,
        """
        phase-1: Say good day.

        stopped at phase-1/task-1 (phases/phase-1.yaml:7:9): src/old.py: the hunk (@@ -1,2 +1,2 @@) does not apply
          - the nearest text stands in lines 1-2; `-` is what the phase file says, `+` what the file says:
               a = 1
              -b = 2
              +b = 4

        Nothing was written. Mend the phase file, or edit the file by hand in <root>, then: runbook run phase-1
        Or instead:
          runbook skip phase-1/task-1 --reason "...": leave task-1 out
        """,  # noqa: E501
    )
    assert project.status() == ""

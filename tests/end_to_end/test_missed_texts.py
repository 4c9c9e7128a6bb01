"""A text or file that an edit misses is looked for where git says that it went."""

from __future__ import annotations

from pathlib import Path

import pytest
from scenario import Scenario

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
        ("a.py", "remove: never there", None),
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
        scenario.git("commit", "-qm", "rename again")
        commits = scenario.git("log", "--reverse", "--format=%h").split()
        scenario.phase(PHASE.format(path=path, change=change))
        for found in (scenario.run("check"), scenario.run("run")):
            assert found.status == 1
            if said is None:
                assert " since " not in found.raw
            else:
                assert said.format(*commits) in found.raw, found.raw

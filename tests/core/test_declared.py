"""Which paths a commit from a step on will have."""

import pytest

from runbook.core.model.declared import awaits_commit
from runbook.phasefile.loader import phase_in

PHASE = phase_in(
    """\
phase: 1
goal: Know what is to be committed.
tasks:
  - title: One
    steps:
      - edit: [a.py, c.py]
        replace: {x: y}
      - commit: only a
        files: a.py
  - title: Two
    steps:
      - edit: b.py
        replace: {x: y}
      - run: "true"
        files: {glob: "gen/*.py"}
      - verify: "true"
      - commit: the rest of it
  - title: Three
    steps:
      - verify: "true"
      - edit: d.py
        replace: {x: y}
      - commit: by name
        files: [c.py, e.py]
verification:
  - verify: "true"
""",
    "phase-1",
    "phases/phase-1.yaml",
)
STEPS = {
    "edit of one": PHASE.tasks[0].steps[0],
    "commit of one": PHASE.tasks[0].steps[1],
    "check of two": PHASE.tasks[1].steps[2],
    "commit of two": PHASE.tasks[1].steps[3],
    "check of three": PHASE.tasks[2].steps[0],
    "commit of three": PHASE.tasks[2].steps[2],
    "verification": PHASE.verification[0],
}


@pytest.mark.parametrize(
    ("path", "awaited"),
    [
        ("a.py", ["edit of one", "commit of one"]),
        # Declared, and left by the commit that names others, until one names it.
        ("c.py", [each for each in STEPS if each != "verification"]),
        ("b.py", [*list(STEPS)[:4]]),
        ("gen/x.py", [*list(STEPS)[:4]]),
        # In no commit at all.
        ("d.py", [*STEPS]),
        ("e.py", [*list(STEPS)[:6]]),
        ("gen/deeper/x.py", []),
        ("z.py", []),
    ],
)
def test_a_path_awaits_the_commit_that_takes_it_along(path: str, awaited: list[str]) -> None:
    assert [name for name, step in STEPS.items() if awaits_commit(PHASE, step, path)] == awaited

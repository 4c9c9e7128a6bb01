"""RB108: what edits and commands change, and no commit takes along."""

from __future__ import annotations

import pytest
from scenario import Scenario

EDIT = (
    "      - edit: app.py\n        append: |\n          A = 1\n      - verify: grep -q A app.py\n"
)
COMMIT = '      - commit: "feat: a"\n'
OF_APP = COMMIT + "        files: app.py\n"
RUN = "      - run: ./make.sh\n        files: {}\n"
CREATE = "      - edit: b.txt\n        create: |\n          b\n"
DELETE = "      - edit: b.txt\n        delete: true\n"


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        (RUN.format("b.txt") + EDIT + OF_APP, "b.txt is changed here and in no commit after it"),
        (EDIT + COMMIT + RUN.format("[b.txt, c.txt]"), "b.txt, c.txt are changed here and in no"),
        (RUN.format("b.txt"), "no commit follows this run"),
        (CREATE + EDIT + OF_APP, "b.txt is edited here and in no commit after it"),
        # What was committed, and goes, is a change.
        (CREATE + EDIT + COMMIT + DELETE, "b.txt is edited here and in no commit after it"),
        # Committed by name, by a pattern, or with all that was declared.
        (RUN.format("b.txt") + EDIT + COMMIT, None),
        (RUN.format("b.txt") + EDIT + COMMIT + '        files: [app.py, {glob: "*.txt"}]\n', None),
        # A command may leave one of its files as it is.
        (EDIT + RUN.format("[app.py, b.txt]") + OF_APP, None),
        # What a pattern of a command matches may be ignored by git.
        (EDIT + RUN.format('{glob: "dist/**"}') + OF_APP, None),
        # What is made only for a check, and goes again, leaves nothing.
        (RUN.format("b.txt") + EDIT + DELETE + OF_APP, None),
        (CREATE + EDIT + DELETE + OF_APP, None),
    ],
)
def test_what_no_commit_has(scenario: Scenario, steps: str, said: str | None) -> None:
    scenario.write("make.sh", "true\n")
    scenario.app(f"phase: 1\ngoal: A.\ntasks:\n  - title: A\n    steps:\n{steps}")
    found = scenario.run("check").stdout
    if said is None:
        assert "RB108" not in found
    else:
        assert f"RB108: {said}" in found

"""Imports as a phase file states them."""

from __future__ import annotations

import pytest

from runbook.core.model.model import Edit
from runbook.core.model.operations import EnsureImport
from runbook.phasefile.loader import phase_in

PHASE = """\
phase: 1
goal: Test.
tasks:
  - title: A task
    steps:
      - edit: a.py
        ensure-import: {}
"""


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("import os", ("import os",)),
        ("from a import (b)", ("from a import b",)),
        ("|\n          import os\n          import  re", ("import os", "import re")),
        (
            "|\n          # Of others.\n          from a import (\n              b,  # c\n"
            "              d,\n          )\n\n          import os",
            ("from a import b, d", "import os"),
        ),
        ('[import os, "from a import (b, c)"]', ("import os", "from a import b, c")),
    ],
)
def test_imports_are_read_as_python_reads_them(stated: str, expected: tuple[str, ...]) -> None:
    (step,) = phase_in(PHASE.format(stated), "phase-1", "phase-1.yaml").tasks[0].steps
    assert isinstance(step, Edit)
    (change,) = step.changes
    assert isinstance(change, EnsureImport)
    assert change.statements == expected

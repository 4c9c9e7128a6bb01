"""RB121: empty lines below a text, of which YAML drops what was meant to stand in the file."""

from __future__ import annotations

import pytest

from runbook.core.lint.emptylines import lost_lines
from runbook.format.steps import ITEM_KEYS

PARTED = """\
phase: 1
goal: Edit.
tasks:
  - title: One
    steps:
      - edit: a.py
        before: x = 1
        insert: |
          import os

      - verify: "true"

      - commit: one
"""

CLOSE = """\
phase: 1
goal: Edit.
tasks:
  - title: One
    steps:
      - edit: a.py
        before: x = 1
        insert: |
          import os

      - edit: b.py
        changes:
          - remove: |2
                  y = 1


          - replace: z
            with: |+
              zz

          - append: |
              # the end

      - verify: "true"
      - commit: one
"""

BETWEEN = """\
phase: 1
goal: Edit.
tasks:
  - title: One
    steps:
      - edit: a.py

        replace: |
          x = 1

        with: |
          x = 2

      - verify: |
          replace: |

          true

      - commit: one
"""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (CLOSE, ["8: YAML drops the empty line", "13: YAML drops the 2 empty lines"]),
        # The layout of this one parts all its steps.
        (PARTED, []),
        (BETWEEN, ["8: YAML drops the empty line"]),
        (PARTED.replace("|\n", "|+\n"), []),
        # Where nothing else tells, the last step is no more than a step.
        (CLOSE.replace("steps:\n", "steps:\n      - commit: nothing\n\n"), []),
        ("goal: |\n  Edit.\n\n  More.\n\ntasks: []\n", []),
        ("", []),
    ],
)
def test_what_is_dropped(text: str, found: list[str]) -> None:
    findings = lost_lines("phase-1.yaml", text.split("\n"), ITEM_KEYS)
    said = [f"{each.at.line}: {each.message}" for each in findings]
    assert [each.split(" at ")[0] for each in said] == found


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("        regex: ^pip ", "put the text in quotes to keep it, or take it away"),
        ("          - replace: a b  ", "put the text in quotes to keep them, or take them away"),
        ("        with: x\t", "put the text in quotes to keep it, or take it away"),
        ('        with: "x " ', None),
        ("        replace: | ", None),
        ("        replace: {a: b} ", None),
        ("        verify: pytest ", None),
        ("        note: x ", None),
        ("        with: x", None),
        ("        with: ", None),
    ],
)
def test_blanks_that_are_dropped(line: str, hint: str | None) -> None:
    found = [each.hint for each in lost_lines("phase-1.yaml", [line, ""], ITEM_KEYS)]
    assert found == ([] if hint is None else [hint])


def test_blanks_in_a_block_are_kept() -> None:
    lines = ["        create: |", "          with: x ", "        mode: 755"]
    assert [*lost_lines("phase-1.yaml", lines, ITEM_KEYS)] == []


def test_the_hint_keeps_what_the_head_says() -> None:
    hints = [each.hint or "" for each in lost_lines("phase-1.yaml", CLOSE.split("\n"), ITEM_KEYS)]
    assert hints == [
        "write `|+` to keep it, or take it away",
        "write `|2+` to keep them, or take them away",
    ]


def test_blanks_in_other_texts_are_no_ends_of_edits() -> None:
    text = (
        "phase: 1\ngoal: >\n  with: x  \n  more\ntasks:\n  - title: One\n    note: >-  # folded\n"
        "      replace: a  \n    steps:\n      - verify: 'true'\n        expect:\n"
        "          contains:\n"
        "            - |\n              with: z  \n            - >\n              with: z  \n"
        "      - edit: a.py\n        replace: a  \n        with: b\n"
    )
    found = [each.at.line for each in lost_lines("p", text.split("\n"), ITEM_KEYS)]
    assert found == [18]

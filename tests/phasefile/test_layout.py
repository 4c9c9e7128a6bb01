"""The layout of phase files: regular, the same the second time, with all that was said."""

from __future__ import annotations

import random
import re
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import TAME, WILD, Alphabet, whole_series

from runbook.phasefile.layout import laid_out
from runbook.phasefile.loader import Loaded, load_series
from runbook.phasefile.writer import write_phase

ROOT = Path(__file__).parents[2]

CROOKED = """\
# top
phase:   1   # the number

goal:  'Test it'


tasks:
# about the task
-   title: "A task"
    # about steps
    steps:
    # first
    -   edit:   a.py   \n\
        replace: |4
              x
            y
        with: |
          z   \n\
           w

        # in between
        note: "a: b"
    -   verify: "pytest"
        expect: {tests: pass,
           contains: ["x", 'y z']}   # end
    - commit: |+
       feat


    # last
verification:
    - verify: >-
       a b
       c
# the end
"""
STRAIGHT = """\
# top
phase: 1   # the number

goal: Test it

tasks:
  # about the task
  - title: A task
    # about steps
    steps:
      # first
      - edit: a.py
        replace: |2
            x
          y
        with: |
          z   \n\
           w

        # in between
        note: "a: b"
      - verify: pytest
        expect: {tests: pass,
          contains: [x, y z]}   # end
      - commit: |+
          feat


      # last
verification:
  - verify: >-
      a b
      c
# the end
"""


def test_a_crooked_file_becomes_straight() -> None:
    assert laid_out(CROOKED) == STRAIGHT
    assert laid_out(STRAIGHT) == STRAIGHT


def test_line_ends_stay_where_they_are_of_one_kind() -> None:
    windows = CROOKED.replace("\n", "\r\n")
    assert laid_out(windows) == STRAIGHT.replace("\n", "\r\n")
    assert laid_out(windows.replace("\r\n", "\n", 1)) == STRAIGHT


@pytest.mark.parametrize("text", ["a: [", "", "- x\n", "a: !b c\n", "\ta: 1\n"])
def test_what_is_no_phase_file_comes_back(text: str) -> None:
    assert laid_out(text) == text


def test_quotes_that_say_something_stay() -> None:
    text = "a: '3'\nb: 'true'\nc: \"\"\nd: '\\d+'\ne: '>=2'\nf: 'x #'\n"
    assert laid_out(text) == text.replace("'>=2'", '">=2"').replace("'x #'", '"x #"')


def test_our_own_phases_are_straight() -> None:
    for file in sorted((ROOT / "phases").glob("*.yaml")):
        text = file.read_text(encoding="utf-8")
        assert laid_out(text) == text, file.name


def loaded(text: str) -> Loaded:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "phase-1.yaml").write_text(text, encoding="utf-8", newline="")
        return load_series(Path(folder))


def bent(text: str, chance: random.Random) -> tuple[str, int]:
    """A phase file with comments between its lines, and how many; texts are left alone."""
    lines: list[str] = []
    number = 0
    inside: int | None = None
    for line in text.split("\n"):
        indent = len(line) - len(line.lstrip(" "))
        if inside is not None and (not line.strip(" ") or indent > inside):
            lines.append(line)
            continue
        inside = None
        if line and chance.random() < 0.4:
            number += 1
            lines.append(f"{' ' * indent}# comment {number}")
            if chance.random() < 0.3:
                lines.append("   ")
        if re.search(r"[|>][-+0-9]*$", line):
            inside = indent + 2 * line.lstrip(" ").startswith("- ")
        lines.append(line)
    return "\n".join(lines), number


@settings(max_examples=22, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from([TAME, WILD]).flatmap(lambda pieces: whole_series(Alphabet(pieces), most=1)),
    st.integers(),
)
def test_any_phase_keeps_what_it_says_and_every_comment(series: Loaded, seed: int) -> None:
    (phase,) = series.phases
    text, number = bent(write_phase(phase), random.Random(seed))
    before = loaded(text)
    changed = laid_out(text)
    assert loaded(changed).phases == before.phases
    assert laid_out(changed) == changed
    comments = Counter(re.findall(r"# comment \d+$", changed, re.MULTILINE))
    assert sum(comments.values()) >= number
    assert not re.search(r"^ +# comment \d+ +$", changed, re.MULTILINE)

"""What is written loads as the very model it was written of, and looks as a person wrote it."""

from __future__ import annotations

import os
import re
import tempfile
import textwrap
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from strategies import DURATIONS, TAME, WILD, Alphabet, single_steps, whole_series

from runbook.core.matching.texts import LineRange, Text
from runbook.core.model.diagnostics import InvalidPhaseFiles
from runbook.core.model.model import (
    Commit,
    Count,
    Distinct,
    Edit,
    Expect,
    Manual,
    Phase,
    Series,
    Settings,
    Step,
    Task,
    TestsExpectation,
    Verify,
)
from runbook.core.model.operations import Create, Glob, Insert, Patch, Replace
from runbook.core.model.patches import read_patch
from runbook.format.content import Content, Plain, Unwritable
from runbook.format.numbers import seconds
from runbook.format.yamltree import ScalarNode, Source, compose
from runbook.phasefile.loader import SERIES_FILE, Loaded, load_series
from runbook.phasefile.writer import write_phase, write_series
from runbook.views.mistakes import mistakes

ROOT = Path(__file__).parents[2]
# A thorough run: RUNBOOK_EXAMPLES=20 tests/run tests/phasefile/test_writer.py
EXAMPLES = int(os.environ.get("RUNBOOK_EXAMPLES", "1"))
ALPHABETS = st.sampled_from([TAME, WILD]).map(Alphabet)


def written(loaded: Loaded) -> dict[str, str]:
    """The files of a series, by name."""
    files = {f"{each.id}.yaml": write_phase(each, loaded.series) for each in loaded.phases}
    return files | {SERIES_FILE: write_series(loaded.series)}


def read_back(files: dict[str, str]) -> Loaded:
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            (Path(folder) / name).write_text(text, encoding="utf-8", newline="")
        try:
            return load_series(Path(folder))
        except InvalidPhaseFiles as error:
            shown = "\n".join(f"--- {name}\n{text}" for name, text in files.items())
            raise AssertionError(f"{mistakes(error)}\n{shown}") from None


def body(*steps: Step) -> str:
    """How steps are written, without what stands around them."""
    phase = Phase("phase-1", "Test.", (Task("phase-1/task-1", "T", steps),), number=1)
    text = write_phase(phase).partition("\n")[2]
    assert read_back({"phase-1.yaml": text}).phases[0].tasks == phase.tasks
    before = "phase: 1\ngoal: Test.\ntasks:\n  - title: T\n    steps:\n"
    assert text.startswith(before)
    return re.sub("^      ", "", text.removeprefix(before), flags=re.MULTILINE)


@settings(max_examples=15 * EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(ALPHABETS.flatmap(whole_series))
def test_any_series_is_read_back_as_it_was(loaded: Loaded) -> None:
    files = written(loaded)
    found = read_back(files)
    assert found.series == loaded.series
    assert found.phases == loaded.phases, files


@settings(max_examples=100 * EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(ALPHABETS.flatmap(single_steps))
def test_any_step_is_read_back_as_it_was(loaded: Loaded) -> None:
    files = written(loaded)
    assert read_back(files).phases == loaded.phases, files


@settings(max_examples=100 * EXAMPLES, deadline=None)
@given(ALPHABETS.flatmap(Alphabet.paragraph), ALPHABETS.flatmap(Alphabet.lines))
@example("a" * 120, Text("\n", True))
@example("a " * 120, Text("\n\n  x\n\n\n", True))
@example(" ".join(["# x"] * 60), Text("\tx\n", True))
@example("x\n\n", Text("  \n x\n", True))
@example("\u3000\n  x\n", Text("\u3000\n    x\n", True))
def test_any_text_is_read_back_as_it_was(words: str, lines: Text) -> None:
    step = Edit(("a.py",), (Create(lines),), note=words)
    assert body(step)


@pytest.mark.parametrize("folder", ["phases"])
def test_the_repository_s_own_phases_are_read_back_as_they_were(folder: str) -> None:
    loaded = load_series(ROOT / folder)
    found = read_back(written(loaded))
    assert (found.series, found.phases) == (loaded.series, loaded.phases)


def test_our_own_phase_is_written_as_it_stands_but_for_comments_and_folding() -> None:
    loaded = load_series(ROOT / "phases")
    (phase,) = [each for each in loaded.phases if each.id == "phase-3"]
    text = write_phase(phase, loaded.series)
    assert text.startswith("# yaml-language-server: $schema=.schema/phase.json\nphase: 3\n")

    def lines(of: str) -> set[str]:
        return {line for line in of.splitlines() if not re.match(r"\s*#", line)}

    own = (ROOT / "phases" / "phase-3.yaml").read_text(encoding="utf-8")
    different = lines(own) ^ lines(text)
    assert [line.strip()[:24] for line in sorted(different)] == [
        "Some variance in distrib",
        "active.",
        "that tests are NOT all o",
        "note: >-",
        "note: Some variance in d",
    ]


def test_an_edit_is_written_as_a_person_would() -> None:
    block = Text("def f():\n    return 1\n", True)
    shown = body(
        Edit(
            ("a.py",),
            (Replace(block, Text("    x\n", True), lines=LineRange(16, 22)),),
            "Change it",
            "Because.",
        ),
        Edit(
            ("b.md", Glob("src/**/*.md")),
            (
                Replace(Text("a", False), Text("b # c", False), "all"),
                Insert("after", Text("## End", False), Text("\n\nx\n\n", True)),
            ),
        ),
    )
    assert (
        shown
        == """\
- edit: a.py
  title: Change it
  lines: 16-22
  replace: |
    def f():
        return 1
  with: |2
        x
  note: Because.
- edit: [b.md, {glob: "src/**/*.md"}]
  changes:
    - replace: a
      with: "b # c"
      count: all
    - after: "## End"
      insert: |+


        x

"""
    )


def test_a_patch_is_written_as_git_writes_it() -> None:
    diff = "--- a/a.py\n+++ b/a.py\n@@ -1,2 +1,2 @@\n \n-a  \n+b\n"
    step = Edit(("a.py",), (Patch(diff, read_patch(diff)),))
    lines = textwrap.indent(diff, "    ", lambda _line: True)
    assert body(step) == f"- edit: a.py\n  patch: |\n{lines}"


def test_a_check_is_written_as_a_person_would() -> None:
    shown = body(
        Verify("pytest -q", Expect(tests=TestsExpectation())),
        Verify(
            "pytest -q tests\n",
            Expect(
                exit=(0, 5),
                tests=TestsExpectation(
                    passed=Count(">=", 14), failed=("a.py::f",), workers=Count("==", 2)
                ),
                contains=("two\nlines", "one"),
                distinct=Distinct(r"\bgw\d+", Count(">=", 2)),
                prose="All tests pass: really",
            ),
            timeout=5400.0,
            env=(("A", "010"), ("B", "")),
            retries=1,
            fails_at="phase",
        ),
        Verify("true", guard=True),
    )
    assert (
        shown
        == """\
- verify: pytest -q
  expect: {tests: pass}
- verify: |
    pytest -q tests
  fails-at: phase
  retries: 1
  timeout: 1h30m
  env: {A: 010, B: ""}
  expect:
    prose: "All tests pass: really"
    exit: [0, 5]
    tests: {passed: ">=14", failed: ["a.py::f"], workers: 2}
    contains:
      - |
        two
        lines
      - one
    distinct: {pattern: '\\bgw\\d+', count: ">=2"}
- verify: "true"
  guard: true
"""
    )


def test_commits_and_work_by_hand_are_written_as_a_person_would() -> None:
    shown = body(
        Manual("Choose a name. " * 12, ("a.py", "b.py"), "By hand"),
        Commit("feat: x", ("a b.py",), ("Refs: #42",)),
        Commit("feat: y\n\nWhy.\n\n\n"),
    )
    assert (
        shown
        == f"""\
- manual: "{"Choose a name. " * 12}"
  title: By hand
  files: [a.py, b.py]
- commit: "feat: x"
  files: a b.py
  trailers: "Refs: #42"
- commit: |+
    feat: y

    Why.


"""
    )


def test_long_prose_is_folded_and_commands_are_not() -> None:
    words = " ".join(["word"] * 30)
    shown = body(Verify(words, note=words))
    assert shown.startswith(f"- verify: {words}\n  note: >-\n    word ")
    assert all(len(line) <= 100 for line in shown.splitlines()[1:])


def test_what_the_series_says_already_is_left_out() -> None:
    shared = Settings("app", None, ("A <a@b.c>",), (("A", "1"),), ("S",), (), 600.0)
    series = Series("S", 7, "2026-02-04", "pytest", shared)
    own = Settings("lib", None, None, (("B", "2"),), None, None, None).over(shared)
    phase = Phase(
        "phase-1",
        "Test.",
        (Task("phase-1/first", "T", (Verify("x"),)),),
        number=1,
        of=7,
        verified="2026-02-04",
        tech_stack="pytest",
        settings=own,
    )
    text = write_phase(phase, series).partition("\n")[2]
    assert text.split("tasks:")[
        0
    ] == 'phase: 1\ngoal: Test.\nworkdir: lib\nenv: {B: "2"}\n'.replace('"2"', "2")
    files = {"phase-1.yaml": text, SERIES_FILE: write_series(series)}
    assert read_back(files).phases == (phase,)


def test_an_empty_series_file_loads() -> None:
    assert read_back({SERIES_FILE: write_series(Series())}).series == Series()


@pytest.mark.parametrize(
    "character", ["\x0c", "\x1b", "\x85", "\u2028", "\ufeff", "\r", "\ud800"], ids=ascii
)
def test_lines_that_no_block_can_hold_are_refused(character: str) -> None:
    step = Edit(("a.py",), (Create(Text(f"a{character}b\n", True)),))
    with pytest.raises(Unwritable, match=f"U\\+{ord(character):04X}|Unicode"):
        body(step)


def test_half_a_character_is_refused() -> None:
    with pytest.raises(Unwritable, match="not Unicode"):
        body(Verify("a\udc80"))


def duration(length: float) -> str:
    content: Content | None = seconds.write(length)
    assert isinstance(content, Plain)
    return content.text


@settings(deadline=None)
@given(DURATIONS)
@example(600.0)
@example(999_999 * 3660.0)
def test_a_duration_is_read_back_as_it_was(length: float) -> None:
    source = Source("x.yaml", f"{duration(length)}\n")
    node = compose(source)
    assert isinstance(node, ScalarNode)
    assert (seconds.read(source, node), source.diagnostics) == (length, [])


@pytest.mark.parametrize(
    ("length", "shown"),
    [(600, "10m"), (90, "1m30s"), (45, "45s"), (3600, "1h"), (5400, "1h30m"), (0.5, "0.5s")],
)
def test_a_duration_is_short(length: float, shown: str) -> None:
    assert duration(length) == shown


@pytest.mark.parametrize("length", [0, -1, 1e30, 4e9 + 0.5])
def test_a_duration_that_no_file_can_say_is_refused(length: float) -> None:
    with pytest.raises(Unwritable, match="duration"):
        duration(length)

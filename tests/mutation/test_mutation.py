"""The mutation run itself: what it draws and notices; a few of its mutants, each caught."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from mutation.copying import ROOT, changed, copied, tried
from mutation.drawing import Mutant, all_of, drawn, mutants

SOURCES = ROOT / "src/runbook"

MODULE = '''\
"""Words."""


__all__ = ["first"]

Kind = Literal["short", "long"]
Name = NewType("Name", str)


def first(words: "list[str]", most: int = 3) -> str | None:
    """A docstring."""
    if not words or len(words) > most:
        raise ValueError("too many words")
    return words[0]
'''


def test_each_kind_of_change_is_drawn(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(MODULE)
    found = {f"{each.old} -> {each.new}" for each in mutants(tmp_path, "a.py")}
    assert found == {
        "3 -> 4",
        "not words or len(words) > most -> (not words and len(words) > most)",
        "not words or len(words) > most -> (not (not words or len(words) > most))",
        "not words -> (words)",
        "len(words) > most -> (len(words) >= most)",
        'raise ValueError("too many words") -> pass',
        "return words[0] -> return None",
        "0 -> 1",
    }
    for each in mutants(tmp_path, "a.py"):
        assert each.name.startswith("a.py first: ")
        assert each.mutated != MODULE
        ast.parse(each.mutated)


def test_each_has_a_name_of_its_own() -> None:
    names = [each.name for each in all_of(SOURCES)]
    assert len(set(names)) == len(names)


def test_a_seed_draws_the_same_again() -> None:
    rooms = ("format",)
    first = drawn(SOURCES, 20, 1, rooms)
    assert first == drawn(SOURCES, 20, 1, rooms) != drawn(SOURCES, 20, 2, rooms)
    for each in first:
        ast.parse(each.mutated)


NOTICED = {
    "core/check/wildcards.py fits: found + len(part) -> (found - len(part))":
        "tests/core/test_expectations.py::test_no_line_of_an_output_is_there_twice",
    "core/check/outputs.py cut: len(lines) <= most -> (len(lines) < most)":
        "tests/core/test_expectations.py::test_lists_that_just_fit_are_shown_whole",
    "core/check/proving.py unusable: outcome.timed_out -> (not (outcome.timed_out))":
        "tests/core/test_expectations.py::test_what_was_killed_by_its_time_out_proves_nothing",
    "core/model/declared.py manual_targets: task.steps[here:] -> (task.steps[:])":
        "tests/core/test_model.py::test_a_manual_step_may_change_what_the_commit_after_it_names",
    "core/edit/comparison.py comparison: "
    'line if line.endswith("\\n") else f"{line}\\n" -> (line)':
        "tests/core/test_unified_diffs.py::test_a_comparison_has_whole_lines",
}  # fmt: skip


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = copied(tmp_path_factory.mktemp("mutation") / "copy")
    assert tried(made, [*NOTICED.values()], 60) == ("passed", "")
    return made


@pytest.fixture(scope="module")
def known() -> dict[str, Mutant]:
    return {each.name: each for each in all_of(SOURCES, ("core",))}


@pytest.mark.parametrize("name", NOTICED, ids=range(len(NOTICED)))
def test_a_mutant_is_noticed(copy: Path, known: dict[str, Mutant], name: str) -> None:
    mutant, test = known[name], NOTICED[name]
    file = copy / "src/runbook" / mutant.path
    before = file.read_bytes(), file.stat().st_mtime_ns
    with changed(file, mutant.mutated):
        assert tried(copy, [test], 60) == ("failed", test)
    assert (file.read_bytes(), file.stat().st_mtime_ns) == before

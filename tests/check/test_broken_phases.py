"""Good phases broken in more than a hundred ways: `check` tells each, at its place."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from good import FILES, PHASE, SECOND, SERIES
from mutations import CHECK, MUTATIONS, Mutation

from runbook.core.model.diagnostics import InvalidPhaseFiles
from runbook.core.record.problems import Problem
from runbook.series.checking import check_phases
from runbook.series.opening import open_series

PHASES = {"runbook": SERIES, "phase-1": PHASE, "phase-2": SECOND}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with the project in it."""
    root = tmp_path_factory.mktemp("broken") / "project"
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    (root / "phases").mkdir()
    commit(root, FILES)
    return root


def commit(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    subprocess.run(["git", "add", "-A"], cwd=root, check=True)
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    subprocess.run(
        ["git", *identity, "commit", "-q", "--allow-empty", "-m", "Files"], cwd=root, check=True
    )


def problems(root: Path, phases: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> list[Problem]:
    for name, text in phases.items():
        (root / "phases" / f"{name}.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(root)
    try:
        opened = open_series()
    except InvalidPhaseFiles as invalid:
        return [Problem("mistake", each.at, each.message) for each in invalid.diagnostics]
    return list(check_phases(opened, opened.loaded.phases).problems)


def test_the_good_ones_are_good(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert problems(root, PHASES, monkeypatch) == []


def test_a_person_who_confirms_is_a_check(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (mutation,) = (each for each in MUTATIONS if each.name == "an edit after the last check")
    text = PHASE.replace(mutation.old, mutation.text, 1)
    assert [each.kind for each in problems(root, PHASES | {"phase-1": text}, monkeypatch)]
    confirmed = text.replace("append: x\n", "append: x\n      - confirm: It reads well.\n")
    assert problems(root, PHASES | {"phase-1": confirmed}, monkeypatch) == []


@pytest.mark.parametrize("before", ["python -V", "pytest --collect-only -q tests"])
def test_what_lists_tests_may_stand_beside_what_runs_them(
    root: Path, monkeypatch: pytest.MonkeyPatch, before: str
) -> None:
    text = PHASE.replace(f"verify: {CHECK}", f"verify: {before} && {CHECK}", 1)
    assert text != PHASE
    assert problems(root, PHASES | {"phase-1": text}, monkeypatch) == []


def test_there_are_more_than_a_hundred() -> None:
    names = [mutation.name for mutation in MUTATIONS]
    assert len(set(names)) == len(names) > 100


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_every_kind_is_told_at_its_place(
    root: Path, mutation: Mutation, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = dict(PHASES)
    shown = "phase-1"
    if mutation.file in broken:
        shown = mutation.file
        text = broken[shown]
        assert mutation.old in text, mutation.old
        broken[shown] = text.replace(mutation.old, mutation.text, 1)
        marked = text.replace(mutation.old, mutation.new, 1)
    else:
        marked = broken[shown]
        files = {mutation.file: FILES[mutation.file].replace(mutation.old, mutation.text)}
        commit(root, files)
    try:
        found = problems(root, broken, monkeypatch)
    finally:
        if mutation.file not in PHASES:
            commit(root, FILES)
    place = marked.index(mutation.mark or "[[")
    line = marked.count("\n", 0, place) + 1
    column = place - (marked.rfind("\n", 0, place) + 1) + 1
    told = [
        each
        for each in found
        if each.code == mutation.said or (not each.code and each.message.startswith(mutation.said))
    ]
    assert told, found
    places = [(each.at.path, each.at.line, each.at.column) for each in told]
    assert (f"phases/{shown}.yaml", line, column) in places, found
    # What else is told comes of the same.
    others = {each.at.line for each in found} - {line}
    assert len(found) <= 4, (others, found)

"""Plans that others wrote: everything that an independent count finds is in the import."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

import pytest
from corpus import PLANS, needs_plans
from independent import Counted, count_tasks

from runbook.core.model.imported import Imported
from runbook.core.model.model import Commit, Confirm, Manual, Run, Task, Verify
from runbook.markdown.importing.importer import import_plan
from runbook.markdown.importing.sharing import share
from runbook.phasefile.loader import load_series
from runbook.phasefile.writer import write_phase, write_series

pytestmark = needs_plans

NAMES = [f"{plan.parent.name}/{plan.stem[:40]}" for plan in PLANS]


@cache
def imported(plan: Path) -> Imported:
    return import_plan(plan.read_text(encoding="utf-8"), plan.stem)


@pytest.mark.parametrize("plan", PLANS, ids=NAMES)
def test_the_phase_file_of_every_plan_loads_as_the_same_phase(plan: Path, tmp_path: Path) -> None:
    series, (phase,) = share((imported(plan),), None)
    (tmp_path / f"{phase.id}.yaml").write_text(write_phase(phase, series), encoding="utf-8")
    (loaded,) = load_series(tmp_path).phases
    assert loaded.tasks == phase.tasks
    assert (loaded.verification, loaded.notes) == (phase.verification, phase.notes)
    assert (loaded.goal, loaded.architecture) == (phase.goal, phase.architecture)


def test_plans_of_one_folder_share_a_series(tmp_path: Path) -> None:
    plans = sorted(each for each in PLANS if "database-test-nullpool__phase" in each.name)
    series, phases = share(tuple(map(imported, plans)), None)
    assert series.title == "Database Test NullPool Migration"
    assert series.settings.worktree == ".worktrees/database-test-nullpool"
    assert series.settings.co_authored_by == ("Claude Opus 4.5 <noreply@anthropic.com>",)
    (tmp_path / "runbook.yaml").write_text(write_series(series), encoding="utf-8")
    for phase in phases:
        (tmp_path / f"{phase.id}.yaml").write_text(write_phase(phase, series), encoding="utf-8")
    assert [phase.number for phase in load_series(tmp_path).phases] == list(range(7))


@pytest.mark.parametrize(("marked", "least"), [(True, 1.0), (False, 0.98)])
def test_every_task_is_found_with_all_that_it_has(marked: bool, least: float) -> None:
    there: Counter[str] = Counter()
    found: Counter[str] = Counter()
    missed = []
    for plan in PLANS:
        text = plan.read_text(encoding="utf-8")
        if ("<!-- START_TASK_" in text) != marked:
            continue
        for counted, task in paired(count_tasks(text), imported(plan).phase.tasks):
            there["tasks"] += 1
            if task is None:
                missed.append(f"{plan.name}:{counted.line}: task {counted.title}")
                continue
            found["tasks"] += 1
            for what, thing, is_there in checked(counted, task):
                there[what] += 1
                found[what] += is_there
                if not is_there:
                    missed.append(f"{plan.name}:{counted.line}: {what} {thing}")
    shares = {what: found[what] / number for what, number in there.items()}
    assert there["tasks"] > 300
    assert all(share >= least for share in shares.values()), "\n".join([str(shares), *missed])


@pytest.mark.parametrize(("folder", "least"), [("ed3d", 0.95), ("superpowers", 0.87)])
def test_most_expectations_are_of_a_class(folder: str, least: float) -> None:
    tasks = [task for plan in PLANS if plan.parent.name == folder for task in imported(plan).tasks]
    stated = sum(task.expectations for task in tasks)
    unchecked = [remark for task in tasks for remark in task.unchecked]
    assert stated > 300
    assert 1 - len(unchecked) / stated >= least


def test_what_is_said_exactly_becomes_an_edit() -> None:
    """By the words of the plans alone, without their repositories.

    Each of these edits was compared with its plan when a rule first made it.
    """
    tasks = [task for plan in PLANS for task in imported(plan).tasks]
    assert sum(task.exact + task.anchored + task.by_form for task in tasks) >= 370


def paired(counted: list[Counted], tasks: tuple[Task, ...]) -> list[tuple[Counted, Task | None]]:
    """Each counted task with the imported one of its title, in order where titles recur."""
    waiting = defaultdict(list)
    for task in tasks:
        waiting[bare(task.title)].append(task)
    return [
        (each, waiting[bare(each.title)].pop(0) if waiting[bare(each.title)] else None)
        for each in counted
    ]


def bare(text: str) -> str:
    return re.sub(r"[\s`*:：。.]+", "", text).lower()


def checked(counted: Counted, task: Task) -> list[tuple[str, str, bool]]:
    """What was counted of a task, and whether its import has it."""
    titles = {bare(step.title) for step in task.steps if step.title}
    titles |= {"commit" for step in task.steps if isinstance(step, Commit)}
    said = " ".join(map(repr, (task.note, *task.steps)))
    commands = [step.command for step in task.steps if isinstance(step, Verify | Run)]
    by_hand = "\n".join(
        step.instructions if isinstance(step, Manual) else step.question
        for step in task.steps
        if isinstance(step, Manual | Confirm)
    )
    # What asks for nothing is a note under its title.
    noted = bare(said)
    results = [
        ("steps", title, any(same(bare(title), each) for each in titles) or bare(title) in noted)
        for title in counted.steps
    ]
    results += [("files", file, file in said) for file in counted.files]
    for command in counted.commands:
        core = re.sub(r"^cd /\S+ && ", "", command).partition("|")[0].removesuffix(" 2>&1 ").strip()
        there = any(core in each for each in commands) or core in by_hand
        # What is an edit or a commit is one there.
        there = there or command.startswith(("git add", "git commit", "git mv", "rm ", "mv "))
        results.append(("commands", command, there))
    if counted.commit:
        # One that depends on a condition is left to a person.
        made = any(isinstance(step, Commit) for step in task.steps)
        left = re.search(
            r"^\s*Commit: .*\b(?:[Ii]f|[Uu]nless)\b|git commit ", by_hand, re.MULTILINE
        )
        results.append(("commits", "", made or left is not None))
    return results


def same(title: str, other: str) -> bool:
    """Whether a title is the other, or a sentence that the other was cut from."""
    return title == other or (
        len(other) > 3 and (title.startswith(other[:40]) or other.startswith(title))
    )

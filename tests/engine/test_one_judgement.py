"""`status`, the dry run and the run say the same of every state that stops and people lead to."""

# ruff: noqa: ARG005 # Every action has one shape.

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from agreement import agrees
from ondemand import SEED, some
from scenario import Scenario
from test_stopped_anywhere import killed as killed_after

PHASE = """
    phase: 1
    goal: Say good day.
    tasks:
      - title: First
        steps:
          - manual: Look at app.py.
          - edit: [app.py, other.py]
            replace: hello
            with: good day
          - edit: new.py
            create: |
              new = True
          - verify: test ! -e fail
          - commit: First
            files: [app.py, other.py, new.py]
      - title: Second
        steps:
          - edit: app.py
            replace: good day
            with: good evening
          - manual: Write notes.txt.
            files: [notes.txt]
          - edit: {glob: "[mno]*.py"}
            replace: "True"
            with: "False"
            count: all
          - verify: test ! -e fail
          - confirm: Does it read well?
          - commit: Second
          - manual: See that it is right.
      - title: Third
        steps:
          - edit: last.py
            create: |
              last = 1
          - run: echo made >> made.txt
            files: [made.txt]
          - commit: Third
    verification:
      - verify: test ! -e fail
      - manual: Look at it all.
      - confirm: Is all of it right?
"""

SEQUENCES = int(os.environ.get("RUNBOOK_SEQUENCES", "4"))
LENGTH = 7


def prepared(folder: Path) -> Scenario:
    scenario = Scenario(folder)
    scenario.write("app.py", 'def greeting():\n    return "hello"\n')
    scenario.write("other.py", 'other = "hello"\nflag = True\n')
    scenario.write("more.py", "flag = True\n")
    scenario.write("unrelated.txt", "one\n")
    scenario.write(".gitignore", "fail\n")
    scenario.phase(PHASE)
    return scenario.begin()


def killed(scenario: Scenario, last: int) -> None:
    done = killed_after(scenario, last)
    assert done.status in (0, -signal.SIGKILL), str(done)


def edit(scenario: Scenario, path: str, text: str) -> None:
    file = scenario.root / path
    file.write_text((file.read_text() if file.exists() else "") + text)


def toggle(scenario: Scenario) -> None:
    file = scenario.root / "fail"
    if file.exists():
        file.unlink()
    else:
        file.write_text("")


def commit(scenario: Scenario, *paths: str) -> None:
    scenario.git("add", "-A", "--", *paths, check=False)
    scenario.git("commit", "-q", "--no-verify", "-m", "Mine", check=False)


def commit_notes(scenario: Scenario) -> None:
    edit(scenario, "notes.txt", "noted\n")
    commit(scenario, "notes.txt")


def reword(scenario: Scenario, old: str, new: str) -> None:
    file = scenario.root / "phases/phase-1.yaml"
    file.write_text(file.read_text().replace(old, new))
    commit(scenario, "phases")


def branch(scenario: Scenario) -> None:
    now = scenario.git("symbolic-ref", "--short", "HEAD")
    there = scenario.git("branch", "--list", "aside")
    if now == "aside":
        scenario.git("checkout", "-q", "main", check=False)
    else:
        scenario.git("checkout", "-q", *(() if there else ("-b",)), "aside", check=False)


ACTIONS: dict[str, Callable[[Scenario, random.Random], object]] = {
    "nothing": lambda s, r: None,
    "killed": lambda s, r: killed(s, r.randrange(1, 30)),
    "the check fails or not": lambda s, r: toggle(s),
    "notes": lambda s, r: edit(s, "notes.txt", "noted\n"),
    "notes, committed": lambda s, r: commit_notes(s),
    "a file of the phase": lambda s, r: edit(s, r.choice(["app.py", "new.py"]), "# mine\n"),
    "a file ahead": lambda s, r: edit(s, r.choice(["more.py", "last.py", "made.txt"]), "x = 1\n"),
    "another file": lambda s, r: edit(s, "unrelated.txt", "two\n"),
    "all committed": lambda s, r: commit(s, "."),
    "put back with git": lambda s, r: s.git("checkout", "-q", "--", ".", check=False),
    "another branch": lambda s, r: branch(s),
    "done": lambda s, r: s.run("done", *r.choice([(), ("--reason", "why not")])),
    "said to be done": lambda s, r: s.run("done", "--reason", "it is"),
    "the question changed": lambda s, r: reword(s, "Does it read well?", "Is it well?"),
    "yes": lambda s, r: s.run("run", "--yes"),
    "retry": lambda s, r: s.run("retry"),
    "skip": lambda s, r: s.run("skip", f"task-{r.randrange(1, 4)}", "--reason", "why not"),
    "abort": lambda s, r: s.run("abort"),
    "undo": lambda s, r: s.run("undo", "phase-1"),
    "words changed": lambda s, r: reword(s, "Look at app.py.", "Look closely at app.py."),
    "work changed": lambda s, r: reword(s, "last = 1", "last = 2"),
    "finished work changed": lambda s, r: reword(s, "new = True", "new = True  # new"),
    "accepted": lambda s, r: s.run("run", "--accept-head"),
}


def test_a_file_of_a_task_that_is_left_out_is_declared_by_none(tmp_path: Path) -> None:
    scenario = prepared(tmp_path)
    scenario.run("run").says(4, "waiting for work by hand")
    scenario.run("skip", "task-2", "--reason", "why not").says(0)
    edit(scenario, "more.py", "x = 1\n")
    agrees(scenario).says(1, "declared for no commit to come: more.py")


def test_what_a_task_before_has_committed_is_put_back_behind_a_commit_of_the_users(
    tmp_path: Path,
) -> None:
    scenario = prepared(tmp_path)
    for _ in range(2):
        scenario.run("run").says(4, "waiting for work by hand")
    commit_notes(scenario)
    # The work is done so, and a question comes next.
    scenario.run("run", "--accept-head").says(4, "waiting for a person to confirm")
    scenario.git("checkout", "-q", "--", ".")
    agrees(scenario)
    assert scenario.read("app.py").endswith('return "good evening"\n')
    scenario.run("skip", "task-2", "--reason", "why not").says(0, "put back: app.py")
    assert scenario.read("app.py").endswith('return "good day"\n')


@pytest.mark.parametrize("mended", [False, True])
def test_an_edit_that_is_applied_already_leaves_nothing_to_put_back(
    tmp_path: Path, mended: bool
) -> None:
    scenario = prepared(tmp_path)
    for _ in range(2):
        scenario.run("run").says(4, "waiting for work by hand")
    scenario.run("abort").says(0)
    done = scenario.read("app.py").replace("good day", "good evening")
    if mended:
        scenario.write("app.py", done.replace("good evening", "nothing"))
        commit(scenario, ".")
        scenario.run("run").says(1, "stopped at phase-1/task-2 (")
    scenario.write("app.py", done)
    if not mended:
        commit(scenario, ".")
    told = agrees(scenario)
    told.says(4, "edit    app.py: already applied", "skip phase-1/task-2")
    assert ("runbook retry" in told.stdout) == mended
    assert "runbook abort" not in told.stdout


def test_what_an_edit_to_come_writes_over_is_given_back_by_abort(tmp_path: Path) -> None:
    scenario = prepared(tmp_path)
    for _ in range(2):
        scenario.run("run").says(4, "waiting for work by hand")
    edit(scenario, "more.py", "x = 1\n")
    scenario.run("done", "--reason", "it is").says(0)
    told = agrees(scenario)
    told.says(4, "changed by hand since, and kept: more.py", "runbook abort phase-1")


def test_work_by_hand_that_is_done_takes_no_other_file_along(tmp_path: Path) -> None:
    scenario = prepared(tmp_path)
    for _ in range(2):
        scenario.run("run").says(4, "waiting for work by hand")
    edit(scenario, "app.py", "# mine\n")
    edit(scenario, "notes.txt", "noted\n")
    told = agrees(scenario)
    told.says(4, "waiting for a person to confirm", "runbook retry phase-1")
    assert "runbook abort" not in told.stdout


@pytest.mark.parametrize("sequence", range(SEQUENCES))
def test_after_random_stops_hands_and_verbs(tmp_path: Path, sequence: int) -> None:
    print(f"RUNBOOK_SEED={SEED} (sequence {sequence})")
    chance = random.Random(f"{SEED}/{sequence}")
    scenario = prepared(tmp_path)
    for _ in range(LENGTH):
        action = chance.choice(list(ACTIONS))
        print(f"then: {action}")
        ACTIONS[action](scenario, chance)
        agrees(scenario)


@pytest.mark.parametrize("part", range(2))
def test_after_a_kill_at_any_event(tmp_path: Path, part: int) -> None:
    for last in some(range(1 + part, 46, 2), 4, f"part {part}"):
        folder = tmp_path / str(last)
        folder.mkdir()
        scenario = prepared(folder)
        # Past the work by hand, as far as that is wanted.
        for _ in range(last // 12):
            scenario.run("run", "--yes")
            edit(scenario, "notes.txt", "noted\n")
        killed(scenario, last % 12 + 3)
        agrees(scenario)

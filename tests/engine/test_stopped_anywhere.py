"""A run that is killed after any of its events, and then simply started again."""

import shutil
import signal
from pathlib import Path

import pytest
from ondemand import some
from scenario import Result, Scenario

SERIES = """
    worktree: .worktrees/x
    co-authored-by: "Grace <grace@example.org>"
"""

PHASE = """
    phase: 1
    goal: Say good day.
    tasks:
      - title: First
        steps:
          - edit: [app.py, other.py]
            replace: hello
            with: good day
          - verify: grep -q 'good day' app.py
            fails-at: task
          - edit: new.py
            create: |
              new = True
          - commit: First
      - title: Second
        steps:
          - edit: app.py
            changes:
              - replace: good day
                with: good evening
              - replace: greeting
                with: greet
          - verify: test -e new.py
          - confirm: Does it read well?
          - commit: |
              Second

              With a body.
    verification:
      - verify: grep -q 'good evening' app.py
"""

# Carries the phase out, saying yes to all, up to an event, and then is gone at once; without one,
# counts them.
KILLED = """
import os, signal, sys
from runbook.engine.contract.request import Request
from runbook.engine.running.series import Runner
from runbook.series.opening import open_series
from runbook.world.processes.interrupts import Interrupts
opened = open_series()
last = int(sys.argv[1])
number = 0
with Interrupts() as interrupts:
    for recorded in Runner(
        opened.checkout, interrupts, request=Request(yes=True)
    ).carry_out(opened.loaded.phases):
        if getattr(recorded.event, "transient", False):
            continue
        number += 1
        if number == last:
            os.kill(os.getpid(), signal.SIGKILL)
print(number)
"""

PARTS = 2


def killed(scenario: Scenario, last: int) -> Result:
    return scenario.scripted(KILLED, str(last))


def outcome(scenario: Scenario) -> tuple[object, ...]:
    """All that must not differ."""
    worktree = scenario.root / ".worktrees/x"
    return (
        scenario.git("log", "--format=%T%n%B", "x"),
        scenario.status(cwd=worktree),
        scenario.status(),
        scenario.git("ls-files", "--stage", cwd=worktree),
        scenario.git("worktree", "list", "--porcelain").count("worktree "),
        sorted(p.name for p in (scenario.folder / "tmp").iterdir()),
    )


def prepared(folder: Path) -> Scenario:
    scenario = Scenario(folder)
    scenario.write("app.py", 'def greeting():\n    return "hello"\n')
    scenario.write("other.py", 'other = "hello"\n')
    scenario.series(SERIES)
    scenario.phase(PHASE)
    return scenario.begin()


@pytest.mark.parametrize("part", range(PARTS))
def test_row_1_ends_as_if_nothing_had_happened(tmp_path: Path, part: int) -> None:
    (tmp_path / "golden").mkdir()
    golden = prepared(tmp_path / "golden")
    count = int(killed(golden, 0).stdout)
    expected = outcome(golden)
    assert count > 25
    failures = {}
    for last in some(range(1 + part, count + 1, PARTS), 4, f"part {part}"):
        folder = tmp_path / str(last)
        folder.mkdir()
        scenario = prepared(folder)
        first = killed(scenario, last)
        assert first.status == -signal.SIGKILL, str(first)
        second = scenario.run("run", "--yes")
        if second.status != 0:
            failures[last] = str(second)
        elif outcome(scenario) != expected:
            failures[last] = "another outcome\n" + str(second)
        shutil.rmtree(folder)
    assert not failures, "\n\n".join(f"after event {n}: {said}" for n, said in failures.items())


def test_row_2_killed_again_and_again(tmp_path: Path) -> None:
    (tmp_path / "golden").mkdir()
    golden = prepared(tmp_path / "golden")
    killed(golden, 0)
    (tmp_path / "killed").mkdir()
    scenario = prepared(tmp_path / "killed")
    # Each attempt gets a little further than its beginning, which all runs share.
    for _ in range(12):
        if killed(scenario, 6).status != -signal.SIGKILL:
            break
    scenario.run("run", "--yes").says(0)
    assert outcome(scenario) == outcome(golden)


@pytest.mark.parametrize("hook", ["post-checkout", "pre-commit", "post-commit"])
def test_row_6_killed_while_git_is_at_work(tmp_path: Path, hook: str) -> None:
    (tmp_path / "golden").mkdir()
    golden = prepared(tmp_path / "golden")
    killed(golden, 0)
    (tmp_path / "killed").mkdir()
    scenario = prepared(tmp_path / "killed")
    scenario.hook(hook, f"kill -9 $(cat {scenario.root}/.git/runbook/x-*/lock)")
    assert scenario.run("run", "--yes").status == -signal.SIGKILL
    (scenario.root / ".git/hooks" / hook).unlink()
    if hook == "post-commit":
        scenario.until(lambda: "First" in scenario.subjects("x"))
    scenario.run("run", "--yes").says(0)
    assert outcome(scenario) == outcome(golden)

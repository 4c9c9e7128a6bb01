"""A verb that is killed after any of its events, and then simply given again."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

import pytest
from ondemand import some
from scenario import Result, Scenario

PHASE = """
    phase: 1
    goal: Say good day.
    tasks:
      - title: First
        steps:
          - edit: [app.py, other.py]
            replace: hello
            with: good day
          - edit: new.py
            create: |
              new = True
          - commit: First
      - title: Second
        steps:
          - edit: app.py
            replace: good day
            with: good evening
          - edit: gone.py
            delete: true
          - edit: newer.py
            create: |
              newer = True
          - verify: test ! -e fail
          - commit: Second
"""

HANDED_OVER = PHASE.replace(
    "- verify: test ! -e fail", "- manual: Write notes.\n            files: [notes.txt]"
)

# Carries a verb out up to an event, and then is gone at once; without one, counts them.
KILLED = """
import os, signal, sys
from functools import partial
from runbook.engine.verbs.abort import abort
from runbook.engine.verbs.done import done
from runbook.engine.verbs.retry import retry
from runbook.engine.running.series import Runner
from runbook.engine.verbs.skip import skip
from runbook.engine.verbs.undo import undo
from runbook.series.opening import open_series
from runbook.world.processes.interrupts import Interrupts
opened = open_series()
phases = opened.loaded.phases
verbs = {
    "done": partial(done, asked="phase-1", reason="why not"),
    "retry": retry,
    "abort": abort,
    "skip": partial(skip, task="phase-1/task-2", reason="why not", phases=phases),
    "undo": partial(undo, task=None, check=False, phases=phases),
}
verb, last = sys.argv[1], int(sys.argv[2])
number = 0
with Interrupts() as interrupts:
    runner = Runner(opened.checkout, interrupts, verb=verb, work=verbs[verb])
    for recorded in runner.carry_out(phases):
        if getattr(recorded.event, "transient", False):
            continue
        number += 1
        if number == last:
            os.kill(os.getpid(), signal.SIGKILL)
print(number)
"""

AGAIN: dict[str, list[tuple[str, ...]]] = {
    "done": [("done", "--reason", "why not"), ("run",)],
    "retry": [("retry",), ("run",)],
    "abort": [("abort",)],
    "skip": [("skip", "task-2", "--reason", "why not"), ("run",)],
    "undo": [("undo", "1")],
}


def killed(scenario: Scenario, verb: str, last: int) -> Result:
    return scenario.scripted(KILLED, verb, str(last))


def prepared(folder: Path, verb: str) -> Scenario:
    """Both tasks done, to be undone; or the second one stopped, with a hand in it, or waiting."""
    scenario = Scenario(folder)
    scenario.write("app.py", 'def greeting():\n    return "hello"\n')
    scenario.write("other.py", 'other = "hello"\n')
    scenario.write("gone.py", "gone = True\n", mode=0o755)
    scenario.phase(HANDED_OVER if verb == "done" else PHASE)
    scenario.begin()
    (scenario.root / ".git/info/exclude").write_text("fail\n")
    if verb == "done":
        scenario.run("run").says(4, "waiting for work by hand")
        return scenario
    if verb == "undo":
        scenario.run("run").says(0)
        return scenario
    scenario.write("fail", "")
    scenario.run("run").says(1, "the check failed")
    if verb != "abort":
        scenario.write("app.py", scenario.read("app.py") + "# mine\n")
    (scenario.root / "fail").unlink()
    return scenario


def outcome(scenario: Scenario) -> tuple[object, ...]:
    """All that must not differ."""
    return (
        scenario.git("log", "--format=%T%n%s"),
        scenario.status(),
        scenario.git("ls-files", "--stage"),
        sorted(path.name for path in (scenario.folder / "tmp").iterdir()),
        [line.split("(")[0] for line in scenario.run("status").stdout.splitlines()],
    )


@pytest.mark.parametrize("verb", AGAIN)
def test_ends_as_if_nothing_had_happened(tmp_path: Path, verb: str) -> None:
    (tmp_path / "golden").mkdir()
    golden = prepared(tmp_path / "golden", verb)
    count = int(killed(golden, verb, 0).stdout)
    for arguments in AGAIN[verb][1:]:
        golden.run(*arguments)
    expected = outcome(golden)
    failures = {}
    for last in some(range(1, count), 4, verb):
        folder = tmp_path / str(last)
        folder.mkdir()
        scenario = prepared(folder, verb)
        first = killed(scenario, verb, last)
        assert first.status == -signal.SIGKILL, str(first)
        said = [scenario.run(*arguments) for arguments in AGAIN[verb]]
        rescued = scenario.root / ".git/runbook/main/rescued"
        kept = [path.read_text() for path in rescued.rglob("app.py*") if path.is_file()]
        if outcome(scenario) != expected:
            failures[last] = f"{expected}\n{outcome(scenario)}\n" + "\n".join(map(str, said))
        elif verb != "retry" and said[0].status != 0:
            failures[last] = "given again it is refused\n" + "\n".join(map(str, said))
        elif verb in ("retry", "skip") and not any("# mine" in text for text in kept):
            failures[last] = "what was made by hand is gone\n" + "\n".join(map(str, said))
        shutil.rmtree(folder)
    assert not failures, "\n\n".join(f"after event {n}: {said}" for n, said in failures.items())


def test_a_skip_that_was_killed_is_a_skip_for_a_run_as_well(tmp_path: Path) -> None:
    (tmp_path / "golden").mkdir()
    count = int(killed(prepared(tmp_path / "golden", "skip"), "skip", 0).stdout)
    skipped = 0
    for last in range(1, count):
        folder = tmp_path / str(last)
        folder.mkdir()
        scenario = prepared(folder, "skip")
        killed(scenario, "skip", last)
        journal = (scenario.root / ".git/runbook/main/journal.jsonl").read_text()
        foreseen = scenario.run("run", "--dry-run")
        result = scenario.run("run")
        if "RestorePlanned" in journal:
            skipped += 1
            # What it had begun to put back was to be left out.
            result.says(0, "passed over, skipped before: task-2")
            assert "# mine" not in scenario.read("app.py")
            assert scenario.subjects() == ["Begin", "First"]
            assert "edit" not in foreseen.stdout, str(foreseen)
        else:
            assert scenario.subjects() == ["Begin", "First", "Second"]
    assert 0 < skipped < count

"""Every verb in any order over a phase of a hundred tasks, with stops, hands and kills."""

from __future__ import annotations

import os
import random
import re
import signal
import time

from ondemand import ON_DEMAND, SEED
from scenario import Scenario

TASKS = 100 if ON_DEMAND else 20
STEPS = 2000 if ON_DEMAND else 15


def phase() -> str:
    tasks = [
        f"""\
  - title: Count to {n}
    steps:
      - edit: part{n % 10}.txt
        append: |
          line {n}
      - verify: test ! -e ../red{n % 7}
      - commit: "feat: count to {n}"
"""
        for n in range(TASKS)
    ]
    return "phase: 1\ngoal: Count.\ntasks:\n" + "".join(tasks)


def test_row_60_all_verbs_in_any_order(scenario: Scenario) -> None:
    print(f"RUNBOOK_SEED={SEED}: {STEPS} steps")
    chance = random.Random(f"{SEED} walk")
    for n in range(10):
        scenario.write(f"part{n}.txt", "begin\n")
    scenario.write("mine.txt", "mine\n")
    scenario.phase(phase())
    scenario.begin()
    scenario.write("mine.txt", "mine, changed\n")
    scenario.write("untracked.txt", "mine\n")
    walked: list[str] = []
    for _ in range(STEPS):
        task = f"1/{chance.randint(1, TASKS)}"
        near = f"1/{chance.randint(1, 8)}"
        arguments = chance.choice(
            [
                ("run",), ("run", "--until", near), ("run", "--restart", "--until", near),
                ("run", "--dry-run"), ("retry", "1"), ("skip", near, "--reason", "x"),
                ("skip", task, "--reason", "x"), ("abort", "1"), ("undo", near), ("undo", "1"),
                ("repair", "1", "--reason", "x"), ("adopt", "1"), ("done",), ("status",),
                ("status", "--check"), ("next",), ("show", task), ("log",), ("report",),
                ("check",), ("list",), ("clean",), ("audit", near), ("plan", "1"),
            ]
        )  # fmt: skip
        for color in range(7):
            red = scenario.folder / f"red{color}"
            if chance.random() < 0.15:
                red.touch()
            else:
                red.unlink(missing_ok=True)
        walked.append(" ".join(arguments))
        process = scenario.start(*arguments)
        if chance.random() < 0.4:
            time.sleep(chance.random())
            if process.poll() is None:
                number = chance.choice([signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
                os.kill(process.pid, number)
                walked[-1] += f" ({number.name})"
        stdout, stderr = process.communicate(timeout=60)
        seen = f"RUNBOOK_SEED={SEED}\n" + "\n".join(walked) + f"\n{stdout[-2000:]}{stderr}"
        assert process.returncode in (0, 1, 2, 4, 130, 143, -2, -9, -15), seen
        # What comes before our `main` is Python's.
        ours = re.search(r'/runbook/[^"\n]*", line \d+, in main\n', stderr)
        assert "Traceback" not in stderr or ours is None, seen
        assert "a mistake in runbook" not in stderr, seen
        assert scenario.read("mine.txt") == "mine, changed\n", seen
        assert scenario.read("untracked.txt") == "mine\n", seen
    for color in range(7):
        (scenario.folder / f"red{color}").unlink(missing_ok=True)
    settled(scenario, walked)


def settled(scenario: Scenario, walked: list[str]) -> None:
    """Whatever was done, a run or one word before it brings the phase to its end."""
    for arguments in (("run",), ("abort", "1"), ("run",), ("undo", "1"), ("run", "--restart")):
        result = scenario.run(*arguments)
        assert result.status in (0, 1), "\n".join([*walked, str(result)])
    result = scenario.run("run")
    assert result.status == 0, f"RUNBOOK_SEED={SEED}\n" + "\n".join([*walked, str(result)[-3000:]])
    assert scenario.read("mine.txt") == "mine, changed\n"
    assert " M mine.txt\n?? untracked.txt" in f"{scenario.status()}\n"

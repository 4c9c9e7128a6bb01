"""Checks ahead against checks in order: a whole run of both, as a ratio of medians.

    python benchmarks/ahead.py [SECONDS [RUNS]]

Twelve tasks each edit a file, run a check and commit. The checks compute for so many seconds,
with two jobs, or wait so long, with eight; once more with `fails-at: phase`, so that each is run on
its starting state as well; and once more by `check --prove`, which does so in scratch worktrees.
Both runs begin in fresh copies of the same repository; the runs alternate, and their own start is
counted.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from pathlib import Path

from repositories import RUNBOOK, begin, seconds_in_copy

TASKS = 12
BURN = (
    "python3 -S -c 'import time\n"
    "end = {} + time.process_time()\n"
    "while time.process_time() < end: pass'"
)
RUN, PROOF = ("run", "phase-1"), ("check", "--prove")
CASES = (
    ("compute", RUN, BURN, "", 2, 1.9),
    ("wait", RUN, "sleep {}", "", 8, 5.0),
    ("compute, fails-at", RUN, BURN, "phase", 2, 1.9),
    ("wait, fails-at", RUN, "sleep {}", "phase", 8, 5.0),
    ("compute, proved", PROOF, BURN, "", 2, 1.9),
    ("wait, proved", PROOF, "sleep {}", "", 8, 5.0),
)


def repository(root: Path, check: str, fails_at: str) -> None:
    """Make a repository with a phase of twelve tasks."""
    (root / "src").mkdir(parents=True)
    (root / "phases").mkdir()
    phase = ["phase: 1", "goal: Measure.", "tasks:"]
    for number in range(TASKS):
        (root / f"src/f{number}.py").write_text("value = 0\n")
        said = check.replace("\n", f"\n{' ' * 10}")
        phase += [
            f"  - title: Task {number}", "    steps:", f"      - edit: src/f{number}.py",
            "        replace: value = 0", "        with: value = 1",
            "      - verify: |", f"          {said} &&", f"          grep -q 1 src/f{number}.py",
            *([f"        fails-at: {fails_at}"] if fails_at else []),
            f"      - commit: Task {number}",
        ]  # fmt: skip
    (root / "phases/phase-1.yaml").write_text("\n".join([*phase, ""]))
    begin(root)


def seconds(root: Path, asked: tuple[str, ...], jobs: int) -> float:
    """How long a run or a proof takes in a copy of a repository, from outside."""
    command = [*RUNBOOK, *asked, "--jobs", str(jobs)]
    return seconds_in_copy(command, root)


def main() -> int:
    """Print the ratios; the exit status says whether the goals are met."""
    length = sys.argv[1] if len(sys.argv) > 1 else "2"
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    met = True
    print(f"{TASKS} tasks whose checks take {length} s; {runs} runs")
    print(f"{'':<18}{'jobs':>5}{'in order s':>12}{'ahead s':>9}{'ratio':>8}{'goal':>7}")
    with tempfile.TemporaryDirectory(prefix="runbook-benchmark-", dir=memory) as folder:
        for number, (name, asked, check, fails_at, jobs, goal) in enumerate(CASES):
            root = Path(folder).resolve() / f"case-{number}"
            repository(root, check.format(length), fails_at)
            rounds = [(seconds(root, asked, 1), seconds(root, asked, jobs)) for _ in range(runs)]
            order, ahead = (statistics.median(column) for column in zip(*rounds, strict=True))
            ratio = statistics.median(one / other for one, other in rounds)
            missed = "" if ratio >= goal else "  missed"
            met &= ratio >= goal
            print(
                f"{name:<18}{jobs:>5}{order:>12.1f}{ahead:>9.1f}{ratio:>8.2f}{goal:>7.1f}{missed}"
            )
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())

"""A commit in a big repository, side by side with git's own, as ratios of medians.

    python benchmarks/commit.py [FILES [RUNS]]

The goals, in a repository of 100,000 files: the commit itself under half of a plain
`git commit --only` with the same fsync setting, and the whole step, with its checks before and
after, under 1.3 times. Both begin with one changed file; the runs alternate.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from runbook.core.record.stepevents import CommitMade, StepBegan
from runbook.engine.running.series import Runner
from runbook.series.opening import open_series
from runbook.world.git import commits
from runbook.world.processes.interrupts import Interrupts

PHASE = """\
phase: 1
goal: Measure.
tasks:
{tasks}
"""
TASK = """\
  - title: Task {number}
    steps:
      - edit: d000/f0000.txt
        replace: "value {before}"
        with: "value {number}"
      - commit: Task {number}
"""
GOALS = {"commit": 0.5, "step": 1.3}


def git(root: Path, *arguments: str, stdin: bytes | None = None) -> None:
    """Call git, as a person would."""
    subprocess.run(["git", *arguments], cwd=root, input=stdin, check=True)


def repository(root: Path, files: int, tasks: int) -> None:
    """Make a repository of so many files, a hundred a folder, with a phase of so many tasks."""
    stream = [
        b"commit refs/heads/main\ncommitter A <a@example.org> 1700000000 +0000\ndata 5\nBegin"
    ]
    for number in range(files):
        name = f"d{number // 100:03}/f{number % 100:04}.txt".encode()
        data = b"value 0\n" if number == 0 else b"file %d\n" % number
        stream.append(b"M 644 inline %s\ndata %d\n%s" % (name, len(data), data))
    listed = "".join(TASK.format(number=n, before=n - 1) for n in range(1, tasks + 1))
    phase = PHASE.format(tasks=listed).encode()
    stream.append(b"M 644 inline phases/phase-1.yaml\ndata %d\n%s" % (len(phase), phase))
    git(root, "init", "-q", "-b", "main")
    git(root, "fast-import", "--quiet", stdin=b"\n".join([*stream, b""]))
    git(root, "checkout", "-q", "main")
    git(root, "config", "user.name", "A")
    git(root, "config", "user.email", "a@example.org")
    git(root, "config", "gc.auto", "0")


def timed(work: Callable[[], object]) -> float:
    """How many seconds it takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def plain(root: Path, number: int) -> float:
    """git's own commit of the same file, with the same setting."""
    (root / "d000/f0001.txt").write_text(f"plain {number}\n")
    call = [
        "git",
        *commits.DURABLE,
        "commit",
        "-q",
        "-m",
        "Plain",
        "--only",
        "--",
        "d000/f0001.txt",
    ]
    return timed(lambda: subprocess.run(call, cwd=root, check=True))


class Clock:
    """How long each of our commits took, noted while a phase is carried out."""

    def __init__(self) -> None:
        self.taken = 0.0
        self._real = commits.make

    def __call__(self, *arguments: Any, **more: Any) -> commits.Made:
        began = time.perf_counter()
        try:
            return self._real(*arguments, **more)
        finally:
            self.taken = time.perf_counter() - began


def measured(root: Path, twin: Path) -> dict[str, list[tuple[float, float]]]:
    """Seconds of our commit and of our whole step, each with those of a plain one in a twin."""
    pairs: dict[str, list[tuple[float, float]]] = {name: [] for name in GOALS}
    os.chdir(root)
    opened = open_series()
    clock = Clock()
    commits.make = clock
    began = 0.0
    with Interrupts() as interrupts:
        for recorded in Runner(opened.checkout, interrupts).carry_out(opened.loaded.phases):
            match recorded.event:
                case StepBegan(kind="commit"):
                    began = time.perf_counter()
                case CommitMade():
                    step = time.perf_counter() - began
                    base = plain(twin, len(pairs["commit"]))
                    pairs["commit"].append((clock.taken, base))
                    pairs["step"].append((step, base))
    return pairs


def main() -> int:
    """Print a line for each measure; the exit status says whether the goals are met."""
    files = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 15
    with tempfile.TemporaryDirectory(prefix="runbook-benchmark-") as folder:
        root, twin = Path(folder).resolve() / "ours", Path(folder).resolve() / "twin"
        for each in (root, twin):
            each.mkdir()
            repository(each, files, runs + 1)
        pairs = measured(root, twin)
    met = True
    print(f"{files} files, {runs} commits")
    print(f"{'':<6}{'ms':>8}{'git ms':>9}{'ratio':>8}{'goal':>7}")
    for name, goal in GOALS.items():
        # The first finds what is not in memory yet.
        warm = pairs[name][1:]
        ours, gits = (statistics.median(column) * 1000 for column in zip(*warm, strict=True))
        ratio = statistics.median(own / base for own, base in warm)
        met = met and ratio < goal
        verdict = "" if ratio < goal else "  missed"
        print(f"{name:<6}{ours:>8.1f}{gits:>9.1f}{ratio:>8.2f}{goal:>7.1f}{verdict}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())

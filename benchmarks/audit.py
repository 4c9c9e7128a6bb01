"""Audits of several commits at once, against the same audit one commit after the other.

    python benchmarks/audit.py [COMMITS [ROUNDS]]

Each commit has a check: once one that waits a second, at eight commits at once, and once one that
computes a second, at as many as there are cores (up to four). The audits of a round follow each
other on one repository, and show the same. What is printed is how many times faster the one is.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from repositories import RUNBOOK, begin

CORES = min(4, len(os.sched_getaffinity(0)))
COMPUTES = f"""{sys.executable} -c 'import time
while time.process_time() < float(open("../how").read()): pass'"""
KINDS = {
    # What a check does, how many at once, and of how many times faster the goal is a part.
    "waits": ("sleep $(cat ../how)", 8, 0.6),
    "computes": (COMPUTES, CORES, 0.85),
}


def runbook(root: Path, *arguments: str) -> str:
    """What runbook shows, without times."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    command = [*RUNBOOK, *arguments]
    ended = subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, check=True
    )
    return re.sub(r"\([\d.]+ s\)", "", ended.stdout)


def landed(root: Path, command: str, commits: int) -> None:
    """Make a repository with a phase of so many commits that was carried out in no time."""
    (root / "phases").mkdir(parents=True)
    (root.parent / "how").write_text("0")
    place = str(root.parent / "how")
    told = command.replace("../how", place).replace("\n", "\n          ")
    phase = ["phase: 1", "goal: Measure.", "tasks:"]
    for number in range(commits):
        phase += [
            f"  - title: Task {number}", "    steps:", f"      - edit: f{number}.txt",
            "        create: text", "      - verify: |", f"          {told}",
            f"      - commit: Task {number}",
        ]  # fmt: skip
    (root / "phases/phase-1.yaml").write_text("\n".join([*phase, ""]))
    begin(root)
    runbook(root, "run", "1")
    (root.parent / "how").write_text("1")


def main() -> int:
    """Print the ratios; the exit status says whether the goals are met."""
    commits = int(sys.argv[1]) if len(sys.argv) > 1 else 8
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    met = True
    print(f"{commits} commits with a check of a second each; {rounds} rounds")
    print(f"{'':<10}{'at once':>8}{'one by one':>12}{'so':>8}{'faster':>8}{'goal':>7}")
    for kind, (command, jobs, part) in KINDS.items():
        with tempfile.TemporaryDirectory(prefix="runbook-benchmark-", dir=memory) as folder:
            root = Path(folder).resolve() / "project"
            landed(root, command, commits)
            pairs = []
            for _ in range(rounds):
                shown, took = [], []
                for each in (1, jobs):
                    began = time.perf_counter()
                    shown.append(runbook(root, "audit", "1", "--jobs", str(each)))
                    took.append(time.perf_counter() - began)
                assert shown[0] == shown[1], "\n".join(shown)
                pairs.append(took)
        ratio = statistics.median(serial / fast for serial, fast in pairs)
        serial, fast = (statistics.median(column) for column in zip(*pairs, strict=True))
        goal = max(1.0, part * min(jobs, commits))
        missed = "" if ratio >= goal else "  missed"
        met &= ratio >= goal
        print(
            f"{kind:<10}{jobs:>8}{serial:>10.1f} s{fast:>6.1f} s{ratio:>8.2f}{goal:>7.1f}{missed}"
        )
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())

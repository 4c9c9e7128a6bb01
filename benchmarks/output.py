"""A gigabyte of output through a verify, side by side with `| tee FILE`.

    python benchmarks/output.py [MEGABYTES]

The goals: at most 1.1 times the time of `tee`, under 64 MiB of memory, and a text in the middle
and one at the very end are seen.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

GOAL = 1.1
MEMORY = 64  # MiB
ROUNDS = 3
MAKE = """{{ head -c {half} /dev/zero | tr '\\0' x | fold -w 99; echo in the middle;
head -c {half} /dev/zero | tr '\\0' x | fold -w 99; echo at the end; }}"""
PROGRAM = """
import json, os, sys, time
from pathlib import Path
from runbook.core.check.questions import Questions
from runbook.world.processes.command import Command
from runbook.world.processes.process import start
folder = Path(sys.argv[1])
questions = Questions(needles=("in the middle", "at the end", "nowhere"), lines=False)
command = Command(sys.argv[2], folder, dict(os.environ), 600, folder / "log", questions)
began = time.perf_counter()
with start(command) as running:
    for _ in running:
        pass
duration = time.perf_counter() - began
status = Path("/proc/self/status").read_text()
peak = int(status.partition("VmHWM:")[2].split()[0]) / 1024
print(json.dumps([duration, peak, sorted(running.outcome.answers.found)]))
"""


def main() -> int:
    """Print the figures; the exit status says whether the goals are met."""
    size = (int(sys.argv[1]) if len(sys.argv) > 1 else 1000) * 10**6
    made = MAKE.format(half=size // 2)
    pairs, peaks = [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as name:
            ended = subprocess.run(
                [sys.executable, "-c", PROGRAM, name, made],
                capture_output=True, text=True, check=True, env=dict(os.environ),
            )  # fmt: skip
            ours, peak, found = json.loads(ended.stdout)
            assert found == ["at the end", "in the middle"], found
            began = time.perf_counter()
            tee = f"{made} | tee {Path(name) / 'tee'} >/dev/null"
            subprocess.run(["bash", "-c", tee], check=True)
            pairs.append((ours, time.perf_counter() - began))
            peaks.append(peak)
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(own / base for own, base in pairs)
    print(f"{size / 1e6:.0f} MB: verify {ours:.2f} s, tee {theirs:.2f} s")
    print(
        f"ratio {ratio:.2f}, goal at most {GOAL}; memory {max(peaks):.0f} MiB, goal under {MEMORY}"
    )
    return 0 if ratio <= GOAL and max(peaks) < MEMORY else 1


if __name__ == "__main__":
    sys.exit(main())

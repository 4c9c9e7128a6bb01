"""Start-up: whole processes side by side with `python -c pass`, as ratios of medians.

    python benchmarks/startup.py [RUNS]

The goals: `--version` under 2 times, `status`, `list` and `check phase-3` under 6. They are
measured as the launcher starts us, in the interpreter that runs this file, on this repository.
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

from repositories import RUNBOOK, seconds

ROOT = Path(__file__).resolve().parent.parent
GOALS = {
    "--version": 2.0,
    "status": 6.0,
    "check phase-3": 6.0,
    "list": 6.0,
}


def main() -> int:
    """Print a line for each command; the exit status says whether all goals are met."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 21
    baseline = [sys.executable, "-I", "-c", "pass"]
    met = True
    print(f"{'command':<16}{'ms':>8}{'python ms':>11}{'ratio':>8}{'goal':>7}")
    for name, goal in GOALS.items():
        command = [*RUNBOOK, *name.split()]
        seconds(command, ROOT)
        pairs = [(seconds(command, ROOT), seconds(baseline, ROOT)) for _ in range(runs)]
        ours, python = (statistics.median(column) * 1000 for column in zip(*pairs, strict=True))
        ratio = statistics.median(own / base for own, base in pairs)
        met = met and ratio < goal
        verdict = "" if ratio < goal else "  missed"
        print(f"{name:<16}{ours:>8.1f}{python:>11.1f}{ratio:>8.2f}{goal:>7.0f}{verdict}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())

"""Every benchmark, one after the other, each with the ratios to its baseline.

    python benchmarks/all.py

Each builds what it needs by itself; nothing is measured against a number of another machine or day.
The exit status says whether all goals are met. On a machine that does other things meanwhile the
ratios hold better than the times, and not always.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> int:
    """Run them all."""
    met = True
    for script in sorted(HERE.glob("*.py")):
        runs = "def main(" in script.read_text()  # the others are what they share
        if runs and script != Path(__file__).resolve():
            print(f"## {script.name}", flush=True)
            met &= subprocess.run([sys.executable, str(script)], check=False).returncode == 0
            print(flush=True)
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())

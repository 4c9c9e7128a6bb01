"""What `check` costs, side by side with what it can't do without.

    python benchmarks/check.py [TASKS] [LINES]

Two goals: a phase of 10,000 tasks loads and checks (every edit tried, all lint) in under 3 times
its load; the nearest block of a file of 20,000 lines is found in under 20 times the reading of it
into lines.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from load import TASK, seconds

from runbook.core.matching.nearest import nearest
from runbook.phasefile.loader import load_series
from runbook.series.checking import check_phases
from runbook.series.opening import open_series

GOALS = {"check": 3.0, "nearest": 20.0}
ROUNDS = 5
SOURCE = 'def greeting() -> str:\n    return "hello {number}"\n'


def many_tasks(folder: Path, number: int) -> tuple[float, float]:
    """Seconds of loading a phase, and of loading and checking it."""
    root = folder / "project"
    (root / "phases").mkdir(parents=True)
    (root / "src").mkdir()
    (root / "tests").mkdir()
    tasks = "".join(TASK.format(number=each) for each in range(number))
    phase = f"phase: 1\ngoal: Say good day.\ntasks:\n{tasks}"
    (root / "phases/phase-1.yaml").write_text(phase, encoding="utf-8")
    for each in range(number):
        text = "# A module.\n" * 9 + SOURCE.format(number=each)
        (root / f"src/module_{each}.py").write_text(text, encoding="utf-8")
        (root / f"tests/test_module_{each}.py").touch()
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "gc.auto=0")
    for arguments in (["init", "-q"], ["add", "-A"], [*identity, "commit", "-q", "-m", "Begin"],
                      ["repack", "-adq"]):  # fmt: skip
        subprocess.run(["git", *arguments], cwd=root, check=True)
    os.chdir(root)

    def whole() -> None:
        opened = open_series()
        checked = check_phases(opened, opened.loaded.phases)
        assert not checked.problems, checked.problems[:3]
        assert sum(len(files) for _, files in checked.simulated[0].planned) == number

    return best(lambda: load_series(root / "phases")), best(whole)


def long_file(folder: Path, number: int) -> tuple[float, float]:
    """Seconds of reading a file into lines, and of finding a block with a changed token in it."""
    chance = random.Random(number)
    names = [f"{a}_{b}" for a in ("get", "set", "make", "find") for b in range(number // 20)]
    lines = [
        "    " * chance.randint(0, 3)
        + f"{chance.choice(names)} = {chance.choice(names)}({each % 97})"
        for each in range(number)
    ]
    at = number // 2
    block = lines[at : at + 12]
    file = folder / "long.py"
    file.write_text("\n".join([*lines[:at], block[0] + "  # drifted", *lines[at + 1 :]]) + "\n")
    text = file.read_text(encoding="utf-8")

    def find() -> None:
        found = nearest("\n".join(block) + "\n", text)
        assert found is not None
        assert found.lines.first == at + 1

    return best(lambda: file.read_text(encoding="utf-8").split("\n")), best(find)


def best(work: Callable[[], object]) -> float:
    """The least of some rounds, in seconds: what else the machine does only adds to it."""
    return min(seconds(work) for _ in range(ROUNDS))


def main() -> int:
    """Print a line for each goal; the exit status says whether all are met."""
    tasks = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    length = int(sys.argv[2]) if len(sys.argv) > 2 else 20_000
    with tempfile.TemporaryDirectory() as name:
        found = {
            "nearest": long_file(Path(name), length),
            "check": many_tasks(Path(name), tasks),
        }
        os.chdir("/")
    met = True
    print(f"{'':<10}{'ms':>10}{'baseline ms':>13}{'ratio':>8}{'goal':>6}")
    for what, (baseline, ours) in found.items():
        ratio = ours / baseline
        met = met and ratio < GOALS[what]
        verdict = "" if ratio < GOALS[what] else "  missed"
        print(
            f"{what:<10}{ours * 1000:>10.1f}{baseline * 1000:>13.2f}{ratio:>8.2f}"
            f"{GOALS[what]:>6.0f}{verdict}"
        )
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())

"""Long series that are done: how what looks at one grows with its phases, and its share of git's.

    python benchmarks/series.py [PHASES [RUNS]]

Each phase has ten small tasks, and all are carried out. Then `list`, `status` and `run --all`,
which finds nothing to do, are held against `git log` of the same commits with their notes: with the
journal, and as in a fresh clone, where only the notes tell what was done. Also printed is how each
grows from a quarter of the phases to all of them, as an exponent (1 is in proportion).
"""

from __future__ import annotations

import math
import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from repositories import RUNBOOK, begin, seconds

TASKS = 10
GROWTH = 1.1
COMMANDS = {"list": ("list",), "status": ("status",), "run --all": ("run", "--all")}


def series(root: Path, phases: int) -> None:
    """Make a repository with so many phases, all carried out, and a copy without the journal."""
    (root / "src").mkdir(parents=True)
    (root / "phases").mkdir()
    for number in range(phases * TASKS):
        (root / f"src/f{number}.py").write_text("value = 0\n")
    for phase in range(phases):
        lines = [f"phase: {phase + 1}", "goal: Measure.", "tasks:"]
        for number in range(phase * TASKS, (phase + 1) * TASKS):
            lines += [
                f"  - title: Task {number}", "    steps:", f"      - edit: src/f{number}.py",
                "        replace: value = 0", "        with: value = 1",
                '      - verify: "true"', f"      - commit: Task {number}",
            ]  # fmt: skip
        (root / f"phases/phase-{phase + 1}.yaml").write_text("\n".join([*lines, ""]))
    begin(root)
    seconds([*RUNBOOK, "run", "--all"], root)
    cloned = noted(root)
    shutil.copytree(root, cloned)
    shutil.rmtree(cloned / ".git/runbook")


def noted(root: Path) -> Path:
    """The copy of a repository in which only notes tell what was done."""
    return root.with_name(f"{root.name}-noted")


def main() -> int:
    """Print the figures; the exit status says whether the goal is met."""
    phases = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    few = max(2, phases // 4)
    log = ["git", "log", "--notes=refs/notes/runbook", "--format=%H %s%n%N"]
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    met = True
    with tempfile.TemporaryDirectory(prefix="runbook-benchmark-", dir=memory) as folder:
        roots = {count: Path(folder).resolve() / str(count) for count in (1, few, phases)}
        for count, root in roots.items():
            series(root, count)
        print(f"{phases} phases of {TASKS} tasks, all done; {runs} runs")
        print(f"{'':<16}{'ms':>8}{'git log ms':>12}{'ratio':>8}{'growth':>8}{'goal':>6}")
        for name, arguments in COMMANDS.items():
            for where, of in (("", lambda root: root), (", notes", noted)):
                if where and name == "run --all":
                    continue  # it would write the journal
                command = [*RUNBOOK, *arguments]
                rounds = [
                    (*(seconds(command, of(root)) for root in roots.values()),
                     seconds(log, roots[phases]))
                    for _ in range(runs)
                ]  # fmt: skip
                one, some, every, base = (
                    statistics.median(column) for column in zip(*rounds, strict=True)
                )
                growth = math.log((every - one) / max(1e-3, some - one)) / math.log(
                    (phases - 1) / (few - 1)
                )
                met = met and growth < GROWTH
                print(
                    f"{name + where:<16}{every * 1000:>8.0f}{base * 1000:>12.0f}"
                    f"{every / base:>8.1f}{growth:>8.2f}{GROWTH:>6.1f}"
                    f"{'' if growth < GROWTH else '  missed'}"
                )
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())

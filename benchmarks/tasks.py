"""Small tasks: a whole run against a script that does the same, as a ratio of medians.

    python benchmarks/tasks.py [TASKS [RUNS [FILES]]]

Each task edits one of 200 (FILES) files, runs `true` and commits. The script edits with perl, and
commits the file with a message by `git commit --only`. Both begin in fresh copies of the same
repository, in a folder in memory where there is one; the runs alternate. Our own start is not
counted, nor is that of bash. Also printed: the same where a hook has git itself commit, and how the
time for a task grows from a tenth of the tasks to all of them, as an exponent (1 is in proportion).
"""

from __future__ import annotations

import math
import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from repositories import RUNBOOK, begin
from repositories import seconds_in_copy as seconds

ROOT = Path(__file__).resolve().parent.parent
GOAL, HOOKED, GROWTH = 1.0, 1.6, 1.05


def file(number: int) -> str:
    """The path of a file by its number."""
    return f"src{number // 1000}/f{number}.py"


def repository(root: Path, tasks: int, files: int) -> None:
    """Make a repository of so many files with a phase of so many tasks, and a script of the same.

    A folder has a thousand files at most.
    """
    (root / "phases").mkdir(parents=True)
    text = "".join(f"value{line} = 0\n" for line in range(1 + tasks // files))
    for number in range(files):
        made = root / file(number)
        if not number % 1000:
            made.parent.mkdir()
        made.write_text(text)
    phase, script = ["phase: 1", "goal: Measure.", "tasks:"], ["set -eu"]
    for number in range(tasks):
        path, line = file(number % files), number // files
        phase += [
            f"  - title: Task {number}", "    steps:", f"      - edit: {path}",
            f"        replace: value{line} = 0", f"        with: value{line} = 1",
            '      - verify: "true"', f"      - commit: Task {number}",
        ]  # fmt: skip
        script += [
            f"perl -i -pe 's/value{line} = 0/value{line} = 1/' {path}", "true",
            f"git commit -q -m 'Task {number}' --only -- {path}",
        ]  # fmt: skip
    (root / "phases/phase-1.yaml").write_text("\n".join([*phase, ""]))
    (root / "script.sh").write_text("\n".join([*script, ""]))
    begin(root)


def with_hook(root: Path, copy: Path) -> None:
    """Make a copy of a repository in which a hook has a say in every commit."""
    shutil.copytree(root, copy)
    hook = copy / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\n")
    hook.chmod(0o755)


def main() -> int:
    """Print the ratios; the exit status says whether the goals are met."""
    tasks = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    files = int(sys.argv[3]) if len(sys.argv) > 3 else 200
    run = [*RUNBOOK, "run", "phase-1"]
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="runbook-benchmark-", dir=memory) as folder:
        one, few, all_of_them = (Path(folder).resolve() / name for name in ("one", "few", "all"))
        for root, count in ((one, 1), (few, max(2, tasks // 10)), (all_of_them, tasks)):
            repository(root, count, files)
        hooked = Path(folder).resolve() / "hooked"
        with_hook(all_of_them, hooked)
        script = ["bash", "script.sh"]
        rounds = [
            (
                seconds(run, one), seconds(run, few), seconds(run, all_of_them),
                seconds(script, all_of_them), seconds(run, hooked), seconds(script, hooked),
            )
            for _ in range(runs)
        ]  # fmt: skip
    start, some, own, other, its, others = (
        statistics.median(column) for column in zip(*rounds, strict=True)
    )
    ratio = statistics.median((each[2] - each[0]) / each[3] for each in rounds)
    slower = statistics.median((each[4] - each[0]) / each[5] for each in rounds)
    few_tasks = max(2, tasks // 10)
    growth = math.log((own - start) / max(1e-3, some - start)) / math.log(
        (tasks - 1) / (few_tasks - 1)
    )
    print(f"{tasks} tasks of an edit, `true` and a commit among {files} files; {runs} runs")
    print(f"{'':<12}{'ms a task':>10}{'script ms':>11}{'ratio':>8}{'goal':>7}")
    for name, ours, theirs, found, goal in (
        ("edit+commit", own, other, ratio, GOAL), ("with a hook", its, others, slower, HOOKED),
    ):  # fmt: skip
        each, same = (ours - start) / (tasks - 1) * 1000, theirs / tasks * 1000
        missed = "" if found < goal else "  missed"
        print(f"{name:<12}{each:>10.1f}{same:>11.1f}{found:>8.2f}{goal:>7.1f}{missed}")
    missed = "" if growth < GROWTH else "  missed"
    print(f"{'growth':<12}{'':>21}{growth:>8.2f}{GROWTH:>7.2f}{missed}")
    return 0 if ratio < GOAL and slower < HOOKED and growth < GROWTH else 1


if __name__ == "__main__":
    sys.exit(main())

"""Loading a phase of 10,000 tasks, side by side with composing its YAML by the C parser alone.

    python benchmarks/load.py [TASKS]

The goal: all checks together cost under 1.5 times what PyYAML needs to compose the same text,
garbage collection off in both.
"""

from __future__ import annotations

import gc
import statistics
import sys
import tempfile
import time
from pathlib import Path

import yaml

from runbook.phasefile.loader import load_series

GOAL = 1.5
ROUNDS = 7
TASK = """\
  - title: Rename the greeting of module {number}
    group: A
    steps:
      - edit: src/module_{number}.py
        title: Change the function
        lines: 10-12
        replace: |
          def greeting() -> str:
              return "hello {number}"
        with: |
          def greeting() -> str:
              return "good day {number}"
      - verify: uv run pytest tests/test_module_{number}.py -v
        title: Verify that it still works
        expect:
          prose: All tests pass
          tests: {{passed: ">=1"}}
          absent: Traceback
      - commit: |
          feat: a politer module {number}

          Said in one place, seen in all.
"""


def seconds(work: object) -> float:
    """How long a call takes with garbage collection off."""
    gc.collect()
    gc.disable()
    try:
        began = time.perf_counter()
        work()  # type: ignore[operator]
        return time.perf_counter() - began
    finally:
        gc.enable()


def main() -> int:
    """Print the figures; the exit status says whether the goal is met."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    text = "phase: 1\ngoal: A long one.\ntasks:\n"
    text += "".join(TASK.format(number=each) for each in range(number))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "phase-1.yaml").write_text(text, encoding="utf-8")
        pairs = [
            (
                seconds(lambda: load_series(folder)),
                seconds(lambda: yaml.compose(text, Loader=yaml.CSafeLoader)),
            )
            for _ in range(ROUNDS)
        ]
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(own / base for own, base in pairs)
    print(f"{number} tasks, {len(text) / 1e6:.1f} MB")
    print(f"load with all checks  {ours:6.2f} s")
    print(f"compose alone         {theirs:6.2f} s")
    print(f"ratio {ratio:.2f}, goal under {GOAL}")
    return 0 if ratio < GOAL else 1


if __name__ == "__main__":
    sys.exit(main())

"""The benchmarks still measure; what they find on so little is nothing to hold them to."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "20", "200"),
        ("commit", "20", "2"),
        ("importing", "examples/plans/phase-1.md"),
        ("load", "20"),
        ("output", "1"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_benchmark_runs_to_its_end(arguments: tuple[str, ...]) -> None:
    name, *little = arguments
    ended = subprocess.run(
        [sys.executable, f"benchmarks/{name}.py", *little],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode in (0, 1), ended.stderr  # 1: a goal was missed
    assert "Traceback" not in ended.stderr
    assert "goal" in ended.stdout

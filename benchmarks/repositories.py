"""What benchmarks run, the repositories they begin in, and how long a process takes in one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# As the launcher starts us.
RUNBOOK = [
    sys.executable, "-I", "-c",
    "import sys\nfrom runbook.__main__ import console\nsys.argv[0] = 'runbook'\nconsole()",
]  # fmt: skip


def begin(root: Path) -> None:
    """Make a repository of what is in a folder, with one commit."""
    for command in (
        ["init", "-q", "-b", "main"],
        ["config", "user.name", "A"],
        ["config", "user.email", "a@example.org"],
        # Not in the middle of what is measured.
        ["config", "gc.auto", "0"],
        ["add", "-A"],
        ["commit", "-q", "-m", "Begin"],
    ):
        subprocess.run(["git", *command], cwd=root, check=True)


def seconds(command: list[str], root: Path) -> float:
    """How long a process takes in a folder, from outside."""
    # -I ignores the variable, but not what it did to an import from a folder on PYTHONPATH.
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    began = time.perf_counter()
    subprocess.run(command, cwd=root, env=environment, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def seconds_in_copy(command: list[str], root: Path) -> float:
    """The same in a fresh copy of a repository."""
    with tempfile.TemporaryDirectory(dir=root.parent) as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(root, copy)
        return seconds(command, copy)

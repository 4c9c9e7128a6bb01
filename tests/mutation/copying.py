"""A copy of the checkout, in which pytest is run: the files of a person are never mutated."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]

MEMORY = 8 << 30

_SECONDS = itertools.count(1_000_000_000)


def copied(to: Path) -> Path:
    """All of the checkout but its history and environment, at that place."""
    shutil.rmtree(to, ignore_errors=True)
    named = ["git", "ls-files", "-z", "-co", "--exclude-standard"]
    listed = subprocess.run(named, cwd=ROOT, capture_output=True, check=True).stdout
    for name in filter(None, os.fsdecode(listed).split("\0")):
        if (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, to / name, follow_symlinks=False)
    (to / ".venv").symlink_to(ROOT / ".venv")
    subprocess.run(["git", "init", "-q", str(to)], check=True)
    return to


@contextlib.contextmanager
def changed(file: Path, text: str) -> Iterator[None]:
    """The file with another text: with a time of its own, by which compiled code is known."""
    before, known = file.read_bytes(), file.stat()
    file.write_text(text, encoding="utf-8")
    second = next(_SECONDS)
    os.utime(file, (second, second))
    try:
        yield
    finally:
        file.write_bytes(before)
        os.utime(file, ns=(known.st_atime_ns, known.st_mtime_ns))


def tried(copy: Path, tests: Sequence[str], limit: float) -> tuple[str, str]:
    """Make these tests until one fails: "passed", "failed", "broken" or "endless", and which."""
    chosen, failed = copy.parent / "chosen", copy.parent / "failed"
    chosen.write_text(json.dumps(tests), encoding="utf-8")
    failed.write_text("", encoding="utf-8")
    files = dict.fromkeys(test.partition("::")[0] for test in tests)
    arguments = ["-x", "-p", "mutation.reaching", *files]
    given = {"RUNBOOK_CHOSEN": str(chosen)}
    status = pytest_in(copy, arguments, copy.parent / "tests.log", limit, given)
    by = failed.read_text(encoding="utf-8")
    if status == 1 and not by:
        return "broken", ""  # one of the files can't even be loaded
    return {0: "passed", 1: "failed", None: "endless"}.get(status, "broken"), by


def pytest_in(
    copy: Path,
    arguments: Sequence[str],
    log: Path,
    limit: float | None,
    env: Mapping[str, str] | None = None,
) -> int | None:
    """Run it with a limit in seconds; its exit status, or None when it took too long."""
    temporary = copy.parent / "tmp"
    shutil.rmtree(temporary, ignore_errors=True)
    for made in (temporary, copy.parent / "reach"):
        made.mkdir(exist_ok=True)
    # Compiled once, all that is not changed is loaded at once.
    outer = {name: os.environ[name] for name in os.environ if name != "PYTHONDONTWRITEBYTECODE"}
    given = {
        **outer,
        "PYTHONPATH": f"{copy / 'src'}:{copy / 'tests'}",
        "TMPDIR": str(temporary),
        "RUNBOOK_REACH": str(copy.parent / "reach"),
        **(env or {}),
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments],
            cwd=copy,
            env=given,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            # A loop without end may gather.
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
        )
        try:
            return process.wait(limit)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return None
        finally:
            _end_below(temporary)


def _end_below(folder: Path) -> None:
    """Kill what works in the folder: programs that tests have started have their own sessions."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            inside = (process / "cwd").readlink().is_relative_to(folder)
        except OSError:
            continue
        if inside:
            with contextlib.suppress(OSError):
                os.kill(int(process.name), signal.SIGKILL)

"""What must not differ between a run that was killed and one that was not."""

from __future__ import annotations

import fcntl
import json
import os
import re
import stat
import time
from pathlib import Path

from runbook.world.files.journalrecords import JournalDamaged, read_progress
from sweep.variants import MINE, Variant, git

Outcome = dict[str, str]


def outcome(variant: Variant, folder: Path) -> Outcome:
    """All of it by name: history, indexes, files, and that nothing is left over."""
    root = folder / "project"
    found: Outcome = {
        "history": git(folder, "log", "--format=%T %an %cn%n%B", variant.branch),
        "signed": git(folder, "log", "--format=%G?", "--no-show-signature", variant.branch)
        if variant.prepare
        else "",
        "branches": git(folder, "for-each-ref", "--format=%(refname)"),
        "notes": _noted(folder),
        "worktrees": str(git(folder, "worktree", "list", "--porcelain").count("worktree ")),
        "exclude": (root / ".git/info/exclude").read_text(),
        # A git that is killed while it signs leaves what it signed.
        "temporary": " ".join(
            sorted(
                path.name
                for path in (folder / "tmp").iterdir()
                if not path.name.startswith(".git_signing_buffer")
            )
        ),
    }
    worktrees = [root, *(root.glob(".worktrees/*"))]
    for worktree in worktrees:
        name = worktree.name
        at = ("-C", str(worktree))
        found[f"{name}: index"] = git(folder, *at, "ls-files", "--stage", "-t")
        found[f"{name}: status"] = git(folder, *at, "status", "--porcelain", "-uall")
        found[f"{name}: files"] = _files(worktree)
    found["journals"] = _journals(root)
    found["mine"] = str(any(MINE in text for text in kept(root)))
    found["left"] = " ".join(sorted(_left(root)))
    return found


def _noted(folder: Path) -> str:
    """The steps that the notes of commits name, and whether they were adopted."""
    listed = git(folder, "notes", "--ref=runbook", "list").split()[1::2]
    texts = [git(folder, "notes", "--ref=runbook", "show", commit) for commit in listed]
    # Sorted by what is compared: runs and times differ each time.
    said = sorted(re.findall(r'"(?:step|adopted)": *"[^"]*"', text) for text in texts)
    return " ".join(each for note in said for each in note)


def kept(root: Path) -> list[str]:
    """The texts of the source files of a project, and of those that were kept aside."""
    files = [*root.rglob("*.py"), *(root / ".git/runbook").glob("*/rescued/*/*")]
    return [file.read_text() for file in files if file.is_file()]


def differences(found: Outcome, golden: Outcome) -> list[str]:
    """What differs, in words."""
    return [
        f"{name}: {found.get(name)!r} instead of {golden.get(name)!r}"
        for name in sorted({*found, *golden})
        if found.get(name) != golden.get(name)
    ]


def processes(folder: Path) -> list[str]:
    """The processes that work in a folder, or are about something in it."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if (process / "cwd").readlink().is_relative_to(folder) or f"{folder}/" in line:
                found.append(line)
        except OSError:
            continue
    return found


def settled(folder: Path, limit: float = 20.0) -> bool:
    """Wait until all that a killed run had started is gone; returns whether it is."""
    end = time.monotonic() + limit
    while _held(folder) or processes(folder):
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def _held(folder: Path) -> bool:
    for lock in (folder / "project/.git/runbook").glob("*/lock"):
        with lock.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
    return False


def _journals(root: Path) -> str:
    """The checks that the journals know to have passed, or what is wrong with them."""
    passed = set()
    for journal in sorted((root / ".git/runbook").glob("*/journal.jsonl")):
        try:
            read_progress(journal.parent)
        except JournalDamaged as error:
            return str(error)
        if not journal.read_bytes().endswith(b"\n"):
            return f"{journal} is torn"
        for line in journal.read_text().splitlines():
            record = json.loads(line)
            if record["event"] == "VerifyPassed":
                passed.add(record["step"])
    return " ".join(sorted(passed))


def _files(worktree: Path) -> str:
    lines = []
    for above, folders, names in os.walk(worktree):
        folders[:] = sorted(each for each in folders if each not in (".git", ".worktrees"))
        for name in sorted([*names, *folders]):
            path = Path(above) / name
            info = path.lstat()
            if name == ".git":
                continue
            data = path.read_bytes() if stat.S_ISREG(info.st_mode) else b""
            shown = path.relative_to(worktree)
            lines.append(f"{shown} {stat.S_IMODE(info.st_mode):o} {data!r}")
    return "\n".join(lines)


def _left(root: Path) -> list[str]:
    """Lock files of git, and temporary files of ours."""
    git_dir = root / ".git"
    found = []
    for above, folders, names in os.walk(git_dir):
        if Path(above) == git_dir / "runbook":
            folders[:] = [each for each in folders if (Path(above) / each).is_dir()]
        for name in names:
            path = Path(above) / name
            journal = path.is_relative_to(git_dir / "runbook")
            if (name.endswith(".lock") and not journal) or ".runbook-" in name:
                found.append(str(path.relative_to(root)))
            if journal and path.parent.name == "images":
                found.append(str(path.relative_to(root)))
    return found

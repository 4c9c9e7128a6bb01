"""The files of submodules, put into a scratch worktree as git would have checked them out."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from runbook.world.git.gitcommand import ask
from runbook.world.git.special import SUBMODULE, special

_QUIET = ("-c", f"core.hooksPath={os.devnull}")


def put_in(origin: Path, root: Path) -> None:
    """Give a worktree the submodules that another one has checked out, where it has none.

    Each at the commit that the new one names for it, as far as the submodule has that; what is in
    the folders are plain files, and no repository. git itself would have to clone them anew.
    """
    if (root / ".gitmodules").is_file():
        _put(root, "HEAD", origin, root)


def _put(repository: Path, commit: str, origin: Path, place: Path) -> None:
    _, listed, _ = ask(repository, "ls-tree", "-r", "-z", commit)
    for entry in os.fsdecode(listed).split("\0"):
        about, _, path = entry.partition("\t")
        if not about.startswith(SUBMODULE):
            continue
        source, folder = origin / path, place / path
        if not (source / ".git").exists() or not folder.is_dir() or any(folder.iterdir()):
            continue
        inside = about.rpartition(" ")[2]
        index = place / f".runbook-index-{os.getpid()}"
        try:
            status, _, _ = ask(
                source, *_QUIET, f"--work-tree={folder}", "read-tree", "--reset", "-u", inside,
                index=index,
            )  # fmt: skip
        finally:
            with suppress(FileNotFoundError):
                index.unlink()
        if status == 0:
            _put(source, inside, source, folder)


def on(root: Path, entries: str) -> dict[str, str]:
    """The submodules among the entries of an index (`ls-files -s -z`), and what each is on."""
    found = {}
    for entry in entries.split("\0"):
        path = entry.partition("\t")[2]
        what = special(root / path) if entry.startswith(SUBMODULE) else None
        if what is not None:
            found[path] = what
    return found


def log_of_head(place: Path) -> Path:
    """Where git takes down what the HEAD of a submodule was on."""
    link = place / ".git"
    told = link.read_bytes().removeprefix(b"gitdir:").strip() if link.is_file() else b".git"
    return place / os.fsdecode(told) / "logs" / "HEAD"

"""The files of submodules, put into a scratch worktree as git would have checked them out."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from runbook.world.git.checkout import NoCheckout, find_checkout
from runbook.world.git.gitcommand import ask
from runbook.world.git.gitfailed import GitFailed
from runbook.world.git.reader import Reader
from runbook.world.git.special import SUBMODULE

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


def paths(entries: str) -> list[str]:
    """The submodules among the entries of an index (`ls-files -s -z`)."""
    return [
        entry.partition("\t")[2] for entry in entries.split("\0") if entry.startswith(SUBMODULE)
    ]


def place_of(root: Path, path: str) -> Path:
    """The folder of a submodule.

    Raises:
        NoCheckout: there is none, or a link leads there: what that has is no part of `root`.
    """
    place = root / path
    if not place.is_dir() or place.resolve() != root.resolve() / path:
        raise NoCheckout(f"{place} is no folder")
    return place


def reader(place: Path) -> Reader:
    """The repository of a submodule that is checked out.

    Raises:
        NoCheckout: it is not.
        GitFailed: git does not take what is there for a repository, and would look further up.
    """
    if not (place / ".git").exists():
        raise NoCheckout(f"{place} is not checked out")
    found = Reader(find_checkout(place))
    if found.run("rev-parse", "--absolute-git-dir").removesuffix("\n") != str(found.git_dir):
        raise GitFailed(f"{place}/.git is no repository")
    return found

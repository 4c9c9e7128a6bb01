"""Linked worktrees that git was killed over: found, and removed."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

from runbook.world.files.removal import remove_tree

SCRATCH = "runbook-scratch-"
"""How folders begin that worktrees of runs lie in, which are gone with these."""

_BEGUN = "initializing"


def records(common_dir: Path) -> list[str]:
    """The names under which git keeps the linked worktrees that it knows."""
    folder = common_dir / "worktrees"
    return sorted(each.name for each in folder.iterdir()) if folder.is_dir() else []


def inside(common_dir: Path, root: Path) -> set[str]:
    """The linked worktrees that lie below a folder, by their paths from there."""
    found = set()
    for name in records(common_dir):
        record = common_dir / "worktrees" / name
        folder = Path(os.path.normpath(record / _read(record / "gitdir"))).parent
        if folder != root and folder.is_relative_to(root) and (folder / ".git").is_file():
            found.add(folder.relative_to(root).as_posix())
    return found


def others(common_dir: Path, folder: Path) -> tuple[str, ...]:
    """The names of git's records of all worktrees but the one in a folder."""
    return tuple(
        name for name in records(common_dir) if not _is_of(common_dir / "worktrees" / name, folder)
    )


def remove_half_made(common_dir: Path, folder: Path, known: Collection[str]) -> None:
    """Remove a worktree that git had begun to make in `folder` and did not end.

    `known` are the names of the records that were there before: of those nothing is touched. What
    is not half made stays as well: git locks a worktree, as "initializing", until it is whole,
    and until then there can be no work of anybody's in it.
    """
    for name in records(common_dir):
        record = common_dir / "worktrees" / name
        if name in known:
            continue
        place = _read(record / "gitdir")
        if not place.endswith("/.git"):
            # Killed before it was written, or in the middle of it.
            if _is_beginning(record, folder):
                remove_tree(record)
        elif _is_of(record, folder) and _read(record / "locked") == _BEGUN:
            remove_tree(folder, ignore_errors=True)
            remove_tree(record)
    if folder.is_dir() and not _is_whole(folder) and _has_only_link(folder):
        remove_tree(folder)


def is_begun(common_dir: Path, folder: Path) -> bool:
    """Whether git had begun to make a worktree in `folder`, which is locked until its end."""
    return any(
        _is_of(record, folder) and _read(record / "locked") == _BEGUN
        for record in (common_dir / "worktrees" / name for name in records(common_dir))
    )


def locked(common_dir: Path, folder: Path) -> str | None:
    """Why the worktree in a folder is locked, which may be for no reason; `None` if it is not."""
    for name in records(common_dir):
        record = common_dir / "worktrees" / name
        if _is_of(record, folder) and (record / "locked").exists():
            return _read(record / "locked")
    return None


def is_remnant(folder: Path, tracked: Collection[str]) -> bool:
    """Whether a folder has nothing but files that a checkout of `tracked` makes, if at all.

    That is what a power loss leaves of a worktree of which git's record is lost. A file that lost
    its contents, or a part, is among them: only names are compared.
    """
    if not folder.is_dir() or folder.is_symlink():
        return False
    for above, folders, names in os.walk(folder):
        links = [name for name in folders if (Path(above) / name).is_symlink()]
        for name in (*names, *links):
            path = (Path(above) / name).relative_to(folder).as_posix()
            if path != ".git" and path not in tracked:
                return False
    return True


def remove_with_record(common_dir: Path, folder: Path, known: Collection[str]) -> bool:
    """Remove a worktree in `folder`, in whatever state it is, and git's record of it.

    Returns whether nothing of them is left.
    """
    remove_tree(folder, ignore_errors=True)
    gone = not folder.exists()
    for name in records(common_dir):
        record = common_dir / "worktrees" / name
        if _is_of(record, folder) or (name not in known and _is_beginning(record, folder)):
            remove_tree(record, ignore_errors=True)
            gone = gone and not record.exists()
    return gone


def _forms(record: Path, folder: Path) -> tuple[str, str]:
    """What git writes into its record of a worktree, by `worktree.useRelativePaths`."""
    link = f"{folder}/.git"
    return link, os.path.relpath(link, record)


def _is_of(record: Path, folder: Path) -> bool:
    return _read(record / "gitdir") in _forms(record, folder)


def _is_beginning(record: Path, folder: Path) -> bool:
    place = _read(record / "gitdir")
    return any(form.startswith(place) for form in _forms(record, folder))


def _is_whole(folder: Path) -> bool:
    link = _read(folder / ".git").removeprefix("gitdir: ")
    return bool(link) and Path(link).is_dir()


def _has_only_link(folder: Path) -> bool:
    return all(each.name == ".git" and each.is_file() for each in folder.iterdir())


def _read(file: Path) -> str:
    try:
        return os.fsdecode(file.read_bytes().strip())
    except OSError:
        return ""

"""Pipes in the place of git's own files: git opens them, and waits for ever."""

from __future__ import annotations

import os
from collections.abc import Iterator

from runbook.world.files.regular import is_pipe
from runbook.world.git.checkout import Checkout

_FILES = (
    "HEAD", "index", "config", "config.worktree", "packed-refs", "commondir", "shallow",
    "info/exclude", "info/attributes", "info/grafts", "objects/info/alternates",
)  # fmt: skip
_ASKED_FIRST = ("HEAD", "config", "packed-refs", "commondir", ".gitignore", ".gitmodules")
_OF_THE_TREE = (".gitignore", ".gitattributes", ".gitmodules")


def pipes(checkout: Checkout) -> Iterator[str]:
    """The pipes at which git would wait, also in the folders of submodules."""
    folders = {str(checkout.git_dir), str(checkout.common_dir)}
    worktrees = _folders(f"{checkout.common_dir}/worktrees")
    for folder in (*folders, *worktrees, *_of_submodules(f"{checkout.common_dir}/modules")):
        yield from (path for name in _FILES if is_pipe(path := f"{folder}/{name}"))
        yield from _in_folder(f"{folder}/refs")
    yield from (path for name in _OF_THE_TREE if is_pipe(path := f"{checkout.root}/{name}"))


def is_put_back(checkout: Checkout, path: str) -> bool:
    """Whether a run that puts an attempt's doings back comes to it without asking git."""
    inside = path.startswith(f"{checkout.common_dir}/modules/")
    return inside or path.rpartition("/")[2] not in _ASKED_FIRST


def _of_submodules(folder: str) -> Iterator[str]:
    """git's folders of submodules, whose names may have slashes, and which may have their own."""
    for inside in _folders(folder):
        if os.path.isdir(f"{inside}/objects"):  # noqa: PTH112
            yield inside
            yield from _of_submodules(f"{inside}/modules")
        else:
            yield from _of_submodules(inside)


def _folders(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return [each.path for each in entries if each.is_dir(follow_symlinks=False)]
    except OSError:
        return []


def _in_folder(folder: str) -> Iterator[str]:
    """The pipes below a folder."""
    try:
        with os.scandir(folder) as entries:
            found = list(entries)
    except OSError:
        return
    for each in found:
        if each.is_dir(follow_symlinks=False):
            yield from _in_folder(each.path)
        elif not each.is_file(follow_symlinks=False) and is_pipe(each.path):
            yield each.path

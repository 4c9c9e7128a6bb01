"""Which paths a phase file may name: inside the repository, and never git's own."""

from __future__ import annotations

import posixpath
import re

from runbook.core.patterns import regex

# Code points that HFS+ ignores in file names, so `.g<U+200C>it` is `.git` there (git's own list,
# utf8.c, next_hfs_char).
_IGNORED_BY_HFS = regex("[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]")


# What nearly all paths are, and in which nothing can be wrong: no component begins with a dot.
_USUAL = regex(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*")


# A shell's `~` and `~ada`; a file may be called `~a`.
_HOME = regex(r"~(?:$|\w*/)")


# Linux, limits.h: NAME_MAX, and PATH_MAX without the NUL; other systems take no more.
_LONGEST_NAME, _LONGEST = 255, 4095


def prefix_of(workdir: str | None) -> str:
    """What paths in `workdir` lack to be paths from the repository's root."""
    return "" if workdir in (None, ".") else f"{workdir}/"


def objection(path: str) -> str | None:
    """Why `path` can't be used, or `None` where it can.

    The rules are git's for tracked paths, with core.protectHFS and core.protectNTFS on, so that
    a plan written on one system is safe on all of them.
    """
    if len(path) <= _LONGEST_NAME and _USUAL.fullmatch(path):
        return None
    if not path:
        return "the path is empty"
    if "\0" in path:
        return "the path has a NUL character"
    if path.startswith("/") or re.match(r"[A-Za-z]:[/\\]", path):
        return "the path is absolute; paths stand in `workdir`, inside the repository"
    if "\\" in path:
        return "the path has a backslash; folders are separated by `/`"
    if _HOME.match(path):
        return "the path begins with `~`, which only a shell takes for your home folder"
    for component in path.split("/"):
        if component == "..":
            return "the path leads out of its folder by `..`"
        if component in ("", "."):
            return f"the path has an empty or `.` component: `{path}`"
        if _is_git_folder(component):
            return "the path leads into git's own folder"
        if (size := _bytes(component)) > _LONGEST_NAME:
            return f"a name in the path has {size} bytes; {_LONGEST_NAME} are the most"
    if (size := _bytes(path)) > _LONGEST:
        return f"the path has {size:,} bytes; {_LONGEST:,} are the most"
    return None


def hint(path: str) -> str | None:
    """What to do about a path that can't be used, where its objection does not say it."""
    if _HOME.match(path):
        begin = "paths stand in `workdir`, inside the repository"
    elif path.startswith("/") or ":" in path[:2]:
        begin = "write it as it is below `workdir`, by default the repository's top: `src/app.py`"
    elif ".." in path.split("/"):
        return _without_detours(path)
    else:
        return _written_right(path)
    return f"{begin}; work elsewhere is for a `manual` step"


def _without_detours(path: str) -> str:
    """How a path is written that has `..` in it, if it stays in its folder."""
    plain = posixpath.normpath(path)
    if plain != "." and objection(plain) is None:
        return f"write `{plain}`"
    return "what is above `workdir` can be named if `workdir` is that folder, or left out"


def _written_right(path: str) -> str | None:
    """How a path is written that only has too many slashes, `.` or backslashes in it."""
    plain = "/".join(part for part in path.replace("\\", "/").split("/") if part not in ("", "."))
    if path in (".", "./"):
        return 'for all files write `{glob: "**"}`'
    if path.startswith("/") or not plain or objection(plain) is not None:
        return None
    if path.endswith(("/", "\\")):
        return folder_hint(plain)
    return f"write `{plain}`"


def folder_hint(folder: str) -> str:
    """What to write for the files of a folder."""
    return f'for the files of a folder write `{{glob: "{folder}/**"}}`'


def pattern_hint(pattern: str) -> str:
    """What to write where a pattern stands as a path."""
    return f'a path is literal; a pattern is written `{{glob: "{pattern}"}}`'


def folder_named(path: str) -> tuple[str, str]:
    """What is amiss with a folder under `files`, and what to write."""
    return f"{path} is a folder, and `files:` name files", folder_hint(path)


def pattern_named(path: str) -> tuple[str, str]:
    """The same of a path that no file has, and that is a pattern of others."""
    return f"{path} is the name of no file, and a pattern of some", pattern_hint(path)


def folder_move_hint(folder: str, to: str) -> str:
    """What to write where a folder is to be moved."""
    return (
        f"a folder is moved by `run: git mv {folder} {to}` with "
        f'`files: [{{glob: "{folder}/**"}}, {{glob: "{to}/**"}}]`'
    )


def into_folder_hint(folder: str, file: str) -> str:
    """What to write where a file is to be moved into a folder."""
    return f"state the file's whole new path: `{folder}/{file.rpartition('/')[2]}`"


def _bytes(path: str) -> int:
    return len(path.encode("utf-8", "surrogateescape"))


def _is_git_folder(component: str) -> bool:
    seen = component if component.isascii() else _IGNORED_BY_HFS.sub("", component)
    name = seen.lower()
    # NTFS drops trailing dots and blanks, reads `:` as the start of a stream's name and knows
    # `.git` by its short name as well.
    return name.partition(":")[0].rstrip(". ") in (".git", "git~1")

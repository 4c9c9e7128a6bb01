"""Files that `git status` is silent about, though a commit does not have them as they are."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from runbook.core.edit.gitindex import may_have_marks
from runbook.core.edit.trees import algorithm_of, object_id
from runbook.world.files.regular import target_of
from runbook.world.git.contents import is_program
from runbook.world.git.gitcommand import ask, in_parts
from runbook.world.git.reader import Reader
from runbook.world.git.settings import marks_of

_QUIET = ("-c", "core.fsmonitor=false")  # who only looks runs no program of the repository's
_IN_THE_INDEX = {
    "h": "marked `assume-unchanged`",
    "S": "marked `skip-worktree`",
    "s": "marked `skip-worktree` and `assume-unchanged`",
}


def overlooked(root: Path, paths: tuple[str, ...], *, indexed: bool = True) -> dict[str, str]:
    """The paths, there or not, that git leaves out of its status, each with the reason why.

    That is the rule which ignores one that git does not have, or how the index marks one it has.
    What is not `indexed` has no marks: the worktree will be made anew.
    """
    return _overlooked(root, paths, indexed)[0]


def overlooked_of_each(
    root: Path, groups: Iterable[tuple[str, ...]], *, indexed: bool = True
) -> Iterator[dict[str, str]]:
    """What is overlooked of each of some groups of paths; git is asked once for all of them."""
    groups = list(groups)
    paths = tuple({path: None for each in groups for path in each})
    reasons, taken = _overlooked(root, paths, indexed)
    for group in groups:
        # A path that git refuses says nothing of the other groups.
        yield reasons if taken else overlooked(root, group, indexed=indexed)


def _overlooked(root: Path, paths: tuple[str, ...], indexed: bool) -> tuple[dict[str, str], bool]:
    """What is overlooked, and whether git took all paths, or refused over one."""
    if not paths:
        return {}, True
    reasons: dict[str, str] = {}
    for part in in_parts(paths) if indexed else ():
        reasons |= _marks(root, part)
    asked = b"".join(os.fsencode(path) + b"\0" for path in paths)
    status, told, _ = ask(root, *_QUIET, "check-ignore", "-v", "-z", "--stdin", stdin=asked)
    fields = os.fsdecode(told).split("\0")
    for source, line, pattern, path in zip(*(fields[at::4] for at in range(4)), strict=False):
        # One that begins with `!` takes a file in again.
        if pattern and not pattern.startswith("!"):
            reasons[path] = f"ignored by {source}:{line} `{pattern}`"
    return reasons, status in (0, 1)  # 1: none of them is ignored


def _marks(root: Path, paths: tuple[str, ...]) -> dict[str, str]:
    """How the index marks some paths (none: all it has), as far as that hides what they hold."""
    status, listed, _ = ask(
        root, *_QUIET, "--literal-pathspecs", "ls-files", "-v", "-z", "--", *paths
    )
    entries = os.fsdecode(listed).split("\0") if status == 0 else []
    return {entry[2:]: _IN_THE_INDEX[entry[:1]] for entry in entries if entry[:1] in _IN_THE_INDEX}


def hidden(repository: Reader, paths: tuple[str, ...] | None = None) -> dict[str, str]:
    """Those of some files (`None`: of all) whose changes the index hides, each with the mark.

    What a sparse checkout leaves out is not there, and none of them.
    """
    if paths == () or not repository.indexed:
        return {}
    marks = marked(repository)
    asked = marks if paths is None else [path for path in paths if path in marks]
    there = tuple(path for path in asked if os.path.lexists(repository.root / path))
    return {path: marks[path] for path in uncommitted(repository, there) if path in marks}


def marked(repository: Reader) -> dict[str, str]:
    """The files of which the index hides changes, should there be any, each with the mark."""
    index = repository.git_dir / "index"
    key = marks_of([index])
    if repository.hiding is None or repository.hiding[0] != key:
        repository.hiding = (key, _all_marks(repository, index))
    return repository.hiding[1]


def _all_marks(repository: Reader, index: Path) -> dict[str, str]:
    try:
        if not may_have_marks(index.read_bytes(), repository.id_length):
            return {}
    except FileNotFoundError:
        return {}
    marks = _marks(repository.root, ())
    if repository.settings.is_true("core.sparsecheckout"):
        # git takes that mark from what is there (clear_skip_worktree_from_present_files).
        return {path: why for path, why in marks.items() if why != _IN_THE_INDEX["S"]}
    return marks


def shown_by(marks: Mapping[str, str]) -> str:
    """What shows to git what the index hides, as commands; empty where it hides nothing."""
    commands = []
    for mark in ("assume-unchanged", "skip-worktree"):
        paths = [path for path, why in marks.items() if mark in why]
        if paths:
            commands.append(f"`git update-index --no-{mark} -- {shlex.join(paths)}`")
    return " and ".join(commands)


def taken_in(paths: Iterable[str]) -> str:
    """What has a sparse checkout take some paths in, as a command; empty where there is none.

    It has all files at the top, whatever it is set to.
    """
    folders = {folder: None for path in paths if (folder := path.rpartition("/")[0])}
    return f"`git sparse-checkout add {shlex.join(folders)}`" if folders else ""


def ignored(root: Path, folder: Path, pattern: str) -> list[str]:
    """The files that a pattern, from a folder, names and that git ignores, from the root."""
    status, listed, _ = ask(
        root, *_QUIET, "-C", str(folder), "ls-files", "--others", "--ignored",
        "--exclude-standard", "--full-name", "-z", "--", f":(glob){pattern}",
    )  # fmt: skip
    return [path for path in os.fsdecode(listed).split("\0") if path] if status == 0 else []


_CACHES = (
    "__pycache__",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    ".hypothesis",
    ".worktrees",
)


def ignored_at_top(root: Path) -> list[str]:
    """What lies in the top folder and git ignores, but for caches that tools make anew."""
    status, listed, _ = ask(
        root, *_QUIET, "ls-files", "--others", "--ignored", "--exclude-standard", "--directory",
        "-z", "--", ".",
    )  # fmt: skip
    found = os.fsdecode(listed).split("\0") if status == 0 else []
    names = (name.rstrip("/") for name in found if name)
    return sorted(name for name in names if "/" not in name and name not in _CACHES)


def uncommitted(repository: Reader, paths: tuple[str, ...]) -> dict[str, str]:
    """Those of some paths without a change in git's eyes that HEAD has otherwise, or not at all.

    Each comes with the reason of `overlooked`. Blobs are compared, by git's filters and without.
    """
    if not paths:
        return {}
    root = repository.root
    listed = "".join(
        repository.attempt("--literal-pathspecs", "ls-tree", "-z", "HEAD", "--", *part)[1]
        for part in in_parts(paths)
    )
    known: dict[str, str] = {}
    modes: dict[str, str] = {}
    for entry in listed.split("\0"):
        kind, _, path = entry.partition("\t")
        if kind:
            modes[path], _, known[path] = kind.split(" ")
    reasons = overlooked(root, paths)
    blind = _passes_over_modes(repository)
    found: dict[str, str] = {}
    for path in paths:
        place = root / path
        there = place.is_symlink() or place.is_file()
        if path not in known:
            differs = there
        elif not there:
            differs = path in reasons and not place.is_dir()
        else:
            differs = not _same(root, path, known[path], trusted=path not in reasons)
        if differs:
            found[path] = reasons.get(path, "git does not see that it differs")
        elif blind and there and path in modes and _other_mode(place, modes[path]):
            found[path] = MODES
    return found


MODES = "git passes over its permissions, `core.fileMode` is false"


def _passes_over_modes(repository: Reader) -> bool:
    """Whether git does not look at permissions, though the file system keeps them."""
    if repository.settings.is_true("core.filemode", default=True):
        return False
    return not is_program(repository.git_dir / "HEAD")


def _other_mode(place: Path, mode: str) -> bool:
    """Whether a file is executable and git has it as one that is not, or the other way round."""
    kept = mode in ("100644", "100755") and not place.is_symlink()
    return kept and is_program(place) != (mode == "100755")


def _same(root: Path, path: str, blob: str, *, trusted: bool) -> bool:
    """Whether a file is a blob; where a filter of the user's makes it, git may be `trusted`."""
    place = root / path
    link = place.is_symlink()
    data = os.fsencode(target_of(place)) if link else place.read_bytes()
    if object_id("blob", data, algorithm_of(blob)) == blob:
        return True
    if link:
        return False
    _, filtered, _ = ask(root, "hash-object", "--stdin", f"--path={path}", stdin=data)
    if filtered.decode().strip() == blob:
        return True
    if not trusted:
        return False
    _, told, _ = ask(root, "check-attr", "-z", "filter", "--", path)
    return told.rstrip(b"\0").rpartition(b"\0")[2] not in (b"unspecified", b"unset")

"""The gate for work that is handed to a command: all that it changed is its own to change.

What was there before an attempt is known by our own hashes of the files, and by git's own records;
nothing that the command could have told git is believed. What is refused is put back, and what it
held is kept in the journal's folder.
"""

from __future__ import annotations

import stat
from collections.abc import Collection, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

from runbook.core.handover.steering import is_compiled, is_installed
from runbook.core.text.counting import count, named
from runbook.core.text.lines import on_one_line
from runbook.core.value import value
from runbook.engine.ground import putting
from runbook.engine.ground.context import Context
from runbook.engine.ground.strangers import (
    HIDING,
    Gate,
    Guard,
    bytes_before,
    hashed,
    home_of,
    ignored_by,
    inventory_of,
    is_below,
    read,
    told_apart,
    written,
)
from runbook.engine.ground.targets import is_phase_file
from runbook.world.files.durable import temporary_name
from runbook.world.files.inventory import Entry, Inventory, differing, other_bits
from runbook.world.files.journal import Journal
from runbook.world.files.removal import remove_tree
from runbook.world.files.workspace import FileState, Unreachable, Workspace
from runbook.world.git import keptobjects, protected, restoring
from runbook.world.git.checkout import Checkout, NoCheckout, find_checkout
from runbook.world.git.gitfailed import GitFailed
from runbook.world.git.protected import Protected, by_a_person
from runbook.world.git.reader import Reader

_LARGEST = 64 * 2**20
"""Bytes of a file up to which it is kept to be put back."""

_OBJECTS = "objects"
"""The folder of the journal with second names of git's objects, while an attempt is under way."""

_OPEN = {"file": 0o400, "folder": 0o700}
"""The bits without which nothing can be seen, or taken away."""


_KINDS = {
    "link": "a link",
    "folder": "a folder",
    "repository": "a repository of git's",
    "other": "something else",
}


@value
class Found:
    """What an attempt left: its own changed files, what was refused, and what was done with that.

    `lost` are files that were changed and can't be put back; `warnings` say what stays otherwise
    than it was.
    """

    changed: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    put_back: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    rescued: str = ""
    warnings: tuple[str, ...] = ()


def take_guard(context: Context, *, confined: bool) -> Guard:
    """Take down what is there; of files that git could not give back, the bytes as well.

    Who is not `confined` may delete even git's objects: these get a second name.
    """
    if not confined:
        keptobjects.keep(context.repository, context.journal.folder / _OBJECTS)
    ignored = ignored_by(context.repository)
    by_bytes = hashed(ignored, partial(is_phase_file, context))
    known = inventory_of(context.repository, by_bytes)
    for change in context.repository.changes():
        _keep(context, known, change.path)
    for home in _repositories(known, ignored):
        with suppress(NoCheckout, GitFailed):
            for change in Reader(find_checkout(context.repository.root / home)).changes():
                _keep(context, known, f"{home}/{change.path}")
    for path in known:
        # Flags of the index may hide a change from git.
        if is_below(path, ignored) and by_bytes(path):
            _keep(context, known, path)
    hidden = context.repository.run("-c", "core.fsmonitor=false", "ls-files", "-v", "-z").split(
        "\0"
    )
    for line in hidden:
        if line[:1].islower() or line[:1] == "S":
            _keep(context, known, line[2:])
    state = protected.protected(context.repository)
    return Guard(context.journal.store(state.text()), context.journal.store(written(known)))


def make_known(journal: Journal, checkout: Checkout) -> None:
    """Put back without which git knows no repository, where a delegate was killed with its run."""
    began = journal.progress.open_attempt
    state = None if began is None else journal.load(began.guard)
    if state is not None:
        restoring.make_known(checkout.common_dir, Protected.read(state))


def _repositories(known: Inventory, ignored: Collection[str]) -> Iterator[str]:
    """The folders of repositories inside ours, such as submodules, that git does not ignore."""
    for path, entry in known.items():
        if entry.kind == "repository" and not is_below(path, ignored):
            yield path.rpartition("/")[0]


def _of(context: Context, known: Inventory, path: str) -> tuple[Workspace, str]:
    """Where a file is read and written, which may be a repository inside ours, and its path."""
    home = home_of(known, path)
    there = Workspace(context.repository.root / home, None)
    return there, path.removeprefix(f"{home}/") if home else path


def _keep(context: Context, known: Inventory, path: str) -> None:
    entry = known.get(path)
    if entry is None or entry.kind != "file":
        return
    workspace, name = _of(context, known, path)
    try:
        state = workspace.read(name)
    except Unreachable:
        return
    if state is not None and len(state.data) <= _LARGEST:
        context.journal.store(state.data)


def look(context: Context, guard: Guard, gate: Gate) -> Found:
    """What an attempt has changed; what it may not change is put back.

    Raises:
        GitFailed: git refused to be put back.
        Unreachable: a file can't be put back.
    """
    before, known = _known(context, guard)
    kept: list[Path] = []

    def keep(folder: Path) -> None:
        kept.append(context.journal.rescue_folder(folder).parent)

    lost = keptobjects.put_back(context.repository, context.journal.folder / _OBJECTS)
    now = restoring.with_files_put_back(context.repository, before, gate.ended, keep)
    trespassed = protected.trespasses(before, now)
    if lost:
        short = named([each[:12] for each in lost])
        trespassed.append(f"{count(len(lost), 'object')} of git's deleted: {short}")
    rescued = _rescued_commits(context, before, now) if before.head != now.head else ""
    rescued = rescued or "".join(map(str, kept[:1]))
    put = restoring.put_back(context.repository, before, now) + ["git's objects"] * bool(lost)
    # What is ignored is asked once the settings are what they were.
    found = _look_at_files(context, known, gate)
    return Found(
        found.changed,
        (*trespassed, *found.refused),
        (*put, *found.put_back),
        found.lost,
        found.rescued or rescued,
        found.warnings,
    )


def _known(context: Context, guard: Guard) -> tuple[Protected, Inventory]:
    repository, files = (context.journal.load(each) for each in (guard.repository, guard.inventory))
    if repository is None or files is None:
        raise Unreachable(
            "what was there before the attempt is not known any more: "
            f"{context.journal.folder} was changed"
        )
    return Protected.read(repository), read(files)


def _rescued_commits(context: Context, before: Protected, now: Protected) -> str:
    """Keep the commits that were made as patches; git keeps their objects for a while as well."""
    then, here = (protected.head_of(each).commit for each in (before, now))
    if then is None or here is None or then == here:
        return ""
    patch = context.repository.attempt("format-patch", "--stdout", f"{then}..{here}")[1]
    if not patch:
        return ""
    return str(
        context.journal.rescue("commits.patch", patch.encode("utf-8", "surrogateescape")).parent
    )


def _look_at_files(context: Context, known: Inventory, gate: Gate) -> Found:
    root = context.repository.root
    own: list[str] = []
    lost: list[str] = []
    refused = _bits_put_back(context, known)
    put = [*refused]
    rescued = ""
    for first in (True, False):
        now = _opened(context.repository, known)
        for path, kind in told_apart(root, known, now, ignored_by(context.repository), gate):
            if _comes_first(known, path) != first:
                continue
            if kind == "own":
                _part(context, path)
                _open_again(root / path, known.get(path))
                own.append(path)
                continue
            if kind == "compiled":
                _take_away(root / path)
                continue  # Whatever it was made of: it is made anew.
            refused.append(_what(path, known.get(path), now.get(path)))
            kept = _put_back(context, known, path)
            if kept is None:
                lost.append(path)
            else:
                put.append(path)
                rescued = kept or rescued
            _remove_empty_above(root, path, known)
    ignored = ignored_by(context.repository)
    warnings = (*_gone(known, now, ignored, gate), *_passed_over(root, known, now, gate))
    lost_worktrees = (p for p, e in known.items() if e.kind == "worktree" and p not in now)
    warnings += tuple(f"the linked worktree {path} is gone" for path in lost_worktrees)
    return Found(tuple(own), tuple(refused), tuple(put), tuple(lost), rescued, warnings)


def _comes_first(known: Inventory, path: str) -> bool:
    """Whether it would have git pass over the rest, or lead elsewhere what is below it."""
    there = known.get(path)
    return path.rpartition("/")[2] in HIDING or (there is not None and there.kind == "folder")


def _passed_over(root: Path, known: Inventory, now: Inventory, gate: Gate) -> Iterator[str]:
    """What may be a person's, or may not: nobody knows who has changed it."""
    for path in differing(known, now):
        if gate.passed_over(path) and not by_a_person(root / path, gate.ended):
            yield f"{on_one_line(path)} is not as it was when the delegate began, and stays so"


def _gone(known: Inventory, now: Inventory, ignored: Collection[str], gate: Gate) -> Iterator[str]:
    """What git ignores and is not there any more: a file of its own, or a folder as a whole.

    Nobody keeps a copy of that. Single files of such a folder tools delete all the time.
    """
    gone: dict[str, None] = {}
    for path, entry in known.items():
        if entry.kind != "file" or entry.digest or path in now or gate.mine(path):
            continue
        if is_compiled(path) or is_installed(path):
            continue
        while (above := path.rpartition("/")[0]) and above not in now:
            path = above
        if not is_below(path, ignored):
            gone[path] = None
    if gone:
        yield f"git ignores it, and it is gone for good: {named(gone)}"


def _remove_empty_above(root: Path, path: str, known: Inventory) -> None:
    """Remove the folders that were made for a file which is gone again."""
    above = path.rpartition("/")[0]
    with suppress(OSError):
        while above and above not in known:
            (root / above).rmdir()
            above = above.rpartition("/")[0]


def _bits_put_back(context: Context, known: Inventory) -> list[str]:
    """Put back the permission bits of folders: what lies in one that is shut can't be seen."""
    found = []
    for path in other_bits(context.repository.root, known):
        with suppress(OSError):
            (context.repository.root / path).chmod(known[path].mode)
            found.append(f"the permissions of the folder {path} were changed")
    return found


def _opened(repository: Reader, known: Inventory) -> Inventory:
    """What is there, once all is open to its owner that an attempt has shut."""
    root = repository.root
    tried: set[str] = set()
    while True:
        now = inventory_of(repository, lambda _path: True, known)
        shut = {
            path: entry.mode | _OPEN[entry.kind]
            for path, entry in now.items()
            if entry.kind in _OPEN
            and entry.mode & _OPEN[entry.kind] != _OPEN[entry.kind]
            # What was shut before is as its owner wants it.
            and (path not in known or known[path].mode != entry.mode)
        }
        if shut.keys() <= tried:
            return now
        for path, mode in shut.items():
            with suppress(OSError):
                (root / path).chmod(mode)
        tried |= shut.keys()


def _open_again(full: Path, before: Entry | None) -> None:
    """Give back to a file of its own the rights to read and write it that it had."""
    with suppress(OSError):
        told = full.lstat()
        if before is not None and stat.S_ISREG(told.st_mode):
            full.chmod(stat.S_IMODE(told.st_mode) | (before.mode & 0o666))


def _take_away(full: Path) -> None:
    if full.is_dir() and not full.is_symlink():
        remove_tree(full, ignore_errors=True)
        return
    with suppress(OSError):
        full.unlink()


def _part(context: Context, path: str) -> None:
    """Make a file one of its own where it shares its bytes with another name."""
    full = context.repository.root / path
    with suppress(OSError):
        if full.lstat().st_nlink > 1:
            whole = full.with_name(temporary_name(full.name))
            import shutil  # 2 ms

            shutil.copy2(full, whole, follow_symlinks=False)
            whole.replace(full)


def _what(path: str, before: Entry | None, now: Entry | None) -> str:
    path = on_one_line(path)
    if now is None:
        return f"{path} was deleted"
    if now.kind not in ("file", None if before is None else before.kind):
        # Also where it may be a file: of that a delegate has to be told.
        return f"{path} is {_KINDS[now.kind]} now, and not a file"
    return f"{path} was {'made' if before is None else 'changed'}"


def _put_back(context: Context, known: Inventory, path: str) -> str | None:
    """Put one path back; where what it held is kept, or `None` where it can't be."""
    try:
        return _put(context, known, path)
    except (OSError, Unreachable):
        return None


def _put(context: Context, known: Inventory, path: str) -> str | None:
    full, before = context.repository.root / path, known.get(path)
    if before is not None and before.kind in ("other", "repository", "worktree"):
        return None
    data: bytes | None = b""
    if before is not None and before.kind == "file":
        data = bytes_before(context.repository, context.journal.load, known, path)
    if data is None:
        return None
    rescued = _aside(context, full)
    if before is None:
        return rescued
    full.parent.mkdir(parents=True, exist_ok=True)
    if before.kind == "link":
        full.symlink_to(before.digest)
    elif before.kind == "folder":
        full.mkdir(mode=before.mode, exist_ok=True)
    else:
        workspace, name = _of(context, known, path)
        change = putting.plan(context.journal, name, None, FileState(data, before.mode))
        putting.put_back(workspace, context.journal, [change])
        if stat.S_IMODE(full.stat().st_mode) != before.mode:
            full.chmod(before.mode)
    return rescued


def _aside(context: Context, full: Path) -> str:
    """Take away what stands at a path, kept where it can be; returns the folder where it is."""
    if full.is_symlink() or (full.exists() and not full.is_file() and not full.is_dir()):
        full.unlink()
        return ""
    if full.is_dir():
        return str(context.journal.rescue_folder(full).parent)
    if not full.exists():
        return ""
    place = context.journal.rescue(
        str(full.relative_to(context.repository.root)), full.read_bytes()
    )
    full.unlink()
    return str(place.parent)

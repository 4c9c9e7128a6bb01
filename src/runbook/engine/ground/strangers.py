"""What an attempt changed that is not its own to change: found out without touching it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Literal

from runbook.core.handover.steering import (
    configures,
    is_cache,
    is_code,
    is_compiled,
    is_installed,
    steers,
)
from runbook.core.value import value
from runbook.world.files.inventory import Entry, Inventory, differing, inventory
from runbook.world.files.workspace import FileState
from runbook.world.git import contents, protected
from runbook.world.git.checkout import NoCheckout, find_checkout
from runbook.world.git.halfmade import inside
from runbook.world.git.heads import Head
from runbook.world.git.protected import Protected, by_a_person
from runbook.world.git.reader import Reader

HIDING = (".git", ".gitignore", ".gitattributes")
"""Files by which git is kept from what lies below them."""


@value
class Guard:
    """What was there before an attempt, under the digests by which the journal keeps it."""

    repository: str
    inventory: str


@value
class Gate:
    """What may be changed, and what else is no matter of an attempt's.

    `mine` says so of a path from the repository's root, and `passed_over` of one that nobody looks
    at. What is `carried` into clean places sways what is judged there, and what the series itself
    says, `of_series`, all that comes, whether git has it or not. What was changed after the
    time `ended` (nanoseconds since the epoch), when nothing of a killed run was left any more, is
    a person's. Where the work is `judged_elsewhere`, what is built in folders that git ignores is
    not there, and sways nothing.
    """

    mine: Callable[[str], bool] = lambda _path: False
    passed_over: Callable[[str], bool] = lambda _path: False
    of_series: Callable[[str], bool] = lambda _path: False
    carried: tuple[str, ...] = ()
    ended: int | None = None
    judged_elsewhere: bool = False


@value
class Strangers:
    """What the next run puts back of an attempt that was killed with its run.

    `files` are paths with what they will hold, from the repository's root, `staged` those whose
    entries in the index are put back; `head` is where HEAD will be, if it moves, and `gone` are
    files of git's.
    """

    files: dict[str, FileState | None]
    staged: frozenset[str] = frozenset()
    head: Head | None = None
    gone: frozenset[Path] = frozenset()


Kind = Literal["own", "compiled", "stranger"]


def told_apart(
    root: Path, known: Inventory, now: Inventory, ignored: Collection[str], gate: Gate
) -> Iterator[tuple[str, Kind]]:
    """The paths that an attempt changed: its own, what tools make anew, and what is not its own.

    What tools leave behind is none of them.
    """
    for path in differing(known, now):
        if gate.passed_over(path) or by_a_person(root / path, gate.ended):
            continue
        entry = now.get(path)
        if gate.mine(path) and (entry is None or entry.kind == "file"):
            yield path, "own"
            continue
        hidden = is_below(path, ignored)
        if is_compiled(path) and hidden:
            yield path, "compiled"
            continue
        of_series = gate.of_series(path)
        if gate.judged_elsewhere and not of_series and _is_built(path, ignored, gate.carried):
            continue
        if not (of_series or _sways(path, gate.carried)):
            if path not in known and hidden:
                continue
            if path in known and not known[path].digest:
                continue
        yield path, "stranger"


def is_below(path: str, ignored: Collection[str]) -> bool:
    """Whether a path is among those that git ignores, of which folders end with a `/`."""
    return any(path == each or (each[-1] == "/" and path.startswith(each)) for each in ignored)


def inventory_of(
    repository: Reader, hashed: Callable[[str], bool], known: Inventory | None = None
) -> Inventory:
    """The files of a worktree, but for linked worktrees in it, where others are at work.

    What was one before stays one; what was a folder of ours is none because git is told so.
    """
    apart = inside(repository.common_dir, repository.root)
    if known is not None:
        apart = {path for path in apart if path not in known}
        apart |= {path for path, entry in known.items() if entry.kind == "worktree"}
    return inventory(repository.root, is_cache, hashed, known, apart)


def home_of(known: Inventory, path: str) -> str:
    """The folder of the repository inside ours that a path is of; empty where it is of ours."""
    above = path
    while above := above.rpartition("/")[0]:
        there = known.get(f"{above}/.git")
        if there is not None and there.kind == "repository":
            return above
    return ""


def bytes_before(
    repository: Reader,
    load: Callable[[str], bytes | None],
    known: Inventory,
    path: str,
    commit: str = "HEAD",
) -> bytes | None:
    """What a file held, from the journal or from git; `None` where neither has it."""
    digest = known[path].digest
    data = load(digest) if digest else None
    if data is not None or not digest:
        return data
    home = home_of(known, path)
    if home:
        with suppress(NoCheckout):
            inner = Reader(find_checkout(repository.root / home))
            data = contents.committed(inner, path[len(home) + 1 :])
    else:
        data = contents.committed(repository, path, commit)
    same = data is not None and hashlib.sha256(data).hexdigest() == digest
    return data if same else None


def hashed(ignored: Collection[str], of_series: Callable[[str], bool]) -> Callable[[str], bool]:
    """Which files are known by their bytes: of those that git ignores only what checks go by."""
    return lambda path: (
        not is_below(path, ignored) or of_series(path) or (steers(path) and not is_installed(path))
    )


def _is_built(path: str, ignored: Collection[str], carried: tuple[str, ...]) -> bool:
    """Whether a file is what a build or a run of tests leaves, such as tests that were compiled."""
    folders = [each for each in ignored if each[-1] == "/"]
    return is_below(path, folders) and not configures(path) and not _is_taken(path, carried)


def _sways(path: str, carried: tuple[str, ...]) -> bool:
    """Whether a file that git ignores could sway a check."""
    return steers(path) or (_is_taken(path, carried) and is_code(path))


def _is_taken(path: str, carried: tuple[str, ...]) -> bool:
    """Whether checks take a file along that git ignores, wherever they are made."""
    return is_installed(path) or any(f"{path}/".startswith(f"{each}/") for each in carried)


def written(known: Inventory) -> bytes:
    """An inventory as the journal keeps it."""
    listed = {p: (e.kind, e.digest, e.mode, e.marks) for p, e in known.items()}
    return json.dumps(listed).encode("utf-8", "surrogatepass")


def read(text: bytes) -> Inventory:
    """The inventory that was `written`."""
    listed = json.loads(text.decode("utf-8", "surrogatepass"))
    return {
        path: Entry(kind, digest, mode, tuple(marks))
        for path, (kind, digest, mode, marks) in listed.items()
    }


def to_put_back(
    repository: Reader, load: Callable[[str], bytes | None], guard: Guard, gate: Gate
) -> Strangers | None:
    """What will be put back after a kill; `None` where it is not known any more what was there."""
    repository_text, inventory_text = load(guard.repository), load(guard.inventory)
    if repository_text is None or inventory_text is None:
        return None
    before, known = Protected.read(repository_text), read(inventory_text)
    now = protected.foreseen(repository, before, gate.ended)
    head = protected.head_of(before)
    here = dict(now.files).keys() - dict(before.files).keys()
    return Strangers(
        dict(_files_before(repository, load, known, gate, head.commit)),
        frozenset(protected.paths_staged(before, now)),
        head if head != protected.head_of(now) else None,
        frozenset(
            [
                *(repository.common_dir / name for name in here),
                *(repository.git_dir / name for name in protected.begun(before, now)),
            ]
        ),
    )


def _files_before(
    repository: Reader,
    load: Callable[[str], bytes | None],
    known: Inventory,
    gate: Gate,
    commit: str | None,
) -> Iterator[tuple[str, FileState | None]]:
    now = inventory_of(repository, lambda _path: True, known)
    for path, kind in told_apart(repository.root, known, now, ignored_by(repository), gate):
        entry = known.get(path)
        if kind != "stranger":
            continue
        if entry is None:
            yield path, None
        elif entry.kind == "file":
            data = bytes_before(repository, load, known, path, commit or "HEAD")
            if data is not None:
                yield path, FileState(data, entry.mode)


def ignored_by(repository: Reader) -> tuple[str, ...]:
    """The paths that git ignores; of a folder that is ignored as a whole, itself, with a `/`.

    What Python has compiled is among them, also where nobody told git to ignore it.
    """
    untracked = "-c", "core.fsmonitor=false", "ls-files", "--others", "--directory", "-z"
    listed = repository.run(*untracked, "--ignored", "--exclude-standard")
    compiled = repository.run(*untracked, "--", ":(glob)**/__pycache__/**")
    return tuple(dict.fromkeys(path for path in (listed + compiled).split("\0") if path))

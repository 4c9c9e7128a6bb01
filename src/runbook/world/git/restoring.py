"""A repository made what it was when its protected state was read."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from runbook.core.patterns import regex
from runbook.core.value import replace
from runbook.world.git import submodules
from runbook.world.git.checkout import NoCheckout
from runbook.world.git.gitfailed import GitFailed
from runbook.world.git.gitfiles import make_folder, remove, restore, state_of
from runbook.world.git.protected import (
    HEAD_LOG,
    STASH_LOG,
    Protected,
    Submodule,
    begun,
    but_for_a_persons,
    but_for_others,
    by_a_person,
    changed_files,
    differing,
    files_of_git,
    own,
)
from runbook.world.git.repository import Repository

_REFERENCE = regex(rb"[-x](ref:\s*refs/|[0-9a-f]{40})")
_FINISHING, _PAUSE = 2.0, 0.05  # seconds that a git of somebody's may hold a lock


def with_files_put_back(
    repository: Repository, before: Protected, ended: int | None = None
) -> Protected:
    """The protected state as it is, once git's own files are as they were: by these it would go.

    What was changed of them is still told by the value; what others changed (`but_for_others`)
    stays, and is not.
    """
    settings: dict[str, bytes | None] = {}
    for path in (repository.common_dir / "config", repository.git_dir / "config.worktree"):
        # These first: they say where hooks are, which may be any folder.
        name = os.path.relpath(path, repository.common_dir)
        held = state_of(path)
        if held != dict(before.files).get(name) and not by_a_person(path, ended):
            settings[name] = held
            restore(path, dict(before.files).get(name))
    settings |= _made_readable(repository, before)
    there = dict(files_of_git(repository))
    limit = time.monotonic() + _FINISHING
    while _new_locks(before, there) and time.monotonic() < limit:
        time.sleep(_PAUSE)  # Somebody else's git may be at work for a moment.
        there = dict(files_of_git(repository))
    there = but_for_a_persons(repository, before, there, ended)
    for name in sorted({*dict(before.files), *there}):
        was = dict(before.files).get(name)
        longer = name.endswith(HEAD_LOG) and there.get(name, b"").startswith(was or b"-")
        if was != there.get(name) and not longer:
            restore(repository.common_dir / name, was)
    told = {name: data for name, data in (there | settings).items() if data is not None}
    state = replace(own(repository), files=tuple(told.items()))
    state = but_for_others(repository, before, state, ended)
    return replace(state, inner=tuple(_with_links_put_back(repository.root, before, ended)))


def _made_readable(repository: Repository, before: Protected) -> dict[str, bytes]:
    """Put HEAD and references back where git can't read them, or would wait; what they held.

    An index that it can't read is put back later: nothing goes by it until then.
    """
    folder, head = repository.common_dir, repository.git_dir / "HEAD"
    index, packed, refs = repository.git_dir / "index", folder / "packed-refs", folder / "refs"
    make_folder(refs)
    known = {head: _state_of_head(before), index: _state_of_index(before)}
    known |= {folder / name: b"-" + os.fsencode(was) + b"\n" for name, was in before.refs}
    told = {}
    for path in (head, index, packed, *refs.rglob("*")):
        state, was = state_of(path), known.get(path)
        gone = state is None and path == head  # a reference may be packed, or be a folder by now
        broken = state is not None and state[:1] != b"l" and not _REFERENCE.match(state)
        if state == b"?" or (was and _REFERENCE.match(was) and (gone or broken)):
            told[os.path.relpath(path, folder)] = state or b"?"
            restore(path, was)
    return told


def _state_of_head(before: Protected) -> bytes:
    return b"-" + before.head.encode("utf-8", "surrogateescape")


def _state_of_index(before: Protected) -> bytes | None:
    return None if before.index is None else b"-" + before.index


def _with_links_put_back(root: Path, before: Protected, ended: int | None) -> Iterator[Submodule]:
    """The same of submodules, each once its `.git` says again where git's folder is."""
    for known in before.inner:
        with suppress(NoCheckout, GitFailed):
            git = submodules.place_of(root, known.path) / ".git"
            link = state_of(git)
            if link != known.link and (known.link is None or git.is_dir()):
                continue  # What it has in place of that may be all that is left of it.
            if link != known.link and not by_a_person(git, ended):
                restore(git, known.link)
            with _opened(git.parent) as there:
                yield Submodule(known.path, link, with_files_put_back(there, known.state, ended))


@contextmanager
def _opened(place: Path) -> Iterator[Repository]:
    """A submodule's repository.

    Raises:
        NoCheckout, GitFailed: there is none any more.

    """
    submodules.reader(place)
    with closing(Repository(place)) as repository:
        yield repository


def _new_locks(before: Protected, there: dict[str, bytes]) -> bool:
    known = dict(before.files)
    return any(name.endswith(".lock") and name not in known for name in there)


def put_back(repository: Repository, before: Protected, now: Protected) -> list[str]:
    """Make HEAD, references and index what they were; git keeps the objects of commits.

    What git is in the middle of is ended. Returns all that is as it was again, git's own files too.

    Raises:
        GitFailed: git refused.

    """
    done = []
    for name in begun(before, now):
        remove(repository.git_dir / name)
        done.append(name)
    if before.head != now.head:
        # By hand: while it is wrong, git's own commands would go by it.
        restore(repository.git_dir / "HEAD", _state_of_head(before))
        done.append("HEAD")
    refs, here = dict(before.refs), dict(now.refs)
    # What was made may be in the way of what was there: `main/x` of `main`.
    for name in sorted(differing(before.refs, now.refs), key=refs.__contains__):
        was = refs.get(name)
        done.append(name)
        if was is None:
            repository.run("update-ref", "--no-deref", "-d", name)
        elif was.startswith("ref: "):
            repository.run("symbolic-ref", name, was.removeprefix("ref: "))
        else:
            repository.run("update-ref", "--no-deref", "-m", "runbook: put back", name, was)
    if refs.get("refs/stash") != here.get("refs/stash"):
        # By putting back, git has written there again.
        restore(repository.common_dir / STASH_LOG, dict(before.files).get(STASH_LOG))
    if before.staged != now.staged:
        restore(repository.git_dir / "index", _state_of_index(before))
        done.append("the index")
    there = {each.path: each for each in now.inner}
    for known in before.inner:
        if known.path in there:
            found = there[known.path]
            done += [f"{known.path}/.git"] if found.link != known.link else []
            with _opened(repository.root / known.path) as inner:
                back = put_back(inner, known.state, found.state)
            done += [f"{what} of {known.path}" for what in back]
    return done + changed_files(before, now)

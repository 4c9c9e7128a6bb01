"""A repository made what it was when its protected state was read."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from runbook.core.patterns import regex
from runbook.core.value import replace
from runbook.world.git import submodules
from runbook.world.git.checkout import NoCheckout
from runbook.world.git.gitfailed import GitFailed
from runbook.world.git.gitfiles import make_folder, open_up, remove, restore, state_of
from runbook.world.git.protected import (
    HEAD_LOG,
    PACKED,
    REFERENCE,
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
    hook_folders,
    own,
    own_folders,
)
from runbook.world.git.repository import Repository

_PACKED = regex(rb"[-x](?:(?:#.*|\^?[0-9a-f]{40,64}(?: .*)?)\n)*+\Z")
_FINISHING, _PAUSE = 2.0, 0.05  # seconds that a git of somebody's may hold a lock


def make_known(folder: Path, before: Protected) -> None:
    """Put back without which git can't be asked at all: its folders of objects and references."""
    make_folder(folder / "objects")
    if not (folder / "refs").exists():
        make_folder(folder / "refs")
        for name, commit in before.refs:
            restore(folder / name, _loose(commit))


def with_files_put_back(
    repository: Repository, before: Protected, ended: int | None, keep: Callable[[Path], object]
) -> Protected:
    """The protected state as it is, once git's own files are as they were: by these it would go.

    What was changed of them is still told by the value; what others changed (`but_for_others`)
    stays, and is not. `keep` puts a folder out of the way that may be a repository.
    """
    told = _made_readable(repository.common_dir, repository.git_dir, before, ended)
    return _rest_put_back(repository, before, ended, keep, told)


def _made_readable(
    folder: Path, git_dir: Path, before: Protected, ended: int | None
) -> dict[str, bytes | None]:
    """Put back what git can't read, or would wait for, and by what it would go elsewhere.

    That are settings, HEAD and references. Returns what they held. git is not asked. An index that
    it can't read is put back later: nothing goes by it until then.
    """
    told: dict[str, bytes | None] = {
        os.path.relpath(path, folder): b"?" for path in _opened_up(folder, git_dir)
    }
    common = git_dir / "commondir"
    if git_dir == folder and os.path.lexists(common):
        told["commondir"] = state_of(common) or b"?"
        remove(common)
    told |= _led_back(folder, before, ended, own_folders(folder))
    for path in (folder / "config", git_dir / "config.worktree"):
        # These say where hooks are, which may be any folder.
        name = os.path.relpath(path, folder)
        held = state_of(path)
        if held != dict(before.files).get(name) and not by_a_person(path, ended):
            told[name] = held
            restore(path, dict(before.files).get(name))
    head, index, packed = git_dir / "HEAD", git_dir / "index", folder / PACKED
    make_folder(folder / "refs")
    known = {head: _state_of_head(before), index: _state_of_index(before), packed: before.packed}
    refs = (*before.refs, *before.elsewhere)
    known |= {folder / name: _loose(was) for name, was in refs}
    for path in (head, index, packed, *(folder / "refs").rglob("*")):
        state, was = state_of(path), known.get(path)
        if path in known and path.is_dir() and path.parent in (folder, git_dir):
            state = b"?"
        if state == b"?" or _is_broken(path, was, state):
            told[os.path.relpath(path, folder)] = state or b"?"
            restore(path, was)
    return told


def _loose(commit: str) -> bytes:
    """The state of the file of a reference."""
    return b"-" + os.fsencode(commit) + b"\n"


def _opened_up(folder: Path, git_dir: Path) -> Iterator[Path]:
    """Those of git's folders that were shut, and are open again; its own is not told."""
    for path in (folder, git_dir, folder / "worktrees"):
        _give_rights(path, 0o700)
    for name in ("hooks", "info", "logs", "objects", "refs", "runbook"):
        if (folder / name).is_dir() and not (folder / name).is_symlink():
            yield from open_up(folder / name)
    # Of files those to which is added, ours among them; all others are written anew.
    added = [*git_dir.glob("*"), *folder.glob("*"), *(folder / "runbook").glob("*/*")]
    for path in (*added, git_dir / HEAD_LOG, *(folder / "logs").rglob("*")):
        _give_rights(path, 0o600)


def _give_rights(path: Path, rights: int) -> None:
    with suppress(OSError):  # it is another user's, or there is none
        mode = path.lstat().st_mode
        if not stat.S_ISLNK(mode) and mode & rights != rights:
            path.chmod(stat.S_IMODE(mode) | rights)


def _led_back(
    folder: Path, before: Protected, ended: int | None, paths: Iterable[Path]
) -> dict[str, bytes | None]:
    """Make links in the place of git's folders what was there: what they lead to is somebody's.

    Returns what they held.
    """
    told: dict[str, bytes | None] = {}
    for path in paths:
        name = os.path.relpath(path, folder)
        was = dict(before.files).get(name)
        if path.is_symlink() and state_of(path) != was and not by_a_person(path, ended):
            told[name] = state_of(path)
            restore(path, was)
    return told


def _is_broken(path: Path, was: bytes | None, state: bytes | None) -> bool:
    """Whether HEAD or references can't be read any more, as far as they could before."""
    if path.name == PACKED:
        return state != was and not _PACKED.match(state or b"")
    if was is None or not REFERENCE.match(was):
        return False
    if state is None:
        return path.name == "HEAD"  # a reference may be packed, or be a folder by now
    return not REFERENCE.match(state)


def _rest_put_back(
    repository: Repository,
    before: Protected,
    ended: int | None,
    keep: Callable[[Path], object],
    settings: dict[str, bytes | None],
) -> Protected:
    folders = sorted(hook_folders(repository))
    settings |= _led_back(repository.common_dir, before, ended, folders)
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
    inner = _with_links_put_back(repository.root, before, ended, keep)
    return replace(state, inner=tuple(inner))


def _state_of_head(before: Protected) -> bytes:
    return b"-" + before.head.encode("utf-8", "surrogateescape")


def _state_of_index(before: Protected) -> bytes | None:
    return None if before.index is None else b"-" + before.index


def _with_links_put_back(
    root: Path, before: Protected, ended: int | None, keep: Callable[[Path], object]
) -> Iterator[Submodule]:
    """The same of submodules, each once its `.git` says again where git's folder is."""
    for known in before.inner:
        with suppress(NoCheckout, GitFailed, OSError):
            git = _place_made(root, known.path, ended) / ".git"
            link = state_of(git)
            if link != known.link:
                if by_a_person(git, ended):
                    yield known
                    continue
                if known.link is None:
                    continue  # What it has in place of that may be all that is left of it.
                if git.is_dir() and not git.is_symlink():
                    _make_way(git, known.link, keep)
                restore(git, known.link)
            home = _home_of(git)
            linked = home.parent.name == "worktrees"  # of a repository that is elsewhere
            told = {} if linked else _made_readable(home, home, known.state, ended)
            with _opened(git.parent) as there:
                state = _rest_put_back(there, known.state, ended, keep, told)
                yield Submodule(known.path, link, state)


def _place_made(root: Path, path: str, ended: int | None) -> Path:
    """The folder of a submodule, made where it is gone, or a link leads elsewhere.

    Raises:
        NoCheckout: something else is there, or a person's.
    """
    place = root
    for name in path.split("/"):
        place /= name
        if place.is_symlink() and not by_a_person(place, ended):
            place.unlink()
        if not os.path.lexists(place):
            place.mkdir()
    return submodules.place_of(root, path)


def _make_way(git: Path, link: bytes, keep: Callable[[Path], object]) -> None:
    """Put a folder out of the way of a link to git's folder; it may have been that itself."""
    home = _named_by(git, link)
    open_up(git)
    if home.exists():
        keep(git)
    else:
        make_folder(home.parent)
        git.rename(home)


def _home_of(git: Path) -> Path:
    link = state_of(git)
    return git if link is None else _named_by(git, link)


def _named_by(git: Path, link: bytes) -> Path:
    return git.parent / os.fsdecode(link[1:]).removeprefix("gitdir:").strip()


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

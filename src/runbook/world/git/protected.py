"""What only runbook and its user may change of a repository: history, index, settings, hooks."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from runbook.core.patterns import regex
from runbook.core.record.codec import from_json, to_json
from runbook.core.value import replace, value
from runbook.world.git import submodules
from runbook.world.git.checkout import NoCheckout
from runbook.world.git.gitfailed import GitFailed
from runbook.world.git.gitfiles import content_of, state_of, text_of
from runbook.world.git.halfmade import SCRATCH, records
from runbook.world.git.heads import NOTES, Head
from runbook.world.git.reader import PATHS, Reader

_Named = Iterable[tuple[str, object]]
REFERENCE = regex(rb"[-x](ref:\s*refs/|[0-9a-f]{40})|l")
"""The state of a file that is a reference, also of one that is a link."""
_QUIET = ("-c", "core.fsmonitor=false")
_COMMON = ("config", "shallow", "info/exclude", "info/attributes", "info/grafts",
           "objects/info/alternates", "objects/info/http-alternates")  # fmt: skip
FOLDERS = ("hooks", "info", "logs", "logs/refs", "refs", "refs/heads", "refs/tags", "refs/remotes")
_REMAINS = ("AUTO_MERGE", "SQUASH_MSG", "MERGE_MSG", "REBASE_HEAD")
_OWN = ("config.worktree", "info/sparse-checkout", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD",
        "BISECT_LOG", "BISECT_START", "BISECT_TERMS", "BISECT_NAMES", *_REMAINS)  # fmt: skip
HEAD_LOG, STASH_LOG, PACKED = "logs/HEAD", "logs/refs/stash", "packed-refs"
_FETCHED = ("refs/remotes/", "refs/prefetch/")
_OPERATIONS = ("rebase-merge", "rebase-apply", "sequencer")


@value
class Protected:
    """How a repository is protected: each part in a form that can be compared and put back.

    `refs` are names with their objects, without the branches that are checked out `elsewhere`,
    which others may move meanwhile. `files` are those of git's folders with their bytes; that of
    `packed` references is not among them: git writes it anew when it likes.
    """

    head: str
    refs: tuple[tuple[str, str], ...]
    staged: str  # a line an entry of the index, with its flags
    index: bytes | None
    files: tuple[tuple[str, bytes], ...]
    operations: tuple[str, ...] = ()
    worktrees: tuple[str, ...] = ()
    inner: tuple[Submodule, ...] = ()
    packed: bytes | None = None
    elsewhere: tuple[tuple[str, str], ...] = ()

    def text(self) -> bytes:
        """All of it, to be kept in the journal."""
        return json.dumps(to_json(self)).encode()

    @classmethod
    def read(cls, text: bytes) -> Protected:
        """What `text` was made of."""
        return from_json(cls, json.loads(text))


@value
class Submodule:
    """A submodule that is checked out, by its path from the repository's root.

    Its `link` is the state of its `.git`, where that is a file which says where git's folder is.
    """

    path: str
    link: bytes | None
    state: Protected


def protected(repository: Reader) -> Protected:
    """The protected state of a worktree's repository, as it is, and of its submodules."""
    state = own(repository)
    return replace(state, inner=tuple(_inner(repository.root, state.staged)))


def _inner(root: Path, entries: str) -> Iterator[Submodule]:
    for path in submodules.paths(entries):
        with suppress(NoCheckout, GitFailed):
            place = submodules.place_of(root, path)
            there = protected(submodules.reader(place))
            yield Submodule(path, state_of(place / ".git"), there)


def own(repository: Reader, *, hooks: bool = True) -> Protected:
    """The protected state but for submodules, and without `hooks` also but for these."""
    # Of an index that is damaged git says nothing, and so all of it is otherwise.
    refs, elsewhere = _refs(repository)
    entries, flags = (repository.attempt(*_QUIET, "ls-files", how, "-z")[1] for how in ("-s", "-v"))
    return Protected(
        text_of(repository.git_dir / "HEAD"),
        refs,
        entries + flags,
        content_of(repository.git_dir / "index"),
        tuple(files_of_git(repository, hooks=hooks)),
        tuple(name for name in _OPERATIONS if (repository.git_dir / name).exists()),
        _worktrees(repository),
        packed=state_of(repository.common_dir / PACKED),
        elsewhere=elsewhere,
    )


def by_a_person(path: Path, ended: int | None) -> bool:
    """Whether something was changed only once nothing of a killed run was left any more.

    That was `ended` (nanoseconds since the epoch); `None` where it is not known.
    """
    try:
        return ended is not None and path.lstat().st_ctime_ns > ended
    except OSError:
        return False


def but_for_others(
    repository: Reader, before: Protected, now: Protected, ended: int | None = None
) -> Protected:
    """The protected state without what others changed: a person after a kill, runs elsewhere."""
    folder = repository.common_dir
    refs, here = dict(before.refs), dict(now.refs)
    for name in {*refs, *here}:
        if refs.get(name) != here.get(name) and (
            by_a_person(_kept_in(folder, name, there=name in here), ended)
            or (name == NOTES and _of_runs_elsewhere(repository, before, here.get(name)))
        ):
            here.pop(name, None)
            here |= {name: refs[name]} if name in refs else {}
    begun = tuple(n for n in now.operations if not by_a_person(repository.git_dir / n, ended))
    heads = replace(now, refs=tuple(here.items()), operations=begun)
    if by_a_person(repository.git_dir / "HEAD", ended):
        heads = replace(heads, head=before.head)
    if head_of(heads) != head_of(now):
        # What they went to, they have in the index as well.
        return replace(heads, staged=before.staged)
    return heads


def foreseen(repository: Reader, before: Protected, ended: int | None) -> Protected:
    """The state of which all that differs will be put back; nothing is done."""
    # Where hooks are is not known: settings may name any folder, until they are put back.
    now = own(repository, hooks=False)
    files = but_for_a_persons(repository, before, dict(now.files), ended)
    return but_for_others(repository, before, replace(now, files=tuple(files.items())), ended)


def but_for_a_persons(
    repository: Reader, before: Protected, there: dict[str, bytes], ended: int | None
) -> dict[str, bytes]:
    """git's files without what others changed: a person after a kill, a git that let a lock go."""
    files = dict(before.files)
    theirs = {
        name
        for name in {*files, *there}
        if files.get(name) != there.get(name)
        and (
            (name in files and name.endswith(".lock"))
            or by_a_person(repository.common_dir / name, ended)
        )
    }
    kept = {name: data for name, data in there.items() if name not in theirs}
    return kept | {name: files[name] for name in theirs & files.keys()}


def _kept_in(folder: Path, name: str, *, there: bool) -> Path:
    """The file whose time tells when a reference was changed last."""
    tables = folder / "reftable" / "tables.list"
    loose, packed = folder / name, folder / PACKED
    if tables.exists() or loose.exists():
        return tables if tables.exists() else loose
    if there:
        return packed
    # It is deleted; so may be the folder that it was in.
    above = next((each for each in loose.parents if each.exists()), folder)
    return max((each for each in (above, packed) if each.exists()), key=lambda p: p.stat().st_ctime)


def _of_runs_elsewhere(repository: Reader, before: Protected, now: str | None) -> bool:
    """Whether notes were only added, to commits that are none of this worktree's.

    Runs in other worktrees of the repository do so meanwhile.
    """
    then, head = dict(before.refs).get(NOTES), head_of(before).commit
    if now is None or head is None or len(before.worktrees) == 0:
        return False
    if then is not None and not repository.contains(then, now):
        return False
    since = then or repository.run("hash-object", "-t", "tree", "/dev/null").strip()
    changed = repository.run("diff-tree", "-r", *PATHS, since, now)
    noted = [path.replace("/", "") for path in changed.split("\0") if path]
    return not any(repository.contains(commit, head) for commit in noted)


def paths_staged(before: Protected, now: Protected) -> set[str]:
    """The paths whose entries in the index, or flags there, are others."""
    entries = set(before.staged.split("\0")) ^ set(now.staged.split("\0"))
    return {each.partition("\t")[2] or each[2:] for each in entries}


def head_of(state: Protected) -> Head:
    """Where HEAD was."""
    head = state.head.rstrip("\n")
    ref = head.removeprefix("ref: ")
    return Head(head, None) if ref == head else Head(dict(state.refs).get(ref), ref)


_Refs = tuple[tuple[str, str], ...]


def _refs(repository: Reader) -> tuple[_Refs, _Refs]:
    """The references with what they stand for, those that are checked out elsewhere apart."""
    elsewhere = set()
    # Of a submodule git names its own folder as the place.
    ours = {str(repository.root), str(repository.git_dir)}
    folder = ""
    for line in repository.run("worktree", "list", "--porcelain", "-z").split("\0"):
        word, _, rest = line.partition(" ")
        if word == "worktree":
            folder = rest
        elif word == "branch" and folder not in ours:
            elsewhere.add(rest)
    listed = repository.run("for-each-ref", "--format=%(refname) %(objectname) %(symref)")
    refs: dict[str, str] = {}
    for line in listed.split("\n")[:-1]:
        name, commit, symbolic = line.split(" ", 2)
        refs[name] = f"ref: {symbolic}" if symbolic else commit
    apart = {name: refs.pop(name) for name in elsewhere if name in refs}
    return tuple(refs.items()), tuple(sorted(apart.items()))


def files_of_git(repository: Reader, *, hooks: bool = True) -> Iterator[tuple[str, bytes]]:
    """git's own files that are protected, by their paths from its common folder."""
    names = [repository.common_dir / name for name in _COMMON]
    names += [repository.git_dir / name for name in _OWN]
    # Links in the place of folders.
    names += [each for each in own_folders(repository.common_dir) if each.is_symlink()]
    if hooks:
        folder, *above = hook_folders(repository)
        names += [each for each in (folder, *above) if each.is_symlink()]
        names += sorted(folder.rglob("*")) if folder.is_dir() else []
    # What git remembers of where HEAD was, and all of the stash but the last.
    names += [repository.git_dir / HEAD_LOG, repository.common_dir / STASH_LOG]
    names += sorted(repository.git_dir.glob("*.lock"))
    names += sorted(repository.common_dir.glob("*.lock"))
    # Also references that are none, which git names only to complain of them.
    names += [each for each in sorted((repository.common_dir / "refs").rglob("*")) if _odd(each)]
    if (repository.root / ".git").is_file():
        names.append(repository.root / ".git")  # of a linked worktree: where git's folder is
    for path in names:
        state = state_of(path)
        if state is not None:
            yield os.path.relpath(path, repository.common_dir), state


def _odd(path: Path) -> bool:
    state = state_of(path)
    return state is not None and (path.suffix == ".lock" or not REFERENCE.match(state))


def own_folders(common: Path) -> Iterator[Path]:
    """The folders in git's own in which there are files that are protected."""
    return (common / name for name in FOLDERS)


def hook_folders(repository: Reader) -> Iterator[Path]:
    """The folder of hooks, and those of the worktree that it is in."""
    folder = repository.root / repository.run("rev-parse", "--git-path", "hooks").rstrip("\n")
    yield folder
    inside = (
        folder.relative_to(repository.root).parts if folder.is_relative_to(repository.root) else ()
    )
    if ".git" not in inside:
        yield from folder.parents[: max(len(inside) - 1, 0)]


def _worktrees(repository: Reader) -> tuple[str, ...]:
    """The names of git's records of linked worktrees, but for those that runs make for a while."""
    folder = repository.common_dir
    return tuple(
        name
        for name in records(folder)
        if SCRATCH not in text_of(folder / "worktrees" / name / "gitdir")
    )


def trespasses(before: Protected, now: Protected) -> list[str]:
    """What was changed that nobody but runbook and its user may change, each in a few words."""
    found = []
    if before.head != now.head:
        found.append(f"HEAD: {_short(before.head)}, now {_short(now.head)}")
    refs, here = dict(before.refs), dict(now.refs)
    found += [
        f"{name}: {_short(refs.get(name))}, now {_short(here.get(name))}"
        for name in differing(before.refs, now.refs)
        # An editor fetches in the background.
        if not name.startswith(_FETCHED)
    ]
    if before.staged != now.staged:
        found.append("the index: what is staged, or its flags")
    # What `git stash pop` may leave as well, and nothing goes by.
    found += [each for each in changed_files(before, now) if not each.endswith(_REMAINS)]
    found += [f"git is in the middle of something: {name}" for name in begun(before, now)]
    added = set(now.worktrees) - set(before.worktrees)
    found += [f"a linked worktree was made, and stays: {name}" for name in sorted(added)]
    here_inside = {each.path: each for each in now.inner}
    for each in before.inner:
        there = here_inside.get(each.path)
        if there is None:
            found.append(f"{each.path} is no submodule any more, and stays so")
            continue
        found += [f"{each.path}/.git"] if there.link != each.link else []
        found += [f"{each.path}: {what}" for what in trespasses(each.state, there.state)]
    return found


def begun(before: Protected, now: Protected) -> list[str]:
    """What git is in the middle of that it was not before: folders of its own."""
    return [name for name in now.operations if name not in before.operations]


def differing(before: _Named, now: _Named) -> list[str]:
    """The names that stand for something else."""
    then, here = dict(before), dict(now)
    return [name for name in sorted({*then, *here}) if then.get(name) != here.get(name)]


def changed_files(before: Protected, now: Protected) -> list[str]:
    """The files of git's that are others, but for its list of where HEAD was."""
    names = differing(before.files, now.files)
    return [f"git's file {name}" for name in names if not name.endswith(HEAD_LOG)]


def _short(state: str | None) -> str:
    if state is None:
        return "none"
    name = state.strip().removeprefix("ref: ").removeprefix("refs/heads/")
    return name[: 40 if state.startswith("ref: ") else 12] or "none"

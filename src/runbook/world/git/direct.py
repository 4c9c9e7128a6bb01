"""Commits and notes made without a process of git, where nobody else has a say in them.

Objects, a step of the branch and of the index are what git itself would write. Hooks, signatures,
filters, other forms of the index, of refs or of ids are git's own matter; so is all that goes wrong
before the branch has moved: who asks then has git do it, which tells why not.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path

from runbook.core.edit.gitindex import Known, Unusual, patched
from runbook.core.edit.trees import Entry, Tree, object_id, tree_object
from runbook.core.model.paths import objection
from runbook.core.record.stepevents import CommitIntended
from runbook.core.value import value
from runbook.world.files.durable import sync_folder
from runbook.world.files.regular import target_of
from runbook.world.git.expectedtree import Expected
from runbook.world.git.foldertrees import FOLDER, entries, root_tree
from runbook.world.git.gitfailed import GitFailed
from runbook.world.git.heads import NOTES
from runbook.world.git.looseobjects import read_loose, write_objects
from runbook.world.git.objects import GitObject
from runbook.world.git.reader import Reader
from runbook.world.git.refupdate import Lock, Step, advance, advance_head, sync_ref
from runbook.world.git.repository import Repository
from runbook.world.git.special import LINK, SUBMODULE
from runbook.world.git.userhooks import OF_REFS, runs_hooks

_OURS = {
    "extensions.objectformat", "extensions.relativeworktrees", "extensions.worktreeconfig",
}  # fmt: skip
"""Extensions of a repository's form that make no difference to a commit."""
_OTHER_WAYS = (
    "core.splitindex", "core.fsmonitor", "core.ignorestat", "core.ignorecase",
    "core.precomposeunicode", "core.sharedrepository",
)  # fmt: skip
"""Settings that make git write otherwise than is done here, unless they are off."""
_OFF = ("", "false", "no", "off", "0", "umask")
_UNDER_WAY = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD")
_SMALL = 2**20
"""Bytes of objects that are written before it is known whether they are committed."""
_MOST_LOOKS, _LARGEST_LOOK = 200, 2**20
"""Files that are read once more because they are as young as the index, and the bytes of one."""
_MOST = 255
"""Notes in one folder of their tree; where there are more, git spreads them over several."""


@value
class Directly:
    """A commit that was made; the index is `sound` unless something came between."""

    commit: str
    sound: bool


def commit(
    repository: Repository,
    message: str,
    intent: CommitIntended,
    made_of: Expected,
    until: float = 0.0,
) -> Directly | None:
    """Make the commit of an intent; `None` where git is to do it, and nothing was changed.

    Somebody else who writes the index is waited for `until` then, by the monotonic clock.
    """
    plain = made_of.staged and not any(map(objection, intent.paths))
    git_dir = repository.git_dir
    try:
        text = message.encode()
        if (
            not plain
            or intent.parent is None
            or b"\0" in text
            or runs_hooks(repository)
            or not _allowed(repository)
            or repository.settings.is_true("commit.gpgsign")
            or any((git_dir / name).exists() for name in _UNDER_WAY)
        ):
            return None
        author, committer = (
            repository.settings.identity("AUTHOR"),
            repository.settings.identity("COMMITTER"),
        )
        made = _commit(
            made_of.tree, intent.parent, f"{author} {intent.date}",
            f"{committer} {intent.date}", text,
        )  # fmt: skip
        write_objects(repository.common_dir, [*made_of.objects, made], repository.lasting)
        # The commit itself is read back from where it was put.
        found = read_loose(repository.common_dir, made.id)
        repository.objects.know([*made_of.objects, *([found] if found else [])])
        subject = message.partition("\n")[0]
        step = Step(
            intent.parent, made.id, f"{committer} {intent.date}",
            f"commit (runbook {intent.step}): {subject}",
        )  # fmt: skip
        return _put(repository, intent.ref, step, made_of, until)
    except (OSError, GitFailed, Unusual, UnicodeEncodeError):
        return None


def prepare(repository: Repository, made_of: Expected) -> None:
    """Write what a commit is likely to be made of, which then need not be written.

    Where it comes to no commit, git prunes it as what was added and not committed.
    """
    small = sum(len(each.data) for each in made_of.objects) <= _SMALL
    with suppress(OSError, GitFailed):
        if made_of.objects and small and _allowed(repository) and not runs_hooks(repository):
            write_objects(repository.common_dir, made_of.objects, repository.lasting)


def _put(
    repository: Repository, ref: str | None, step: Step, made_of: Expected, until: float
) -> Directly | None:
    """Take a commit for HEAD, and its files into the index.

    Raises:
        OSError: and nothing was changed.
        Unusual: and nothing was changed.
    """
    git_dir, common_dir = repository.git_dir, repository.common_dir
    index = git_dir / "index"
    with Lock(index, until) as lock:
        if index.is_symlink():
            return None
        told = index.stat()
        now = int(time.time())
        content = patched(
            index.read_bytes(), dict(made_of.staged), int(told.st_mtime), now, _looks(repository)
        )
        lock.write(content, told.st_mode & 0o777, now)
        if not advance_head(git_dir, common_dir, ref, step):
            return None
        try:
            lock.take()
            sync_folder(git_dir)
            if ref is not None:
                sync_ref(common_dir, ref)
        except OSError:
            return Directly(step.new, sound=False)
    return Directly(step.new, sound=True)


def _looks(repository: Repository) -> Callable[[bytes, Known], bool]:
    """How git looks at a file again that may have changed in the second in which it was staged."""
    looked = count(1)

    def same(name: bytes, known: Known) -> bool:
        path = os.fsdecode(name)
        place = repository.root / path
        try:
            told = place.lstat()
            if known.mode == SUBMODULE or int(told.st_mtime) != known.mtime:
                return True  # git sees what it is
            if next(looked) > _MOST_LOOKS or told.st_size > _LARGEST_LOOK:
                raise Unusual("git is quicker")
            if told.st_size != known.size:
                return True
            data = os.fsencode(target_of(place)) if known.mode == LINK else place.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return True
        if object_id("blob", data, "sha1") == known.id:
            return True
        if not repository.filters.leave([path]):
            raise Unusual("it needs a filter to tell")
        return False

    return same


def note(repository: Repository, tip: str | None, commit: str, text: str) -> bool:
    """Add a note to a commit that has none; `False` where git is to do it.

    `tip` is where the notes stand, and nobody else may add to them meanwhile.

    Raises:
        GitFailed: it is there, and may go with a power loss.
    """
    date = f"{int(time.time())} {time.strftime('%z')}"
    try:
        if runs_hooks(repository, OF_REFS) or not _allowed(repository) or len(commit) != 40:
            return False
        author, committer = (
            repository.settings.identity("AUTHOR"),
            repository.settings.identity("COMMITTER"),
        )
        content = text.encode("utf-8", "surrogateescape")
        blob = GitObject(object_id("blob", content, "sha1"), "blob", content)
        trees = _with_note(repository, tip, commit, blob.id)
        if trees is None:
            return False
        said = "Notes added by 'git notes append'\n"
        made = _commit(trees[-1].id, tip, f"{author} {date}", f"{committer} {date}", said.encode())
        write_objects(repository.common_dir, [blob, *trees, made], repository.lasting)
        repository.objects.know([*trees, made])
        step = Step(tip, made.id, f"{committer} {date}", f"notes: {said.strip()}")
        if not advance(repository.common_dir, NOTES, step):
            return False
    except (OSError, GitFailed, UnicodeEncodeError):
        return False
    try:
        sync_ref(repository.common_dir, NOTES)
    except OSError as error:
        # git would add it a second time.
        raise GitFailed(f"its note is there and could not be synced: {error}") from None
    return True


def _with_note(
    repository: Repository, tip: str | None, commit: str, blob: str
) -> list[GitObject] | None:
    """The trees of notes with one more, the outermost last; `None` where git must spread it."""
    folders = []
    tree, rest = root_tree(repository.objects, tip) if tip else "", commit
    while True:
        known = entries(repository.objects, tree)
        folders.append((known, rest))
        below = known.get(rest[:2].encode())
        if below is None:
            break
        tree, rest = below.id, rest[2:]
    known, name = folders.pop()
    if len(known) >= _MOST or name.encode() in known:
        return None
    made = [_tree({**known, name.encode(): Entry("100644", blob)})]
    for known, name in reversed(folders):
        made.append(_tree({**known, name[:2].encode(): Entry(FOLDER, made[-1].id)}))
    return made


def _allowed(repository: Reader) -> bool:
    """Whether nobody else has a say but hooks, as configuration and files are now."""
    settings = repository.settings.now()
    extended = [name for name in settings.names() if name.startswith("extensions.")]
    # Four times for a small task: not by pathlib.
    names = ("packed-refs", "refs/replace", "reftable", "info/grafts")
    packed, replacing, reftable, grafts = (
        Path(place) if os.path.exists(place := f"{repository.common_dir}/{name}") else None  # noqa: PTH110
        for name in names
    )
    return (
        not (set(extended) - _OURS)
        and settings.get("extensions.objectformat", "sha1") == "sha1"
        and all(settings.get(name).lower() in _OFF for name in _OTHER_WAYS)
        and settings.is_true("core.logallrefupdates", default=True)
        and reftable is None
        and grafts is None
        and not (replacing is not None and any(replacing.iterdir()))
        and not (packed is not None and b" refs/replace/" in packed.read_bytes())
    )


def _commit(tree: str, parent: str | None, author: str, committer: str, text: bytes) -> GitObject:
    above = f"parent {parent}\n" if parent else ""
    head = f"tree {tree}\n{above}author {author}\ncommitter {committer}\n\n"
    data = head.encode() + text
    return GitObject(object_id("commit", data, "sha1"), "commit", data)


def _tree(tree: Tree) -> GitObject:
    data = tree_object(tree)
    return GitObject(object_id("tree", data, "sha1"), "tree", data)

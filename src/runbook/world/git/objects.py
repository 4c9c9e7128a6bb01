"""Objects of a git repository, read through one `git cat-file`: quick, and nothing is changed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Self

from runbook.core.patterns import regex
from runbook.core.value import value
from runbook.world.git.gitfailed import GitFailed
from runbook.world.processes.environment import forget_git

_KEPT = 64
_LARGEST = 2**16
"""How many objects that were read are kept, and of how many bytes at most: a name by the id of a
commit or tree always stands for the same one.
"""
_LASTING = regex(r"[0-9a-f]{40}(?:[0-9a-f]{24})?(?![^:^])")

_AHEAD = 60
"""Requests made before their answers are read: few enough for a pipe of one page to hold them all.

That is all that a user's pipes get who has many of them (pipe(7)).
"""


@value
class GitObject:
    """An object with its id in hex and its kind: blob, tree, commit or tag."""

    id: str
    kind: str
    data: bytes


class Objects:
    """The objects of the repository of one worktree; a process of git serves them.

    It is started on the first read, by hand because importing `subprocess` would take longer
    than git does.
    """

    def __init__(self, root: Path, git_dir: Path | None = None) -> None:
        """`root` is the worktree's; with its git folder, git is not seen at work in it."""
        self._place = ["-C", str(root)] if git_dir is None else ["-C", "/", f"--git-dir={git_dir}"]
        self._pid: int | None = None
        self._requests: BinaryIO | None = None
        self._answers: BinaryIO | None = None
        self._errors: BinaryIO | None = None
        self._kept: dict[str, GitObject] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        """Let no process stay that nobody can ask any more."""
        self.close()

    def read(self, name: str) -> GitObject | None:
        """The object that a revision or an id names, or `None`.

        Raises:
            GitFailed: git does not accept the repository, or an object is damaged.
        """
        return None if "\n" in name else next(self.read_all([name]))

    def know(self, objects: Iterable[GitObject]) -> None:
        """Take objects for read that were just written."""
        for each in objects:
            if each.kind != "blob":
                self._keep(each.id, each)

    def _keep(self, name: str, found: GitObject) -> None:
        if len(found.data) <= _LARGEST and _LASTING.match(name):
            while len(self._kept) >= _KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[name] = found

    def _ask(self, names: list[str]) -> None:
        if self._requests is None:
            self._start()
        assert self._requests is not None
        try:
            self._requests.write(b"".join(os.fsencode(name) + b"\n" for name in names))
            self._requests.flush()
        except BrokenPipeError:
            raise self._refusal() from None

    def _answer(self) -> GitObject | None:
        assert self._answers is not None
        head = self._answers.readline()
        if not head.endswith(b"\n"):
            raise self._refusal()
        parts = os.fsdecode(head.rstrip(b"\n")).rsplit(" ", 2)
        if parts[-1] in ("missing", "ambiguous"):
            return None
        identifier, kind, size = parts
        data = self._answers.read(int(size))
        if len(data) != int(size):
            raise self._refusal()
        self._answers.read(1)
        return GitObject(identifier, kind, data)

    def read_all(self, names: list[str]) -> Iterator[GitObject | None]:
        """The objects that ids or revisions name, in order: quicker than one by one.

        Raises:
            GitFailed: as for `read`.
        """
        known = {name: self._kept[name] for name in names if name in self._kept}
        read = self._read_all([name for name in names if name not in known])
        for name in names:
            found = known.get(name)
            if found is None:
                found = next(read)
                if found is not None:
                    self._keep(name, found)
            yield found

    def _read_all(self, names: list[str]) -> Iterator[GitObject | None]:
        for first in range(0, len(names), _AHEAD):
            some = names[first : first + _AHEAD]
            # One that has served before and does not answer was killed; another one can tell.
            again = self._requests is not None
            asked = done = 0
            while done < len(some):
                try:
                    if not asked:
                        self._ask(some[done:])
                        asked = len(some)
                    found = self._answer()
                except GitFailed:
                    if not again:
                        raise
                    self.close()
                    again, asked = False, 0
                else:
                    done += 1
                    yield found

    def commit(self, revision: str) -> GitObject | None:
        """The commit that a revision names, through tags; `None` where it names none."""
        found = self.read(f"{revision}^{{commit}}") if revision else None
        return found if found is not None and found.kind == "commit" else None

    def close(self) -> None:
        """End git's process."""
        for stream in (self._requests, self._answers, self._errors):
            if stream is not None:
                with suppress(BrokenPipeError):
                    stream.close()
        if self._pid is not None:
            os.waitpid(self._pid, 0)
        self._pid = self._requests = self._answers = self._errors = None

    def _start(self) -> None:
        # What the child does not get is not inheritable, so that it sees the end of our requests.
        (ask, requests), (answers, answer), (errors, say) = (os.pipe() for _ in range(3))
        environment = dict(os.environ)
        forget_git(environment)
        arguments = ["git", *self._place, "cat-file", "--batch"]
        actions = [(os.POSIX_SPAWN_DUP2, ask, 0), (os.POSIX_SPAWN_DUP2, answer, 1),
                   (os.POSIX_SPAWN_DUP2, say, 2)]  # fmt: skip
        try:
            self._pid = os.posix_spawnp("git", arguments, environment, file_actions=actions)
        except FileNotFoundError:
            raise GitFailed("there is no git on PATH") from None
        finally:
            for descriptor in (ask, answer, say):
                os.close(descriptor)
        self._requests = os.fdopen(requests, "wb")
        self._answers = os.fdopen(answers, "rb")
        self._errors = os.fdopen(errors, "rb")

    def _refusal(self) -> GitFailed:
        assert self._errors is not None
        said = self._errors.read().decode("utf-8", "replace").strip()
        return GitFailed(said or "git cat-file ended without a word")

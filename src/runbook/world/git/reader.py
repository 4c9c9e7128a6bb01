"""What git says of one worktree, by plain processes of git: nothing is changed by asking."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Literal

from runbook.core.value import value
from runbook.world.git.checkout import Checkout
from runbook.world.git.gitcommand import ask, in_parts
from runbook.world.git.gitfailed import GitFailed
from runbook.world.git.heads import Head, read_head
from runbook.world.git.history import never_had
from runbook.world.git.settings import Marks, Settings


@value
class Change:
    """One path that differs from HEAD: git's two letters, `??` for an untracked one."""

    path: str
    status: str
    mark: str = ""  # by which the index hides it, in words

    @property
    def untracked(self) -> bool:
        """Whether git does not know the path yet."""
        return self.status == "??"

    @property
    def staged(self) -> bool:
        """Whether the index has it otherwise than HEAD."""
        return self.status[0] not in ".?"


def header(commit: bytes, name: bytes) -> str:
    """What a commit object says under a name, with a blank between several; empty for nothing."""
    lines = commit.partition(b"\n\n")[0].split(b"\n")
    parts = (line.partition(b" ") for line in lines)
    return " ".join(told.decode() for key, _, told in parts if key == name)


Untracked = Literal["no", "normal", "all"]

PATHS = ("--name-only", "-z", "--no-renames", "--ignore-submodules=none")
"""Has git name what differs, also submodules that are configured to be passed over."""

# What has git run programs that the repository's configuration names.
_RUNS_PROGRAMS = {"status", "diff", "--filters"}


class Reader:
    """One worktree of a git repository, to be looked at.

    Who only looks has nothing executed: filters and the monitor of the file system are left out
    (`_inert`), and a file of which only its filter could tell whether it was changed counts as so.
    """

    root: Path
    git_dir: Path
    common_dir: Path
    indexed = True
    """Whether there is an index, which may hide changes: not before a worktree is made."""
    hiding: tuple[Marks, dict[str, str]] | None = None
    """The marks of an index that was looked at, and the files of which it hides changes."""
    _settings: Settings | None = None

    def __init__(self, checkout: Checkout) -> None:
        self.root, self.git_dir, self.common_dir = (
            checkout.root, checkout.git_dir, checkout.common_dir,
        )  # fmt: skip

    def attempt(self, *arguments: str) -> tuple[int, str, str]:
        """Exit status, output and error output of a git command.

        Raises:
            GitFailed: git can't be run, or can't read its configuration.
        """
        settings = _inert(self.settings.names()) if _RUNS_PROGRAMS & set(arguments) else ()
        status, output, errors = ask(self.root, *arguments, settings=settings)
        return status, os.fsdecode(output), os.fsdecode(errors)

    def run(self, *arguments: str) -> str:
        """The output of a git command.

        Raises:
            GitFailed: it ended with another status than 0.
        """
        status, output, errors = self.attempt(*arguments)
        if status != 0:
            raise GitFailed(errors.strip() or output.strip() or f"git ended with {status}")
        return output

    def run_on(self, paths: Iterable[str], *arguments: str) -> str:
        """The output of a git command on some paths (none: on all), literally named.

        Raises:
            GitFailed: it ended with another status than 0.
        """
        return "".join(
            self.run("--literal-pathspecs", *arguments, "--", *part) for part in in_parts(paths)
        )

    @property
    def settings(self) -> Settings:
        """git's configuration as it stands for this worktree."""
        if self._settings is None:
            self._settings = Settings(self.root, self.git_dir, self.common_dir)
        return self._settings

    @property
    def id_length(self) -> int:
        """How many bytes the ids of objects have.

        Raises:
            GitFailed: git can't read its configuration.
        """
        return 32 if self.settings.get("extensions.objectformat") == "sha256" else 20

    def commit_object(self, commit: str) -> bytes:
        """A commit as git keeps it: its headers, an empty line, its message.

        Raises:
            GitFailed: there is no such commit.
        """
        return os.fsencode(self.run("cat-file", "commit", commit))

    def tree(self, commit: str) -> str:
        """The tree of a commit.

        Raises:
            GitFailed: there is no such commit.
        """
        return header(self.commit_object(commit), b"tree")

    def as_good_as_gone(self) -> Collection[Path]:
        """Those of git's files that are removed before anything, such as locks of a dead git."""
        return ()

    def head(self) -> Head:
        """The commit and branch the worktree is on, read from git's files.

        Raises:
            GitFailed: there is no such file any more.
        """
        try:
            return read_head(self.git_dir, self.common_dir)
        except FileNotFoundError as error:
            raise GitFailed(f"{error.filename} is gone") from None

    def resolve(self, revision: str) -> str | None:
        """The commit a revision names, or `None`."""
        status, commit, _ = self.attempt("rev-parse", "-q", "--verify", f"{revision}^{{commit}}")
        return commit.strip() if status == 0 else None

    def contains(self, commit: str, head: str | None) -> bool:
        """Whether `commit` is in the history of `head`."""
        if head is None:
            return False
        return self.attempt("merge-base", "--is-ancestor", commit, head)[0] == 0

    def changes(self, paths: tuple[str, ...] = (), *, untracked: bool = True) -> list[Change]:
        """What differs from HEAD among the paths (none: everywhere), literally named."""
        return self.status(paths, "all" if untracked else "no")

    def status(self, paths: tuple[str, ...], untracked: Untracked) -> list[Change]:
        """What `git status` says of some paths (none: of all there is).

        With `normal`, a folder of which git knows nothing is one path, with a slash at its end.
        """
        entries = self._status(paths, f"--untracked-files={untracked}")
        return [change for entry in entries if (change := _change(entry))]

    def status_with_ignored(self) -> tuple[list[Change], frozenset[str]]:
        """The same of all there is, with the folders that rules have git pass over as a whole.

        Those have a slash at their end. What else is ignored may be in any folder.
        """
        entries = self._status((), "--untracked-files=normal", "--ignored=matching")
        passed_over = frozenset(
            each[2:] for each in entries if each[:2] == "! " and each[-1] == "/"
        )
        return [change for entry in entries if (change := _change(entry))], frozenset(passed_over)

    def _status(self, paths: tuple[str, ...], *how: str) -> list[str]:
        told = "--porcelain=v2", "-z", "--ignore-submodules=none", "--no-renames"
        return self.run_on(paths, "status", *told, *how).split("\0")

    def around(self, paths: tuple[str, ...]) -> list[Change]:
        """What differs from HEAD of what git knows, and which of some paths it does not know."""
        found = self.changes(untracked=False)
        if paths:
            found += [change for change in self.changes(paths) if change.untracked]
        return found

    def unknown(self, paths: tuple[str, ...]) -> tuple[str, ...]:
        """Those of some paths that are there and that the index does not have, ignored or not."""
        listed = self.run_on(paths, "ls-files", "-z").split("\0")
        new = set(paths) - set(listed)
        return tuple(path for path in paths if path in new and os.path.lexists(self.root / path))

    def never_had(self, paths: tuple[str, ...]) -> tuple[str, ...]:
        """Of some paths those that neither the index nor the history of HEAD has."""
        return never_had(self.root, self.head().commit, paths)

    def matching(self, folder: Path, pattern: str, *, untracked: bool) -> list[str]:
        """Files that match a glob, from `folder`: tracked ones, and where asked untracked ones.

        Those are files that git does not know yet, and that it has in HEAD and not any more.
        """
        others = ("--others", "--exclude-standard") if untracked else ()
        output = self.run(
            "-C", str(folder), "ls-files", "-z", "--cached", *others, "--", f":(glob){pattern}"
        )
        if untracked:
            # Moved or removed by git itself, they are in HEAD alone.
            _, gone, _ = self.attempt(
                "-C", str(folder), "diff-index", "--cached", *PATHS,
                "--diff-filter=D", "--relative", "HEAD", "--", f":(glob){pattern}",
            )  # fmt: skip
            output += gone
        return list(dict.fromkeys(path for path in output.split("\0") if path))

    def obstacle(self) -> str | None:
        """What is under way or in the way in this worktree, so that no commit can be made."""
        for name, what in (
            ("MERGE_HEAD", "a merge is under way"),
            ("rebase-merge", "a rebase is under way"),
            ("rebase-apply", "a rebase or `git am` is under way"),
            ("CHERRY_PICK_HEAD", "a cherry-pick is under way"),
            ("REVERT_HEAD", "a revert is under way"),
        ):
            if self._in_the_way(self.git_dir / name):
                return f"{what} in {self.root}; finish or abort it first"
        elsewhere = self.settings.get("core.worktree")
        # Of a linked worktree git does not go by it, and of a submodule it says what is so.
        if elsewhere and self.git_dir == self.common_dir:
            place = (self.git_dir / elsewhere).resolve()
            if place != self.root.resolve():
                return (
                    f"for git the files of this repository are those in {place} (`core.worktree`), "
                    f"and not in {self.root}"
                )
        lock = self.git_dir / "index.lock"
        if self._in_the_way(lock):
            return (
                f"{lock} exists: another git process is at work, or one died; "
                "when none is, remove the file"
            )
        return None

    def _in_the_way(self, path: Path) -> bool:
        return path.exists() and path not in self.as_good_as_gone()

    def check_identity(self) -> None:
        """Find out before any edit whether git knows whom to name as author and committer.

        Raises:
            GitFailed: with git's own advice.
        """
        try:
            self.settings.identity("AUTHOR")
            self.settings.identity("COMMITTER")
        except GitFailed:
            # Of a repository that git does not accept it takes no settings, nor says so of these.
            self.run("rev-parse", "--git-dir")
            raise

    def subject(self, commit: str) -> str:
        """The first line of a commit's message."""
        return self.run(
            "log", "-1", "--encoding=UTF-8", "--no-show-signature", "--format=%s", commit
        ).rstrip("\n")

    def later(self, commit: str, paths: tuple[str, ...]) -> list[str]:
        """Commits after one that changed some paths, the newest first: short name and subject."""
        told = "-z", "--encoding=UTF-8", "--no-show-signature", "--format=%H %s"
        output = self.run_on(paths, "log", *told, f"{commit}..HEAD")
        each = dict.fromkeys(line for line in output.split("\0") if line)
        lines = (line.partition(" ") for line in each)
        return [f"{name[:9]} {subject}" for name, _, subject in lines]

    def outside_sparse_cone(self, paths: tuple[str, ...]) -> str | None:
        """The first of some paths that a sparse checkout leaves out, or `None`."""
        if not self.settings.is_true("core.sparsecheckout"):
            return None
        listed = self.run_on(paths, "ls-files", "-z", "-t")
        for entry in listed.split("\0"):
            if entry.startswith("S "):
                return entry[2:]
        if not self.settings.is_true("core.sparsecheckoutcone"):
            return None
        from runbook.core.model.patches import unquoted  # few checkouts are sparse

        cone = [unquoted(line) for line in self.run("sparse-checkout", "list").splitlines()]
        return next((path for path in paths if not _in_cone(path, cone)), None)

    def changed_paths(self, commit: str) -> list[str]:
        """The paths that a commit changes against its first parent."""
        output = self.run(
            "diff-tree", "--root", "-r", "--no-commit-id", *PATHS, "-m", "--first-parent", commit,
        )  # fmt: skip
        return [path for path in output.split("\0") if path]

    def difference(self, paths: tuple[str, ...]) -> str:
        """The difference of some tracked paths to HEAD, as a unified diff without colours."""
        return self.run_on(paths, "diff", "--no-color", "--no-ext-diff", "--no-textconv", "HEAD")

    def tracked(self, commit: str) -> set[str]:
        """The paths of all files of a commit."""
        return set(self.run("ls-tree", "-r", "-z", "--name-only", commit).split("\0")) - {""}

    def branch(self, name: str) -> str | None:
        """The commit a local branch is on, or `None`."""
        return self.resolve(f"refs/heads/{name}")

    def ignores(self, folder: Path) -> bool:
        """Whether git leaves a folder of this worktree, there or not, out of its status."""
        return self.attempt("check-ignore", "-q", "--", f"{folder}/")[0] == 0


def _in_cone(path: str, cone: list[str]) -> bool:
    """Whether a cone holds a path: all below its folders, and the files beside them."""
    folder = path.rpartition("/")[0]
    return not folder or any(
        f"{folder}/".startswith(f"{each}/") or f"{each}/".startswith(f"{folder}/") for each in cone
    )


def _change(entry: str) -> Change | None:
    kind, _, rest = entry.partition(" ")
    match kind:
        case "1":
            status, *_, path = rest.split(" ", 7)
            return Change(path, status)
        case "u":
            status, *_, path = rest.split(" ", 9)
            return Change(path, status)
        case "?":
            return Change(rest, "??")
        case _:
            return None


_PROGRAMS = ("clean", "smudge", "process")


def _inert(names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Settings that turn off the monitor of the file system, and every filter there is.

    `names` are those of all settings of the worktree.
    """
    keys = [
        name
        for name in names
        if name.startswith("filter.") and name.rpartition(".")[2] in _PROGRAMS
    ]
    required = dict.fromkeys(f"{key.rpartition('.')[0]}.required" for key in keys)
    return (
        ("core.fsmonitor", "false"),
        *((key, "") for key in keys),
        *((key, "false") for key in required),
    )

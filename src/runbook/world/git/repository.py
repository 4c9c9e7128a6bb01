"""The git repository of a worktree, changed through GitPython as a runner of git's own commands.

GitPython's index is never used: it ignores clean filters, hooks of linked worktrees and signing.
git itself does every change, with the user's configuration.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path

from runbook.world.files.durable import replace
from runbook.world.git import boundedgit
from runbook.world.git.checkout import NoCheckout, find_checkout
from runbook.world.git.filters import Filters
from runbook.world.git.gitcommand import ask
from runbook.world.git.gitfailed import GitFailed, GitKilled
from runbook.world.git.gitlocks import clear_dead
from runbook.world.git.laststatus import LastStatus
from runbook.world.git.objects import Objects
from runbook.world.git.reader import PATHS, Change, Reader
from runbook.world.processes.supervision import NotStarted, SupervisorLost

_LOOKS = frozenset(
    (
        "cat-file", "check-attr", "check-ignore", "diff", "diff-index", "diff-tree", "for-each-ref",
        "log", "ls-files", "ls-tree", "merge-base", "rev-parse", "status", "var",
    )
)  # fmt: skip
"""The commands that change nothing."""

_NO_GIT = "there is no git on PATH"


class Repository(Reader):
    """One worktree of a git repository, to be changed as well."""

    def __init__(self, root: Path, held: int | None = None) -> None:
        """Open the worktree at `root`; long calls of git keep the descriptor `held` open.

        Raises:
            GitFailed: git does not accept it, for instance because another user owns it.
        """
        self.root = root
        self.held = held
        # git's own word, because GitPython would open what git refuses.
        self.git_dir = Path(self.run("rev-parse", "--absolute-git-dir").removesuffix("\n"))
        shared = self.git_dir / "commondir"
        self.common_dir = self.git_dir
        if shared.is_file():
            self.common_dir = (self.git_dir / os.fsdecode(shared.read_bytes().strip())).resolve()
        self.objects = Objects(root, self.git_dir)
        self.filters = Filters(root, self.common_dir, self.settings)
        self.lasting: set[str] = set()
        """The objects that this process has written, each for good unless somebody prunes it."""
        self.last_status = LastStatus(self, self.objects, self.filters)

    def close(self) -> None:
        """End the process of git that reads objects, until one is read again, and all watching."""
        self.objects.close()
        self.last_status.close()

    def commit_object(self, commit: str) -> bytes:
        """A commit as git keeps it."""
        found = self.objects.read(commit)
        if found is None or found.kind != "commit":
            raise GitFailed(f"{commit} is no commit")
        return found.data

    def around(self, paths: tuple[str, ...]) -> list[Change]:
        """What differs from HEAD of what git knows, and which of some paths it does not know."""
        found = []
        wanted = set(paths)
        unclear: list[str] = []
        for change in self.last_status.now():
            if not change.untracked:
                found.append(change)
            elif change.path.endswith("/"):
                unclear += [path for path in paths if path.startswith(change.path)]
            elif change.path in wanted:
                found.append(change)
        # Of what is in such a folder, some may be ignored.
        return found + (self.changes(tuple(unclear)) if unclear else [])

    def attempt(self, *arguments: str) -> tuple[int, str, str]:
        """Exit status, output and error output of a git command.

        Raises:
            GitFailed: there is no git on PATH, or the worktree is gone.
            GitKilled: it was killed, which is no answer.
        """
        if not _LOOKS.isdisjoint(arguments):
            status, output, errors = ask(self.root, *arguments)
            return status, os.fsdecode(output), os.fsdecode(errors)
        return self._by_gitpython(*arguments)

    def _by_gitpython(self, *arguments: str) -> tuple[int, str, str]:
        """The same by GitPython, which takes 40 ms to load."""
        # Without git on PATH its import would fail; so the call does, which can say so.
        os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
        try:
            import git
        except ImportError as error:
            # It asks git for its version, which may be killed over that.
            raise GitFailed(f"it could not be asked for its version: {error}") from None
        try:
            status, output, errors = git.Git(str(self.root)).execute(
                # -C: without it GitPython would go on in the current folder if its own is gone.
                ["git", "-C", str(self.root), "--no-optional-locks", *arguments],
                with_extended_output=True,
                with_exceptions=False,
                strip_newline_in_stdout=False,
            )
        except git.GitCommandNotFound:
            raise GitFailed(_NO_GIT) from None
        if status != 0 and not self.root.is_dir():
            raise GitFailed(f"the folder {self.root} is gone")
        assert isinstance(status, int)
        if status < 0:
            raise GitKilled(-status)
        return status, str(output), str(errors)

    def clear_locks(self, since: float, ref: str | None = None) -> None:
        """Remove the lock files of a git of ours that was killed, made at `since` or later.

        `since` is in seconds since the epoch, 0 for a time that nobody knows.
        """
        if since:
            clear_dead(self.git_dir, self.common_dir, self.root, ref, since)

    def unstage(self, paths: tuple[str, ...]) -> None:
        """Make the index of some paths what HEAD has."""
        self.run_on(paths, "-c", "core.fsync=added", "reset", "-q")

    def unstage_changed(self, paths: tuple[str, ...]) -> None:
        """Make the index of those paths what HEAD has that have something else in it."""
        if not paths or self.resolve("HEAD") is None:
            return
        staged = self._staged_since("HEAD", paths)
        if staged:
            self.unstage(staged)

    def follow(self, before: str, now: str) -> None:
        """Bring the index to what commits after one have, where it still has what that one had.

        A hook that stages files of others leaves it behind, and the next commit of the user's would
        take them back. What is staged otherwise stays.
        """
        if not self.contains(before, now):
            return
        changed = self.run("diff", *PATHS, before, now)
        paths = tuple(path for path in changed.split("\0") if path)
        if paths:
            staged = self._staged_since(before, paths)
            self.unstage_changed(tuple(path for path in paths if path not in staged))

    def _staged_since(self, commit: str, paths: tuple[str, ...]) -> tuple[str, ...]:
        """Those of some paths that the index has otherwise than a commit."""
        output = self.run_on(paths, "diff-index", "--cached", *PATHS, commit)
        return tuple(path for path in output.split("\0") if path)

    def exclude(self, folder: Path, common_dir: Path) -> None:
        """Keep a folder of this worktree out of its status, without touching a tracked file."""
        if self.ignores(folder):
            return
        file = common_dir / "info" / "exclude"
        file.parent.mkdir(exist_ok=True)
        before = file.read_bytes() if file.exists() else b""
        gap = b"\n" if before and not before.endswith(b"\n") else b""
        pattern = re.sub(r"([\\*?\[ #!])", r"\\\1", folder.relative_to(self.root).as_posix())
        replace(file, before + gap + os.fsencode(f"/{pattern}/") + b"\n")

    def add_worktree(self, folder: Path, branch: str, *, new: bool) -> None:
        """Make a linked worktree, on a new branch at HEAD or on one that exists."""
        if new:
            # Or a power loss may leave a branch that git calls broken.
            synced = ("-c", "core.fsync=committed,reference")
            self._call(*synced, "worktree", "add", "-q", "-b", branch, str(folder), "HEAD")
        else:
            self._call("worktree", "add", "-q", str(folder), branch)
        # It is taken for whole from now on, and nothing of it was synced.
        os.sync()

    def add_scratch(self, folder: Path, commit: str) -> None:
        """Make a linked worktree of a commit, on no branch."""
        # Hooks prepare a checkout that a person works in, and this one is gone in a moment.
        hooks = f"core.hooksPath={os.devnull}"
        self._call("-c", hooks, "worktree", "add", "-q", "--detach", str(folder), commit)

    def _call(self, *arguments: str) -> None:
        """Call git for something that takes its time, and must not go on when the runner died."""
        try:
            ended = boundedgit.call(
                ["-C", str(self.root), *arguments], self.root, os.environ, held=self.held
            )
        except (NotStarted, SupervisorLost) as error:
            raise GitFailed(f"git could not be run: {error}") from None
        if ended.exit != 0:
            raise GitFailed(ended.output.strip() or f"git ended with {ended.exit}")

    def remove_worktree(self, folder: Path) -> None:
        """Remove a linked worktree with all that is in it."""
        self.run("worktree", "remove", "--force", str(folder))

    def forget_worktree(self, folder: Path) -> None:
        """Forget a linked worktree whose folder is gone, if git knows it.

        Only this one: `git worktree prune` would forget the user's own on a disk that is away.
        """
        if any(place == f"worktree {folder}" for place, *_ in self._worktrees()):
            self.run("worktree", "remove", "--force", str(folder))

    def worktrees_on(self, branch: str) -> list[Path]:
        """The worktrees that are on a branch, or in the midst of a rebase or bisection of it."""
        found: list[Path] = []
        for place, *about in self._worktrees():
            root = Path(place.removeprefix("worktree "))
            if f"branch refs/heads/{branch}" in about or branch in _under_way(root):
                found.append(root)
        return found

    def _worktrees(self) -> list[list[str]]:
        """What git lists of each worktree, its place first, which may have any sign but NUL."""
        listed = self.run("worktree", "list", "--porcelain", "-z")
        return [entry.split("\0") for entry in listed.rstrip("\0").split("\0\0")]

    def delete_branch(self, name: str) -> None:
        """Delete a local branch, merged or not."""
        self.run("branch", "-q", "-D", "--", name)

    def unmerged(self, name: str) -> list[str]:
        """One line for each commit that no other branch, tag or remote holds."""
        return self._held_only_by(f"refs/heads/{name}", f"--exclude={name}")

    def unheld(self) -> list[str]:
        """One line for each commit that a detached HEAD alone holds, whose log goes with it."""
        head = self.head()
        return [] if head.ref or not head.commit else self._held_only_by(head.commit)

    def _held_only_by(self, revision: str, *excluded: str) -> list[str]:
        output = self.run(
            "log", "--oneline", "--no-decorate", "--no-color", "--no-show-signature",
            "--encoding=UTF-8", revision, "--not", *excluded, "--branches", "--remotes", "--tags",
        )  # fmt: skip
        return output.splitlines()


def _under_way(root: Path) -> list[str]:
    """The branches that a rebase or a bisection in a worktree has begun on."""
    found = []
    for name in ("rebase-merge/head-name", "rebase-apply/head-name", "BISECT_START"):
        with suppress(OSError, NoCheckout):
            begun = (find_checkout(root).git_dir / name).read_bytes()
            found.append(os.fsdecode(begun.strip()).removeprefix("refs/heads/"))
    return found

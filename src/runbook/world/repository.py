"""The git repository of a worktree, through GitPython as a runner of git's own commands.

GitPython's index is never used: it ignores clean filters, hooks of linked worktrees and signing.
git itself does every change, with the user's configuration.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

# Without git on PATH its import would fail; so the first call does, which can say so.
os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")

import git

from runbook.core.value import value
from runbook.world import boundedgit
from runbook.world.durable import replace
from runbook.world.gitfailed import GitFailed as GitFailed
from runbook.world.gitlocks import clear_dead

_NO_GIT = "there is no git on PATH"


@value
class Change:
    """One path that differs from HEAD: git's two letters, `??` for an untracked one."""

    path: str
    status: str

    @property
    def untracked(self) -> bool:
        """Whether git does not know the path yet."""
        return self.status == "??"


@value
class Head:
    """Where a worktree stands; `ref` is `None` when detached, `commit` before the first one."""

    commit: str | None
    ref: str | None

    def __str__(self) -> str:
        branch = self.ref.removeprefix("refs/heads/") if self.ref else "a detached HEAD"
        return f"{branch} at {self.commit[:9] if self.commit else 'its beginning'}"


class Repository:
    """One worktree of a git repository."""

    def __init__(self, root: Path, held: int | None = None) -> None:
        """Open the worktree at `root`; long calls of git keep the descriptor `held` open.

        Raises:
            GitFailed: git does not accept it, for instance because another user owns it.

        """
        self.root = root
        self._git = git.Git(str(root))
        self.held = held
        # git's own word, because GitPython would open what git refuses.
        self.git_dir = Path(self.run("rev-parse", "--absolute-git-dir").removesuffix("\n"))
        shared = self.git_dir / "commondir"
        self.common_dir = self.git_dir
        if shared.is_file():
            self.common_dir = (self.git_dir / shared.read_text().removesuffix("\n")).resolve()

    def attempt(self, *arguments: str) -> tuple[int, str, str]:
        """Exit status, output and error output of a git command."""
        try:
            status, output, errors = self._git.execute(
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
        return status, str(output), str(errors)

    def run(self, *arguments: str) -> str:
        """The output of a git command.

        Raises:
            GitFailed: it ended with another status than 0.

        """
        status, output, errors = self.attempt(*arguments)
        if status != 0:
            raise GitFailed(errors.strip() or output.strip() or f"git ended with {status}")
        return output

    def head(self) -> Head:
        """The commit and branch the worktree is on."""
        status, commit, _ = self.attempt("rev-parse", "-q", "--verify", "HEAD^{commit}")
        detached, ref, _ = self.attempt("symbolic-ref", "-q", "HEAD")
        return Head(commit.strip() if status == 0 else None, ref.strip() if not detached else None)

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
        output = self.run(
            "--literal-pathspecs",
            "status",
            "--porcelain=v2",
            "-z",
            f"--untracked-files={'all' if untracked else 'no'}",
            "--ignore-submodules=none",
            "--no-renames",
            "--",
            *paths,
        )
        return [change for entry in output.split("\0") if (change := _change(entry))]

    def matching(self, folder: Path, pattern: str, *, untracked: bool) -> list[str]:
        """Files that match a glob, from `folder`: tracked ones, and where asked untracked ones."""
        others = ("--others", "--exclude-standard") if untracked else ()
        output = self.run(
            "-C", str(folder), "ls-files", "-z", "--cached", *others, "--", f":(glob){pattern}"
        )
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
            if (self.git_dir / name).exists():
                return f"{what} in {self.root}; finish or abort it first"
        lock = self.git_dir / "index.lock"
        if lock.exists():
            return (
                f"{lock} exists: another git process is at work, or one died; "
                "when none is, remove the file"
            )
        return None

    def check_identity(self) -> None:
        """Find out before any edit whether git knows whom to name as author and committer.

        Raises:
            GitFailed: with git's own advice.

        """
        for variable in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"):
            self.run("var", variable)

    def clear_locks(self, since: float, ref: str | None = None) -> None:
        """Remove the lock files of a git of ours that was killed, made at `since` or later.

        `since` is in seconds since the epoch, 0 for a time that nobody knows.
        """
        if since:
            clear_dead(self.git_dir, self.common_dir, self.root, ref, since)

    def unstage(self, paths: tuple[str, ...]) -> None:
        """Make the index of some paths what HEAD has."""
        self.run("--literal-pathspecs", "-c", "core.fsync=added", "reset", "-q", "--", *paths)

    def subject(self, commit: str) -> str:
        """The first line of a commit's message."""
        return self.run(
            "log", "-1", "--encoding=UTF-8", "--no-show-signature", "--format=%s", commit
        ).rstrip("\n")

    def outside_sparse_cone(self, paths: tuple[str, ...]) -> str | None:
        """The first of some paths that a sparse checkout leaves out, or `None`."""
        if self.attempt("config", "--type=bool", "core.sparseCheckout")[1].strip() != "true":
            return None
        listed = self.run("--literal-pathspecs", "ls-files", "-z", "-t", "--", *paths)
        for entry in listed.split("\0"):
            if entry.startswith("S "):
                return entry[2:]
        if self.attempt("config", "--type=bool", "core.sparseCheckoutCone")[1].strip() != "true":
            return None
        cone = self.run("sparse-checkout", "list").splitlines()
        return next((path for path in paths if not _in_cone(path, cone)), None)

    def changed_paths(self, commit: str) -> list[str]:
        """The paths that a commit changes against its first parent."""
        output = self.run(
            "diff-tree", "--root", "-r", "-z", "--no-commit-id", "--name-only", "--no-renames",
            "-m", "--first-parent", commit,
        )  # fmt: skip
        return [path for path in output.split("\0") if path]

    def difference(self, paths: tuple[str, ...]) -> str:
        """The difference of some tracked paths to HEAD, as a unified diff without colours."""
        return self.run(
            "--literal-pathspecs", "diff", "--no-color", "--no-ext-diff", "HEAD", "--", *paths
        )

    def tracked(self, commit: str) -> set[str]:
        """The paths of all files of a commit."""
        return set(self.run("ls-tree", "-r", "-z", "--name-only", commit).split("\0")) - {""}

    def branch(self, name: str) -> str | None:
        """The commit a local branch is on, or `None`."""
        return self.resolve(f"refs/heads/{name}")

    def ignores(self, folder: Path) -> bool:
        """Whether git leaves a folder of this worktree, there or not, out of its status."""
        return self.attempt("check-ignore", "-q", "--", f"{folder}/")[0] == 0

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
        except (boundedgit.NotStarted, boundedgit.SupervisorLost) as error:
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
        listed = self.run("worktree", "list", "--porcelain").split("\n")
        if f"worktree {folder}" in listed:
            self.run("worktree", "remove", "--force", str(folder))

    def delete_branch(self, name: str) -> None:
        """Delete a local branch, merged or not."""
        self.run("branch", "-q", "-D", "--", name)

    def unmerged(self, name: str) -> list[str]:
        """One line for each commit that no other branch, tag or remote holds."""
        output = self.run(
            "log", "--oneline", "--no-decorate", "--no-color", "--no-show-signature",
            "--encoding=UTF-8", f"refs/heads/{name}", "--not",
            f"--exclude={name}", "--branches", "--remotes", "--tags",
        )  # fmt: skip
        return output.splitlines()


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
